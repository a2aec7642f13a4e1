"""What every drawn form is given and gives back; `registry` lists the forms by paper type."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PIL import Image

from benchmarks.drawing.chance import Generator
from benchmarks.drawing.civil_status import Birth
from benchmarks.drawing.fonts import Family

Value = str | list[str] | None


@dataclass(frozen=True, slots=True)
class Occasion:
    """What a form is drawn for: the same people on every paper of a dossier.

    Attributes:
        dpi: Resolution of the pictures.
        birth: The family of the dossier: a child, its mother, its father (or none).
        family: Typeface of what is printed or typed in.
        stamp_over_name: The stamp and the signature cross the signer's name.
    """

    dpi: int
    birth: Birth
    family: Family = Family.SERIF
    stamp_over_name: bool = False


@dataclass(frozen=True, slots=True)
class Drawn:
    """A drawn form.

    Attributes:
        pages: Its pages, RGB, as printed: wear comes later.
        fields: Values as a record has to carry them (None: the paper leaves that field empty).
        layout: Which of the type's layouts it is, for the table of scores.
    """

    pages: list[Image.Image]
    fields: Mapping[str, Value]
    layout: str


# One layout of one paper type.
Form = Callable[[Generator, Occasion], Drawn]
