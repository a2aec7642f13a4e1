"""Numbers of persons and enterprises, with the checks that their makers built in."""

import re

from stdnum.vn import mst

from extractors.kinds.parsed import Parsed, invalid
from extractors.units.tables import province_codes
from ocr.vietnamese import to_nfc

_EDGE = " .,:;_-…|'`\"“”"
# 12 digits: 3 of the place of birth registration, century and sex, 2 of the year, 6. Source: NĐ 137/2015 Điều 13.
# Stands where no letter or digit touches it: a `O` read for a `0` must not leave the 9 digits of an old card.
_PERSONAL_ID = re.compile(
    r"(?<!\w)(?<!\d[ .])(?:\d(?:[ .]?\d){11}(?!\w|[ .]?\d)|\d(?:[ .]?\d){8}(?!\w|[ .]?\d))", re.ASCII
)
# Within a line readers drop blanks (`số027315001234do`): twelve digits are whole whatever letter touches them, nine may
# be what a misread letter left of more.
_PERSONAL_ID_WITHIN = re.compile(
    r"(?<!\d)(?<!\d[ .])\d(?:[ .]?\d){11}(?![ .]?\d)|(?<!\w)(?<!\d[ .])\d(?:[ .]?\d){8}(?!\w|[ .]?\d)", re.ASCII
)
# Source: TT 105/2020/TT-BTC Điều 5: 10 digits, of a branch 13. TT 86/2024/TT-BTC Điều 5: from 1/7/2025 the personal id.
_ENTERPRISE_CODE = re.compile(
    r"(?<!\w)\d(?:[ .]?\d){9}(?:(?:[ .]?\d){2}|\s*-\s*\d(?:[ .]?\d){2}|(?:[ .]?\d){3})?(?!\w|[ .\-]?\d)", re.ASCII
)
# Source: domain §6: two digits of the province, the letter of the district, 8 and six digits.
_OLD_HOUSEHOLD_CODE = re.compile(r"(?<!\w)\d ?\d ?[A-Z] ?8(?: ?\d){6}(?!\w| ?\d)", re.ASCII)
# The fourth digit counts centuries from the 20th, two for each: nobody is born in the 22nd yet.
_LAST_CENTURY_DIGIT = 3


def parse_personal_id(raw: str) -> Parsed:
    """Return 12 digits (or the 9 of an old identity card), blanks and dots between the digits removed.

    Partial where the first three digits are of no province of the 63 that gave out numbers, or the fourth of a century
    to come. Countries of birth have codes of their own, which only a person can judge.
    """
    match = _PERSONAL_ID.match(" ".join(to_nfc(raw).split()).strip(_EDGE))
    return _checked(match.group()) if match else invalid("not-a-personal-id")


def parse_personal_id_within(raw: str) -> Parsed:
    """Return the one personal id in a line like `Căn cước công dân số … do … cấp ngày …`."""
    found = {re.sub(r"\D", "", match) for match in _PERSONAL_ID_WITHIN.findall(" ".join(to_nfc(raw).split()))}
    if not found:
        return invalid("not-a-personal-id")
    return _checked(found.pop()) if len(found) == 1 else invalid("several-numbers")


def parse_enterprise_code(raw: str) -> Parsed:
    """Return a tax or enterprise code (`0100233488`, a branch `0100233488-001`), or 12 digits of a person.

    Partial where the check digit is wrong.
    """
    match = _ENTERPRISE_CODE.match(" ".join(to_nfc(raw).split()).strip(_EDGE))
    if match is None:
        return invalid("not-an-enterprise-code")
    digits = re.sub(r"\D", "", match.group())
    if len(digits) == 12:
        return _checked(digits)
    code: str = mst.format(digits)
    return Parsed(code) if mst.is_valid(digits) else Parsed(code, "check-digit-wrong", partial=True)


def parse_household_business_code(raw: str) -> Parsed:
    """Return the number of a household business: the old form (`41N8033112`), a tax code, or the owner's id."""
    match = _OLD_HOUSEHOLD_CODE.match(" ".join(to_nfc(raw).split()).strip(_EDGE).upper())
    return Parsed(match.group().replace(" ", "")) if match else parse_enterprise_code(raw)


def _checked(number: str) -> Parsed:
    digits = re.sub(r"\D", "", number)
    if len(digits) != 12:
        return Parsed(digits)
    if digits[:3] not in {f"0{code}" for code in province_codes()}:
        return Parsed(digits, "province-unknown", partial=True)
    if int(digits[3]) > _LAST_CENTURY_DIGIT:
        return Parsed(digits, "century-impossible", partial=True)
    return Parsed(digits)
