"""Machine-readable zones: the two or three lines of `A-Z 0-9 <` on cards and passports, parsed and checked.

A zone carries its own proof: a check digit for the number and for each date, and one over all. So a zone whose checks
hold is worth more than any reading of the print above it. What a reader confuses (`O` and `0`, `S` and `5`) is put
right only where the grammar of the zone allows nothing else, and the field is named in `repaired`; never so that a
check comes out. What no check covers stays what one reader saw: the names, and everywhere a letter for another whose
values end alike (`C`, `M` and `W`; `0`, `A`, `K` and `U`).

Source: ICAO Doc 9303 parts 4 (TD3), 5 (TD1) and 6 (TD2). The libraries of the registry do not fit: `mrz` is GPL and
takes clean text alone, `passporteye` and `fastmrz` bring readers of their own.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from ocr.page import Box, MachineReadableZone, MrzFormat
from ocr.vietnamese import strip_accents

_WEIGHTS = (7, 3, 1)
# What readers make of a filler, and of letters and digits where the other kind must stand.
_AS_FILLER = str.maketrans(dict.fromkeys("‹≤{[(£€_-", "<") | {"«": "<<"})
_AS_DIGIT = str.maketrans("OQDILZSGB", "000112568")
_AS_LETTER = str.maketrans("012568", "OIZSGB")
# Germany alone has one letter.
_COUNTRY = re.compile("[A-Z]{3}|D<<")
# How many fillers too many or too few a reader may see in a long run of them.
MAX_MISCOUNT = 4
# With fewer checks that hold the lines are no zone at all.
_MIN_HOLDING = 2
_Place = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where the fields of a format stand: line, first character, character after the last."""

    line_count: int
    length: int
    document_codes: str
    fields: dict[str, _Place]
    covered: tuple[_Place, ...]


_LAYOUTS = {
    MrzFormat.TD1: _Layout(
        3,
        30,
        "ACI",
        {
            "document_code": (0, 0, 2),
            "issuer": (0, 2, 5),
            "document_number": (0, 5, 14),
            "document_number_check": (0, 14, 15),
            "optional": (0, 15, 30),
            "date_of_birth": (1, 0, 6),
            "date_of_birth_check": (1, 6, 7),
            "sex": (1, 7, 8),
            "expiry": (1, 8, 14),
            "expiry_check": (1, 14, 15),
            "nationality": (1, 15, 18),
            "composite_check": (1, 29, 30),
            "names": (2, 0, 30),
        },
        ((0, 5, 30), (1, 0, 7), (1, 8, 15), (1, 18, 29)),
    ),
    MrzFormat.TD2: _Layout(
        2,
        36,
        "ACI",
        {
            "document_code": (0, 0, 2),
            "issuer": (0, 2, 5),
            "names": (0, 5, 36),
            "document_number": (1, 0, 9),
            "document_number_check": (1, 9, 10),
            "nationality": (1, 10, 13),
            "date_of_birth": (1, 13, 19),
            "date_of_birth_check": (1, 19, 20),
            "sex": (1, 20, 21),
            "expiry": (1, 21, 27),
            "expiry_check": (1, 27, 28),
            "optional": (1, 28, 35),
            "composite_check": (1, 35, 36),
        },
        ((1, 0, 10), (1, 13, 20), (1, 21, 35)),
    ),
    MrzFormat.TD3: _Layout(
        2,
        44,
        "P",
        {
            "document_code": (0, 0, 2),
            "issuer": (0, 2, 5),
            "names": (0, 5, 44),
            "document_number": (1, 0, 9),
            "document_number_check": (1, 9, 10),
            "nationality": (1, 10, 13),
            "date_of_birth": (1, 13, 19),
            "date_of_birth_check": (1, 19, 20),
            "sex": (1, 20, 21),
            "expiry": (1, 21, 27),
            "expiry_check": (1, 27, 28),
            "optional": (1, 28, 42),
            "optional_check": (1, 42, 43),
            "composite_check": (1, 43, 44),
        },
        ((1, 0, 10), (1, 13, 20), (1, 21, 43)),
    ),
}
_LETTER_FIELDS = ("document_code", "issuer", "nationality", "names")
_DIGIT_FIELDS = ("date_of_birth", "date_of_birth_check", "expiry", "expiry_check", "composite_check")


def check_digit(text: str) -> int:
    """Return the check digit of `text` (`A-Z 0-9 <`): the weighted sum modulo 10. Source: ICAO Doc 9303-3 §4.9."""
    values = (0 if character == "<" else int(character, 36) for character in text)
    return sum(value * _WEIGHTS[place % 3] for place, value in enumerate(values)) % 10


def parse_mrz(as_read: Sequence[str], reader: str, box: Box) -> MachineReadableZone | None:
    """Return the zone that `as_read` is, or None when the lines are none.

    Args:
        as_read: Two or three lines as a reader saw them.
        reader: Label of the reader.
        box: Place of the lines on the original scan.
    """
    zones = [_as_format(layout_of, as_read, reader, box) for layout_of in MrzFormat]
    return max((zone for zone in zones if zone is not None), key=holding, default=None)


def _as_format(layout_of: MrzFormat, as_read: Sequence[str], reader: str, box: Box) -> MachineReadableZone | None:
    layout = _LAYOUTS[layout_of]
    cleaned = [cleaned_line(line) for line in as_read]
    if len(as_read) != layout.line_count:
        return None
    fitted = [
        _fitted(line, layout.length, is_names=layout.fields["names"][:2] == (number, 0))
        for number, line in enumerate(cleaned)
    ]
    seen = [line for line in fitted if line is not None]
    if len(seen) < len(fitted):
        return None
    values = {name: seen[line][first:last] for name, (line, first, last) in layout.fields.items()}
    fields = _repaired(values, layout_of)
    if fields["document_code"][0] not in layout.document_codes:
        return None
    lines = list(seen)
    for name, (line, first, last) in layout.fields.items():
        lines[line] = lines[line][:first] + fields[name] + lines[line][last:]
    covered = "".join(lines[line][first:last] for line, first, last in layout.covered)
    number, number_check = _document_number(fields)
    personal_id = _personal_id(fields)
    checks = {
        "document_number": _holds(number, number_check) and _is_possible(number, fields["issuer"], layout_of),
        "date_of_birth": _holds(fields["date_of_birth"], fields["date_of_birth_check"]),
        "expiry": _holds(fields["expiry"], fields["expiry_check"]),
        "composite": _holds(covered, fields["composite_check"]),
    }
    if layout_of is MrzFormat.TD3:
        is_empty = not fields["optional"].strip("<") and fields["optional_check"] == "<"
        checks["personal_number"] = is_empty or _holds(fields["optional"], fields["optional_check"])
    if sum(checks.values()) < _MIN_HOLDING:
        return None
    birth, expiry = _dates(fields, personal_id)
    checks["calendar"] = birth is not None and expiry is not None
    checks["codes"] = all(_COUNTRY.fullmatch(fields[name]) for name in ("issuer", "nationality")) and fields["sex"] in {
        "M",
        "F",
        "<",
    }
    if personal_id is not None:
        checks["personal_id"] = _agrees(personal_id, fields, layout_of)
    surname, _, given_names = fields["names"].strip("<").partition("<<")
    return MachineReadableZone(
        format=layout_of,
        lines=tuple(lines),
        as_read=tuple(as_read),
        document_code=fields["document_code"].rstrip("<"),
        issuer=fields["issuer"].rstrip("<"),
        document_number=number.rstrip("<"),
        personal_id=personal_id,
        date_of_birth=birth,
        sex=fields["sex"] if fields["sex"] in {"M", "F"} else None,
        expiry=expiry,
        nationality=fields["nationality"].rstrip("<"),
        surname=surname.replace("<", " "),
        given_names=given_names.replace("<", " "),
        checks=checks,
        repaired=(
            *(name for name, value in values.items() if fields[name] != value),
            *(f"line_{number + 1}" for number, line in enumerate(cleaned) if line != seen[number]),
        ),
        reader=reader,
        box=box,
    )


def holding(zone: MachineReadableZone) -> tuple[bool, int, int]:
    """Return how well a zone holds together, to choose the best of several readings."""
    return zone.valid, sum(zone.checks.values()), -len(zone.repaired)


def cleaned_line(line: str) -> str:
    """Return the line in the characters of a zone."""
    plain = strip_accents("".join(line.split())).upper().translate(_AS_FILLER)
    return "".join(character if character.isascii() and character.isalnum() else "<" for character in plain)


def _fitted(line: str, length: int, *, is_names: bool) -> str | None:
    """Return the line at the length of the format, or None: long runs of fillers are miscounted, nothing else is."""
    missing = length - len(line)
    if abs(missing) > MAX_MISCOUNT:
        return None
    if not missing:
        return line
    runs = [run.span() for run in re.finditer("<{2,}", line)]
    if not runs:
        return None
    # A line of names ends in fillers; elsewhere the longest run is the one that is hard to count.
    first, last = runs[-1] if is_names else max(runs, key=lambda span: span[1] - span[0])
    if is_names and last < len(line):
        return None
    width = last - first + missing
    return line[:first] + "<" * width + line[last:] if width > 0 else None


def _repaired(values: dict[str, str], layout_of: MrzFormat) -> dict[str, str]:
    """Return the fields with letters where only letters can stand, and digits where only digits can."""
    fields = dict(values)
    for name in _LETTER_FIELDS:
        fields[name] = values[name].translate(_AS_LETTER)
    for name in _DIGIT_FIELDS:
        fields[name] = values[name].translate(_AS_DIGIT)
    if values["document_number_check"] != "<":
        fields["document_number_check"] = values["document_number_check"].translate(_AS_DIGIT)
    if "optional_check" in values:
        fields["optional_check"] = values["optional_check"].translate(_AS_DIGIT)
    # After the second pair of fillers nothing but fillers may follow.
    surname, pair, rest = fields["names"].partition("<<")
    given, second_pair, after = rest.partition("<<")
    fields["names"] = surname + pair + given + second_pair + "<" * len(after)
    if fields["issuer"] == "VNM":
        number, optional = values["document_number"], values["optional"]
        if layout_of is MrzFormat.TD1:
            # A card of Viet Nam carries the last nine digits of the personal number, then all twelve.
            fields["document_number"] = number.translate(_AS_DIGIT)
            fields["optional"] = (
                optional[:12].translate(_AS_DIGIT) + optional[12:14] + optional[14:].translate(_AS_DIGIT)
            )
        if layout_of is MrzFormat.TD3:
            # A passport of Viet Nam has a letter and seven or eight digits.
            fields["document_number"] = number[:1].translate(_AS_LETTER) + number[1:].translate(_AS_DIGIT)
    return fields


def _document_number(fields: dict[str, str]) -> tuple[str, str]:
    """Return the number and its check digit. A number too long for its field goes on in the optional data of TD1."""
    number, check = fields["document_number"], fields["document_number_check"]
    going_on = re.match(r"([A-Z0-9]+)(\d)<", fields["optional"])
    if check == "<" and going_on and "<" not in number:
        return number + going_on[1], going_on[2]
    return number, check


def _is_possible(number: str, issuer: str, layout_of: MrzFormat) -> bool:
    """True unless Viet Nam gives no such numbers: a letter whose value ends like that of the digit passes the check."""
    if issuer != "VNM" or layout_of is MrzFormat.TD2:
        return True
    return re.fullmatch(r"[0-9]{9}" if layout_of is MrzFormat.TD1 else r"[A-Z][0-9]{7,8}<?", number) is not None


def _personal_id(fields: dict[str, str]) -> str | None:
    """Return the twelve digits of the personal number that papers of Viet Nam carry in their optional data."""
    found = re.match(r"\d{12}(?=<|$)", fields["optional"]) if fields["issuer"] == "VNM" else None
    return found[0] if found else None


def _agrees(personal_id: str, fields: dict[str, str], layout_of: MrzFormat) -> bool:
    """True when the personal number tells the same sex and year of birth, and on a card the same number, as the zone.

    Source: NĐ 137/2015/NĐ-CP Điều 13: digit 4 is the century of birth and the sex, digits 5 and 6 are the year.
    """
    is_female = int(personal_id[3]) % 2 == 1
    same_sex = fields["sex"] not in {"M", "F"} or is_female == (fields["sex"] == "F")
    same_number = layout_of is not MrzFormat.TD1 or personal_id[3:] == fields["document_number"]
    return same_sex and same_number and personal_id[4:6] == fields["date_of_birth"][:2]


def _dates(fields: dict[str, str], personal_id: str | None) -> tuple[str | None, str | None]:
    """Return birth and expiry in ISO 8601, each None where the digits are no date.

    Years have two digits. Papers expire in this century; the personal number tells the century of birth; without one,
    nobody is born after the paper expires.
    """
    expiry = _iso_date("20" + fields["expiry"])
    if personal_id is not None:
        return _iso_date(str(19 + int(personal_id[3]) // 2) + fields["date_of_birth"]), expiry
    birth = _iso_date("20" + fields["date_of_birth"])
    if birth is None or (expiry is not None and birth > expiry):
        birth = _iso_date("19" + fields["date_of_birth"])
    return birth, expiry


def _iso_date(digits: str) -> str | None:
    if not re.fullmatch(r"\d{8}", digits, re.ASCII):
        return None
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:])).isoformat()
    except ValueError:
        return None


def _holds(text: str, check: str) -> bool:
    return check == str(check_digit(text))
