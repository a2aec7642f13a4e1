"""How forms of civil status lay out labels and values: flowing lines, columns, leaders, blanks, footnote marks."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from PIL import ImageDraw

from benchmarks.drawing.agencies import Agency
from benchmarks.drawing.blocks import MOTTO, NATION, Signature, signature_block
from benchmarks.drawing.chance import Generator, happens, pick
from benchmarks.drawing.fonts import Family, Style, load_font
from benchmarks.drawing.people import Sex, draw_name
from benchmarks.drawing.sheets import Sheets

_DOT_INK = (90, 90, 96)
_BASELINE_EM = 0.891  # the top of a line to its baseline, as `Sheets.put` has it
_MM_PER_POINT = 25.4 / 72


class Blank(StrEnum):
    """What stands where a form has no value."""

    EMPTY = ""
    DASHES = "-/-"
    DOTS = "..."  # as many as fit


class Leaders(StrEnum):
    """Dots that a form prints for the pen."""

    NONE = "none"
    AFTER = "after"  # typed over by a word processor: what is left of them follows the value
    UNDER = "under"  # printed beforehand: they run on below the value


@dataclass(frozen=True, slots=True)
class Look:
    """How one form writes its entries.

    Attributes:
        size_pt: Size of labels and values.
        spacing: Multiple of the single line spacing.
        label: Cut of the labels.
        value: Cut of the values; `strong` that of names and other values that stand out.
        typed: Typeface of the values; None: that of the labels.
        blank: What an empty entry shows.
        leaders: Dots for the pen.
        raised_notes: Footnote marks are small and raised, else they stand like words.
        note_first: The mark stands before the colon (`Kính gửi(1):`), else behind it.
        gap_mm: White between entries.
    """

    size_pt: float = 13.0
    spacing: float = 1.2
    label: Style = Style.REGULAR
    value: Style = Style.REGULAR
    strong: Style = Style.BOLD
    typed: Family | None = None
    blank: Blank = Blank.DOTS
    leaders: Leaders = Leaders.NONE
    raised_notes: bool = False
    note_first: bool = False
    gap_mm: float = 0.6


@dataclass(frozen=True, slots=True)
class Entry:
    """One label (without its colon) with its value (None: left blank) and footnote mark."""

    label: str
    value: str | None
    note: str = ""
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Box:
    """A column of the page in millimetres."""

    left: float
    width: float

    @property
    def right(self) -> float:
        """Its right edge."""
        return self.left + self.width


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    style: Style
    family: Family
    size_pt: float
    raised_mm: float
    glued: bool  # no blank before it


def text_box(sheets: Sheets) -> Box:
    """Return the whole text area as one column."""
    return Box(sheets.left_mm, sheets.right_mm - sheets.left_mm)


def columns_of(box: Box, shares: Sequence[float], gap_mm: float = 4.0) -> list[Box]:
    """Cut `box` into side-by-side columns whose widths are as `shares`, with `gap_mm` between them."""
    room = box.width - gap_mm * (len(shares) - 1)
    boxes, left = [], box.left
    for share in shares:
        width = room * share / sum(shares)
        boxes.append(Box(left, width))
        left += width + gap_mm
    return boxes


def entry(sheets: Sheets, look: Look, item: Entry) -> None:
    """Write one entry over the whole width, in the flow."""
    row(sheets, look, item)


def row(sheets: Sheets, look: Look, *items: Entry, shares: Sequence[float] = ()) -> None:
    """Write entries side by side in the flow; each wraps inside its own column."""
    boxes = columns_of(text_box(sheets), shares or [1.0] * len(items))
    sheets.need(_line_mm(sheets, look))
    sheets.y_mm = max(write_entry(sheets, look, item, box, sheets.y_mm) for item, box in zip(items, boxes, strict=True))


def write_entry(sheets: Sheets, look: Look, item: Entry, box: Box, y_mm: float) -> float:
    """Write one entry into `box` from `y_mm` down; return the top of what may follow."""
    words = _label_words(sheets, look, item)
    value = item.value
    if value is None and look.blank is not Blank.DOTS:
        value = look.blank.value
    style = look.strong if item.strong else look.value
    family = look.typed or sheets.family
    words += [_Word(word, style, family, look.size_pt, 0.0, False) for word in (value or "").split(" ") if word]
    lines = _fill(sheets, words, box.width)
    height = _line_mm(sheets, look)
    for number, line in enumerate(lines):
        end = _write_words(sheets, line, box.left, y_mm)
        last = number == len(lines) - 1
        if look.leaders is Leaders.UNDER:
            start = box.left if number else min(end, box.left + _width_of_label(sheets, look, item))
            _dots_under(sheets, start, box.right, y_mm, look.size_pt)
        elif last and (look.leaders is Leaders.AFTER or (value is None and look.blank is Blank.DOTS)):
            _dots_after(sheets, end, box.right, y_mm, look.size_pt)
        y_mm += height
    return y_mm + look.gap_mm


def sentence(sheets: Sheets, look: Look, text: str, style: Style | None = None, indent_mm: float = 0.0) -> None:
    """Write a sentence of the form in the flow, ragged at the right."""
    box = text_box(sheets)
    cut = style or look.label
    words = [_Word(word, cut, sheets.family, look.size_pt, 0.0, False) for word in text.split(" ") if word]
    for number, line in enumerate(_fill(sheets, words, box.width, indent_mm)):
        sheets.need(_line_mm(sheets, look))
        _write_words(sheets, line, box.left + (0.0 if number else indent_mm), sheets.y_mm)
        sheets.y_mm += _line_mm(sheets, look)
    sheets.y_mm += look.gap_mm


def nation(sheets: Sheets, middle_mm: float, y_mm: float, size_pt: float, newer_tone: bool) -> float:
    """Write the national title as `HÒA` or `HOÀ`, the motto and its rule; return the top of what may follow."""
    below = sheets.stack((respell(NATION, newer_tone),), middle_mm, y_mm, size_pt, Style.BOLD)
    below = sheets.stack((MOTTO,), middle_mm, below + 0.4, size_pt + 1, Style.BOLD)
    sheets.rule(middle_mm, sheets.text_width_mm(MOTTO, size_pt + 1, Style.BOLD), below + 0.6)
    return below + 1.2


def respell(text: str, newer_tone: bool) -> str:
    """Return `text` with the tone of `uy` and of the nation's `HÒA` on the second vowel when `newer_tone`."""
    if not newer_tone:
        return text
    return text.replace("ỦY", "UỶ").replace("Ủy", "Uỷ").replace("CỘNG HÒA", "CỘNG HOÀ")


def slashed(day: date) -> str:
    """Return `05/03/2024`."""
    return f"{day.day:02d}/{day.month:02d}/{day.year}"


def sign(
    sheets: Sheets,
    generator: Generator,
    agency: Agency,
    heading: str,
    stamp_over_name: bool,
    middle_share: float = 0.72,
    note: str = "(Ký, ghi rõ họ, chữ đệm, tên, chức vụ và đóng dấu)",
) -> None:
    """Write the signer's block at `middle_share` of the width: heading, note, title, stamp, name."""
    sheets.need(62)
    title = pick(generator, (agency.head, agency.deputy)).upper()
    name = draw_name(generator, pick(generator, tuple(Sex)))
    sheets.y_mm += 2
    middle = sheets.left_mm + (sheets.right_mm - sheets.left_mm) * middle_share
    if heading:
        sheets.y_mm = sheets.stack((heading,), middle, sheets.y_mm, 13, Style.BOLD)
    if note:
        sheets.y_mm = sheets.stack((note,), middle, sheets.y_mm, 11, Style.ITALIC)
    lines: tuple[str, ...] = (title,)
    if agency.collective and not heading:
        lines = (f"TM. {agency.collective}", title)
    sheets.y_mm = signature_block(sheets, generator, Signature(lines, name, agency.seal_text), middle, stamp_over_name)


def typed_family(generator: Generator, family: Family) -> Family | None:
    """Return the typeface of typed values: mostly that of the form, at times another.

    Never the typewriter face: its zero has a dot inside, which no typewriter had, and reads as 9 or 6.
    """
    if not happens(generator, 0.3):
        return None
    return Family.SANS if family is Family.SERIF else Family.SERIF


def _line_mm(sheets: Sheets, look: Look) -> float:
    return sheets.line_height_mm(look.size_pt) * look.spacing


def _label_words(sheets: Sheets, look: Look, item: Entry) -> list[_Word]:
    size = look.size_pt
    mark_size, raised = (size * 0.7, 1.3) if look.raised_notes else (size, 0.0)
    label = [_Word(word, look.label, sheets.family, size, 0.0, False) for word in item.label.split(" ")]
    if not item.note:
        return [*label[:-1], replace(label[-1], text=f"{label[-1].text}:")]
    mark = _Word(f"({item.note})", look.label, sheets.family, mark_size, raised, look.note_first)
    if look.note_first:
        return [*label, mark, _Word(":", look.label, sheets.family, size, 0.0, True)]
    return [*label[:-1], replace(label[-1], text=f"{label[-1].text}:"), mark]


def _width_of_label(sheets: Sheets, look: Look, item: Entry) -> float:
    return _advance(sheets, _label_words(sheets, look, item)) + sheets.text_width_mm(" ", look.size_pt)


def _width(sheets: Sheets, word: _Word) -> float:
    return load_font(word.style, word.size_pt * sheets.dpi / 72, word.family).getlength(word.text) * 25.4 / sheets.dpi


def _space_before(sheets: Sheets, word: _Word) -> float:
    return 0.0 if word.glued else _width(sheets, replace(word, text=" "))


def _advance(sheets: Sheets, words: Sequence[_Word]) -> float:
    return sum(_width(sheets, word) for word in words) + sum(_space_before(sheets, word) for word in words[1:])


def _fill(sheets: Sheets, words: Sequence[_Word], width_mm: float, indent_mm: float = 0.0) -> list[list[_Word]]:
    lines: list[list[_Word]] = [[]]
    for word in words:
        room = width_mm - (indent_mm if len(lines) == 1 else 0.0)
        if lines[-1] and _advance(sheets, [*lines[-1], word]) > room:
            lines.append([])
        lines[-1].append(word)
    return lines


def _write_words(sheets: Sheets, words: Sequence[_Word], x_mm: float, y_mm: float) -> float:
    """Write one line; return where it ends."""
    own = sheets.family
    for number, word in enumerate(words):
        if number:
            x_mm += _space_before(sheets, word)
        sheets.family = word.family
        shift = (words[0].size_pt - word.size_pt) * _MM_PER_POINT * _BASELINE_EM - word.raised_mm
        sheets.put(word.text, x_mm, y_mm + shift, word.size_pt, word.style)
        sheets.family = own
        x_mm += _width(sheets, word)
    return x_mm


def _dots_after(sheets: Sheets, start_mm: float, end_mm: float, y_mm: float, size_pt: float) -> None:
    step = sheets.text_width_mm(".", size_pt)
    count = int((end_mm - start_mm - 1.0) / step)
    if count > 2:
        sheets.put("." * count, start_mm + 1.0, y_mm, size_pt)


def _dots_under(sheets: Sheets, start_mm: float, end_mm: float, y_mm: float, size_pt: float) -> None:
    draw = ImageDraw.Draw(sheets.page)
    y_px = round(sheets.px(y_mm + _BASELINE_EM * size_pt * _MM_PER_POINT + 0.75))
    side = max(1, round(sheets.px(0.22)))
    for number in range(int((end_mm - start_mm) / 1.05)):
        x_px = round(sheets.px(start_mm + number * 1.05))
        draw.rectangle([x_px, y_px, x_px + side - 1, y_px + side - 1], fill=_DOT_INK)
