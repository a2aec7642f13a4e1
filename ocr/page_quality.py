"""The nouns of a page's quality: how well a page was scanned, and why it should be scanned again."""

from enum import StrEnum

from ocr.problem import Code
from ocr.stored import Stored


class Verdict(StrEnum):
    """What the picture of a page is good for, from best to worst."""

    ACCEPT = "accept"
    WARN = "warn"
    RESCAN = "rescan"


class Side(StrEnum):
    """A side of the picture as it came, before it is turned upright."""

    LEFT = "left"
    TOP = "top"
    RIGHT = "right"
    BOTTOM = "bottom"


class QualityReason(Stored):
    """One thing that is wrong with the picture of a page.

    Attributes:
        code: What is wrong; its sentence is in `ocr.messages`.
        verdict: How bad it is: `warn` or `rescan`.
        side: The side it concerns, or None when it concerns the whole page.
        measured: The figure that was judged; its unit is that of the threshold in `ocr.quality`.
    """

    code: Code
    verdict: Verdict
    side: Side | None = None
    measured: float


class PageQuality(Stored):
    """How well a page was scanned, judged on its picture alone.

    Attributes:
        verdict: The worst verdict of `reasons`, `accept` when there are none.
        reasons: The worst first.
        letter_height_px: Height of lower-case letters in pixels of the scan, None where the page shows too few.
        contrast: Levels between ink and paper, 0-255, None likewise.
        is_pale: True when the letters are so pale that they show only on a copy with darker ink.
        dpi: Resolution that the file states, or that an A4 page of these pixels has; None when neither is known.
    """

    verdict: Verdict = Verdict.ACCEPT
    reasons: tuple[QualityReason, ...] = ()
    letter_height_px: float | None = None
    contrast: int | None = None
    is_pale: bool = False
    dpi: int | None = None

    @property
    def has_text(self) -> bool:
        """True when the page shows enough letters in lines to be judged by them, readable or not."""
        return self.letter_height_px is not None
