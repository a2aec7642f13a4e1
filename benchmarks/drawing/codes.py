"""What machines read on papers: QR, Code 128 and PDF417 codes, and the zone of three lines on identity cards."""

import unicodedata
from datetime import date

import numpy as np
import zxingcpp
from PIL import Image
from zxingcpp import BarcodeFormat

from benchmarks.drawing.people import Person, Sex
from ocr.mrz import check_digit

_LINE = 30
# What the zone of a card without an end of validity says; [from memory, unverified].
_NO_EXPIRY = "991231"


def qr_code(text: str, side_px: int, ec_level: str = "M") -> Image.Image:
    """Return a QR code of `text`, mode L, with its quiet zone."""
    code = zxingcpp.create_barcode(text, BarcodeFormat.QRCode, ec_level=ec_level)
    return _picture(code, side_px, side_px)


def linear_code(text: str, width_px: int, height_px: int) -> Image.Image:
    """Return a Code 128 of `text`, mode L, with its quiet zone."""
    return _picture(zxingcpp.create_barcode(text, BarcodeFormat.Code128), width_px, height_px)


def stacked_code(text: str, width_px: int, height_px: int) -> Image.Image:
    """Return a PDF417 of `text`, mode L, with its quiet zone."""
    return _picture(zxingcpp.create_barcode(text, BarcodeFormat.PDF417), width_px, height_px)


def card_payload(person: Person, old_id: str | None, residence: str, issued: date) -> str:
    """Return what the QR of a citizen's card says: `id|old id|name|birth|sex|residence|issued`; no old id: empty."""
    parts = (
        person.personal_id,
        old_id or "",
        person.full_name,
        f"{person.date_of_birth:%d%m%Y}",
        person.sex.value,
        residence,
        f"{issued:%d%m%Y}",
    )
    return "|".join(parts)


def card_zone(person: Person, expiry: date | None) -> tuple[str, str, str]:
    """Return the zone of a card of Viet Nam (TD1), every check digit right.

    The number is the last nine digits of the personal number, which stands whole in the optional data.
    Source: ICAO Doc 9303-5; the use of the optional data as cards show it.
    """
    number = person.personal_id[3:]
    optional = f"{person.personal_id}<<{check_digit(person.personal_id)}"
    first = f"IDVNM{number}{check_digit(number)}{optional}"
    birth = f"{person.date_of_birth:%y%m%d}"
    until = f"{expiry:%y%m%d}" if expiry else _NO_EXPIRY
    sex = "F" if person.sex is Sex.FEMALE else "M"
    dates = f"{birth}{check_digit(birth)}{sex}{until}{check_digit(until)}"
    covered = first[5:] + dates[:7] + dates[8:] + "<" * 11
    second = f"{dates}VNM{'<' * 11}{check_digit(covered)}"
    surname, _, given = _latin(person.full_name).partition(" ")
    third = f"{surname}<<{given.replace(' ', '<')}".ljust(_LINE, "<")[:_LINE]
    return first, second, third


def _latin(name: str) -> str:
    """Return `name` in the capitals of a zone: no accents, no apostrophes."""
    plain = unicodedata.normalize("NFD", name.replace("Đ", "D").replace("đ", "d").replace("'", ""))
    return "".join(letter for letter in plain if not unicodedata.combining(letter)).upper()


def _picture(code: zxingcpp.Barcode, width_px: int, height_px: int) -> Image.Image:
    modules = Image.fromarray(np.array(code.to_image(scale=1)))
    enlarged = modules.resize((modules.width * 8, modules.height * 8), Image.Resampling.NEAREST)
    return enlarged.resize((width_px, height_px), Image.Resampling.BOX)
