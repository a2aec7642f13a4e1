"""Reading the fields of one paper: finders give a stretch of text, kinds give a value."""

from collections.abc import Mapping
from functools import cache
from itertools import pairwise

from extractors.kinds.parsed import Parsed
from extractors.kinds.registry import KINDS
from extractors.labels import LabelFinder, LabelPlace
from extractors.layout import find_zones
from extractors.paper_text import PaperText, Stretch
from extractors.paper_type import FieldType, Finder, PaperType
from extractors.titles import TitlePlace

_TITLE = "@title"
# A blank wider than so many text heights parts two columns; printed blanks are filled with dots.
_COLUMN_GAP = 3.0


@cache
def label_finder(paper_type_labels: tuple[str, ...]) -> LabelFinder:
    """Return the finder for a set of labels, built once."""
    return LabelFinder(paper_type_labels)


def labels_of(paper_type: PaperType) -> tuple[str, ...]:
    """Return every printed label of a paper type: those that carry, bound or end a field."""
    labels: list[str] = list(paper_type.stops)
    for field in paper_type.fields.values():
        for finder in field.find:
            labels += (*finder.labels, *(name for name in (*finder.before, *finder.after) if name != _TITLE))
    return tuple(dict.fromkeys(labels))


def read_fields(
    paper: PaperText, paper_type: PaperType, title: TitlePlace | None
) -> Mapping[str, tuple[Parsed, Stretch]]:
    """Return what was read of each field that was found, auxiliary fields included."""
    places = label_finder(labels_of(paper_type)).find(paper)
    zones = find_zones(paper, title) if paper_type.layout else {}
    found: dict[str, tuple[Parsed, Stretch]] = {}
    for name, field in paper_type.fields.items():
        reading = _read_field(paper, field, places, zones, title)
        if reading is not None:
            found[name] = reading
    return found


def _read_field(
    paper: PaperText,
    field: FieldType,
    places: tuple[LabelPlace, ...],
    zones: Mapping[str, Stretch],
    title: TitlePlace | None,
) -> tuple[Parsed, Stretch] | None:
    """Return the first sound reading; else the first text found, which the kind could not make out."""
    unsound: tuple[Parsed, Stretch] | None = None
    for finder in field.find:
        zone = zones.get(finder.zone) if finder.zone else None
        stretches = [zone] if zone else _after_labels(paper, finder, places, title)
        for stretch in stretches:
            parsed = KINDS[field.kind](stretch.text)
            if parsed.value is not None:
                return parsed, stretch
            # A blank that the law allows (`-/-`) is a missing value, not an unreadable one.
            if unsound is None and KINDS["text"](stretch.text).value is not None:
                unsound = (parsed, stretch)
    return unsound


def _after_labels(
    paper: PaperText, finder: Finder, places: tuple[LabelPlace, ...], title: TitlePlace | None
) -> list[Stretch]:
    low, high = _bounds(paper, finder, places, title)
    stretches: list[Stretch] = []
    for place in places:
        if place.label in finder.labels and low <= place.start < high:
            following = [other.start for other in places if other.start >= place.end]
            end = min([*following, _line_end(paper, place.end, finder.lines)])
            stretch = paper.stretch(place.end, _column_end(paper, place.end, end))
            if stretch:
                stretches.append(stretch)
    return stretches


def _bounds(
    paper: PaperText, finder: Finder, places: tuple[LabelPlace, ...], title: TitlePlace | None
) -> tuple[int, int]:
    """Return the range of characters in which the label must stand."""

    def first_of(labels: tuple[str, ...], otherwise: int) -> int:
        starts = [place.start for place in places if place.label in labels]
        if _TITLE in labels and title:
            starts.append(title.words[0].start)
        return min(starts, default=otherwise)

    low = first_of(finder.after, len(paper.text)) if finder.after else 0
    high = first_of(finder.before, len(paper.text)) if finder.before else len(paper.text)
    return low, high


def _line_end(paper: PaperText, start: int, lines: int) -> int:
    """Return where the `lines`-th text line from `start` ends; a value never runs over a page."""
    page_end = paper.text.find("\f", start)
    limit = page_end if page_end >= 0 else len(paper.text)
    end = start
    for _ in range(lines):
        newline = paper.text.find("\n", end, limit)
        if newline < 0:
            return limit
        end = newline + 1
    return end - 1


def _column_end(paper: PaperText, start: int, end: int) -> int:
    """Return where the value's column ends: a gap of several text heights within a line leads into another column."""
    words = paper.words_between(start, end)
    for word, following in pairwise(words):
        box, next_box = word.word.upright_box, following.word.upright_box
        same_line = word.word.line == following.word.line
        if same_line and next_box.left - box.right > _COLUMN_GAP * max(box.height, next_box.height):
            return word.end
    return end
