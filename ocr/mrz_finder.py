"""Finding machine-readable zones on a page: lines that look like them are cut out and read again by the line model."""

from collections.abc import Iterable, Sequence
from functools import cache
from itertools import pairwise

from ocr.image import PageImage
from ocr.mrz import MAX_MISCOUNT, cleaned_line, holding, parse_mrz
from ocr.page import Box, MachineReadableZone, PageText, Word
from ocr.problem import SohoaError
from ocr.readers.line_model import PP_OCR, LineModel
from ocr.region import cut_region

# Part of the recipe: raise it when a change here or in `ocr.mrz` changes what is found.
MRZ_VERSION = 1

# A line of a zone has 30 characters or more, of which nearly all are capitals, digits and fillers.
_MIN_LENGTH, _MAX_LENGTH, _MIN_FILLERS, _MIN_SHARE = 26, 48, 2, 0.8
# Lines of a zone stand one above the other, this many heights from middle to middle, and are equally wide.
_MAX_PITCH, _MAX_INDENT = 2.5, 3.0
# Paper around a line, as shares of its height: the usual framing first.
_FRAMINGS = (0.3, 0.15, 0.5)


@cache
def zone_reader() -> LineModel | None:
    """Return the line model that reads zones, None where set-up has not brought it (`sohoa doctor` names it)."""
    try:
        return LineModel(PP_OCR)
    except SohoaError:
        return None


def find_mrz(image: PageImage, page: PageText, model: LineModel | None) -> tuple[MachineReadableZone, ...]:
    """Return the zones of a page, from top to bottom.

    Lines that look like those of a zone are looked for among what was read of the page; only they are cut out and read
    again by the line model, which reads the letters of zones where the page reader guesses Vietnamese.

    Args:
        image: The page as it came.
        page: Its text.
        model: The line model; None where the machine has none: then what the page reader saw must do.

    Raises:
        SohoaError: `reader_failed`.
    """
    zones = (_zone_of(image, page, lines, model) for lines in _groups(page.lines()))
    return tuple(zone for zone in zones if zone is not None)


def _groups(lines: Sequence[Sequence[Word]]) -> list[list[Sequence[Word]]]:
    """Return runs of two or three lines that stand like those of a zone, one of them at least looking like one."""
    groups: list[list[Sequence[Word]]] = []
    long_lines = [line for line in lines if len(_text_of(line)) >= _MIN_LENGTH - MAX_MISCOUNT]
    for above, below in pairwise([*long_lines, ()]):
        if not groups or groups[-1][-1] is not above:
            groups.append([above])
        if below and _stand_together(_box_of(above), _box_of(below)):
            groups[-1].append(below)
    wanted = []
    for group in groups:
        # Text that stands close above a zone is left out: a zone ends its side of the card.
        like_zone = [number for number, line in enumerate(group) if _looks_like_zone(_text_of(line))]
        if like_zone:
            wanted.append(group[max(0, like_zone[-1] - 2) : like_zone[-1] + 2])
    return wanted


def _stand_together(above: Box, below: Box) -> bool:
    height = max(above.height, below.height)
    return (
        0 < below.center_y - above.center_y <= _MAX_PITCH * height
        and abs(above.left - below.left) <= _MAX_INDENT * height
        and abs(above.right - below.right) <= 2 * _MAX_INDENT * height
    )


def _looks_like_zone(text: str) -> bool:
    clean = cleaned_line(text)
    good = sum(
        character.isascii() and (character.isupper() or character.isdigit() or character == "<") for character in text
    )
    return (
        _MIN_LENGTH <= len(clean) <= _MAX_LENGTH
        and text.count("<") + text.count("«") >= _MIN_FILLERS
        and good >= _MIN_SHARE * len(text)
    )


def _zone_of(
    image: PageImage, page: PageText, lines: Sequence[Sequence[Word]], model: LineModel | None
) -> MachineReadableZone | None:
    best: MachineReadableZone | None = None
    for reader, texts in _readings(image, page, lines, model):
        for first, last in _windows(len(texts)):
            box = Box.around(word.box for line in lines[first:last] for word in line)
            zone = parse_mrz(texts[first:last], reader, box)
            if zone is not None and (best is None or holding(zone) > holding(best)):
                best = zone
        if best is not None and best.valid:
            break
    return best


def _windows(count: int) -> list[tuple[int, int]]:
    """Return all runs of two or three among `count` lines."""
    return [(first, first + size) for size in (3, 2) for first in range(count - size + 1)]


def _readings(
    image: PageImage, page: PageText, lines: Sequence[Sequence[Word]], model: LineModel | None
) -> Iterable[tuple[str, list[str]]]:
    """Yield what each reader makes of the lines, with less and more paper around them."""
    if model is not None:
        whole = Box.around(_box_of(line) for line in lines)
        # All lines of a zone are equally wide: what one lost at its end the others tell.
        boxes = [Box(whole.left, _box_of(line).top, whole.right, _box_of(line).bottom) for line in lines]
        for margin in _FRAMINGS:
            yield model.info.label, [model.read(cut_region(image, page, box, margin)).text for box in boxes]
    yield page.readers[0].label if page.readers else "", [_text_of(line) for line in lines]


def _text_of(line: Sequence[Word]) -> str:
    return "".join(word.by_page_reader for word in line)


def _box_of(line: Sequence[Word]) -> Box:
    return Box.around(word.upright_box for word in line)
