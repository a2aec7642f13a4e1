"""Drawing one paper of any known type, worn to a strength, with the truth about it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PIL import Image

from benchmarks.drawing.acts import ACT_TYPES
from benchmarks.drawing.chance import Generator, generator_for, happens, pick
from benchmarks.drawing.civil_status import Birth, draw_birth
from benchmarks.drawing.fonts import Family
from benchmarks.drawing.forms import Form, Occasion
from benchmarks.drawing.origin import Origin, picture_pages
from benchmarks.drawing.registry import FORMS, PAPER_TYPES
from benchmarks.drawing.wear import Strength

MIXED = "mixed"
STRENGTHS = (*(strength.value for strength in Strength), MIXED)
# Nghị định 30/2020/NĐ-CP wants Times New Roman; forms come from every kind of program.
_SANS_ACTS, _SANS_FORMS = 0.06, 0.25

Chooser = Callable[[Generator, Strength], Origin]


@dataclass(frozen=True, slots=True)
class DrawnPaper:
    """A drawn paper.

    Attributes:
        pages: Pictures of its pages; RGB, L (without colour) or 1 (without grey).
        printed: The same pages before anything happened to them, RGB.
        truth: `type`, `pages` (numbers from 1), `fields` (values as a record has to carry them; None: the paper
            leaves that field empty), `profile` (`drawn-<strength>`), `layout` (which of the type's forms) and
            `origin` (a value of `Origin`).
    """

    pages: list[Image.Image]
    printed: list[Image.Image]
    truth: dict[str, Any]


def choose_strength(generator: Generator, strength: str) -> Strength:
    """Return `strength`, or a random one for `mixed`.

    Raises:
        ValueError: There is no such strength.
    """
    return pick(generator, tuple(Strength)) if strength == MIXED else Strength(strength)


def draw_paper(
    paper_type: str,
    seed: int,
    dpi: int = 200,
    strength: str = "clean",
    birth: Birth | None = None,
    choose: Chooser | None = None,
    form: Form | None = None,
) -> DrawnPaper:
    """Draw an invented paper; equal arguments give equal pictures and truth.

    Args:
        paper_type: One of `PAPER_TYPES`.
        seed: Which of the endless papers of that type.
        dpi: Resolution of the pictures; the words do not depend on it.
        strength: One of `STRENGTHS`.
        birth: The family that the paper is about; invented when None, ignored by acts.
        choose: Says how the pictures came about; a scanner when None.
        form: The layout wanted; one of the type's when None.

    Raises:
        ValueError: Unknown paper type or strength.
        benchmarks.drawing.fonts.FontMissingError: The Liberation fonts are not installed.
    """
    if paper_type not in PAPER_TYPES:
        raise ValueError(f"unknown paper type {paper_type!r}; known: {', '.join(PAPER_TYPES)}")
    scanner = generator_for(seed, 2)
    worn = choose_strength(scanner, strength)
    family = generator_for(seed, 6)
    sans = happens(family, _SANS_ACTS if paper_type in ACT_TYPES else _SANS_FORMS)
    occasion = Occasion(
        dpi=dpi,
        birth=birth or draw_birth(generator_for(seed, 4)),
        family=Family.SANS if sans else Family.SERIF,
        stamp_over_name=worn is not Strength.CLEAN,
    )
    draw = form or pick(generator_for(seed, 5), FORMS[paper_type])
    drawn = draw(generator_for(seed, 1), occasion)
    origin = choose(generator_for(seed, 7), worn) if choose else Origin.SCANNER
    pages = picture_pages(drawn.pages, origin, worn, scanner, dpi, turned=choose is not None)
    truth = {
        "type": paper_type,
        "pages": list(range(1, len(pages) + 1)),
        "fields": {**drawn.fields},
        "profile": f"drawn-{worn.value}",
        "layout": drawn.layout,
        "origin": origin.value,
    }
    return DrawnPaper(pages, drawn.pages, truth)
