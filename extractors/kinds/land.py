"""Numbers of land certificates. Source: domain §6, §7.7; TT 23/2014/TT-BTNMT, TT 10/2024/TT-BTNMT."""

import re

from extractors.kinds.parsed import Parsed, invalid
from ocr.vietnamese import to_nfc

_EDGE = " .,:;_-–—…|'`\"“”*"
# Old form: two letters and six digits; since 1/8/2024 two letters and eight. Source: TT 10/2024/TT-BTNMT Điều 29.
_SERIAL = re.compile(
    r"(?<!\w)(?P<letters>[A-ZĐ] ?[A-ZĐ]) ?(?P<digits>[0-9](?: ?[0-9]){7}|[0-9](?: ?[0-9]){5})(?!\w| ?[0-9])"
)
# Prefix and digits (`CS 11115`), parts between dots (`VP.584.15`), a prefix with colon (`CN-DK: 123/2020`), digits.
_REGISTER = re.compile(r"(?:[A-ZĐ]{1,5}(?:-[A-ZĐ]{1,5})*(?:\s*:\s*|\.|\s*))?[0-9]{1,7}(?:[./\-][A-ZĐ0-9]{1,8})*")
_LABEL = re.compile(r"^\W*(?:thửa\s+đất\s+số|tờ\s+bản\s+đồ\s+số|thửa|tờ|số)(?!\w)\s*:?\s*", re.IGNORECASE)
_PARCEL = re.compile(
    r"[0-9]{1,5}[A-Za-z]{0,2}(?:[-/.][0-9]{1,5}[A-Za-z]?)*|[A-ZĐ]{1,3}[-. ]?[0-9]{1,4}(?:[-/.][0-9]{1,4})*"
)
_SHEET = re.compile(r"(?=.*[0-9])[A-ZĐa-z0-9]{1,6}(?:[-/. ][A-ZĐa-z0-9()]{1,6})*")
# Words after the number: `148, tờ bản đồ số 16` in an address.
_RUNNING_ON = re.compile(r"[,;]?\s+(?!và\b)(?=[^\W\d_]{2,})")


def parse_land_serial(raw: str) -> Parsed:
    """Return the one serial in `raw` with one blank between letters and digits (`BS 123456`, `AA 09273289`).

    Its letters are printed as capitals: `Bs 123456` is partial.
    """
    text = " ".join(to_nfc(raw).split())
    found = _serials(text)
    if len(found) == 1:
        return Parsed(found.pop())
    unsure = found or _serials(text.upper())
    if len(unsure) == 1:
        return Parsed(unsure.pop(), "not-in-capitals", partial=True)
    return invalid("several-numbers" if unsure else "not-a-serial")


def _serials(text: str) -> set[str]:
    return {
        f"{match['letters'].replace(' ', '')} {match['digits'].replace(' ', '')}" for match in _SERIAL.finditer(text)
    }


def parse_register_number(raw: str) -> Parsed:
    """Return the number in the register as printed: `CS 11115`, `VP.584.15`, `CN-DK: 123/2020`, `00123`."""
    text = re.sub(r"\s*([./\-])\s*", r"\1", re.sub(r"[–—−]", "-", " ".join(to_nfc(raw).upper().split())))
    text = text.strip(_EDGE)
    if not _REGISTER.fullmatch(text):
        return invalid("not-a-number")
    return Parsed(re.sub(r"\s*:\s*", ": ", text))


def parse_parcel_number(raw: str) -> Parsed:
    """Return the number of a parcel, or of several (`12; 13`), as printed."""
    return _listed(raw, _PARCEL, "not-a-parcel")


def parse_map_sheet_number(raw: str) -> Parsed:
    """Return the number of a cadastral map sheet (`25`, `DC-12`), or of several."""
    return _listed(raw, _SHEET, "not-a-map-sheet")


def _listed(raw: str, one: re.Pattern[str], reason: str) -> Parsed:
    text = re.sub(r"[–—−]", "-", " ".join(to_nfc(raw).split()))
    text = _RUNNING_ON.split(_LABEL.sub("", text))[0].strip(_EDGE)
    parts = re.split(r"\s*([;,+]|(?<!\w)và(?!\w))\s*", text)
    if not all(one.fullmatch(part) for part in parts[::2]):
        return invalid(reason)
    signs = [{"và": " và ", "+": " + "}.get(sign, f"{sign} ") for sign in parts[1::2]] + [""]
    return Parsed("".join(part + sign for part, sign in zip(parts[::2], signs, strict=True)))
