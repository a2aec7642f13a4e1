"""A line below a full one that the page reader lost: asked for where the page has room for it, never read into a value."""

import pytest

from extractors.dossier_page import DossierPage
from extractors.paper_type_loader import shipped_paper_types
from extractors.papers import sort_pages
from extractors.record import ExtractedField
from extractors.sample import pages_from_sample
from extractors.second_reading import BlankReadings
from extractors.wording import verdict_on
from ocr.blank import Blank
from ocr.line_reading import LineReader
from ocr.page import Box, PageText, ReaderInfo, Said

TYPES = shipped_paper_types()
FIGURES, WORDS, NET = LineReader.FIGURES, LineReader.WORDS, LineReader.OTHER_NET

# The husband's name ends where his column does; the wife's leaves room for a word in hers.
MARRIAGE = """
          CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM                            Số: 45/2021
              Độc lập - Tự do - Hạnh phúc

                    GIẤY CHỨNG NHẬN KẾT HÔN

Họ, chữ đệm, tên vợ: LÊ THỊ HÒA               Họ, chữ đệm, tên chồng: TRẦN CÔNG
{below}
Ngày, tháng, năm sinh: 05/9/1996              Ngày, tháng, năm sinh: 12/03/1995
Dân tộc: Kinh   Quốc tịch: Việt Nam           Dân tộc: Kinh
Nơi cư trú: thôn Đông, xã Hoài Thượng,        Nơi cư trú: xã Long Phụng,
huyện Thuận Thành, tỉnh Bắc Ninh              huyện Mộ Đức, tỉnh Quảng Ngãi
Nơi đăng ký kết hôn: Ủy ban nhân dân xã Hoài Thượng, huyện Thuận Thành, tỉnh Bắc Ninh
Ngày, tháng, năm đăng ký: 20/3/2021
"""
CERTIFICATE = """
  UBND TỈNH BẮC NINH         CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
     SỞ TƯ PHÁP                  Độc lập - Tự do - Hạnh phúc
  Số: 1234/STP-LLTP      Bắc Ninh, ngày 09 tháng 8 năm 2023

                  PHIẾU LÝ LỊCH TƯ PHÁP SỐ 1
1. Họ và tên: {name}
{below}
2. Giới tính: Nữ
3. Ngày, tháng, năm sinh: 12/03/1995
8. Giấy tờ tùy thân: Căn cước công dân Số: 027195001234
9. Tình trạng án tích: Không có án tích
"""


class Strip:
    """Readers that see `answers` where nothing was read with the page, and the printed words anywhere else."""

    def __init__(self, answers: dict[LineReader, str]) -> None:
        self.answers = answers
        self.asked: list[Box] = []

    @property
    def readers(self) -> tuple[ReaderInfo, ...]:
        return ()

    def blanks(self, page: PageText, line: Box, blanks: tuple[Blank, ...]) -> BlankReadings:
        return {}

    def text(self, page: PageText, line: Box, reader: LineReader) -> Said | None:
        printed = [
            word.text
            for word in page.words
            if line.top < word.upright_box.center_y < line.bottom
            and line.left < word.upright_box.center_x < line.right
            and any(map(str.isalnum, word.text))
        ]
        if printed:
            return Said(reader=reader.value, text=" ".join(printed))
        self.asked.append(line)
        return Said(reader=reader.value, text=self.answers.get(reader, ""))


def read(text: str, answers: dict[LineReader, str]) -> tuple[dict[str, ExtractedField], Strip]:
    readers = Strip(answers)
    sample = TYPES[0].samples[0].model_copy(update={"text": text, "codes": (), "mrz": ()})
    (paper,) = sort_pages([DossierPage("a.pdf", page) for page in pages_from_sample(sample)], TYPES, readers).papers
    return paper.fields, readers


@pytest.mark.parametrize("answers", [{FIGURES: "VY", WORDS: "yỸ."}, {FIGURES: "VY"}, {WORDS: "_Ý"}])
@pytest.mark.parametrize("below", ["", " " * 48 + "~"])
def test_a_name_goes_to_a_person_where_a_reader_sees_letters_below_it(below: str, answers: dict[LineReader, str]):
    fields, _ = read(MARRIAGE.format(below=below), answers)
    husband = fields["husband_name"]
    assert husband.value == "Trần Công" and not husband.accepted
    assert "line-below-unread" in husband.reasons
    assert "có chữ chưa đọc ở dòng dưới" in verdict_on(husband, required=True)
    assert fields["wife_name"].accepted


@pytest.mark.parametrize("answers", [{}, {FIGURES: "...", WORDS: "-/"}, {NET: "gi"}])
def test_a_strip_without_letters_costs_a_name_nothing(answers: dict[LineReader, str]):
    fields, readers = read(MARRIAGE.format(below=""), answers)
    assert fields["husband_name"].accepted
    assert len(readers.asked) == 2


def test_readers_are_asked_in_the_column_of_the_value_between_its_line_and_the_next():
    _, readers = read(MARRIAGE.format(below=""), {})
    page = pages_from_sample(TYPES[0].samples[0].model_copy(update={"text": MARRIAGE.format(below="")}))[0]
    label, following = ([word.upright_box for word in page.words if word.text == text][1] for text in ("Họ,", "Ngày,"))
    strip = readers.asked[0]
    assert label.bottom < strip.top and strip.bottom < following.top
    assert strip.left <= label.left < strip.right


@pytest.mark.parametrize(
    ("name", "below"),
    [
        # The line below is there.
        ("TRẦN THỊ MINH NGUYỆT LÊ HOÀNG THANH THẢO", "2. Giới tính: Nữ"),
        # The line had room for another word.
        ("TRẦN THỊ MINH NGUYỆT", ""),
    ],
)
def test_nobody_is_asked_where_the_page_tells_of_no_lost_line(name: str, below: str):
    fields, readers = read(CERTIFICATE.format(name=name, below=below), {FIGURES: "VY", WORDS: "VỸ"})
    assert fields["full_name"].value is not None and fields["full_name"].accepted
    assert readers.asked == []


def test_a_name_across_the_whole_page_may_go_on_too():
    name = "TRẦN THỊ MINH NGUYỆT LÊ HOÀNG NGUYỄN THANH THẢO"
    fields, _ = read(CERTIFICATE.format(name=name, below=""), {FIGURES: "VY"})
    assert not fields["full_name"].accepted
    assert fields["full_name"].reasons == ("line-below-unread",)
