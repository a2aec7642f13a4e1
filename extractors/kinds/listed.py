"""Values of lists: peoples, nationalities, and the components that a receipt names."""

import re
from collections.abc import Mapping

from extractors.kinds.parsed import Parsed, Repair, invalid
from extractors.kinds.text import parse_text
from extractors.lexicon.lists import countries, list_key, peoples, same_name
from ocr.vietnamese import to_nfc

_ORDINAL = re.compile(r"^\s*(?:\(?\d{1,2}[.)]|[-–—•+*])\s*")


def parse_ethnicity(raw: str) -> Parsed:
    """Return the name of a people of the list, as printed; partial where the list has none of that name.

    Accents that were lost are put right, with a trace, where one name alone fits.
    """
    return _of_list(raw, peoples(), "lexicon:peoples")


def parse_nationality(raw: str) -> Parsed:
    """Return a nationality of the list of countries, as printed; partial where the list has none of that name."""
    return _of_list(raw, countries(), "lexicon:countries")


def _of_list(raw: str, names: Mapping[str, tuple[str, ...]], source: str) -> Parsed:
    parsed = parse_text(to_nfc(raw))
    if parsed.text is None:
        return parsed
    printed = _cased(parsed.text)
    listed = names.get(list_key(printed), ())
    if any(same_name(printed, name) for name in listed):
        return Parsed(printed)
    if len(listed) == 1:
        return Parsed(listed[0], repairs=(Repair(read=parsed.text, repaired=listed[0], source=source),))
    return Parsed(printed, "not-in-list", partial=True)


def _cased(text: str) -> str:
    """Return text of capitals or small letters alone with capitals where names have them."""
    return re.sub(r"[^\W\d_]+", lambda part: part.group().capitalize(), text) if not _is_mixed(text) else text


def _is_mixed(text: str) -> bool:
    return not (text.isupper() or text.islower())


def parse_components(raw: str) -> Parsed:
    """Return the names of the components, one from each line, their numbers in the list removed."""
    names = [parse_text(_ORDINAL.sub("", line)).text for line in to_nfc(raw).splitlines()]
    found = tuple(name for name in names if name)
    return Parsed(found) if found else invalid("empty")
