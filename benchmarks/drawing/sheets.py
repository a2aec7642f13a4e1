"""Writing text on sheets of A4: lines, justified paragraphs, rules, page breaks.

Places are millimetres from the top left corner of the sheet, sizes are typographic points.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image, ImageDraw

from benchmarks.drawing.fonts import Family, Style, load_font

WIDTH_MM, HEIGHT_MM = 210.0, 297.0
_MM_PER_POINT = 25.4 / 72
_ASCENT = 0.891  # of the em, Liberation Serif
_LINE = 1.15  # single line spacing of the typeface, in em
INK = (24, 24, 28)


@dataclass(frozen=True, slots=True)
class Margins:
    """White borders in millimetres. Source: Nghị định 30/2020/NĐ-CP, Phụ lục I."""

    left: float = 30.0
    top: float = 20.0
    right: float = 17.0
    bottom: float = 20.0


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text in one cut."""

    text: str
    style: Style = Style.REGULAR


@dataclass(frozen=True, slots=True)
class _Token:
    word: str
    style: Style
    width_mm: float


class Sheets:
    """Growing pile of sheets with a writing position; `y_mm` is the top of the next line of the flow.

    `written` holds, for each page, what was written on it piece by piece (words of paragraphs, else lines), in the
    order of writing.
    """

    def __init__(self, dpi: int, margins: Margins, spacing: float = 1.1, family: Family = Family.SERIF) -> None:
        """Start with one empty sheet; `spacing` multiplies the single line spacing of flowing text."""
        self.dpi, self.margins, self.spacing, self.family = dpi, margins, spacing, family
        self.pages: list[Image.Image] = []
        self.written: list[list[str]] = []
        self.y_mm = margins.top
        self._add_page()

    @property
    def left_mm(self) -> float:
        """Left edge of the text area."""
        return self.margins.left

    @property
    def right_mm(self) -> float:
        """Right edge of the text area."""
        return WIDTH_MM - self.margins.right

    @property
    def center_mm(self) -> float:
        """Middle of the text area."""
        return (self.left_mm + self.right_mm) / 2

    @property
    def page(self) -> Image.Image:
        """The sheet being written on."""
        return self.pages[-1]

    def px(self, length_mm: float) -> float:
        """Return `length_mm` in pixels."""
        return length_mm * self.dpi / 25.4

    def line_height_mm(self, size_pt: float) -> float:
        """Return the single line height of `size_pt`."""
        return size_pt * _MM_PER_POINT * _LINE

    def text_width_mm(self, text: str, size_pt: float, style: Style = Style.REGULAR) -> float:
        """Return the printed width of `text`."""
        return load_font(style, size_pt * self.dpi / 72, self.family).getlength(text) * 25.4 / self.dpi

    def new_page(self, numbered: bool = True) -> None:
        """Take the next sheet and, as acts do, print its number centred in the top margin."""
        self._add_page()
        if numbered:
            self.put(str(len(self.pages)), WIDTH_MM / 2, self.margins.top - 9, 13, align="middle")
        self.y_mm = self.margins.top

    def need(self, height_mm: float) -> None:
        """Take a new sheet unless `height_mm` still fits on this one."""
        if self.y_mm + height_mm > HEIGHT_MM - self.margins.bottom:
            self.new_page()

    def put(
        self,
        text: str,
        x_mm: float,
        y_mm: float,
        size_pt: float,
        style: Style = Style.REGULAR,
        align: str = "left",
        ink: tuple[int, int, int] = INK,
    ) -> None:
        """Write one line whose top is `y_mm`; `x_mm` is its left end, middle or right end by `align`."""
        font = load_font(style, size_pt * self.dpi / 72, self.family)
        anchor = {"left": "ls", "middle": "ms", "right": "rs"}[align]
        baseline = y_mm + _ASCENT * size_pt * _MM_PER_POINT
        ImageDraw.Draw(self.page).text((self.px(x_mm), self.px(baseline)), text, fill=ink, font=font, anchor=anchor)
        self.written[-1].append(text)

    def rule(self, x_mm: float, width_mm: float, y_mm: float, thickness_mm: float = 0.25) -> None:
        """Draw a horizontal line centred on `x_mm`."""
        box = [self.px(x_mm - width_mm / 2), self.px(y_mm), self.px(x_mm + width_mm / 2), self.px(y_mm)]
        ImageDraw.Draw(self.page).line(box, fill=INK, width=max(1, round(self.px(thickness_mm))))

    def wrap(self, text: str, size_pt: float, width_mm: float, style: Style = Style.REGULAR) -> list[str]:
        """Break `text` into the fewest lines that fit, as even as possible."""
        lines = self._break(text, size_pt, width_mm, style)
        narrower = width_mm
        while len(lines) > 1 and narrower > width_mm / 2:
            narrower -= 3
            tried = self._break(text, size_pt, narrower, style)
            if len(tried) > len(lines):
                break
            lines = tried
        return lines

    def stack(
        self, lines: Sequence[str], x_mm: float, y_mm: float, size_pt: float, style: Style = Style.REGULAR
    ) -> float:
        """Write centred lines one below the other from `y_mm`; return the top of what may follow."""
        for number, line in enumerate(lines):
            self.put(line, x_mm, y_mm + number * self.line_height_mm(size_pt), size_pt, style, align="middle")
        return y_mm + len(lines) * self.line_height_mm(size_pt)

    def headline(self, text: str, size_pt: float, style: Style = Style.BOLD, width_mm: float = 130.0) -> None:
        """Write `text` centred in the flow."""
        self.y_mm = self.stack(self.wrap(text, size_pt, width_mm, style), self.center_mm, self.y_mm, size_pt, style)

    def paragraph(
        self,
        runs: Sequence[Run],
        size_pt: float,
        indent_mm: float = 12.7,
        justified: bool = True,
        after_mm: float = 2.1,
        left_mm: float | None = None,
    ) -> None:
        """Write a paragraph in the flow, breaking lines and pages."""
        start = self.left_mm if left_mm is None else left_mm
        room = self.right_mm - start
        lines = self._fill(self._tokens(runs, size_pt), room, indent_mm, self._space(size_pt))
        height = self.line_height_mm(size_pt) * self.spacing
        for number, line in enumerate(lines):
            self.need(height)
            indent = indent_mm if number == 0 else 0.0
            stretch = justified and number < len(lines) - 1
            self._write_line(line, start + indent, room - indent if stretch else None, size_pt)
            self.y_mm += height
        self.y_mm += after_mm

    def _add_page(self) -> None:
        size = (round(self.px(WIDTH_MM)), round(self.px(HEIGHT_MM)))
        self.pages.append(Image.new("RGB", size, (255, 255, 255)))
        self.written.append([])

    def _space(self, size_pt: float) -> float:
        return self.text_width_mm(" ", size_pt)

    def _break(self, text: str, size_pt: float, width_mm: float, style: Style) -> list[str]:
        lines: list[str] = []
        for word in text.split(" "):
            longer = f"{lines[-1]} {word}" if lines else word
            if lines and self.text_width_mm(longer, size_pt, style) <= width_mm:
                lines[-1] = longer
            else:
                lines.append(word)
        return lines

    def _tokens(self, runs: Sequence[Run], size_pt: float) -> list[_Token]:
        return [
            _Token(word, run.style, self.text_width_mm(word, size_pt, run.style))
            for run in runs
            for word in run.text.split(" ")
            if word
        ]

    @staticmethod
    def _fill(tokens: Sequence[_Token], room_mm: float, indent_mm: float, space_mm: float) -> list[list[_Token]]:
        lines: list[list[_Token]] = [[]]
        used = indent_mm
        for token in tokens:
            if lines[-1] and used + token.width_mm > room_mm:
                lines.append([])
                used = 0.0
            lines[-1].append(token)
            used += token.width_mm + space_mm
        return lines

    def _write_line(self, tokens: Sequence[_Token], x_mm: float, fill_mm: float | None, size_pt: float) -> None:
        gap = self._space(size_pt)
        if fill_mm is not None and len(tokens) > 1:
            gap = (fill_mm - sum(token.width_mm for token in tokens)) / (len(tokens) - 1)
        for token in tokens:
            self.put(token.word, x_mm, self.y_mm, size_pt, token.style)
            x_mm += token.width_mm + gap
