"""Fields whose label stands bare: what the page reader overlooked beside it is asked of two other readers.

Numbers printed in red or set apart are lost by page layout, not by reading. Where both readers give the same figures,
neither is the page reader and they know nothing of each other: that is support. Words are only proposed.
"""

from collections.abc import Mapping

from extractors.fields import bare_labels
from extractors.kinds.parsed import Parsed
from extractors.kinds.registry import FIGURE_KINDS, KINDS
from extractors.paper_text import OVERLOOKED, PaperText, PaperWord, Stretch
from extractors.paper_type import PaperType
from extractors.reading import Reading
from extractors.second_reading import ReadAgain
from extractors.titles import TitlePlace
from ocr.line_reading import LineReader
from ocr.page import Box, Said, Word

# A value is looked for so far beside its label, in heights of the label, and needs at least so much room.
_WIDEST, _NARROWEST = 14.0, 2.0
# Room above and below the label, as a share of its height: figures are often set larger.
_ABOVE_AND_BELOW = 0.25


def read_overlooked(
    paper: PaperText,
    paper_type: PaperType,
    readings: Mapping[str, Reading],
    title: TitlePlace | None,
    zones: Mapping[str, Stretch],
    read_again: ReadAgain,
) -> dict[str, Reading]:
    """Return `readings` with those of fields that stand beside a bare label and were not read with the page."""
    result = dict(readings)
    for name, label in bare_labels(paper, paper_type, title, zones).items():
        field = paper_type.fields[name]
        if name in readings or field.auxiliary:
            continue
        strip = _strip_beside(paper, label)
        reading = _read_strip(paper, label[0].page_index, strip, field.kind, read_again) if strip else None
        if reading is not None:
            result[name] = reading
    return result


def _strip_beside(paper: PaperText, label: tuple[PaperWord, ...]) -> Box | None:
    """Return the box right of the label up to the next word of its row, on the upright page."""
    box = Box.around(word.word.upright_box for word in label)
    right = min(
        (
            word.word.upright_box.left
            for word in paper.words
            if word.page_index == label[0].page_index
            and word.word.upright_box.left >= box.right
            and word.word.upright_box.top < box.center_y < word.word.upright_box.bottom
        ),
        default=paper.pages[label[0].page_index].upright_size[0],
    )
    right = min(right, round(box.right + _WIDEST * box.height))
    if right - box.right < _NARROWEST * box.height:
        return None
    margin = round(_ABOVE_AND_BELOW * box.height)
    return Box(box.right, max(0, box.top - margin), right, box.bottom + margin)


def _read_strip(paper: PaperText, page_index: int, strip: Box, kind: str, read_again: ReadAgain) -> Reading | None:
    page = paper.pages[page_index]
    figures = kind in FIGURE_KINDS
    readers = (LineReader.FIGURES, LineReader.WORDS) if figures else (LineReader.WORDS, LineReader.OTHER_NET)
    said = [
        answer for reader in readers if (answer := read_again.text(page, strip, reader)) is not None and answer.text
    ]
    values = [KINDS[kind](answer.text) for answer in said]
    first = next((parsed for parsed in values if parsed.value is not None), None)
    if first is None:
        return None
    agree = figures and len(values) == len(readers) and all(parsed.value == first.value for parsed in values)
    text = next(answer.text for answer, parsed in zip(said, values, strict=True) if parsed is first)
    word = Word(text=text, box=page.to_scan(strip), upright_box=strip, confidence=None, line=0)
    return Reading(
        first if agree else Parsed(first.value, "other-reader", first.partial, first.repairs),
        Stretch(text, (PaperWord(word, page_index, OVERLOOKED, OVERLOOKED),)),
        agreed_by=tuple(answer.reader for answer in said) if agree else (),
        is_disputed=not agree,
        said=tuple(Said(reader=answer.reader, text=answer.text) for answer in said),
    )
