"""Labels, titles and zones: found when misread a little, never taken for one another."""

import pytest

from extractors.labels import LabelFinder
from extractors.layout import find_zones
from extractors.layout_names import LAYOUTS
from extractors.paper_text import PaperText
from extractors.paper_type_loader import shipped_paper_types
from extractors.sample import page_from_text
from extractors.sheet import label_finder, labels_of
from extractors.titles import find_title, has_national_header, is_in_capitals


def paper(*pages: str) -> PaperText:
    return PaperText(tuple(page_from_text(text, number) for number, text in enumerate(pages, 1)))


def found(text: str, *labels: str) -> list[tuple[str, str]]:
    """Labels found in `text`, each with what follows it."""
    one = paper(text)
    return [(place.label, one.text[place.end :].split("\n")[0]) for place in LabelFinder(labels).find(one)]


MOTHER, FATHER = "Họ, chữ đệm, tên người mẹ", "Họ, chữ đệm, tên người cha"
NAME = "Họ, chữ đệm, tên"


@pytest.mark.parametrize("printed", ["Giới tính: Nữ", "GIỚI TÍNH : Nữ", "Giới tính(1): Nữ", "Gioi tinh (12) . Nữ"])
def test_label_is_found_whatever_its_marks(printed: str) -> None:
    assert found(printed, "Giới tính") == [("Giới tính", "Nữ")]


def test_the_longest_of_overlapping_labels_counts() -> None:
    text = f"{NAME}: A\n{MOTHER}: B\n{FATHER}: C"
    assert found(text, NAME, MOTHER, FATHER) == [(NAME, "A"), (MOTHER, "B"), (FATHER, "C")]


@pytest.mark.parametrize(
    ("read", "label"),
    [
        ("Họ, chử đêm, tên ngưòi mẹ", MOTHER),
        ("Ho, chu dcm, tên người mẹ", MOTHER),
        ("Họ, chữ đệm, tên người ma", None),  # as near to one as to the other, in letters that tell them apart
        ("Dân tộe", None),  # short labels must be read exactly
    ],
)
def test_misread_labels(read: str, label: str | None) -> None:
    names = [name for name, _ in found(f"{read}: X", MOTHER, FATHER, "Dân tộc")]
    assert names == ([label] if label else []) or (label is None and names == [MOTHER])


def test_a_misread_mother_is_never_the_father() -> None:
    for letters in ("mẹ", "me", "ma", "mc", "mà", "rnẹ", "cha", "chá", "clia", "chạ"):
        names = {name for name, _ in found(f"Họ, chữ đệm, tên người {letters}: X", MOTHER, FATHER)}
        assert names <= {MOTHER if letters[0] in "mr" else FATHER}


def test_labels_do_not_run_over_lines_or_pages() -> None:
    assert found("Giới\ntính: Nữ", "Giới tính") == []
    assert LabelFinder(["Giới tính"]).find(paper("Giới", "tính: Nữ")) == ()
    assert LabelFinder([]).find(paper("Giới tính")) == ()


def test_finders_are_built_once() -> None:
    labels = labels_of(shipped_paper_types()[0])
    assert label_finder(labels) is label_finder(labels)


def title_of(text: str) -> str | None:
    place = find_title(paper(text + "\n" * 30), shipped_paper_types())
    return place.paper_type.id if place else None


@pytest.mark.parametrize(
    ("text", "type_id"),
    [
        ("GIẤY KHAI SINH", "giay-khai-sinh"),
        ("GIẤY\nKHAI SINH", "giay-khai-sinh"),
        ("~ GIẦY KHAl SINH .", "giay-khai-sinh"),
        ("TRÍCH LỤC KHAI SINH", "trich-luc-khai-sinh"),
        ("QUYẾT ĐỊNH", "quyet-dinh"),
        ("ề TỜ TRÌNH e", "to-trinh"),
        ("QUYÉT ĐỊNII", None),
        ("QUYẾT ĐỊNH:", None),
        ("Giấy khai sinh", None),
        ("nộp GIẤY KHAI SINH của con", None),
        ("THÔNG GÁO", None),  # THÔNG BÁO or THÔNG CÁO: as near to both
        ("THÔNG BÁO", "thong-bao"),
        ("DE AN", "de-an"),
        ("", None),
    ],
)
def test_titles(text: str, type_id: str | None) -> None:
    assert title_of(text) == type_id


def test_title_low_on_the_page_is_no_title() -> None:
    assert find_title(paper("dòng đầu" + "\n" * 30 + "QUYẾT ĐỊNH"), shipped_paper_types()) is None


def test_capitals_and_header() -> None:
    assert is_in_capitals("ỦY BAN") and not is_in_capitals("Ủy ban") and not is_in_capitals("1")
    assert has_national_header(paper("UBND TỈNH X   CỘNG HOÀ XÃ HỘl CHỦ NGHĨA VIỆT NAM" + "\n" * 9))
    assert not has_national_header(paper("\n" * 30 + "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"))


ACT = """
   {organ:<30}CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
   {second:<34}Độc lập - Tự do - Hạnh phúc
   {number:<32}{dated}
   {about}




   Nội dung của văn bản này viết ở đây cho đủ một dòng dài.

   Nơi nhận:                                        {signer}
   - Như trên;                                      PHÓ GIÁM ĐỐC

                                   ỦY BAN
                                                    Lê Thị Hoài An
"""
GIVEN = {
    "organ": "UBND TỈNH BẮC NINH", "second": "SỞ TƯ PHÁP", "number": "Số: 12 /STP-VP",
    "dated": "Bắc Ninh, ngày 06 tháng 5 năm 2024", "about": "V/v nâng bậc lương", "signer": "KT. GIÁM ĐỐC",
}  # fmt: skip


def zones_of(**changes: str) -> dict[str, str]:
    return {name: zone.text for name, zone in find_zones(paper(ACT.format(**{**GIVEN, **changes})), None).items()}


def test_zones_of_a_letter() -> None:
    zones = zones_of()
    assert set(zones) <= {*LAYOUTS["act"], *LAYOUTS["certificate"]}
    assert zones["organ"] == "UBND TỈNH BẮC NINH SỞ TƯ PHÁP"  # `SỞ` is not `Số`
    assert (zones["number"], zones["notation"]) == ("12", "STP-VP")
    assert (zones["place"], zones["date"]) == ("Bắc Ninh", "ngày 06 tháng 5 năm 2024")
    assert zones["subject"] == "V/v nâng bậc lương"
    assert zones["signer_title"] == "KT. GIÁM ĐỐC PHÓ GIÁM ĐỐC"
    assert zones["signer_name"] == "Lê Thị Hoài An"


def test_number_without_a_slash_has_no_notation() -> None:
    zones = zones_of(number="Số: 12STP")
    assert zones["number"] == "12STP"
    assert "notation" not in zones


@pytest.mark.parametrize("number", ["Ị Số: 12 /STP-VP", "1 Số: 12 /STP-VP", "| Số: 12 /STP-VP"])
def test_edge_of_a_copy_before_the_number_line_is_passed_over(number: str) -> None:
    zones = zones_of(number=number)
    assert zones["organ"] == "UBND TỈNH BẮC NINH SỞ TƯ PHÁP"
    assert (zones["number"], zones["notation"]) == ("12", "STP-VP")


def test_organ_ends_at_a_notation_whose_label_was_misread() -> None:
    zones = zones_of(number="3ô. 12/GPXD")
    assert zones["organ"] == "UBND TỈNH BẮC NINH SỞ TƯ PHÁP"
    assert "number" not in zones


def test_organ_whose_first_line_was_lost_is_no_organ() -> None:
    assert "organ" not in zones_of(organ="", second="", number="SỞ TƯ PHÁP\n   Số: 12/STP-VP")


def test_page_without_heading_has_no_heading_zones() -> None:
    assert find_zones(paper("chỉ có chữ"), None) == {}
    assert find_zones(paper(""), None) == {}
