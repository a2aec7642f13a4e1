"""The tables of administrative units, from the data of the wheel `vietnamadminunits` 1.0.4 (MIT), pinned by hash.

Only what addresses need is kept: names and codes of the old 63 provinces with their districts and communes as of
30/6/2025, of the 34 of today, and which old commune went where. The Python of the wheel is never imported.
"""

import json
import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping
from contextlib import closing
from functools import cache, lru_cache
from sys import intern
from typing import Any, NamedTuple

from ocr.problem import Code, SohoaError
from ocr.vietnamese import fold
from ocr.wheel_data import located

PACKAGE = "vietnamadminunits"
# Files of the wheel and their SHA-256.
DATABASE = ("vietnamadminunits/data/dataset.db", "147cbbf81c8964bb594e1dda7ebab5649bce21efbfd6cb508cab7fefca62257d")
CONVERTER = (
    "vietnamadminunits/data/converter_2025.json",
    "84f0848bf401b047775cbb49768c181a9271f77e4a4ec706d293b09bcb4faddd",
)

# The level of each kind of unit below the province.
LEVELS = {
    "Quận": "district", "Huyện": "district", "Thị xã": "district", "Thành phố": "district",
    "Xã": "commune", "Phường": "commune", "Thị trấn": "commune", "Đặc khu": "commune",
}  # fmt: skip
_KINDS = re.compile(r"(Tỉnh|Thành phố|Quận|Huyện|Thị xã|Thị trấn|Phường|Xã|Đặc khu) (.+)", re.IGNORECASE)
# `Mỹ` and `Mĩ`, `Quý` and `Quí` are one word.
_FINAL_Y = re.compile(r"((?:[bcdghklmnprstvx]+|qu))y")


class Named(NamedTuple):
    """A unit of the tables; `parent` is the code of the unit above it: district, or province where there is none."""

    code: str
    kind: str
    name: str
    parent: str

    @property
    def full_name(self) -> str:
        """Kind and name: `Xã Tịnh Khê`."""
        return f"{self.kind} {self.name}"


Index = Mapping[tuple[str, str], tuple[Named, ...]]


class Division(NamedTuple):
    """One division of the country.

    Attributes:
        provinces: By code.
        districts: By code of the province and key of the name; empty in the division of two levels.
        communes: By code of the province and key of the name.
    """

    provinces: Mapping[str, Named]
    districts: Index
    communes: Index


class Tables(NamedTuple):
    """Both divisions, and what became of the old.

    Attributes:
        old: 63 provinces, three levels, as of 30/6/2025.
        new: 34 provinces, two levels.
        province_today: Old code of a province → its code today.
        commune_today: Old code of a commune (of a district without communes: `d` and its code) → today's commune, None
            where it was divided.
    """

    old: Division
    new: Division
    province_today: Mapping[str, str]
    commune_today: Mapping[str, Named | None]


def name_key(words: Iterable[str]) -> str:
    """Return the matching copy of a name: no accents, blanks or signs, `y` for `i` alike, figures without zeros."""
    return "".join(_word_key(word) for word in words)


@lru_cache(maxsize=8192)
def _word_key(word: str) -> str:
    key = fold(word)
    return key.lstrip("0") or "0" if key.isdecimal() else _FINAL_Y.sub(r"\1i", key) if _FINAL_Y.fullmatch(key) else key


def words_of(text: str) -> list[str]:
    """Return the words of a text, figures included."""
    return re.findall(r"\w+", text)


@cache
def province_codes() -> frozenset[str]:
    """Return the codes of the 63 provinces until 30/6/2025, two digits each; personal ids go on using them.

    Raises:
        SohoaError: `reader_missing` when the tables are not installed or not the ones pinned.
    """
    with closing(_opened()) as database:
        return frozenset(code for (code,) in database.execute("SELECT DISTINCT provinceCode FROM admin_units_legacy"))


@cache
def province_names() -> frozenset[str]:
    """Return the names of all provinces, old and new, without their kind.

    Raises:
        SohoaError: `reader_missing` when the tables are not installed or not the ones pinned.
    """
    with closing(_opened()) as database:
        rows = database.execute(
            "SELECT provinceShort FROM admin_units_legacy UNION SELECT provinceShort FROM admin_units"
        )
        return frozenset(name for (name,) in rows) | {"Thừa Thiên Huế"}


@cache
def unit_words() -> frozenset[str]:
    """Return every word that a name of a unit has, in small letters: `lắk`, `krông`, `hoà` as the tables write them.

    Raises:
        SohoaError: `reader_missing` when the tables are not installed or not the ones pinned.
    """
    known = tables()
    indexes = (known.old.districts, known.old.communes, known.new.communes)
    names = (unit.name for index in indexes for units in index.values() for unit in units)
    provinces = (unit.name for unit in known.old.provinces.values())
    return frozenset(word.lower() for name in (*names, *provinces) for word in words_of(name))


@cache
def spellings() -> Mapping[tuple[str, str], tuple[str, ...]]:
    """Return level (`LEVELS` of a kind) and key of a name → every spelling that a unit of that level has, old or new.

    By level, not by kind: huyện become thị xã, and xã become phường, under the same name.

    Raises:
        SohoaError: `reader_missing` when the tables are not installed or not the ones pinned.
    """
    known = tables()
    found: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for index in (known.old.districts, known.old.communes, known.new.communes):
        for (_, key), units in index.items():
            for unit in units:
                found[LEVELS[unit.kind], key].add(unit.name)
    return {key: tuple(sorted(names)) for key, names in found.items()}


@cache
def tables() -> Tables:
    """Return the tables, read at the first call.

    Raises:
        SohoaError: `reader_missing` when the tables are not installed or not the ones pinned.
    """
    with closing(_opened()) as database:
        old_rows = database.execute(
            "SELECT provinceCode, province, districtCode, district, wardCode, ward, provinceKey, districtKey, wardKey"
            " FROM admin_units_legacy"
        ).fetchall()
        new_rows = database.execute(
            "SELECT provinceCode, province, NULL, NULL, wardCode, ward, provinceKey, NULL, wardKey FROM admin_units"
        ).fetchall()
    old, old_keys = _division(old_rows)
    new, new_keys = _division(new_rows)
    converter: dict[str, Any] = json.loads(located(PACKAGE, *CONVERTER).read_bytes())
    province_today = {
        old_keys[old_key]: new_keys[new_key]
        for new_key, old_ones in converter["DICT_PROVINCE"].items()
        for old_key in old_ones
    }
    return Tables(old, new, province_today, _communes_today(converter, old_keys, new_keys, new))


def _opened() -> sqlite3.Connection:
    path = located(PACKAGE, *DATABASE)
    # The file lies among installed packages: nothing may be written beside it.
    return sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)


def _division(rows: Iterable[tuple[str | None, ...]]) -> tuple[Division, dict[str, str]]:
    """Return the division, and the code of each unit by the key that the converter of the wheel calls it."""
    provinces: dict[str, Named] = {}
    districts: dict[str, tuple[str, Named]] = {}
    communes: defaultdict[tuple[str, str], list[Named]] = defaultdict(list)
    keys: dict[str, str] = {}
    for province_code, province, district_code, district, code, name, *parts in rows:
        if province_code is None or province is None:
            continue
        if province_code not in provinces:
            provinces[province_code] = _named(province_code, province, "")
        if district_code and district and district_code not in districts:
            districts[district_code] = (province_code, _named(district_code, district, province_code))
        if code and name:
            commune = _named(code, name, intern(district_code or province_code))
            communes[intern(province_code), name_key(words_of(commune.name))].append(commune)
        keys[parts[0] or ""] = province_code
        keys["_".join(part or "" for part in parts if part is not None or district_code)] = code or f"d{district_code}"
    by_name: defaultdict[tuple[str, str], list[Named]] = defaultdict(list)
    for province_code, unit in districts.values():
        by_name[province_code, name_key(words_of(unit.name))].append(unit)
    return Division(provinces, _frozen(by_name), _frozen(communes)), keys


def _named(code: str, full_name: str, parent: str) -> Named:
    match = _KINDS.fullmatch(full_name)
    if match is None:
        raise SohoaError(Code.READER_MISSING, detail=f"{PACKAGE}: unit {code} has no kind")
    # The tables write `Thị Trấn` here and there.
    return Named(code, intern(match[1].capitalize()), match[2], parent)


def _frozen(index: Mapping[tuple[str, str], list[Named]]) -> Index:
    return {key: tuple(units) for key, units in index.items()}


def _communes_today(
    converter: Mapping[str, Any], old_keys: Mapping[str, str], new_keys: Mapping[str, str], new: Division
) -> dict[str, Named | None]:
    by_code = {unit.code: unit for units in new.communes.values() for unit in units}
    today: dict[str, Named | None] = {}
    for province, communes in converter["DICT_PROVINCE_WARD_NO_DIVIDED"].items():
        for commune, old_ones in communes.items():
            unit = by_code[new_keys[f"{province}_{commune}"]]
            for old_key in old_ones:
                code = old_keys[old_key]
                # A commune that is said to go to two whole is divided, whatever the table calls it.
                today[code] = unit if code not in today else None
    for divided in converter["DICT_PROVINCE_WARD_DIVIDED"].values():
        today.update(dict.fromkeys((old_keys[old_key] for old_key in divided), None))
    return today
