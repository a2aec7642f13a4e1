"""Numbers of land certificates, codes of dossiers, licences, lists: what is printed, or a reason."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.kinds.land import (
    parse_land_serial,
    parse_map_sheet_number,
    parse_parcel_number,
    parse_register_number,
)
from extractors.kinds.listed import parse_components, parse_ethnicity, parse_nationality
from extractors.kinds.procedures import (
    parse_dossier_code,
    parse_expiry_date,
    parse_license_class,
    parse_license_number,
    parse_procedure_code,
)
from extractors.lexicon.lists import countries, peoples, same_name
from extractors.record import LEFT_BLANK
from ocr.vietnamese import strip_accents

LETTERS = st.from_regex(r"[A-ZĐ]{2}", fullmatch=True)
SIX_OR_EIGHT = st.from_regex(r"[0-9]{6}|[0-9]{8}", fullmatch=True)
PEOPLES = sorted(name for names in peoples().values() for name in names)
COUNTRIES = sorted(name for names in countries().values() for name in names)


@given(LETTERS, SIX_OR_EIGHT)
def test_serials_come_back(letters: str, digits: str) -> None:
    for printed in (
        f"{letters} {digits}",
        letters + digits,
        f"{letters[0]} {letters[1]} {digits}",
        f"Số: {letters} {digits}.",
    ):
        assert parse_land_serial(printed).value == f"{letters} {digits}"


@pytest.mark.parametrize(
    ("raw", "value", "reason"),
    [
        ("Bs 123456", "BS 123456", "not-in-capitals"),
        ("BS 1234567", None, "not-a-serial"),
        ("BS 12345O", None, "not-a-serial"),
        ("BS 123456 AB 654321", None, "several-numbers"),
        ("BS 123456 / BS 123456", "BS 123456", None),
    ],
)
def test_serials(raw: str, value: str | None, reason: str | None) -> None:
    parsed = parse_land_serial(raw)
    assert (parsed.value, parsed.reason, parsed.partial) == (value, reason, value is not None and reason is not None)


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("CS 11115", "CS 11115"), ("CH02234", "CH02234"), ("VP. 584 .15", "VP.584.15"), ("ch 02234.", "CH 02234"),
        ("CN-DK: 123/2020", "CN-DK: 123/2020"), ("CN – DK:123/2020", "CN-DK: 123/2020"), ("00123", "00123"),
        ("CS", None), ("CS 11l15", None), ("", None), ("CS 111 15", None),
    ],
)  # fmt: skip
def test_register_numbers(raw: str, value: str | None) -> None:
    assert parse_register_number(raw).value == value


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("123", "123"), ("Thửa đất số: 12;13", "12; 13"), ("12 và 13", "12 và 13"), ("12+13", "12 + 13"),
        ("45a", "45a"), ("LK-05", "LK-05"), ("l2", None), ("-/-", None), ("", None), ("12;", "12"),
    ],
)  # fmt: skip
def test_parcels(raw: str, value: str | None) -> None:
    assert parse_parcel_number(raw).value == value


@pytest.mark.parametrize(
    ("raw", "value"), [("25", "25"), ("tờ bản đồ số: 25", "25"), ("DC-12", "DC-12"), ("-/-", None), ("không", None)]
)
def test_map_sheets(raw: str, value: str | None) -> None:
    assert parse_map_sheet_number(raw).value == value


@given(st.dates(), st.integers(0, 99999))
def test_dossier_codes_come_back(day: object, ordinal: int) -> None:
    code = f"H44.100-{day:%y%m%d}-{ordinal:04d}"
    parsed = parse_dossier_code(code.replace("-", " – "))
    assert (parsed.value, parsed.partial) == (code, False)


def test_codes() -> None:
    impossible = parse_dossier_code("H44.100-251342-0012")
    assert (impossible.value, impossible.partial, impossible.reason) == ("H44.100-251342-0012", True, "day-impossible")
    assert parse_dossier_code("H44.1OO-251112-0012").value is None
    assert parse_procedure_code("1.001193.").value == "1.001193"
    assert parse_procedure_code("1.OO1193").value is None
    assert parse_license_number("79.0123456789").value == "790123456789"
    assert parse_license_number("79012345678").value is None


@pytest.mark.parametrize(
    ("raw", "value"),
    [("B2", "B2"), ("a1, b2", "A1, B2"), ("A1; A1 C", "A1, C"), ("FB2", "FB2"), ("82", None), ("", None), ("B3", None)],
)
def test_license_classes(raw: str, value: str | None) -> None:
    assert parse_license_class(raw).value == value


def test_a_licence_without_end_has_no_day() -> None:
    for raw in ("Không thời hạn", "KHÔNG THỜI HẠN/ No expiry", "không xác định thời hạn"):
        assert (parse_expiry_date(raw).value, parse_expiry_date(raw).reason) == (None, LEFT_BLANK)
    assert parse_expiry_date("12/11/2035").value == "2035-11-12"


@pytest.mark.parametrize("name", PEOPLES)
def test_peoples_of_the_list_stand_as_printed(name: str) -> None:
    assert parse_ethnicity(name).value == name
    assert not parse_ethnicity(name).partial
    assert not parse_ethnicity(name.upper()).partial


@pytest.mark.parametrize("name", COUNTRIES)
def test_countries_of_the_list_stand_as_printed(name: str) -> None:
    parsed = parse_nationality(name)
    assert (parsed.value, parsed.partial, parsed.repairs) == (name, False, ())
    without_marks = parse_nationality(strip_accents(name))
    assert (
        without_marks.partial
        or without_marks.repaired
        or any(same_name(strip_accents(name), other) for other in COUNTRIES)
        or strip_accents(name) == name
    )


def test_what_is_in_no_list_is_kept_for_a_person() -> None:
    for parsed in (parse_ethnicity("Pu Nà"), parse_nationality("Atlantis")):
        assert (parsed.partial, parsed.reason) == (True, "not-in-list")
    assert parse_ethnicity("Pu Nà").value == "Pu Nà"
    lost = parse_ethnicity("Nung")
    assert [(one.read, one.repaired, one.source) for one in lost.repairs] == [("Nung", "Nùng", "lexicon:peoples")]


def test_components() -> None:
    parsed = parse_components("1. Tờ khai đăng ký khai sinh\n\n2) Giấy chứng sinh (bản chính)\n- …\n")
    assert parsed.value == ("Tờ khai đăng ký khai sinh", "Giấy chứng sinh (bản chính)")
    assert parse_components("\n").value is None
