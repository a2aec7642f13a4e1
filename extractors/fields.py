"""Reading the fields of one paper: finders give a stretch of text, kinds give a value."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise

from extractors.columns import in_columns
from extractors.kinds.parsed import invalid
from extractors.kinds.registry import KINDS
from extractors.kinds.text import is_struck_out
from extractors.labels import LabelFinder, LabelPlace
from extractors.layout import rows_of
from extractors.layout_names import RECEIPT_LAYOUT
from extractors.paper_text import OF_CODE, PaperText, PaperWord, Stretch, stretch_of
from extractors.paper_type import FieldType, Finder, PaperType
from extractors.payloads import Payload, payloads_of
from extractors.reading import Reading
from extractors.receipt import component_zone
from extractors.record import LEFT_BLANK
from extractors.titles import TitlePlace
from ocr.page import Box, Word

_TITLE = "@title"
# A blank wider than so many text heights parts two columns; printed blanks are filled with dots.
_COLUMN_GAP = 3.0
# Lines of one value are no further apart than so many heights of its label.
_ROW_GAP = 1.5


@cache
def label_finder(paper_type_labels: tuple[str, ...]) -> LabelFinder:
    """Return the finder for a set of labels, built once."""
    return LabelFinder(paper_type_labels)


def labels_of(paper_type: PaperType) -> tuple[str, ...]:
    """Return every printed label of a paper type: those that carry, bound or end a field."""
    labels: list[str] = [*paper_type.stops, *paper_type.headings]
    if paper_type.columns:
        labels += [label for group in (*paper_type.columns.heads, paper_type.columns.below) for label in group]
    for field in paper_type.fields.values():
        for finder in field.find:
            labels += (*finder.labels, *finder.under)
            labels += (name for name in (*finder.before, *finder.after) if name != _TITLE)
    return tuple(dict.fromkeys(labels))


def lay_out(paper: PaperText, paper_type: PaperType) -> PaperText:
    """Return `paper` with its words in the order in which the fields of `paper_type` are read."""
    if paper_type.columns is None:
        return paper
    return in_columns(paper, paper_type.columns, label_finder(labels_of(paper_type)))


def read_fields(
    paper: PaperText, paper_type: PaperType, title: TitlePlace | None, zones: Mapping[str, Stretch]
) -> Mapping[str, Reading]:
    """Return what was read of each field that was found, auxiliary fields included."""
    places = label_finder(labels_of(paper_type)).find(paper)
    components = component_zone(paper) if paper_type.layout == RECEIPT_LAYOUT else None
    if components is not None:
        zones = {**zones, "components": components}
    sheet = _Sheet(paper, places, _sections(paper_type, places), zones, payloads_of(paper.pages), title)
    sheet = replace(sheet, places=_real_labels(sheet, paper_type), inside=_inside_labels(paper_type))
    found: dict[str, Reading] = {}
    for name, field in paper_type.fields.items():
        reading = _read_field(sheet, field)
        if reading is not None:
            found[name] = reading
    return found


@dataclass(frozen=True, slots=True)
class _Sheet:
    """All that finders look at.

    Attributes:
        paper: The text.
        places: Its labels, in order of place.
        sections: Where each section begins, and the heading that opens it.
        zones: Zones of its layout.
        payloads: What codes on it say.
        title: Its title.
        inside: Labels that end no value.
    """

    paper: PaperText
    places: tuple[LabelPlace, ...]
    sections: tuple[LabelPlace, ...]
    zones: Mapping[str, Stretch]
    payloads: Mapping[str, Payload]
    title: TitlePlace | None
    inside: frozenset[str] = frozenset()


def _inside_labels(paper_type: PaperType) -> frozenset[str]:
    finders = [finder for field in paper_type.fields.values() for finder in field.find]
    bounding = {label for finder in finders if not finder.inside for label in finder.labels}
    return frozenset(label for finder in finders if finder.inside for label in finder.labels) - bounding


def _sections(paper_type: PaperType, places: tuple[LabelPlace, ...]) -> tuple[LabelPlace, ...]:
    named = {label for field in paper_type.fields.values() for finder in field.find for label in finder.under}
    return tuple(place for place in places if place.label in named.union(paper_type.headings))


def _real_labels(sheet: _Sheet, paper_type: PaperType) -> tuple[LabelPlace, ...]:
    """Return the places that are labels where they stand.

    A short label that counts only in one part of the paper (`Ngày`, after the place of registration) is an ordinary
    word elsewhere (`Ngày mười hai, tháng ba`) and ends no value there.
    """
    finders = [finder for field in paper_type.fields.values() for finder in field.find]
    everywhere = {*paper_type.stops, *(place.label for place in sheet.sections)}
    everywhere |= {label for finder in finders for label in (*finder.before, *finder.after)}
    if paper_type.columns:
        everywhere |= {label for group in (*paper_type.columns.heads, paper_type.columns.below) for label in group}
    tests = [(finder.labels, _standing_where(sheet, finder)) for finder in finders if finder.labels]
    return tuple(
        place
        for place in sheet.places
        if place.label in everywhere or any(place.label in labels and allowed(place) for labels, allowed in tests)
    )


def _read_field(sheet: _Sheet, field: FieldType) -> Reading | None:
    """Return the first sound reading; else the first text found, which the kind could not make out."""
    unsound: Reading | None = None
    for finder in field.find:
        for stretch in _stretches(sheet, finder, field.kind):
            parsed = KINDS[field.kind](stretch.text)
            if parsed.value is not None:
                return Reading(parsed, stretch)
            if is_struck_out(stretch.text):
                parsed = invalid(LEFT_BLANK)
            elif not any(char.isalnum() for char in stretch.text):
                continue  # dotted leaders: what was written on them may not have been read
            unsound = unsound or Reading(parsed, stretch)
    return unsound


def _stretches(sheet: _Sheet, finder: Finder, kind: str) -> list[Stretch]:
    if finder.alone:
        return [
            stretch for stretch in _standing_alone(sheet.paper) if _is_all_of(KINDS[kind](stretch.text).text, stretch)
        ]
    if finder.zone:
        zone = sheet.zones.get(finder.zone)
        return [zone] if zone else []
    if finder.payload:
        payload = sheet.payloads.get(finder.payload)
        return [_as_stretch(payload)] if payload else []
    return _after_labels(sheet, finder)


def _standing_alone(paper: PaperText) -> Iterator[Stretch]:
    """Yield each line of the paper, cut where a wide gap parts it."""
    for line in paper.lines:
        start, end = line[0].start, line[-1].end
        while start < end:
            cut = _column_end(paper, start, end)
            stretch = paper.stretch(start, cut)
            if stretch:
                yield stretch
            start = cut + 1


def _is_all_of(value: str | None, stretch: Stretch) -> bool:
    """True when the stretch holds the value and nothing else: within a sentence it is another paper's."""
    return value is not None and re.findall(r"\w", value.upper()) == re.findall(r"\w", stretch.text.upper())


def _as_stretch(payload: Payload) -> Stretch:
    """Return a payload as one word that stands where its code does."""
    word = Word(text=payload.text, box=payload.box, upright_box=payload.box, confidence=None, line=0)
    return Stretch(payload.text, (PaperWord(word, payload.page_index, OF_CODE, OF_CODE),))


def _after_labels(sheet: _Sheet, finder: Finder) -> list[Stretch]:
    allowed = _standing_where(sheet, finder)
    stretches: list[Stretch] = []
    for place in sheet.places:
        if place.label in finder.labels and allowed(place):
            stretch = _in_column(sheet, place, finder.lines) if finder.column else _beside(sheet, place, finder.lines)
            if stretch:
                stretches.append(stretch)
    return stretches


def _beside(sheet: _Sheet, place: LabelPlace, lines: int) -> Stretch | None:
    """Return what follows a label up to the next one; what stands below it where nothing does."""
    paper = sheet.paper
    following = [other.start for other in sheet.places if other.start >= place.end and other.label not in sheet.inside]
    end = min([*following, _line_end(paper, place.end, lines)])
    stretch = paper.stretch(place.end, _column_end(paper, place.end, end))
    if lines > 1 and (stretch is None or _is_of_row_above(sheet, place, stretch)):
        return _below(sheet, place)
    return stretch


def _in_column(sheet: _Sheet, place: LabelPlace, lines: int) -> Stretch | None:
    """Return what follows a label in its line and, below it, in rows that begin no further left than the label.

    What stands at the left of the column belongs to labels of its own, with the words that follow close behind them.
    """
    paper = sheet.paper
    label = paper.words_between(place.start, place.end)
    box = Box.around(word.word.upright_box for word in label)
    own = {word.start for word in label}
    labelled = {word.start for other in sheet.places for word in paper.words_between(other.start, other.end)} - own
    words = [
        word
        for word in paper.words
        if word.page_index == label[0].page_index and word.start not in own and word.word.upright_box.center_y > box.top
    ]
    taken: list[PaperWord] = []
    last = box
    for whole_row in rows_of(words):
        row = _right_of(whole_row, box, labelled)
        if not row:
            continue
        row_box = Box.around(word.word.upright_box for word in row)
        if row_box.top - last.bottom > _ROW_GAP * box.height or lines == 0:
            break
        ends = next((index for index, word in enumerate(row) if word.start in labelled), len(row))
        taken += row[:ends]
        if ends < len(row):
            break
        last, lines = row_box, lines - 1
    return stretch_of(taken) if taken else None


def _right_of(row: list[PaperWord], label: Box, labelled: set[int]) -> list[PaperWord]:
    """Return the words of `row` in the column below `label`, without those that run on from a label left of it."""
    edge = label.left - label.height
    kept: list[PaperWord] = []
    runs_on = False
    for before, word in zip([None, *row], row, strict=False):
        box = word.word.upright_box
        gap = box.left - before.word.upright_box.right if before else 0
        if box.left <= edge:
            runs_on = word.start in labelled or (runs_on and gap < box.height)
        elif runs_on and gap < box.height:
            continue
        else:
            runs_on = False
            kept.append(word)
    return kept


def _is_of_row_above(sheet: _Sheet, place: LabelPlace, stretch: Stretch) -> bool:
    """True when the value stands a line lower and the label is not the first of a row of labels: columns of a card."""
    text = sheet.paper.text
    if "\n" not in text[place.start : stretch.words[0].start]:
        return False
    return any(
        other.end <= place.start
        and "\n" not in text[other.start : place.start]
        and not text[other.end : place.start].strip()
        for other in sheet.places
    )


def _below(sheet: _Sheet, place: LabelPlace) -> Stretch | None:
    """Return what stands under a label with nothing beside it: cards set several labels in a row, values below."""
    label = sheet.paper.word_at(place.start)
    box = label.word.upright_box
    rows = [
        other.word.upright_box.left
        for other in (sheet.paper.word_at(place.start) for place in sheet.places)
        if other.page_index == label.page_index
        and abs(other.word.upright_box.center_y - box.center_y) < box.height / 2
        and other.word.upright_box.left > box.left
    ]
    right = min(rows, default=sheet.paper.pages[label.page_index].upright_size[0])
    taken = {word.start for other in sheet.places for word in sheet.paper.words_between(other.start, other.end)}
    words = [
        word
        for word in sheet.paper.words
        if word.page_index == label.page_index
        and box.bottom < word.word.upright_box.center_y < box.bottom + 3.2 * box.height
        and box.left - box.height < word.word.upright_box.center_x < right
    ]
    if not words or any(word.start in taken for word in words):
        return None
    return stretch_of(rows_of(words)[0])


def _standing_where(sheet: _Sheet, finder: Finder) -> Callable[[LabelPlace], bool]:
    """Return the test whether a label stands in its section, before and after those that the finder names.

    Before and after are told by place on the page: readers put a number alone in its corner anywhere in their reading
    order.
    """
    paper = sheet.paper

    def first_of(labels: tuple[str, ...]) -> PaperWord | None:
        words = [paper.word_at(place.start) for place in sheet.places if place.label in labels]
        if _TITLE in labels and sheet.title:
            words.append(sheet.title.words[0])
        return min(words, key=lambda word: (word.page_index, word.word.upright_box.top), default=None)

    after, before = first_of(finder.after), first_of(finder.before)

    def allowed(place: LabelPlace) -> bool:
        if finder.after and after is None:
            return False
        if finder.under:
            opened = [section.label for section in sheet.sections if section.start <= place.start]
            if not opened or opened[-1] not in finder.under:
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
