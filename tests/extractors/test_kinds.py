"""Kinds of value: whatever is printed, a sensible value or a reason, nothing else."""

import re
import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.drawing.number_words import WordChoice, date_words
from extractors.kinds.date import parse_date
from extractors.kinds.date_words import parse_date_in_words
from extractors.kinds.identifiers import parse_personal_id
from extractors.kinds.names import parse_person_name
from extractors.kinds.number_words import number_from_words
from extractors.kinds.numbers import parse_code_notation, parse_code_number, parse_document_number
from extractors.kinds.organ import parse_organ, parse_place
from extractors.kinds.parsed import Parsed, Repair
from extractors.kinds.registry import FIGURE_KINDS, KINDS
from extractors.kinds.signer import parse_signer_name, parse_signer_title
from extractors.kinds.text import is_struck_out, parse_sex, parse_subject, parse_text
from extractors.units.tables import spellings, unit_words
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
DECIMAL = r"\d+(\.\d+)?"
TEXT = r"\S(.*\S)?"
# What each kind may answer with.
SHAPES = {
    "address": TEXT,
    "area": DECIMAL,
    "area_in_words": DECIMAL,
    "code_notation": r"[^\W\d_][\w.]*(-[\w.]+)*",
    "code_number": r"\d{1,6}[A-Za-z]?",
    "components": TEXT,
    "date": r"\d{4}(-\d{2}(-\d{2})?)?",
    "date_in_words": r"\d{4}-\d{2}-\d{2}",
    "document_number": r"\d{1,6}([/.\-][\w.\-]+)*",
    "dossier_code": r"[A-Z\d.]+-\d{6}-\d{4,5}",
    "enterprise_code": r"\d{10}(-\d{3})?|\d{12}",
    "ethnicity": TEXT,
    "expiry_date": r"\d{4}(-\d{2}(-\d{2})?)?",
    "household_business_code": r"\d{2}[A-Z]8\d{6}|\d{10}(-\d{3})?|\d{12}",
    "land_serial": r"[A-ZĐ]{2} (\d{6}|\d{8})",
    "license_class": r"[A-Z]+\d?[A-Z]?(, [A-Z]+\d?[A-Z]?)*",
    "license_number": r"\d{12}",
    "map_sheet_number": r"\S(.*\S)?",
    "money": DECIMAL,
    "money_in_words": r"\d+",
    "nationality": TEXT,
    "organ": TEXT,
    "parcel_number": r"\S(.*\S)?",
    "holder_name": r"\S.*",
    "person_name": r"\w+\S*( \w+\S*)+",
    "personal_id": r"\d{9}|\d{12}",
    "personal_id_within": r"\d{9}|\d{12}",
    "place": TEXT,
    "procedure_code": r"[1-9]\.\d{6}(\.\d{3}\.\d{2}\.\d{2}\.[A-Z]\d{2})?",
    "register_number": r"\S*\d\S*|\S+ \d\S*",
    "sex": r"Nam|Nữ",
    "signer_name": r"\w+\S*( \w+\S*)+",
    "signer_title": TEXT,
    "subject": r"\S.{3,}\S",
    "text": TEXT,
}
# Forms as papers print them. Every kind has some, so that the properties below never hold for want of values.
FORMS = {
    "address": ("số 12, thôn Đông, xã Hoài Thượng, huyện Thuận Thành, tỉnh Bắc Ninh",),
    "area": ("99,7m²", "1.234,5 m2 (bằng chữ: …)", "120 m²"),
    "area_in_words": ("Chín mươi chín phẩy bảy mét vuông",),
    "code_notation": ("QĐ-UBND", "UBND – KTTH"),
    "code_number": ("04", "12a"),
    "components": ("1. Tờ khai đăng ký khai sinh\n2. Giấy chứng sinh", "- Đơn đề nghị"),
    "date": ("06/05/2024", "ngày 06 tháng 5 năm 2024", "tháng 5/1990", "10 giờ 30 phút, ngày 12/11/2025"),
    "date_in_words": ("Ngày mười hai, tháng ba, năm hai nghìn không trăm mười lăm",),
    "document_number": ("143/TLKS-BS", "45/2020"),
    "dossier_code": ("H44.100-251112-0012", "001.02.03.H12-251112-00123"),
    "enterprise_code": ("0100233488", "0100233488-001", "001099012345", "0100233480"),
    "ethnicity": ("Kinh", "Ê Đê", "H'Mông", "Nung", "Xa Lạ"),
    "expiry_date": ("12/11/2035",),
    "household_business_code": ("41N8033112", "0100233488"),
    "land_serial": ("BS 123456", "AA 09273289"),
    "license_class": ("B2", "A1, B2"),
    "license_number": ("790123456789", "79.0123456789"),
    "map_sheet_number": ("25", "DC-12"),
    "money": ("8.000.000.000 đồng", "500.000.000 VNĐ (Bằng chữ: Năm trăm triệu đồng)"),
    "money_in_words": ("Tám tỷ đồng",),
    "nationality": ("Việt Nam", "VIET NAM", "Cam-pu-chia"),
    "organ": ("UBND XÃ HOÀI THƯỢNG", "SỞ TƯ PHÁP TĨNH QUANG NGAI"),
    "parcel_number": ("123", "12; 13", "45a"),
    "holder_name": ("CÔNG TY TNHH GỐM SỨ HOÀI THƯỢNG", "Ông TRẦN VĂN BÌNH"),
    "person_name": ("NGUYỄN VĂN AN", "H'RIN MLÔ"),
    "personal_id": ("027315001234", "125000111"),
    "personal_id_within": ("Căn cước công dân số 027315001234 do Cục Cảnh sát cấp ngày 12/11/2021",),
    "place": ("Quảng Ngãi", "xã Tịnh Khê, tinh Quang Ngai"),
    "procedure_code": ("1.001193", "1.001122.000.00.00.H48"),
    "register_number": ("CS 11115", "CH02234", "VP.584.15", "CN-DK: 123/2020", "00123"),
    "sex": ("Nam", "NỮ"),
    "signer_name": ("NGUYỄN HOÀI AN",),
    "signer_title": ("KT. CHỦ TỊCH PHÓ CHỦ TỊCH",),
    "subject": ("V/v nâng bậc lương năm 2019",),
    "text": ("số 12, thôn Đông",),
}
PRINTED_FORMS = [(kind, form) for kind, forms in FORMS.items() for form in forms]
# What they answer is not what they read: words, a line around a number, or an answer that is no day.
NOT_IDEMPOTENT = {"area_in_words", "date_in_words", "money_in_words"}


@pytest.fixture(scope="module", autouse=True)
def _loaded_once() -> None:
    """Load the tables of units before properties are timed."""
    unit_words()
    spellings()


def test_every_kind_is_tested() -> None:
    assert set(SHAPES) == set(KINDS) == set(FORMS)
    assert set(KINDS) >= FIGURE_KINDS


def check(kind: str, parsed: Parsed) -> None:
    if parsed.value is None:
        assert parsed.reason in DOUBTS
        return
    assert isinstance(parsed.value, tuple) == (kind == "components")
    for value in parsed.value if isinstance(parsed.value, tuple) else (parsed.value,):
        assert re.fullmatch(SHAPES[kind], value, re.DOTALL)
    assert not parsed.partial or parsed.reason in DOUBTS
    assert parsed.repaired == bool(parsed.repairs)
    assert all(repair.read != repair.repaired for repair in parsed.repairs)


@pytest.mark.parametrize("kind", sorted(KINDS))
@given(raw=PRINTED)
def test_a_sensible_value_or_a_reason(kind: str, raw: str) -> None:
    check(kind, KINDS[kind](raw))


@pytest.mark.parametrize("kind", sorted(KINDS))
@given(data=st.data())
def test_a_misread_form_gives_a_sensible_value_or_a_reason(kind: str, data: st.DataObject) -> None:
    form = data.draw(st.sampled_from(FORMS[kind]))
    place = data.draw(st.integers(0, len(form)))
    noise = data.draw(st.text("0O1lI5S8B .,:;/-'ảẫĐđ\n…", max_size=3))
    check(kind, KINDS[kind](form[:place] + noise + form[place + data.draw(st.integers(0, 3)) :]))


@pytest.mark.parametrize(("kind", "form"), PRINTED_FORMS)
def test_printed_forms_have_a_value(kind: str, form: str) -> None:
    parsed = KINDS[kind](form)
    assert parsed.value is not None
    check(kind, parsed)


@pytest.mark.parametrize(("kind", "form"), PRINTED_FORMS)
def test_the_spelling_of_unicode_and_the_paper_between_words_say_nothing(kind: str, form: str) -> None:
    expected = KINDS[kind](form)
    for variant in (
        unicodedata.normalize("NFD", form),
        form.replace(" ", "  "),
        form.replace(" ", "\u00a0"),
        f" {form} ",
    ):
        parsed = KINDS[kind](variant)
        assert (parsed.value, parsed.reason, parsed.partial) == (expected.value, expected.reason, expected.partial)


@pytest.mark.parametrize("kind", sorted(set(KINDS) - NOT_IDEMPOTENT))
@given(data=st.data())
def test_a_value_is_read_as_itself(kind: str, data: st.DataObject) -> None:
    first = KINDS[kind](data.draw(st.one_of(st.sampled_from(FORMS[kind]), PRINTED)))
    if first.text is not None:
        assert KINDS[kind](first.text).value == first.value


def test_a_list_is_one_text_line_by_line() -> None:
    assert Parsed(("Tờ khai", "Giấy chứng sinh")).text == "Tờ khai\nGiấy chứng sinh"
    assert Parsed("Tờ khai").text == "Tờ khai"
    assert Parsed(None).text is None
    assert Parsed("a", repairs=(Repair(read="b", repaired="a", source="lexicon:organs"),)).repaired


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
        ("tám tỷ", 8 * 10**9), ("một nghìn hai trăm tỷ", 1200 * 10**9), ("hai triệu không trăm linh ba", 2_000_003),
        ("hai mươi nhăm", 25), ("một trăm mười", 110),
        ("", None), ("nghìn", None), ("hai mươi mươi", None), ("một hai", None), ("hai triệu ba", None),
        ("một trăm năm", None), ("hai tỷ ba tỷ", None), ("ba nghìn triệu", None),
    ],
)  # fmt: skip
def test_numbers_in_words(words: str, number: int | None) -> None:
    assert number_from_words(fold(words).split()) == number


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("NGUYỄN VĂN AN", "Nguyễn Văn An"),
        ("H'RIN MLÔ", "H'Rin Mlô"),
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
    assert barred.repairs == (Repair(read="QD", repaired="QĐ", source="lexicon:abbreviations"),)
    assert not parse_code_notation("HD-UBND").repaired


def test_short_lists_and_blanks() -> None:
    assert parse_sex("Nam.").value == "Nam"
    assert parse_sex("NỮ").value == "Nữ"
    assert parse_sex("Việt Nam").value is None
    assert parse_text("……").value is None
    assert parse_text("'THÀNH PHỐ H'Hen (nếu có)").value == "THÀNH PHỐ H'Hen (nếu có)"
    assert parse_subject("V/v: nâng bậc lương").value == "nâng bậc lương"
    assert parse_subject("27 Về việc nâng bậc lương") == Parsed("Về việc nâng bậc lương")
    assert parse_subject("Ì - V/v nâng bậc lương").value == "nâng bậc lương"
    assert parse_subject("Số 27 Về việc nâng bậc lương").value == "Số 27 Về việc nâng bậc lương"
    assert parse_subject("Thông báo kết luận Về việc nâng lương").value == "Thông báo kết luận Về việc nâng lương"
    assert is_struck_out("-/-") and is_struck_out("Không.") and not is_struck_out("......")


def test_words_of_a_subject_run_together_are_parted_where_two_tones_leave_no_doubt() -> None:
    parted = parse_subject("27 Vềviệc nộp thuế điện tử")
    assert parted.value == "Về việc nộp thuế điện tử"
    assert parted.repairs == (Repair(read="Vềviệc", repaired="Về việc", source="lexicon:syllables"),)
    assert not parse_subject("Về việc ỦỴ quyền và tỉình hình").repaired
    assert not parse_subject("Về việc cổ phần hóa Masan, Viettel, TTHC và STEM").repaired


def test_places_and_organs_are_put_right_only_where_the_list_leaves_no_doubt() -> None:
    organ = parse_organ("ỦY BAN NHAN DÂN TĨNH QUANG NGÃI")
    assert (organ.value, organ.repaired) == ("ỦY BAN NHÂN DÂN TỈNH QUẢNG NGÃI", True)
    assert parse_place("xã Yên Bài, huyện Tịnh Khê").value == "xã Yên Bài, huyện Tịnh Khê"
    assert parse_place("số 125000111").value is None


@pytest.mark.parametrize("name", ["NGUYỄN HOÀI AN", "Bùi Hữu Phước", "Lê Thị Hoà"])
def test_a_signers_name_with_its_surname_is_whole(name: str) -> None:
    assert not parse_signer_name(name).partial


@pytest.mark.parametrize("name", ["Hữu Phước", "Thị Ngọc Lụa", "Phương Mẫn", "H'Rin Mlô"])
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
