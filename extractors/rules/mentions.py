"""Rules about second mentions: a name that stands on the paper again, whole and in other shapes."""

import re
from collections.abc import Iterator, Mapping

from extractors.lexicon.repair import has_doubtful_surname
from extractors.rules.context import RuleContext, Verdict, Verdicts
from extractors.titles import is_in_capitals
from ocr.vietnamese import fold

_UNITS = "tỉnh|huyện|quận|thị xã|thị trấn|phường|xã"
_ORGAN_STARTS = "ủy ban|uỷ ban|ubnd|hội đồng|hđnd|sở|phòng|ban|văn phòng|chi cục|trung tâm"
# What may stand before a name without being part of it.
_BEFORE_NAME = frozenset({"ong", "ba", "anh", "chi", "chau"})


def two_places(context: RuleContext, fields: Mapping[str, str]) -> Verdicts:
    """Support a name of two words or more that stands a second time on the paper, accent for accent.

    The second place must be printed in other shapes (capitals against small letters), for a reader that takes `ễ` for
    `ê` does so again in the same type; and it must be the whole name, not the beginning of a longer one. `Nguyên` for
    `Nguyễn` is misread in either shape, so a name that begins with a common surname but for its accents is left to a
    person.
    """
    name = fields["field"]
    value = context.as_printed(name)
    if value is None or len(value.split()) < 2 or has_doubtful_surname(value):
        return {}
    return {name: Verdict.SUPPORTED} if any(other_places(context, name, value)) else {}


def place_in_organ(context: RuleContext, fields: Mapping[str, str]) -> Verdicts:
    """Support `Bắc Ninh` by an organ `… TỈNH BẮC NINH`: the whole name behind the word for the unit, accent for accent.

    A city is left out: some print `Thành phố` before its name and some do not.
    """
    place, organ = context.as_printed(fields["place"]), context.as_printed(fields["organ"])
    if place is None or organ is None or len(place.split()) < 2 or not _in_other_shapes(place, organ):
        return {}
    named = rf"(?<!\w)(?:{_UNITS})\s+{_as_pattern(place)}(?=\s+(?:{_ORGAN_STARTS})(?!\w)|$)"
    return {fields["place"]: Verdict.SUPPORTED} if re.search(named, organ, re.IGNORECASE) else {}


def other_places(context: RuleContext, name: str, value: str) -> Iterator[bool]:
    """Yield True for each whole mention of `value` outside the field itself, printed in other shapes."""
    text = context.paper.text
    stretch = context.readings[name].stretch
    own = {word.start for word in stretch.words}
    for match in re.finditer(rf"(?<!\w){_as_pattern(value)}(?!\w)", text, re.IGNORECASE):
        places = {word.start for word in context.paper.words_between(match.start(), match.end())}
        if own & places or not _in_other_shapes(match.group(), stretch.text):
            continue
        if not _runs_on(text, match.start(), match.end()):
            yield True


def _runs_on(text: str, start: int, end: int) -> bool:
    """True when the mention is part of a longer name: a neighbour in the line goes on with it."""
    before = re.search(r"([^\W\d_]+)[ ]$", text[:start])
    if before and before[1][0].isupper() and fold(before[1]) not in _BEFORE_NAME:
        return True
    # `xã Hoài Thượng, huyện Thuận Thành`: a smaller unit's name goes on behind a comma.
    after = re.match(r",?\s+([^\W\d_]+)", text[end:])
    if after is None:
        return False
    goes_on_with_unit = re.match(rf"(?:{_UNITS}|thành phố)(?!\w)", text[end + after.start(1) :], re.IGNORECASE)
    return goes_on_with_unit is not None or (
        "\n" not in after.group() and "," not in after.group() and after[1][0].isupper()
    )


def _in_other_shapes(first: str, second: str) -> bool:
    return is_in_capitals(first) != is_in_capitals(second)


def _as_pattern(value: str) -> str:
    return r"\s+".join(re.escape(part) for part in value.split())
