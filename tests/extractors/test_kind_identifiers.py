"""Numbers of persons and enterprises: right ones pass, and a wrong digit never passes for a right one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.vn import mst

from extractors.kinds.identifiers import (
    parse_enterprise_code,
    parse_household_business_code,
    parse_personal_id,
    parse_personal_id_within,
)
from extractors.units.tables import province_codes

CODES = sorted(province_codes())
IDS = st.builds(
    lambda code, century, rest: f"0{code}{century}{rest}",
    st.sampled_from(CODES), st.integers(0, 3), st.from_regex(r"[0-9]{8}", fullmatch=True),
)  # fmt: skip
ENTERPRISES = (
    st.from_regex(r"[0-9]{9}", fullmatch=True).map(lambda nine: nine + mst.calc_check_digit(nine)).filter(mst.is_valid)
)
SEPARATORS = st.sampled_from(["", " ", "."])


def spaced(digits: str, separator: str) -> str:
    return separator.join(digits[i : i + 3] for i in range(0, len(digits), 3))


@given(IDS, SEPARATORS)
def test_personal_ids_come_back(number: str, separator: str) -> None:
    for parse in (parse_personal_id, parse_personal_id_within):
        parsed = parse(spaced(number, separator))
        assert (parsed.value, parsed.partial) == (number, False)
    line = f"Căn cước công dân số {number} do Cục Cảnh sát QLHC về TTXH cấp ngày 12/11/2021"
    assert parse_personal_id_within(line).value == number


@given(st.from_regex(r"[0-9]{12}", fullmatch=True))
def test_a_number_of_no_province_or_century_is_never_whole(number: str) -> None:
    parsed = parse_personal_id(number)
    assert parsed.value == number
    is_known = number[0] == "0" and number[1:3] in province_codes() and number[3] in "0123"
    assert parsed.partial == (not is_known)
    assert parsed.reason == (
        None if is_known
        else "century-impossible" if number[0] == "0" and number[1:3] in province_codes()
        else "province-unknown"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("line", "value", "reason"),
    [
        ("Chứng minh nhân dân số 125000111 do Công an tỉnh Bắc Ninh cấp ngày 02/03/2010", "125000111", None),
        ("Căn cước công dân số027315001234do Cục Cảnh sát cấp", "027315001234", None),
        ("CMND số l25000111", None, "not-a-personal-id"),
        ("CMND số 125000111, CCCD số 027315001234", None, "several-numbers"),
        ("CCCD số 027315001234; định danh: 027315001234", "027315001234", None),
        ("Căn cước công dân số 02731500123 cấp ngày 12/11/2021", None, "not-a-personal-id"),
        ("Căn cước công dân số 02731500l234", None, "not-a-personal-id"),
        ("Hộ chiếu số C1234567", None, "not-a-personal-id"),
        ("điện thoại 0912345678", None, "not-a-personal-id"),
    ],
)
def test_ids_within_a_line(line: str, value: str | None, reason: str | None) -> None:
    parsed = parse_personal_id_within(line)
    assert (parsed.value, parsed.reason) == (value, reason)


@given(ENTERPRISES, st.integers(1, 999))
def test_enterprise_codes_come_back(code: str, branch: int) -> None:
    assert parse_enterprise_code(code) == parse_enterprise_code(spaced(code, " "))
    assert (parse_enterprise_code(code).value, parse_enterprise_code(code).partial) == (code, False)
    for printed in (f"{code}-{branch:03d}", f"{code} - {branch:03d}", f"{code}{branch:03d}"):
        assert parse_enterprise_code(printed).value == f"{code}-{branch:03d}"


@given(ENTERPRISES, st.integers(0, 9), st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(code: str, place: int, step: int) -> None:
    wrong = code[:place] + str((int(code[place]) + step) % 10) + code[place + 1 :]
    parsed = parse_enterprise_code(wrong)
    assert (parsed.value, parsed.partial, parsed.reason) == (wrong, True, "check-digit-wrong")


@pytest.mark.parametrize("raw", ["", "010023348", "01002334881", "O100233488", "0100233488-01", "không"])
def test_no_enterprise_code(raw: str) -> None:
    assert parse_enterprise_code(raw).value is None


def test_codes_of_household_businesses() -> None:
    assert parse_household_business_code("41N8033112").value == "41N8033112"
    assert parse_household_business_code("41 n 8033112").value == "41N8033112"
    assert parse_household_business_code("0100233488").value == "0100233488"
    assert parse_household_business_code("027315001234").value == "027315001234"
    assert parse_household_business_code("027315001234-001").value is None
    assert parse_household_business_code("41N7033112").value is None
