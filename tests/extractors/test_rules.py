"""Rules: what supports, what contradicts, and every misreading we could think of that must not be accepted."""

import pytest

from extractors.kinds.registry import KINDS
from extractors.paper_text import PaperText
from extractors.paper_type import PaperType
from extractors.paper_type_loader import shipped_paper_types
from extractors.reading import Reading
from extractors.rules.context import RuleContext, Verdict
from extractors.rules.names import RULE_PARAMETERS
from extractors.rules.organs import organ_abbreviations
from extractors.rules.table import RULES
from extractors.sample import page_from_text
from extractors.wording import DOUBTS, SUPPORTS

SUPPORTED, CONTRADICTED = Verdict.SUPPORTED, Verdict.CONTRADICTED


def paper_type(name: str) -> PaperType:
    return next(one for one in shipped_paper_types() if one.id == name)


def judge(rule: str, text: str, *, of: str = "quyet-dinh", **fields: tuple[str, str]) -> dict[str, Verdict]:
    """Apply `rule` to a page of `text`; each field is a kind and the text of it, at its first place on the page."""
    paper = PaperText((page_from_text(text),))
    readings = {}
    for name, (kind, raw) in fields.items():
        start = paper.text.index(raw)
        stretch = paper.stretch(start, start + len(raw))
        assert stretch is not None
        readings[name] = Reading(KINDS[kind](raw), stretch)
    return RULES[rule](RuleContext(paper, paper_type(of), readings), {name: name for name in RULE_PARAMETERS[rule]})


def test_names_of_rules_agree_everywhere() -> None:
    assert set(RULES) == set(RULE_PARAMETERS)
    only_contradict = {"birth_of_personal_id", "name_of_zone", "not_before", "organ_of_notation"}
    assert {name.replace("_", "-") for name in set(RULES) - only_contradict} <= set(SUPPORTS)
    contradict = {*only_contradict, "code_payload", "date_in_words", "in_words", "sex_of_personal_id"}
    assert {f"contradicted:{name}" for name in contradict} <= set(DOUBTS)


WORDS = "Ngày mười hai, tháng ba, năm hai nghìn không trăm mười lăm"


@pytest.mark.parametrize(
    ("figures", "words", "verdict"),
    [
        ("12/03/2015", WORDS, {"date": SUPPORTED}),
        ("13/03/2015", WORDS, {"date": CONTRADICTED}),
        ("03/2015", WORDS, {}),
        ("l2/03/2015", WORDS, {}),
        ("12/03/2015", "Ngày mười hai, tháng", {}),
    ],
)
def test_date_in_words(figures: str, words: str, verdict: dict[str, Verdict]) -> None:
    text = f"{figures}\n{words}"
    assert judge("date_in_words", text, date=("date", figures), words=("date_in_words", words)) == verdict


@pytest.mark.parametrize(
    ("text", "supported"),
    [
        ("TRẦN VĂN AN\nNgười đi khai sinh: Trần Văn An", True),
        ("TRẦN VĂN AN\nÔng Trần Văn An, sinh năm 1990", True),
        ("TRẦN VĂN AN\nthường trú tại đây", False),
        ("TRẦN VĂN AN\nNgười đi khai sinh: Trần Văn An Bình", False),  # part of a longer name
        ("TRẦN VĂN AN\nNgười đi khai sinh: Lý Trần Văn An", False),
        ("TRẦN VĂN AN\nNgười đi khai sinh: Trần Văn Ân", False),  # another tone
        ("TRẦN VĂN AN\nTRẦN VĂN AN", False),  # same shapes are misread the same way
        ("TRẦN VĂN AN\nTrần Văn Anh", False),
    ],
)
def test_two_places(text: str, supported: bool) -> None:
    verdict = judge("two_places", text, field=("person_name", "TRẦN VĂN AN"))
    assert verdict == ({"field": SUPPORTED} if supported else {})


def test_common_surname_with_other_accents_is_left_to_a_person() -> None:
    text = "NGUYÊN GIA BÌNH\nNgười đi khai sinh: Nguyên Gia Bình"
    assert judge("two_places", text, field=("person_name", "NGUYÊN GIA BÌNH")) == {}
    right = text.replace("Nguyên", "Nguyễn").replace("NGUYÊN", "NGUYỄN")
    assert judge("two_places", right, field=("person_name", "NGUYỄN GIA BÌNH")) == {"field": SUPPORTED}


def test_one_word_is_no_name_to_find_again() -> None:
    assert judge("two_places", "TRẠM\nTrạm", field=("text", "TRẠM")) == {}


@pytest.mark.parametrize(
    ("place", "again", "supported"),
    [
        ("UBND XÃ HOÀI THƯỢNG", "tại UBND xã Hoài Thượng.", True),
        ("UBND XÃ HOÀI THƯỢNG", "tại UBND xã Hoài Thượng, huyện Thuận Thành", False),  # the end was lost
        ("UBND XÃ HOÀI THƯỢNG", "tại UBND xã Hoài Thượng\nhuyện Thuận Thành", False),
    ],
)
def test_organ_cut_short_is_not_found_again(place: str, again: str, supported: bool) -> None:
    verdict = judge("two_places", f"{place}\n{again}", field=("organ", place))
    assert verdict == ({"field": SUPPORTED} if supported else {})


@pytest.mark.parametrize(
    ("organ", "notation", "again", "supported"),
    [
        ("ỦY BAN NHÂN DÂN TỈNH BẮC NINH", "QĐ-UBND", "của Ủy ban nhân dân tỉnh Bắc Ninh.", True),
        ("BỘ TƯ PHÁP", "BTP-HTQTCT", "Bộ Tư pháp trả lời như sau", True),
        # The line of the department was lost: the province alone stands in any of its papers.
        ("UBND TỈNH BẮC NINH", "GM-STP", "UBND tỉnh Bắc Ninh.", False),
        # The line of the province was lost.
        ("ỦY BAN NHÂN DÂN", "QĐ-UBND", "Ủy ban nhân dân có ý kiến", False),
        ("ỦY BAN NHÂN DÂN TỈNH BẮC", "QĐ-UBND", "Ủy ban nhân dân tỉnh Bắc Ninh", False),
        ("SỞ TƯ PHÁP", "QĐ-STP", "Sở Tư pháp tỉnh Bắc Ninh", False),
        # A letter put right by the list is no evidence.
        ("UY BAN NHÂN DÂN TỈNH BẮC NINH", "QĐ-UBND", "Ủy ban nhân dân tỉnh Bắc Ninh.", False),
        ("ỦY BAN NHÂN DÂN TỈNH BẮC NINH", "QD-UBND", "Ủy ban nhân dân tỉnh Bắc Ninh.", False),
        ("ỦY BAN NHÂN DÂN TỈNH BẮC NINH", "QĐ-UBND", "ỦY BAN NHÂN DÂN TỈNH BẮC NINH", False),
    ],
)
def test_organ_named_again(organ: str, notation: str, again: str, supported: bool) -> None:
    text = f"{organ}\n{notation}\n{again}"
    verdict = judge("organ_named_again", text, organ=("organ", organ), notation=("code_notation", notation))
    assert verdict == ({"organ": SUPPORTED} if supported else {})


@pytest.mark.parametrize(
    ("place", "organ", "supported"),
    [
        ("Bắc Ninh", "ỦY BAN NHÂN DÂN TỈNH BẮC NINH", True),
        ("Bắc Ninh", "UBND TỈNH BẮC NINH SỞ TƯ PHÁP", True),
        ("Hoài Thượng", "UBND HUYỆN THUẬN THÀNH ỦY BAN NHÂN DÂN XÃ HOÀI THƯỢNG", True),
        ("Bắc Ninh", "ỦY BAN NHÂN DÂN XÃ BẮC NINH THƯỢNG", False),  # part of a longer name
        ("Ninh Hòa", "ỦY BAN NHÂN DÂN TỈNH BẮC NINH HÒA", False),
        ("Hồ Chí Minh", "ỦY BAN NHÂN DÂN THÀNH PHỐ HỒ CHÍ MINH", False),  # `Thành phố` may be printed, and lost
        ("Băc Ninh", "ỦY BAN NHÂN DÂN TỈNH BẮC NINH", False),
        ("Huế", "ỦY BAN NHÂN DÂN TỈNH HUẾ", False),
    ],
)
def test_place_in_organ(place: str, organ: str, supported: bool) -> None:
    verdict = judge("place_in_organ", f"{place}\n{organ}", place=("place", place), organ=("organ", organ))
    assert verdict == ({"place": SUPPORTED} if supported else {})


@pytest.mark.parametrize(
    ("notation", "organ", "supported"),
    [
        ("QĐ-UBND", "ỦY BAN NHÂN DÂN TỈNH BẮC NINH", True),
        ("QĐ-BGDĐT", "BỘ GIÁO DỤC VÀ ĐÀO TẠO", True),
        ("QĐ-UBN", "ỦY BAN NHÂN DÂN TỈNH BẮC NINH", False),
        ("QD-UBND", "ỦY BAN NHÂN DÂN TỈNH BẮC NINH", False),  # the bar was put right
        ("TB-UBND", "ỦY BAN NHÂN DÂN TỈNH BẮC NINH", False),  # not the type of the title
        ("QĐ-UBND-VP", "ỦY BAN NHÂN DÂN TỈNH BẮC NINH", False),  # no witness for the unit
        ("QĐ-STP", "ỦY BAN NHÂN DÂN TỈNH BẮC NINH", False),
        ("QĐ-BGDDT", "BỘ GIÁO DỤC VÀ ĐÀO TẠO", False),
    ],
)
def test_notation_of_title_and_organ(notation: str, organ: str, supported: bool) -> None:
    fields = {"notation": ("code_notation", notation), "organ": ("organ", organ)}
    verdict = judge("notation_of_title_and_organ", f"{organ}\n{notation}", **fields)
    assert verdict == ({"notation": SUPPORTED} if supported else {})


@pytest.mark.parametrize(
    ("organ", "abbreviation"),
    [("UBND TỈNH QUẢNG NGÃI BAN CHỈ ĐẠO 138", "BCĐ138"), ("SỞ NÔNG NGHIỆP VÀ MÔI TRƯỜNG", "SNNMT"), ("", None)],
)
def test_abbreviations_of_organs(organ: str, abbreviation: str | None) -> None:
    allowed = organ_abbreviations(organ)
    assert abbreviation in allowed if abbreviation else not allowed


ID, BORN = ("personal_id", "027315001234"), ("date", "12/03/2015")


@pytest.mark.parametrize(
    ("sex", "personal_id", "born", "verdict"),
    [
        ("Nữ", "027315001234", "12/03/2015", {"sex": SUPPORTED}),
        ("Nam", "027315001234", "12/03/2015", {"sex": CONTRADICTED, "personal_id": CONTRADICTED}),
        ("Nữ", "027115001234", "12/03/2015", {"personal_id": CONTRADICTED}),  # century misread
        ("Nữ", "027316001234", "12/03/2015", {"personal_id": CONTRADICTED}),  # year misread
        ("Nữ", "927315001234", "12/03/2015", {}),  # no such place: the kind says so itself
        ("Nữ", "125000111", "12/03/2015", {}),
        ("Nữ", "027315001234", "không đọc được", {}),
    ],
)
def test_sex_of_personal_id(sex: str, personal_id: str, born: str, verdict: dict[str, Verdict]) -> None:
    text = f"{sex}\n{personal_id}\n{born}"
    fields = {"sex": ("sex", sex), "personal_id": ("personal_id", personal_id), "date_of_birth": ("date", born)}
    assert judge("sex_of_personal_id", text, of="giay-khai-sinh", **fields) == verdict


@pytest.mark.parametrize(
    ("date", "ok"), [("13/03/2015", True), ("12/03/2015", True), ("11/03/2015", False), ("2014", True)]
)
def test_not_before(date: str, ok: bool) -> None:
    verdict = judge("not_before", f"{date}\n12/03/2015", date=("date", date), earlier=("date", "12/03/2015"))
    assert verdict == ({} if ok else {"date": CONTRADICTED, "earlier": CONTRADICTED})


@pytest.mark.parametrize("rule", sorted(RULES))
def test_rules_say_nothing_of_what_was_not_read(rule: str) -> None:
    context = RuleContext(PaperText((page_from_text("x"),)), paper_type("quyet-dinh"), {})
    assert RULES[rule](context, {name: name for name in RULE_PARAMETERS[rule]}) == {}


@pytest.mark.parametrize(
    ("organ", "notation", "contradicted"),
    [
        ("UBND TỈNH LONG AN SỞ TƯ PHÁP", "GM-STP", False),
        ("UBND TỈNH LONG AN", "GM-STP", True),
        ("ỦY BAN NHÂN DÂN TỈNH LONG AN", "QĐ-UBND", False),
        ("ỦY BAN NHÂN DÂN", "QĐ-UBND", True),
        ("BỘ TƯ PHÁP TRUNG TÂM LÝ LỊCH TƯ PHÁP QUỐC GIA", "TB-TTLLTPQG", False),
        ("BỘ TƯ PHÁP", "TB-TTLLTPQG", True),
        ("BỘ CÔNG AN CÔNG AN TỈNH NGHỆ AN", "TB-PV06", False),
        ("BỘ CÔNG AN", "TB-PV06", True),
        ("BỘ CÔNG AN CÔNG AN TỈNH", "TB-PV06", True),
    ],
)
def test_an_organ_that_lost_a_row_does_not_fit_its_notation(organ: str, notation: str, contradicted: bool) -> None:
    verdict = judge(
        "organ_of_notation", f"{organ}\n{notation}", organ=("organ", organ), notation=("code_notation", notation)
    )
    assert verdict == ({"organ": Verdict.CONTRADICTED} if contradicted else {})


@pytest.mark.parametrize(
    ("organ", "number", "contradicted"),
    [
        ("UBND TỈNH BẮC NINH SỞ TƯ PHÁP", "1234/STP-LLTP", False),
        ("UBND TỈNH BẮC NINH", "1234/STP-LLTP", True),
        ("BỘ CÔNG AN CÔNG AN TỈNH NGHỆ AN", "215/PV06-LLTP", False),
        ("CÔNG AN THÀNH PHỐ HẢI PHÒNG", "215/CAT-PV06", False),
        ("BỘ CÔNG AN", "215/CAT-PV06", True),
        ("UBND TỈNH BẮC NINH", "1234", False),
    ],
)
def test_an_organ_that_lost_a_row_does_not_fit_the_number_of_its_certificate(
    organ: str, number: str, contradicted: bool
) -> None:
    verdict = judge(
        "organ_of_notation",
        f"{organ}\nSố: {number}",
        of="phieu-ly-lich-tu-phap",
        organ=("organ", organ),
        notation=("document_number", number),
    )
    assert verdict == ({"organ": Verdict.CONTRADICTED} if contradicted else {})


@pytest.mark.parametrize(
    ("organ", "number", "contradicted"),
    [
        ("UBND TỈNH THÁI NGUYÊN SỞ XÂY DỰNG", "45/GPXD-SXD", False),
        ("UBND TỈNH THÁI NGUYÊN", "45/GPXD-SXD", True),
        ("UBND TỈNH THÁI NGUYÊN", "45/GPXD", False),  # names the paper alone
    ],
)
def test_an_organ_that_lost_a_row_does_not_fit_the_number_of_its_permit(
    organ: str, number: str, contradicted: bool
) -> None:
    verdict = judge(
        "organ_of_notation",
        f"{organ}\nSố: {number}",
        of="giay-phep-xay-dung",
        organ=("organ", organ),
        notation=("document_number", number),
    )
    assert verdict == ({"organ": Verdict.CONTRADICTED} if contradicted else {})


def test_the_organ_of_a_judicial_record_is_judged_by_its_number() -> None:
    uses = {use.rule: use.fields for use in paper_type("phieu-ly-lich-tu-phap").rules}
    assert uses["organ_of_notation"] == {"organ": "organ_name", "notation": "number"}
