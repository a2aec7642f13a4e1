"""Reading the fields of one paper: finders give a stretch of text, kinds give a value."""

from collections.abc import Mapping

from extractors.columns import in_columns
from extractors.kinds.parsed import invalid
from extractors.kinds.registry import KINDS
from extractors.kinds.text import is_struck_out
from extractors.paper_text import PaperText, PaperWord, Stretch, stretch_of
from extractors.paper_type import FieldType, PaperType
from extractors.reading import Reading
from extractors.record import LEFT_BLANK
from extractors.sheet import Sheet, label_finder, labels_of, sheet_of, standing_where
from extractors.stretches import beside, stretches_of
from extractors.titles import TitlePlace


def lay_out(paper: PaperText, paper_type: PaperType) -> PaperText:
    """Return `paper` with its words in the order in which the fields of `paper_type` are read."""
    if paper_type.columns is None:
        return paper
    return in_columns(paper, paper_type.columns, label_finder(labels_of(paper_type)))


def read_fields(
    paper: PaperText, paper_type: PaperType, title: TitlePlace | None, zones: Mapping[str, Stretch]
) -> Mapping[str, Reading]:
    """Return what was read of each field that was found, auxiliary fields included."""
    sheet = sheet_of(paper, paper_type, title, zones)
    found: dict[str, Reading] = {}
    for name, field in paper_type.fields.items():
        reading = _read_field(sheet, field)
        if reading is not None:
            found[name] = reading
    return found


def bare_labels(
    paper: PaperText, paper_type: PaperType, title: TitlePlace | None, zones: Mapping[str, Stretch]
) -> Mapping[str, tuple[PaperWord, ...]]:
    """Return by field the words of its first label, where that label has nothing beside it that was read."""
    sheet = sheet_of(paper, paper_type, title, zones)
    bare: dict[str, tuple[PaperWord, ...]] = {}
    for name, field in paper_type.fields.items():
        for finder in field.find:
            allowed = standing_where(sheet, finder)
            for place in sheet.places:
                if place.label in finder.labels and allowed(place) and not beside(sheet, place, 1):
                    bare.setdefault(name, paper.words_between(place.start, place.end))
    return bare


def _read_field(sheet: Sheet, field: FieldType) -> Reading | None:
    """Return the first sound reading; else the first text found, which the kind could not make out."""
    unsound: Reading | None = None
    for finder in field.find:
        for stretch in stretches_of(sheet, finder, field.kind):
            parsed = KINDS[field.kind](stretch.text)
            if parsed.value is not None:
                return Reading(parsed, stretch)
            if parsed.reason == LEFT_BLANK:
                stretch = _narrowed(stretch, field.kind)  # noqa: PLW2901  the reader may have run two columns together
            elif is_struck_out(stretch.text):
                parsed = invalid(LEFT_BLANK)
            elif not any(char.isalnum() for char in stretch.text):
                continue  # dotted leaders: what was written on them may not have been read
            unsound = unsound or Reading(parsed, stretch)
    return unsound


def _narrowed(stretch: Stretch, kind: str) -> Stretch:
    """Return the fewest neighbouring words that say by themselves that there is no value (`Không thời hạn`)."""
    words = stretch.words
    for length in range(1, len(words)):
        for start in range(len(words) - length + 1):
            part = stretch_of(words[start : start + length])
            if KINDS[kind](part.text).reason == LEFT_BLANK:
                return part
    return stretch
