"""Which province an address lies in: the one it names with its kind, or at its end, or the one of its district."""

from functools import cache
from typing import NamedTuple

from extractors.units.printed import Mark, Word, mark_at
from extractors.units.spelling import same_spelling
from extractors.units.tables import LEVELS, Named, Tables, name_key, tables, words_of

_LONGEST_NAME = 6
# Names that the tables lack. Thừa Thiên Huế became Thành phố Huế on 1/1/2025 (Nghị quyết 175/2024/QH15).
_OTHER_NAMES = (("Tỉnh", "Thừa Thiên Huế", "46"), ("Tỉnh", "TT Huế", "46"), ("Thành phố", "HCM", "79"))
# Provinces of 1975-2008 whose names begin like one of today or hold two: an old paper must not be moved to either.
_DISSOLVED = (
    "Hà Nam Ninh", "Nam Hà", "Quảng Nam - Đà Nẵng", "Gia Lai - Kon Tum", "Bình Trị Thiên", "Hà Sơn Bình", "Hà Tây",
    "Hà Bắc", "Bắc Thái", "Vĩnh Phú", "Hải Hưng", "Cao Lạng", "Hà Tuyên", "Hoàng Liên Sơn", "Nghệ Tĩnh", "Nghĩa Bình",
    "Phú Khánh", "Thuận Hải", "Sông Bé", "Minh Hải", "Cửu Long",
)  # fmt: skip


class Province(NamedTuple):
    """A province of an address.

    Attributes:
        start: Index of its first word (its mark included): what stands before lies in it.
        old: The unit until 30/6/2025, None when there was none of that name.
        new: The unit of today, None when there is none of that name.
        exact: Printed as in the tables, accents and kind.
    """

    start: int
    old: Named | None
    new: Named | None
    exact: bool


class _Name(NamedTuple):
    kind: str
    name: str
    old: Named | None
    new: Named | None


def province_in(words: list[Word], known: Tables) -> Province | None:
    """Return the one province that the words name, None when they name none or several."""
    marked = [found for start in range(len(words)) if (found := _marked(words, start))]
    if marked:
        last = marked[-1]
        if any((other.old or other.new) != (last.old or last.new) for other in marked):
            return None
        return last if last.old or last.new else None
    return _last_part(words) or _of_district(words, known)


@cache
def _names() -> dict[str, _Name]:
    known = tables()
    names = {name_key(words_of(name)): _Name("Tỉnh", name, None, None) for name in _DISSOLVED}
    new = {unit.name: unit for unit in known.new.provinces.values()}
    for unit in known.old.provinces.values():
        names[name_key(words_of(unit.name))] = _Name(unit.kind, unit.name, unit, new.get(unit.name))
    for kind, name, code in _OTHER_NAMES:
        old = known.old.provinces[code]
        is_today = kind == old.kind
        names[name_key(words_of(name))] = _Name(kind, name, old, new.get(old.name) if is_today else None)
    return names


def _marked(words: list[Word], start: int) -> Province | None:
    mark = mark_at(words, start)
    if mark is None or mark.kind not in ("Tỉnh", "Thành phố"):
        return None
    is_parted = mark.end < len(words) and words[mark.end].starts_part and not words[start].starts_part
    name = None if is_parted else _longest(words, mark.end)  # `Sơn Tịnh, Quảng Ngãi` has no `tỉnh`
    if name is None or name[0].kind != mark.kind:
        return None
    found, end = name
    if _goes_on(words, end):
        return None
    return _province(words, start, mark.end, end, found)


def _last_part(words: list[Word]) -> Province | None:
    """Return the province that the last part is, with its kind left out; `Việt Nam` behind it does not count."""
    end = len(words)
    if [word.key for word in words[-2:]] == ["viet", "nam"] and end > 2 and words[-2].starts_part:
        end -= 2
    for start in range(max(0, end - _LONGEST_NAME), end):
        name = _longest(words[:end], start)
        if words[start].starts_part and name and name[1] == end:
            found = name[0]
            return _province(words, start, start, end, found) if found.old or found.new else None
    return None


def _of_district(words: list[Word], known: Tables) -> Province | None:
    """Return the province of the last district named, when only one in the country is called so, mark for mark."""
    for start in reversed(range(len(words))):
        mark = mark_at(words, start)
        if mark is None or LEVELS.get(mark.kind) != "district":
            continue
        for end in range(min(len(words), mark.end + _LONGEST_NAME), mark.end, -1):
            found = _districts(words, mark, end, known)
            if found:
                old = known.old.provinces[found[0].parent] if len(found) == 1 else None
                return Province(end, old, None, exact=True) if old else None
    return None


def _districts(words: list[Word], mark: Mark, end: int, known: Tables) -> list[Named]:
    printed = [word.text for word in words[mark.end : end]]
    key = name_key(printed)
    return [
        unit
        for (_, name), units in known.old.districts.items()
        if name == key
        for unit in units
        if unit.kind == mark.kind and same_spelling(printed, unit.name)
    ]


def _longest(words: list[Word], start: int) -> tuple[_Name, int] | None:
    """Return the longest name that begins at `start`, and where it ends."""
    for end in range(min(len(words), start + _LONGEST_NAME), start, -1):
        found = _names().get(name_key(word.text for word in words[start:end]))
        if found and not any(word.starts_part and not word.after_dash for word in words[start + 1 : end]):
            return found, end
    return None


def _goes_on(words: list[Word], end: int) -> bool:
    """True when the name goes on behind `end`: a capital in a text that is not all capitals."""
    if end >= len(words) or words[end].starts_part:
        return False
    return words[end].text[:1].isupper() and not all(word.text.isupper() for word in words[max(0, end - 2) : end + 1])


def _province(words: list[Word], start: int, name_start: int, end: int, name: _Name) -> Province:
    exact = same_spelling((word.text for word in words[name_start:end]), name.name)
    return Province(start, name.old, name.new, exact)
