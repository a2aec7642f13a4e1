"""The nouns of a page: boxes, words, steps, readers and the stored text of one page.

Coordinates are integer pixels, origin top left, right and bottom exclusive; pages count from 1.
Every word has two boxes: `box` on the original scan (what evidence points at) and `upright_box` on the
page as it stands after turning and deskewing, at the same scale (what layout is judged on).
"""

from collections.abc import Iterable
from typing import NamedTuple

from pydantic import Field

from ocr.problem import Problem
from ocr.stored import Stored, StoredDocument


class Box(NamedTuple):
    """A rectangle in pixels; right and bottom are exclusive."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        """Width in pixels."""
        return self.right - self.left

    @property
    def height(self) -> int:
        """Height in pixels."""
        return self.bottom - self.top

    @property
    def center_x(self) -> float:
        """Horizontal middle in pixels."""
        return (self.left + self.right) / 2

    @property
    def center_y(self) -> float:
        """Vertical middle in pixels."""
        return (self.top + self.bottom) / 2

    @classmethod
    def around(cls, boxes: Iterable["Box"]) -> "Box":
        """Return the smallest box around `boxes`.

        Raises:
            ValueError: `boxes` is empty.
        """
        parts = list(boxes)
        if not parts:
            raise ValueError("no boxes")
        return cls(
            min(b.left for b in parts),
            min(b.top for b in parts),
            max(b.right for b in parts),
            max(b.bottom for b in parts),
        )


class Word(Stored):
    """One recognised word.

    Attributes:
        text: NFC text, no white space.
        box: Place on the original scan.
        upright_box: Place on the upright page, same scale.
        confidence: What the reader claims, 0-1, or None. Never shown as trust.
        line: Number of the text line on the page, in reading order, from 0.
    """

    text: str
    box: Box
    upright_box: Box
    confidence: float | None
    line: int


class Step(Stored):
    """One clean-up step that was applied to a page, with what is needed to repeat it."""

    name: str
    version: int
    parameters: dict[str, float | int | str | bool] = Field(default_factory=dict)


class ReaderInfo(Stored):
    """Which reader with which model; part of the recipe and of every piece of evidence."""

    name: str
    version: str
    model: str
    model_sha256: str
    parameters: dict[str, str] = Field(default_factory=dict)

    @property
    def label(self) -> str:
        """Short name for people and evidence, for example `tesseract 5.3.0 vie`."""
        return f"{self.name} {self.version} {self.model}"


class PageText(StoredDocument):
    """All that is known of one page after reading; stored as `pages/<scan sha>/<page>/<recipe>.json`.

    Attributes:
        scan_sha256: The scan this page belongs to.
        page_number: From 1.
        recipe: Fingerprint of readers, models and steps that made this text.
        width_px, height_px: Size of the original page picture (a PDF page: as rendered at `dpi`).
        dpi: Resolution the coordinates stand at.
        rotation_deg: Clockwise quarter turn that made the page upright: 0, 90, 180 or 270.
        is_blank: True when the page carries no text that belongs to a paper.
        words: In reading order.
        steps: Clean-up steps applied, in order.
        readers: Readers used.
        problems: What went wrong; a page with a problem and no words has failed.
    """

    schema_: str = Field(default="sohoa.page/1", alias="schema")
    scan_sha256: str
    page_number: int
    recipe: str
    width_px: int
    height_px: int
    dpi: int
    rotation_deg: int = 0
    is_blank: bool = False
    words: tuple[Word, ...] = ()
    steps: tuple[Step, ...] = ()
    readers: tuple[ReaderInfo, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def failed(self) -> bool:
        """True when nothing could be read because something went wrong."""
        return bool(self.problems) and not self.words

    def lines(self) -> list[tuple[Word, ...]]:
        """Return the words line by line, in reading order."""
        grouped: dict[int, list[Word]] = {}
        for word in self.words:
            grouped.setdefault(word.line, []).append(word)
        return [tuple(grouped[number]) for number in sorted(grouped)]

    @property
    def text(self) -> str:
        """Recognised text in reading order, one line each."""
        return "\n".join(" ".join(word.text for word in line) for line in self.lines())
