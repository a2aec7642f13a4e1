"""Drawing one paper of any known type, worn to a strength, with the truth about it."""

from dataclasses import dataclass
from typing import Any

from PIL import Image

from benchmarks.drawing.acts import ACT_TYPES, draw_act
from benchmarks.drawing.chance import Generator, generator_for, pick
from benchmarks.drawing.civil_status import CIVIL_STATUS_TYPES, Birth, draw_birth_certificate, draw_birth_extract
from benchmarks.drawing.wear import Strength, draw_wear, wear_page

PAPER_TYPES = (*ACT_TYPES, *CIVIL_STATUS_TYPES)
MIXED = "mixed"
STRENGTHS = (*(strength.value for strength in Strength), MIXED)


@dataclass(frozen=True, slots=True)
class DrawnPaper:
    """A drawn paper.

    Attributes:
        pages: Pictures of its pages; RGB, L (photocopy) or 1 (scanned without grey).
        truth: `type`, `pages` (numbers from 1), `fields` (values as a record has to carry them; None: the paper
            leaves that field empty) and `profile` (`drawn-<strength>`).
    """

    pages: list[Image.Image]
    truth: dict[str, Any]


def choose_strength(generator: Generator, strength: str) -> Strength:
    """Return `strength`, or a random one for `mixed`.

    Raises:
        ValueError: There is no such strength.
    """
    return pick(generator, tuple(Strength)) if strength == MIXED else Strength(strength)


def draw_paper(
    paper_type: str, seed: int, dpi: int = 200, strength: str = "clean", birth: Birth | None = None
) -> DrawnPaper:
    """Draw an invented paper; equal arguments give equal pictures and truth.

    Args:
        paper_type: One of `PAPER_TYPES`.
        seed: Which of the endless papers of that type.
        dpi: Resolution of the pictures; the words do not depend on it.
        strength: One of `STRENGTHS`.
        birth: What a civil-status paper certifies; invented when None, ignored by other types.

    Raises:
        ValueError: Unknown paper type or strength.
        benchmarks.drawing.fonts.FontMissingError: Liberation Serif is not installed.
    """
    if paper_type not in PAPER_TYPES:
        raise ValueError(f"unknown paper type {paper_type!r}; known: {', '.join(PAPER_TYPES)}")
    scanner = generator_for(seed, 2)
    worn = choose_strength(scanner, strength)
    stamp_over_name = worn is not Strength.CLEAN
    generator = generator_for(seed, 1)
    if paper_type == "giay-khai-sinh":
        pages, fields = draw_birth_certificate(generator, dpi, stamp_over_name, birth)
    elif paper_type == "trich-luc-khai-sinh":
        pages, fields = draw_birth_extract(generator, dpi, stamp_over_name, birth)
    else:
        pages, fields = draw_act(generator, paper_type, dpi, stamp_over_name)
    wear = draw_wear(scanner, worn)
    if wear is not None:
        pages = [wear_page(page, wear, scanner, dpi) for page in pages]
    numbers = list(range(1, len(pages) + 1))
    truth = {"type": paper_type, "pages": numbers, "fields": fields, "profile": f"drawn-{worn.value}"}
    return DrawnPaper(pages, truth)
