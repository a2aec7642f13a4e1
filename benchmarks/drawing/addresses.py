"""Addresses as papers print them: long or short, before and after the reorganisation of July 2025, both tone styles."""

import re
import unicodedata
from dataclasses import replace
from datetime import date

from benchmarks.drawing.chance import Generator, happens, pick
from benchmarks.drawing.places import DISTRICTS_END, Place, Province, draw_place

# Provinces of `places` that are no more, and what they became. Source: Nghị quyết 202/2025/QH15.
_SUCCESSORS = {
    "Hà Giang": Province("008", "tỉnh", "Tuyên Quang"),
    "Hòa Bình": Province("025", "tỉnh", "Phú Thọ"),
    "Thái Bình": Province("033", "tỉnh", "Hưng Yên"),
    "Phú Yên": Province("066", "tỉnh", "Đắk Lắk"),
    "Long An": Province("072", "tỉnh", "Tây Ninh"),
    "Bến Tre": Province("086", "tỉnh", "Vĩnh Long"),
}
_STREETS = ("Lê Lợi", "Trần Hưng Đạo", "Nguyễn Trãi", "Hùng Vương", "Phan Đình Phùng", "Hai Bà Trưng", "Lý Thường Kiệt")
_HAMLETS = ("Đông Hòa", "Tây Thượng", "Nà Lũng", "Phú Mỹ", "Trung Thành", "Cây Đa", "Tân Tiến")


def province_on(province: Province, day: date) -> Province:
    """Return the province that stands for `province` on that day."""
    return province if day < DISTRICTS_END else _SUCCESSORS.get(province.name, province)


def place_on(generator: Generator, place: Place, day: date) -> Place:
    """Return `place` as papers of that day name it: with a district until June 2025, without one after."""
    if day >= DISTRICTS_END:
        return replace(place, district=None, province=province_on(place.province, day))
    if place.district:
        return place
    return replace(place, district=draw_place(generator, place.province).district)


def spot(generator: Generator) -> str:
    """Return the part of an address below the commune, for example `Số 25 đường Lê Lợi`, `Thôn Phú Mỹ`."""
    number = int(generator.integers(1, 15))
    return pick(
        generator,
        (
            f"Thôn {pick(generator, _HAMLETS)}",
            f"Thôn {number}",
            f"Ấp {number}",
            f"Xóm {number}, thôn {pick(generator, _HAMLETS)}",
            f"Tổ dân phố {number}",
            f"Số {int(generator.integers(1, 400))} đường {pick(generator, _STREETS)}",
            f"Số {int(generator.integers(1, 90))}/{number} đường {pick(generator, _STREETS)}, khu phố {number}",
        ),
    )


def dwelling(generator: Generator, place: Place) -> str:
    """Return a whole address, for example `Thôn 3, xã Tịnh Khê, huyện Sơn Tịnh, tỉnh Quảng Ngãi`."""
    return f"{spot(generator)}, {place.address}"


def short_place(place: Place) -> str:
    """Return commune, district and province without their kinds, as cards print a place."""
    return ", ".join(name for name in (place.commune, place.district, place.province.name) if name)


def short_dwelling(generator: Generator, place: Place) -> str:
    """Return a whole address as cards print it, for example `Thôn 3, Tịnh Khê, Sơn Tịnh, Quảng Ngãi`."""
    return f"{spot(generator)}, {short_place(place)}"


def older_tones(text: str) -> str:
    """Return `text` with the tone on the second vowel: `HOÀ` for `HÒA`, `uỷ` for `ủy`; both are correct."""

    def moved(found: re.Match[str]) -> str:
        apart = unicodedata.normalize("NFD", found[1])
        return apart[0] + unicodedata.normalize("NFC", found[2] + apart[1])

    return re.sub(r"([òóỏõọ](?=[ae])|[ùúủũụ](?=y))([aey])(?!\w)", moved, text, flags=re.IGNORECASE)


def tone_style(generator: Generator) -> bool:
    """True when the office writes the older tone style."""
    return happens(generator, 0.35)
