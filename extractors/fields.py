"""Reading the fields of one paper: finders give a stretch of text, kinds give a value."""

from collections.abc import Callable, Mapping
from functools import cache
from itertools import pairwise

from extractors.kinds.parsed import invalid
from extractors.kinds.registry import KINDS
from extractors.kinds.text import is_struck_out
from extractors.labels import LabelFinder, LabelPlace
from extractors.paper_text import PaperText, PaperWord, Stretch
from extractors.paper_type import FieldType, Finder, PaperType
from extractors.reading import Reading
from extractors.record import LEFT_BLANK
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
    paper: PaperText, paper_type: PaperType, title: TitlePlace | None, zones: Mapping[str, Stretch]
) -> Mapping[str, Reading]:
    """Return what was read of each field that was found, auxiliary fields included."""
    places = _real_labels(paper, paper_type, label_finder(labels_of(paper_type)).find(paper), title)
    found: dict[str, Reading] = {}
    for name, field in paper_type.fields.items():
        reading = _read_field(paper, field, places, zones, title)
        if reading is not None:
            found[name] = reading
    return found


def _real_labels(
    paper: PaperText, paper_type: PaperType, places: tuple[LabelPlace, ...], title: TitlePlace | None
) -> tuple[LabelPlace, ...]:
    """Return the places that are labels where they stand.

    A short label that counts only in one part of the paper (`Ngày`, after the place of registration) is an ordinary
    word elsewhere (`Ngày mười hai, tháng ba`) and ends no value there.
    """
    finders = [finder for field in paper_type.fields.values() for finder in field.find]
    everywhere = {*paper_type.stops, *(label for finder in finders for label in (*finder.before, *finder.after))}
    tests = [(finder.labels, _standing_where(paper, finder, places, title)) for finder in finders if finder.labels]
    return tuple(
        place
        for place in places
        if place.label in everywhere or any(place.label in labels and allowed(place) for labels, allowed in tests)
    )


def _read_field(
    paper: PaperText,
    field: FieldType,
    places: tuple[LabelPlace, ...],
    zones: Mapping[str, Stretch],
    title: TitlePlace | None,
) -> Reading | None:
    """Return the first sound reading; else the first text found, which the kind could not make out."""
    unsound: Reading | None = None
    for finder in field.find:
        zone = zones.get(finder.zone) if finder.zone else None
        stretches = [zone] if zone else _after_labels(paper, finder, places, title)
        for stretch in stretches:
            parsed = KINDS[field.kind](stretch.text)
            if parsed.value is not None:
                return Reading(parsed, stretch)
            if is_struck_out(stretch.text):
                parsed = invalid(LEFT_BLANK)
            elif not any(char.isalnum() for char in stretch.text):
                continue  # dotted leaders: what was written on them may not have been read
            unsound = unsound or Reading(parsed, stretch)
    return unsound


def _after_labels(
    paper: PaperText, finder: Finder, places: tuple[LabelPlace, ...], title: TitlePlace | None
) -> list[Stretch]:
    allowed = _standing_where(paper, finder, places, title)
    stretches: list[Stretch] = []
    for place in places:
        if place.label in finder.labels and allowed(place):
            following = [other.start for other in places if other.start >= place.end]
            end = min([*following, _line_end(paper, place.end, finder.lines)])
            stretch = paper.stretch(place.end, _column_end(paper, place.end, end))
            if stretch:
                stretches.append(stretch)
    return stretches


def _standing_where(
    paper: PaperText, finder: Finder, places: tuple[LabelPlace, ...], title: TitlePlace | None
) -> Callable[[LabelPlace], bool]:
    """Return the test whether a label stands before and after those that the finder names.

    Told by place on the page: readers put a number alone in its corner anywhere in their reading order.
    """

    def first_of(labels: tuple[str, ...]) -> PaperWord | None:
        words = [paper.word_at(place.start) for place in places if place.label in labels]
        if _TITLE in labels and title:
            words.append(title.words[0])
        return min(words, key=lambda word: (word.page_index, word.word.upright_box.top), default=None)

    after, before = first_of(finder.after), first_of(finder.before)

    def allowed(place: LabelPlace) -> bool:
        if finder.after and after is None:
            return False
        word = paper.word_at(place.start)
        return (after is None or not _precedes(word, after)) and (before is None or _precedes(word, before))

    return allowed


def _precedes(first: PaperWord, second: PaperWord) -> bool:
    """True when `first` stands above `second`, or left of it in the same row."""
    if first.page_index != second.page_index:
        return first.page_index < second.page_index
    box, other = first.word.upright_box, second.word.upright_box
    if abs(box.center_y - other.center_y) > 0.5 * max(box.height, other.height):
        return box.center_y < other.center_y
    return box.left < other.left


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
