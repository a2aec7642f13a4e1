"""Printed fields read again by a reader of another make: agreement is trusted, the rest waits for a person."""

from collections.abc import Mapping

import pytest

from extractors.paper_type_loader import shipped_paper_types
from extractors.papers import DossierPage, Paper, sort_pages
from extractors.record import RecordState
from extractors.sample import page_from_text
from ocr.blank import Blank
from ocr.line_reading import LineReader
from ocr.page import Box, PageText, ReaderInfo, Said

TYPES = {paper_type.id: paper_type for paper_type in shipped_paper_types()}
BIRTH = TYPES["giay-khai-sinh"].samples[0].text
ACT = TYPES["quyet-dinh"].samples[0].text


class Echo:
    """Reads what stands on the sample, but for what each reader is told to see otherwise."""

    readers = tuple(ReaderInfo(name=name, version="1", model="m", model_sha256="0" * 64) for name in LineReader)

    def __init__(self, otherwise: Mapping[LineReader, Mapping[str, str]] | None = None) -> None:
        self.otherwise = otherwise or {}
        self.asked: list[tuple[Box, LineReader]] = []

    def blanks(self, page: PageText, line: Box, blanks: tuple[Blank, ...]) -> dict:
        return dict.fromkeys(blanks, ())

    def text(self, page: PageText, line: Box, reader: LineReader) -> Said | None:
        self.asked.append((line, reader))
        inside = [
            word.text
            for word in page.words
            if line.top < word.upright_box.center_y < line.bottom and line.left < word.upright_box.center_x < line.right
        ]
        text = " ".join(inside)
        for seen, told in self.otherwise.get(reader, {}).items():
            text = text.replace(seen, told)
        return Said(reader=reader, text=text)


def read(text: str, readers: Echo) -> Paper:
    (paper,) = sort_pages([DossierPage("a.pdf", page_from_text(text))], shipped_paper_types(), readers).papers
    return paper


def test_what_a_second_reader_sees_too_is_accepted_with_both_named() -> None:
    paper = read(BIRTH, Echo())
    names = ("full_name", "ethnicity", "mother_name", "place_of_birth", "number", "registration_date", "personal_id")
    for name in names:
        assert paper.fields[name].accepted, name
    field = paper.fields["ethnicity"]
    assert field.decided_by == "two-readers"
    assert [said.text for said in field.said] == ["Kinh", "Kinh"]
    assert paper.state is RecordState.ACCEPTED
    assert paper.second_readers


def test_figures_are_shown_to_the_reader_of_figures_and_words_to_the_reader_of_words() -> None:
    readers = Echo()
    paper = read(BIRTH, readers)
    assert {reader for _, reader in readers.asked} == {LineReader.FIGURES, LineReader.WORDS}
    assert paper.fields["date_of_birth"].said[1].reader == LineReader.FIGURES
    assert paper.fields["mother_name"].said[1].reader == LineReader.WORDS


def test_where_two_differ_a_third_is_asked_and_a_person_decides() -> None:
    readers = Echo({LineReader.WORDS: {"HÒA": "HOA"}, LineReader.OTHER_NET: {"HÒA": "HOA"}})
    field = read(BIRTH, readers).fields["mother_name"]
    assert field.value == "Lê Thị Hoa"
    assert not field.accepted
    assert "readers-differ" in field.reasons
    assert [said.text for said in field.said] == ["LÊ THỊ HÒA", "LÊ THỊ HOA", "LÊ THỊ HOA"]
    assert field.raw == "LÊ THỊ HÒA"


def test_the_page_readers_value_stays_where_the_third_sees_it_too() -> None:
    field = read(BIRTH, Echo({LineReader.WORDS: {"HÒA": "HOÀNG"}})).fields["mother_name"]
    assert field.value == "Lê Thị Hòa"
    assert not field.accepted
    assert "readers-differ" in field.reasons


def test_a_rule_still_supports_what_the_page_reader_and_the_third_saw() -> None:
    field = read(BIRTH, Echo({LineReader.FIGURES: {"12/03/2015": "12/08/2015"}})).fields["date_of_birth"]
    assert field.value == "2015-03-12"
    assert field.decided_by == "date-in-words"


def test_a_rule_does_not_outweigh_two_readers_against_one() -> None:
    wrong = {"12/03/2015": "12/08/2015"}
    field = read(BIRTH, Echo({LineReader.FIGURES: wrong, LineReader.WORDS: wrong})).fields["date_of_birth"]
    assert not field.accepted


@pytest.mark.parametrize(("printed", "name"), [("GIÁM ĐỐC SỞ TICH", "signer_title"), ("Nguyên Hoài An", "signer_name")])
def test_what_can_hardly_be_right_is_not_accepted_whoever_reads_it(printed: str, name: str) -> None:
    text = ACT.replace("PHÓ CHỦ TỊCH", printed) if name == "signer_title" else ACT.replace("Lê Thị Hoài An", printed)
    field = read(text, Echo()).fields[name]
    assert field.value is not None
    assert not field.accepted


@pytest.mark.parametrize(("printed", "accepted"), [("thẩm tra", True), ("thấm tra", False)])
def test_running_text_in_which_another_tone_makes_a_compound_is_not_accepted(printed: str, accepted: bool) -> None:
    field = read(ACT.replace("kiểm tra", printed), Echo()).fields["subject"]
    assert field.value == f"Về việc phê duyệt kế hoạch {printed} năm 2024"
    assert field.accepted is accepted


def test_signs_must_agree_for_they_are_part_of_the_value() -> None:
    readers = Echo({LineReader.WORDS: {"TỈNH BẮC NINH": "TỈNH, BẮC NINH"}})
    organ = read(ACT, readers).fields["organ_name"]
    assert organ.value == "ỦY BAN NHÂN DÂN TỈNH BẮC NINH"
    assert organ.decided_by != "two-readers"


PLACE = TYPES["giay-xac-nhan-tinh-trang-hon-nhan"].samples[0].text


def residence(seen_by_page_reader: str, seen_by_other: str) -> tuple[str | None, bool]:
    """Read the residence of a sample of which both readers are told to see one part otherwise."""
    page = PLACE.replace("xã Hoài Thượng, huyện", f"xã Hoài Thượng{seen_by_page_reader}")
    other = {f"xã Hoài Thượng{seen_by_page_reader}": f"xã Hoài Thượng{seen_by_other}"}
    field = read(page, Echo({LineReader.WORDS: other})).fields["residence"]
    return field.value, field.accepted


@pytest.mark.parametrize(
    ("seen", "seen_by_other", "accepted"),
    [
        ("; huyện", ", huyện", True),
        (". huyện", ", huyện", True),
        (", huyện", "; huyện", True),
        ("; huyện", ". huyện", False),  # nobody saw a comma
    ],
)
def test_places_of_an_address_are_parted_by_the_comma_that_one_reader_saw(
    seen: str, seen_by_other: str, accepted: bool
) -> None:
    value, is_accepted = residence(seen, seen_by_other)
    assert is_accepted is accepted
    assert value is not None
    assert ("Hoài Thượng, huyện" in value) is accepted


def test_a_name_that_only_the_line_model_could_read_is_proposed() -> None:
    text = ACT.replace("Lê Thị Hoài An", "L3 Thị Hoài An")
    readers = Echo({LineReader.WORDS: {"L3": "Lê"}, LineReader.OTHER_NET: {"L3": "L5"}})
    field = read(text, readers).fields["signer_name"]
    assert field.value == "Lê Thị Hoài An"
    assert not field.accepted


def test_words_are_chosen_one_by_one_where_no_two_say_the_same_as_a_whole() -> None:
    text = BIRTH.replace("LÊ THỊ HÒA", "LÊ THỊ NHỬ HÒA")
    words = {"NHỬ": "NHƯ", "LÊ": "LẾ"}
    field = read(text, Echo({LineReader.WORDS: words, LineReader.OTHER_NET: {"NHỬ": "NHƯ", "HÒA": "HOẢ"}})).fields[
        "mother_name"
    ]
    assert field.value == "Lê Thị Như Hòa"
    assert not field.accepted
    assert [(repair.read, repair.repaired, repair.source) for repair in field.repairs] == [
        ("Nhử", "Như", "readers:majority")
    ]
    assert {"other-reader", "readers-differ"} <= set(field.reasons)


def test_a_known_compound_chooses_between_two_readers_but_decides_nothing() -> None:
    told = {LineReader.WORDS: {"kiểm": "kiềm", "phê": "phế"}, LineReader.OTHER_NET: {"hoạch kiểm tra": "hoặch"}}
    field = read(ACT, Echo(told)).fields["subject"]
    assert field.value == "Về việc phê duyệt kế hoạch kiểm tra năm 2024"
    assert not field.accepted
    assert "readers-differ" in field.reasons


def test_relatives_that_agree_are_not_followed_against_a_known_compound() -> None:
    text = ACT.replace("kiểm tra", "kiêm tra")
    field = read(text, Echo({LineReader.WORDS: {"kiêm": "kiểm"}})).fields["subject"]
    assert field.value == "Về việc phê duyệt kế hoạch kiểm tra năm 2024"
    assert not field.accepted
    assert "readers-differ" in field.reasons


def test_pieces_stay_on_their_row_and_off_their_neighbours() -> None:
    readers = Echo()
    read(ACT, readers)
    page = page_from_text(ACT)
    for line, _ in readers.asked:
        for word in page.words:
            box = word.upright_box
            inside = line.top < box.center_y < line.bottom and line.left < box.center_x < line.right
            overlaps = line.top < box.center_y < line.bottom and box.left < line.right and line.left < box.right
            assert inside == overlaps
        assert line.width <= 25 * line.height


def test_without_second_readers_words_wait_for_a_person() -> None:
    (paper,) = sort_pages([DossierPage("a.pdf", page_from_text(BIRTH))], shipped_paper_types()).papers
    assert not paper.fields["ethnicity"].accepted
    assert paper.fields["ethnicity"].said == ()
