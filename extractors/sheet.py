"""What finders look at: the labels of a paper where they are labels, its sections, zones and codes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache

from extractors.labels import LabelFinder, LabelPlace
from extractors.layout_names import RECEIPT_LAYOUT
from extractors.paper_text import PaperText, PaperWord, Stretch
from extractors.paper_type import Finder, PaperType
from extractors.payloads import Payload, payloads_of
from extractors.receipt import component_zone
from extractors.titles import TitlePlace

TITLE = "@title"


@dataclass(frozen=True, slots=True)
class Sheet:
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
            labels += (name for name in (*finder.before, *finder.after) if name != TITLE)
    return tuple(dict.fromkeys(labels))


def sheet_of(paper: PaperText, paper_type: PaperType, title: TitlePlace | None, zones: Mapping[str, Stretch]) -> Sheet:
    """Return all that the fields of `paper_type` are found by on `paper`."""
    places = label_finder(labels_of(paper_type)).find(paper)
    components = component_zone(paper) if paper_type.layout == RECEIPT_LAYOUT else None
    if components is not None:
        zones = {**zones, "components": components}
    sheet = Sheet(paper, places, _sections(paper_type, places), zones, payloads_of(paper.pages), title)
    return replace(sheet, places=_real_labels(sheet, paper_type), inside=_inside_labels(paper_type))


def standing_where(sheet: Sheet, finder: Finder) -> Callable[[LabelPlace], bool]:
    """Return the test whether a label stands in its section, before and after those that the finder names.

    Before and after are told by place on the page: readers put a number alone in its corner anywhere in their reading
    order.
    """
    paper = sheet.paper

    def first_of(labels: tuple[str, ...]) -> PaperWord | None:
        words = [paper.word_at(place.start) for place in sheet.places if place.label in labels]
        if TITLE in labels and sheet.title:
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


def _sections(paper_type: PaperType, places: tuple[LabelPlace, ...]) -> tuple[LabelPlace, ...]:
    named = {label for field in paper_type.fields.values() for finder in field.find for label in finder.under}
    return tuple(place for place in places if place.label in named.union(paper_type.headings))


def _inside_labels(paper_type: PaperType) -> frozenset[str]:
    finders = [finder for field in paper_type.fields.values() for finder in field.find]
    bounding = {label for finder in finders if not finder.inside for label in finder.labels}
    return frozenset(label for finder in finders if finder.inside for label in finder.labels) - bounding


def _real_labels(sheet: Sheet, paper_type: PaperType) -> tuple[LabelPlace, ...]:
    """Return the places that are labels where they stand.

    A short label that counts only in one part of the paper (`Ngày`, after the place of registration) is an ordinary
    word elsewhere (`Ngày mười hai, tháng ba`) and ends no value there.
    """
    finders = [finder for field in paper_type.fields.values() for finder in field.find]
    everywhere = {*paper_type.stops, *(place.label for place in sheet.sections)}
    everywhere |= {label for finder in finders for label in (*finder.before, *finder.after)}
    if paper_type.columns:
        everywhere |= {label for group in (*paper_type.columns.heads, paper_type.columns.below) for label in group}
    tests = [(finder.labels, standing_where(sheet, finder)) for finder in finders if finder.labels]
    return tuple(
        place
        for place in sheet.places
        if place.label in everywhere or any(place.label in labels and allowed(place) for labels, allowed in tests)
    )


def _precedes(first: PaperWord, second: PaperWord) -> bool:
    """True when `first` stands above `second`, or left of it in the same row."""
    if first.page_index != second.page_index:
        return first.page_index < second.page_index
    box, other = first.word.upright_box, second.word.upright_box
    if abs(box.center_y - other.center_y) > 0.5 * max(box.height, other.height):
        return box.center_y < other.center_y
    return box.left < other.left
