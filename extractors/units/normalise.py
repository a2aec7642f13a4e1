"""From a printed address to units of the tables: read from its end, each unit inside the one behind it."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from extractors.units.place import AsOf, CurrentPlace, NormalisedPlace, Unit
from extractors.units.printed import Word, mark_at, printed_words
from extractors.units.provinces import Province, province_in
from extractors.units.spelling import same_spelling
from extractors.units.tables import LEVELS, Named, Tables, name_key, tables, words_of
from ocr.vietnamese import fold, strip_accents

_DISTRICT_KINDS = frozenset(kind for kind, level in LEVELS.items() if level == "district")
_COMMUNE_KINDS = frozenset(LEVELS) - _DISTRICT_KINDS
_LONGEST_NAME = 8
# Kinds of value that name an administrative unit.
_KINDS_WITH_PLACE = frozenset({"address", "organ", "place"})


class _Printed(NamedTuple):
    """A name at the end of some words.

    Attributes:
        start: Where its words (mark included) begin.
        kind: The kind that its mark says, or None.
        name: The words of the name.
        is_plain: The mark has lost its accents (`Phuong`), so those of the name tell nothing: all kinds have some.
    """

    start: int
    kind: str | None
    name: tuple[str, ...]
    is_plain: bool = False

    @property
    def key(self) -> str:
        return name_key(self.name)


class _Found(NamedTuple):
    """A unit, and whether it stands on the paper as in the tables."""

    printed: _Printed
    unit: Named
    exact: bool


class _Communes(NamedTuple):
    """A commune in either division, and whether the old one is one of several of its name."""

    old: _Found | None = None
    new: _Found | None = None
    several_old: bool = False


def place_named(kind: str, text: str | None) -> NormalisedPlace | None:
    """Return the units that a value of this kind names; None for kinds that name none. See `normalise_place`."""
    return normalise_place(text) if text and kind in _KINDS_WITH_PLACE else None


def normalise_place(text: str) -> NormalisedPlace | None:
    """Return the units that a printed address names, or None when it names no province for certain.

    Accents are folded for matching, but where accents can decide they decide. What the tables lack (invented, renamed
    or long dissolved units) stays None; the province is found all the same.

    Args:
        text: As printed: `xã Tịnh Khê, huyện Sơn Tịnh, tỉnh Quảng Ngãi`, `Tịnh Khê, Sơn Tịnh, Quảng Ngãi`, or the
            heading of an organ; parts before the commune (house, village) are passed over.

    Raises:
        SohoaError: `reader_missing` when the tables are not installed.
    """
    known = tables()
    words = printed_words(text)
    province = province_in(words, known)
    if province is None:
        return None
    before = words[: province.start]
    joined = _joined_commune(before, province, known)
    if joined is not None:
        return _two_level_place(province, joined, known)
    district = _district(before, province, known)
    if district is not None:
        return _old_place(before, province, district, known)
    communes = _communes_of_province(before, province, known)
    if communes.old or communes.new:
        return _two_level_place(province, communes, known)
    unknown = _unknown_district(before)
    if unknown is not None and province.old:
        # Of an unknown district nothing is known, except of the old city of Huế, which was cut into districts in 2025.
        is_capital = unknown.key == name_key(words_of(province.old.name))
        return _moved_place(before[: unknown.start] if is_capital else [], province.old, known)
    return _two_level_place(province, communes, known)


def _old_place(words: list[Word], province: Province, district: _Found, known: Tables) -> NormalisedPlace | None:
    """Return a place in a district of the tables; its commune may have moved to another district since printing."""
    if province.old is None:  # a district is only found where there is
        return None
    rest = words[: district.printed.start]
    commune = _commune_in(rest, province.old.code, district.unit.code, known)
    exact = province.exact and district.exact
    if commune is None:
        moved = _moved_place(rest, province.old, known)
        unit, today = _unit(district.unit), known.commune_today.get(f"d{district.unit.code}")
        if moved.commune is None:
            current = CurrentPlace(province=moved.current.province, commune=_unit(today) if today else None)
            return moved.model_copy(update={"district": unit, "exact": exact, "current": current})
        return moved.model_copy(update={"district": unit})
    today = known.commune_today.get(commune.unit.code)
    return NormalisedPlace(
        province=_unit(province.old),
        district=_unit(district.unit),
        commune=_unit(commune.unit),
        as_of=AsOf.OLD,
        exact=exact and commune.exact,
        current=_current(province.old, today, known),
    )


def _moved_place(words: list[Word], old: Named, known: Tables) -> NormalisedPlace:
    """Return a place whose district does not tell the commune."""
    commune = _moved_commune(words, old.code, known)
    return NormalisedPlace(
        province=_unit(old),
        commune=_unit(commune) if commune else None,
        as_of=AsOf.OLD,
        exact=False,
        current=_current(old, known.commune_today.get(commune.code) if commune else None, known),
    )


def _two_level_place(province: Province, communes: _Communes, known: Tables) -> NormalisedPlace:
    """Return a place printed without a district: of the new division, or of the old with the district left out."""
    old, new = communes.old, communes.new
    named = bool(old or new or communes.several_old)
    is_old = province.old is not None and (not named or old is not None or communes.several_old)
    is_new = province.new is not None and (not named or new is not None)
    as_of = AsOf.BOTH if is_old and is_new else AsOf.OLD if is_old else AsOf.NEW
    today = known.commune_today.get(old.unit.code) if old else None
    if as_of is AsOf.NEW and new:
        today = new.unit
    elif as_of is AsOf.BOTH and (new is None or today is None or today.code != new.unit.code):
        today = None
    found = [commune for commune in (new, old) if commune]
    return NormalisedPlace(
        province=_merged(unit for unit in (province.new if is_new else None, province.old if is_old else None) if unit),
        commune=_merged(commune.unit for commune in found) if found and not communes.several_old else None,
        as_of=as_of,
        exact=province.exact and all(commune.exact for commune in found),
        current=_current(province.old if is_old else None, today, known, province.new),
    )


def _joined_commune(words: list[Word], province: Province, known: Tables) -> _Communes | None:
    """Return the commune of today that is named after two places: `Xuân Hương - Đà Lạt` lies in no district Đà Lạt.

    Without its kind `Xuân Trường - Đà Lạt` is also the old commune in its district: then none is returned as found.
    """
    if province.new is None:
        return None
    for printed in _names(words, _COMMUNE_KINDS):
        # A part of a name may begin behind a dash; a whole joined name goes on behind one.
        if not any(word.after_dash for word in words[len(words) - len(printed.name) + 1 :]):
            continue
        new = _of_kind(printed, known.new.communes.get((province.new.code, printed.key), ()))
        if new is None:
            continue
        if printed.kind is None and _is_commune_in_district(words, province, known):
            return _Communes()
        return _Communes(_of_kind(printed, _old(known, province.old.code, printed)) if province.old else None, new)
    return None


def _of_kind(printed: _Printed, units: Iterable[Named]) -> _Found | None:
    """Return the unit that is meant, none of another kind than the one printed."""
    return next(_chosen(printed, [unit for unit in units if printed.kind in (None, unit.kind)]), None)


def _is_commune_in_district(words: list[Word], province: Province, known: Tables) -> bool:
    """True when the words end with a district of the old division and one of its communes before it."""
    district = _district(words, province, known)
    if district is None or province.old is None:
        return False
    rest = words[: district.printed.start]
    return _commune_in(rest, province.old.code, district.unit.code, known) is not None


def _district(words: list[Word], province: Province, known: Tables) -> _Found | None:
    if province.old is None:
        return None
    code = province.old.code
    for printed in _names(words, _DISTRICT_KINDS):
        for found in _chosen(printed, known.old.districts.get((code, printed.key), ())):
            if printed.kind or not _is_commune_too(printed, province, known):
                return found
            # Without its kind `Sơn Tịnh` may also be the commune of today: a commune before it tells.
            rest = words[: printed.start]
            if _commune_in(rest, code, found.unit.code, known) or _moved_commune(rest, code, known):
                return found
    return None


def _moved_commune(words: list[Word], province: str, known: Tables) -> Named | None:
    """Return the commune when the province has one alone of its name, and that mark for mark."""
    for printed in _names(words, _COMMUNE_KINDS):
        units = _old(known, province, printed)
        if units:
            found = next(_chosen(printed, units), None)
            return found.unit if found and found.exact and len(units) == 1 else None
    return None


def _is_commune_too(printed: _Printed, province: Province, known: Tables) -> bool:
    new = known.new.communes.get((province.new.code, printed.key), ()) if province.new else ()
    return bool(new or (province.old and _old(known, province.old.code, printed)))


def _commune_in(words: list[Word], province: str, district: str, known: Tables) -> _Found | None:
    return next(
        (
            found
            for printed in _names(words, _COMMUNE_KINDS)
            for found in _chosen(printed, [unit for unit in _old(known, province, printed) if unit.parent == district])
        ),
        None,
    )


def _communes_of_province(words: list[Word], province: Province, known: Tables) -> _Communes:
    for printed in _names(words, _COMMUNE_KINDS):
        if printed.kind is None and province.old and known.old.districts.get((province.old.code, printed.key)):
            return _Communes()  # `Sơn Tịnh` without its kind is the old district as well as the commune of today
        old = _old(known, province.old.code, printed) if province.old else ()
        new = known.new.communes.get((province.new.code, printed.key), ()) if province.new else ()
        old_found, new_found = next(_chosen(printed, old), None), next(_chosen(printed, new), None)
        if old_found or new_found:
            rivals = [unit for unit in old if same_spelling(printed.name, unit.name)] if new_found else old
            several = old_found is None and len(rivals) > 1
            # One that carries the printed accents puts aside one that does not.
            if old_found and new_found and old_found.exact != new_found.exact:
                old_found, new_found = (old_found, None) if old_found.exact else (None, new_found)
            return _Communes(old_found, new_found, several_old=several)
        if old:
            return _Communes(several_old=True)
    return _Communes()


def _old(known: Tables, province: str, printed: _Printed) -> tuple[Named, ...]:
    return known.old.communes.get((province, printed.key), ())


def _names(words: list[Word], kinds: frozenset[str]) -> Iterator[_Printed]:
    """Yield what may be a name of one of `kinds` at the end of `words`: behind a mark, or a whole part without one."""
    end = len(words)
    for start in range(end - 1, max(-1, end - _LONGEST_NAME), -1):
        mark = mark_at(words, start)
        if mark and mark.kind in kinds and mark.end < end:
            mark_text = " ".join(word.text for word in words[start : mark.end])
            is_plain = strip_accents(mark_text) == mark_text and fold(mark_text) == fold(mark.kind)
            yield _Printed(start, mark.kind, tuple(word.text for word in words[mark.end :]), is_plain)
        if words[start].starts_part:  # `Tịnh Khê` may look like a mark and be none
            yield _Printed(start, None, tuple(word.text for word in words[start:]))
            if not words[start].after_dash:
                return


def _unknown_district(words: list[Word]) -> _Printed | None:
    """Return the district that is printed and that the tables lack."""
    marked = [printed for printed in _names(words, _DISTRICT_KINDS) if printed.kind]
    return marked[-1] if marked else None


def _chosen(printed: _Printed, units: Iterable[Named]) -> Iterator[_Found]:
    """Yield the unit that is meant, if one alone can be: by kind and accents, by kind, by accents."""
    candidates = tuple(units)
    same_kind = [unit for unit in candidates if printed.kind in (None, unit.kind)]
    spelled = [] if printed.is_plain else [unit for unit in candidates if same_spelling(printed.name, unit.name)]
    both = [unit for unit in same_kind if unit in spelled]
    for found, exact in ((both, True), (same_kind, False), (spelled, False)):
        if found:
            if len(found) == 1:
                yield _Found(printed, found[0], exact)
            return


def _current(old: Named | None, commune: Named | None, known: Tables, new: Named | None = None) -> CurrentPlace:
    province = known.new.provinces[known.province_today[old.code]] if old else new
    if province is None:
        raise ValueError("a place lies in a province of one division at least")
    return CurrentPlace(province=_unit(province), commune=_unit(commune) if commune else None)


def _unit(unit: Named) -> Unit:
    return Unit(name=unit.full_name, code=unit.code)


def _merged(units: Iterable[Named]) -> Unit:
    """Return the unit that both divisions name, its code only where they agree on it."""
    first, *others = units
    agreed = all(other.code == first.code for other in others)
    return Unit(name=first.full_name, code=first.code if agreed else None)
