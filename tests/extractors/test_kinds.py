"""Kinds of value: whatever is printed, a sensible value or a reason, nothing else."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.drawing.number_words import WordChoice, date_words
from extractors.kinds.date import parse_date
from extractors.kinds.date_words import number_from_words, parse_date_in_words
from extractors.kinds.names import parse_person_name
from extractors.kinds.numbers import parse_code_notation, parse_code_number, parse_document_number, parse_personal_id
from extractors.kinds.organ import parse_organ, parse_place
from extractors.kinds.registry import KINDS
from extractors.kinds.signer import parse_signer_name, parse_signer_title
from extractors.kinds.text import is_struck_out, parse_sex, parse_subject, parse_text
from extractors.wording import DOUBTS
from ocr.vietnamese import fold

DAYS = st.dates(date(1900, 1, 1), date(2099, 12, 31))
CHOICES = st.builds(
    WordChoice,
    early_day=st.sampled_from(["", "mồng", "mùng"]),
    zero_tens=st.sampled_from(["linh", "lẻ"]),
    four=st.sampled_from(["tư", "bốn"]),
    thousand=st.sampled_from(["nghìn", "ngàn"]),
)
PRINTED = st.one_of(
    st.text(max_size=60),
    st.text("0123456789/.-: ngàythángnămSốQĐUBND'()…", max_size=40),
    st.text("aăâeêioôơuưyđàảãáạ AĐỄ", max_size=40),
)
# What each kind may answer with.
SHAPES = {
    "code_notation": r"[^\W\d_][\w.]*(-[\w.]+)*",
    "code_number": r"\d{1,6}[A-Za-z]?",
    "date": r"\d{4}(-\d{2}(-\d{2})?)?",
    "date_in_words": r"\d{4}-\d{2}-\d{2}",
    "document_number": r"\d{1,6}([/.\-][\w.\-]+)*",
    "organ": r"\S(.*\S)?",
    "person_name": r"\w+\S*( \w+\S*)+",
    "personal_id": r"\d{9}|\d{12}",
    "place": r"\S(.*\S)?",
    "sex": r"Nam|Nữ",
    "signer_name": r"\w+\S*( \w+\S*)+",
    "signer_title": r"\S(.*\S)?",
    "subject": r"\S.{3,}\S",
    "text": r"\S(.*\S)?",
}


def test_every_kind_is_tested() -> None:
    assert set(SHAPES) == set(KINDS)


@pytest.mark.parametrize("kind", sorted(KINDS))
@given(raw=PRINTED)
def test_a_sensible_value_or_a_reason(kind: str, raw: str) -> None:
    parsed = KINDS[kind](raw)
    if parsed.value is None:
        assert parsed.reason in DOUBTS
    else:
        assert re.fullmatch(SHAPES[kind], parsed.value, re.DOTALL)
        assert not parsed.partial or parsed.reason


@given(DAYS)
def test_days_in_figures_come_back(day: date) -> None:
    iso = day.isoformat()
    for raw in (
        f"{day.day:02d}/{day.month:02d}/{day.year}",
        f"{day.day}-{day.month}-{day.year}",
        f"{day.day}.{day.month}.{day.year}",
        f"Bắc Ninh, ngày {day.day:02d} tháng {day.month} năm {day.year}",
        f"{day.day} tháng {day.month:02d} năm {day.year}",
    ):
        parsed = parse_date(raw)
        assert (parsed.value, parsed.partial) == (iso, False)


@given(DAYS, CHOICES)
def test_days_in_words_come_back(day: date, choice: WordChoice) -> None:
    assert parse_date_in_words(date_words(day, choice)).value == day.isoformat()


@given(DAYS, DAYS)
def test_two_days_are_never_spelled_alike(first: date, second: date) -> None:
    same = parse_date_in_words(date_words(first)).value == parse_date_in_words(date_words(second)).value
    assert same == (first == second)


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("ngày     tháng 02 năm 2025", "2025-02"),
        ("ngày o4 tháng 02 năm 2025", "2025-02"),
        ("ngày l4 tháng 02 năm 2025", "2025-02"),
        ("l2/03/2015", "2015-03"),
        ("12/O3/2015", "2015"),
        ("1O/03/2015", "2015-03"),
        ("ngày 31 tháng 02 năm 2025", "2025-02"),
        ("143/2015, 20/03/2015", "2015-03-20"),
        ("tháng 5/1990", "1990-05"),
        ("1990", "1990"),
        ("20/13/2015", "2015"),
    ],
)
def test_what_cannot_be_read_stays_open(raw: str, value: str) -> None:
    parsed = parse_date(raw)
    assert value.startswith(parsed.value or "?")
    assert parsed.partial or parsed.value == value


@pytest.mark.parametrize("raw", ["", "không rõ", "năm 1492", "12/03/15", "12/03/2O15"])
def test_no_date(raw: str) -> None:
    assert parse_date(raw).value is None


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("mười", 10), ("mười lăm", 15), ("hai mươi mốt", 21), ("hai lăm", 25), ("ba mươi", 30),
        ("hai nghìn không trăm linh bốn", 2004), ("một ngàn chín trăm bảy mươi lăm", 1975),
        ("", None), ("nghìn", None), ("hai mươi mươi", None), ("một hai", None),
    ],
)  # fmt: skip
def test_numbers_in_words(words: str, number: int | None) -> None:
    assert number_from_words(fold(words).split()) == number


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("NGUYỄN VĂN AN", "Nguyễn Văn An"),
        ("H'HEN NIÊ", "H'Hen Niê"),
        ("Y-BHĂM ÊBAN", "Y-Bhăm Êban"),
        ("Ông: Trần Văn Bình.", "Trần Văn Bình"),
        ("THUÝ KIỀU", "Thuý Kiều"),
        ("An", None),
        ("Trần 5ăn Bình", None),
        ("............", None),
    ],
)
def test_names(raw: str, value: str | None) -> None:
    assert parse_person_name(raw).value == value


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("027315001234", "027315001234"),
        ("027 315 001 234", "027315001234"),
        ("027315001234 cấp ngày 01/02/2021", "027315001234"),
        ("125000111", "125000111"),
        ("0273150012345", None),
        ("125000111O23", None),
        ("12500011 1 23", None),
        ("12500O111", None),
        ("٠٢٧٣١٥٠٠١٢٣٤", None),
    ],
)
def test_personal_ids_are_never_cut_out_of_longer_ones(raw: str, value: str | None) -> None:
    assert parse_personal_id(raw).value == value


def test_numbers_and_notations() -> None:
    assert parse_code_number(" 04 ").value == "04"
    assert parse_code_number("12a").value == "12a"
    assert parse_code_number("0A").value == "0A"
    assert parse_code_number("O4").value is None
    assert parse_document_number("143 / TLKS–BS").value == "143/TLKS-BS"
    assert parse_document_number("/TLKS").value is None
    assert parse_code_notation("UBND – KTTH").value == "UBND-KTTH"
    barred = parse_code_notation("QD-UBND")
    assert (barred.value, barred.repaired) == ("QĐ-UBND", True)


def test_short_lists_and_blanks() -> None:
    assert parse_sex("Nam.").value == "Nam"
    assert parse_sex("NỮ").value == "Nữ"
    assert parse_sex("Việt Nam").value is None
    assert parse_text("……").value is None
    assert parse_text("'THÀNH PHỐ H'Hen (nếu có)").value == "THÀNH PHỐ H'Hen (nếu có)"
    assert parse_subject("V/v: nâng bậc lương").value == "nâng bậc lương"
    assert is_struck_out("-/-") and is_struck_out("Không.") and not is_struck_out("......")


def test_places_and_organs_are_put_right_only_where_the_list_leaves_no_doubt() -> None:
    organ = parse_organ("ỦY BAN NHAN DÂN TĨNH QUANG NGÃI")
    assert (organ.value, organ.repaired) == ("ỦY BAN NHÂN DÂN TỈNH QUẢNG NGÃI", True)
    assert parse_place("xã Yên Bài, huyện Tịnh Khê").value == "xã Yên Bài, huyện Tịnh Khê"
    assert parse_place("số 125000111").value is None


@pytest.mark.parametrize("name", ["NGUYỄN HOÀI AN", "Bùi Hữu Phước", "Lê Thị Hoà"])
def test_a_signers_name_with_its_surname_is_whole(name: str) -> None:
    assert not parse_signer_name(name).partial


@pytest.mark.parametrize("name", ["Hữu Phước", "Thị Ngọc Lụa", "Phương Mẫn", "H'Hen Niê"])
def test_a_signers_name_without_a_common_surname_may_lack_its_beginning(name: str) -> None:
    parsed = parse_signer_name(name)
    assert parsed.value == name
    assert parsed.partial


@pytest.mark.parametrize(
    "title", ["CHỦ TỊCH", "KT. BỘ TRƯỞNG THỨ TRƯỞNG", "TM. ỦY BAN NHÂN DÂN KT. CHỦ TỊCH PHÓ CHỦ TỊCH", "TRƯỞNG PHÒNG"]
)
def test_a_signers_title_with_all_its_rows_is_whole(title: str) -> None:
    parsed = parse_signer_title(title)
    assert parsed.value == title
    assert not parsed.partial


@pytest.mark.parametrize("title", ["KT. BỘ TRƯỞNG", "TM. ỦY BAN NHÂN DÂN", "TM. ỦY BAN NHÂN DÂN KT. CHỦ TỊCH", "SỞ"])
def test_a_signers_title_that_lacks_the_row_of_the_office_is_not_whole(title: str) -> None:
    assert parse_signer_title(title).partial


def test_specks_between_the_words_of_a_title_are_no_part_of_it() -> None:
    assert parse_signer_title("KT. BỘ TRƯỞNG. THỨ TRƯỞNG").value == "KT. BỘ TRƯỞNG THỨ TRƯỞNG"
    assert parse_signer_title("KT. CHỦ TỊCH PHÓ.CHỦ TỊCH,").value == "KT. CHỦ TỊCH PHÓ CHỦ TỊCH"
