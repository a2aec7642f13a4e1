"""Whole dossiers of invented papers, as a clerk's scanner delivers them, and the truth about them."""

import io
import json
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PIL import Image

from benchmarks.drawing.chance import Generator, generator_for, happens, pick
from benchmarks.drawing.civil_status import Birth, draw_birth
from benchmarks.drawing.contents import choose_types, component_names
from benchmarks.drawing.forms import Drawn, Occasion
from benchmarks.drawing.origin import Origin, choose_origin
from benchmarks.drawing.paper import MIXED, Chooser, DrawnPaper, choose_strength, draw_paper
from benchmarks.drawing.receipts import draw_receipt
from benchmarks.drawing.registry import RECEIPT
from benchmarks.drawing.sides import blank_back, scanned, sides_of
from benchmarks.drawing.wear import RANK, Strength

_DPI = 200
_MIDNIGHT = time.gmtime(1_700_000_000)  # the same seed gives the same bytes: no clock in the files
_PHONE_SHARE = (0.15, 0.25, 0.35)  # of dossiers in files of their own, by strength (light, medium, heavy)
Place = tuple[str, int]


@dataclass(frozen=True, slots=True)
class DrawnFile:
    """One file of a dossier: its name, its pages in order, and whether a phone made it (which knows no dpi)."""

    name: str
    pages: list[Image.Image]
    photo: bool = False


@dataclass(frozen=True, slots=True)
class DrawnDossier:
    """A dossier and the truth about it.

    Attributes:
        dossier_id: Name of its folder.
        files: Its files.
        papers: The truth of each paper: `type`, `file`, `pages`, `fields`, `profile`, `layout`, `origin`.
        blank: File and number (from 1) of every page that carries nothing.
        separators: File and number of every sheet that only parts papers.
    """

    dossier_id: str
    files: tuple[DrawnFile, ...]
    papers: tuple[dict[str, Any], ...]
    blank: tuple[Place, ...] = ()
    separators: tuple[Place, ...] = ()


@dataclass(slots=True)
class _Pile:
    """One growing file and what is true of it."""

    name: str
    sides: list[Image.Image] = field(default_factory=list)
    papers: list[dict[str, Any]] = field(default_factory=list)
    separators: list[Place] = field(default_factory=list)

    def lay(self, paper: DrawnPaper, sides: list[Image.Image], numbers: Sequence[int]) -> None:
        """Lay a paper on the pile; `numbers` are its pages among `sides`, from 1."""
        before = len(self.sides)
        self.sides += sides
        self.papers.append({**paper.truth, "file": self.name, "pages": [before + number for number in numbers]})

    def lay_separator(self, sheet: Image.Image) -> None:
        """Lay a sheet that parts papers on the pile."""
        self.sides.append(sheet)
        self.separators.append((self.name, len(self.sides)))

    @property
    def blank(self) -> list[Place]:
        """Sides that belong to no paper and part nothing."""
        used = {(self.name, number) for paper in self.papers for number in paper["pages"]}
        places = [(self.name, number) for number in range(1, len(self.sides) + 1)]
        return [place for place in places if place not in used and place not in self.separators]


def draw_dossier(
    seed: int,
    strength: str = MIXED,
    dpi: int = _DPI,
    paper_types: Sequence[str] | None = None,
    dossier_id: str | None = None,
    separator: Image.Image | None = None,
) -> DrawnDossier:
    """Invent a dossier of one to seven papers that belong together; its people are one family.

    Most dossiers are one `scan.pdf` of all papers, with empty backs between them: now and then, or after every sheet
    where the scanner takes both sides. The others have a file for every paper (PDF, JPEG, PNG or TIFF), some of them
    photographed by phone.

    Args:
        seed: Which of the endless dossiers.
        strength: How worn its papers are; `mixed` draws one strength for the dossier.
        dpi: Resolution of the pictures.
        paper_types: The papers wanted, in order; drawn when None.
        dossier_id: Name of the dossier; made from `seed` when None.
        separator: A sheet that the office lays between papers; half of the piles are parted by it.

    Raises:
        ValueError: Unknown paper type or strength.
        benchmarks.drawing.fonts.FontMissingError: The Liberation fonts are not installed.
    """
    generator, ways = generator_for(seed, 3), generator_for(seed, 8)
    worn = choose_strength(generator, strength)
    types = tuple(paper_types) if paper_types is not None else choose_types(generator)
    one_scan = happens(generator, 0.7)
    two_sided = paper_types is None and happens(ways, 0.3 if one_scan else 0.15)
    phone = not one_scan and worn is not Strength.CLEAN and happens(ways, _PHONE_SHARE[RANK[worn]])
    papers = _draw_papers(seed, types, dpi, worn, (lambda _generator, _strength: Origin.PHONE) if phone else None)
    if one_scan:
        parted_by = separator if separator is not None and happens(ways, 0.5) else None
        piles = [_one_pile(papers, generator, worn, dpi, two_sided, parted_by)]
    else:
        piles = [_own_pile(number, paper, generator, worn, dpi, two_sided) for number, paper in enumerate(papers, 1)]
    return DrawnDossier(
        dossier_id or f"hs-{seed:03d}",
        tuple(DrawnFile(pile.name, pile.sides, phone) for pile in piles),
        tuple(truth for pile in piles for truth in pile.papers),
        tuple(place for pile in piles for place in pile.blank),
        tuple(place for pile in piles for place in pile.separators),
    )


def write_dossiers(folder: Path, dossiers: Iterable[DrawnDossier], dpi: int = _DPI) -> None:
    """Write `<dossier>/<files>`, `truth.json` and `pages.json` below `folder`, which is made when absent.

    `truth.json` has the papers of each dossier, `pages.json` its `pages` (files with their counts), `blank` and
    `separators`. Each dossier is written and forgotten before the next is taken, so drawing may go on meanwhile.

    Raises:
        OSError: The folder cannot be written.
    """
    truth: dict[str, Any] = {}
    pages: dict[str, Any] = {}
    for dossier in dossiers:
        home = folder / dossier.dossier_id
        home.mkdir(parents=True, exist_ok=True)
        for file in dossier.files:
            (home / file.name).write_bytes(encode_file(file, dpi))
        truth[dossier.dossier_id] = dossier.papers
        pages[dossier.dossier_id] = {
            "pages": {file.name: len(file.pages) for file in dossier.files},
            "blank": dossier.blank,
            "separators": dossier.separators,
        }
    for name, value in (("truth.json", truth), ("pages.json", pages)):
        (folder / name).write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def encode_file(file: DrawnFile, dpi: int = _DPI) -> bytes:
    """Return the bytes of `file` in the format its name says; only PDF and TIFF hold several pages."""
    buffer = io.BytesIO()
    first, rest = file.pages[0], file.pages[1:]
    suffix = Path(file.name).suffix
    if suffix == ".pdf":
        options: dict[str, Any] = {"creationDate": _MIDNIGHT, "modDate": _MIDNIGHT, "resolution": dpi}
        if all(page.mode != "1" for page in file.pages):  # Pillow refuses a JPEG quality for 1-bit pages
            options["quality"] = 85
        first.save(buffer, "PDF", save_all=True, append_images=rest, **options)
    elif suffix == ".tif":
        compression = "group4" if all(page.mode == "1" for page in file.pages) else "tiff_lzw"
        first.save(buffer, "TIFF", save_all=True, append_images=rest, compression=compression, dpi=(dpi, dpi))
    elif suffix == ".png":
        first.save(buffer, "PNG", dpi=(dpi, dpi))
    else:
        known = {} if file.photo else {"dpi": (dpi, dpi)}
        first.convert("L" if first.mode == "1" else first.mode).save(buffer, "JPEG", quality=85, **known)
    return buffer.getvalue()


def _draw_papers(seed: int, types: Sequence[str], dpi: int, worn: Strength, choose: Chooser | None) -> list[DrawnPaper]:
    """Draw the papers of one dossier about one family; a receipt is written when the others are known."""
    birth = draw_birth(generator_for(seed, 4))
    chooser = choose or choose_origin
    papers: list[DrawnPaper | None] = [None] * len(types)
    for number, paper_type in enumerate(types):
        if paper_type != RECEIPT:
            papers[number] = draw_paper(paper_type, seed * 1000 + number, dpi, worn.value, birth, chooser)
    others = [paper.truth for paper in papers if paper is not None]
    return [
        paper or _draw_receipt(seed * 1000 + number, dpi, worn, birth, chooser, others)
        for number, paper in enumerate(papers)
    ]


def _draw_receipt(
    seed: int, dpi: int, worn: Strength, birth: Birth, choose: Chooser, others: Sequence[dict[str, Any]]
) -> DrawnPaper:
    names = component_names(generator_for(seed, 9), others) or None

    def form(generator: Generator, occasion: Occasion) -> Drawn:
        return draw_receipt(generator, occasion, names, None)

    return draw_paper(RECEIPT, seed, dpi, worn.value, birth, choose, form)


def _one_pile(
    papers: Sequence[DrawnPaper],
    generator: Generator,
    worn: Strength,
    dpi: int,
    two_sided: bool,
    separator: Image.Image | None,
) -> _Pile:
    pile = _Pile("scan.pdf")
    for number, paper in enumerate(papers):
        if number and separator is not None:
            pile.lay_separator(scanned(separator, generator, worn, dpi))
        elif number and not two_sided and happens(generator, 0.3):
            before = papers[number - 1]
            pile.sides.append(blank_back(before, len(before.pages) - 1, generator, worn, dpi))
        pile.lay(paper, *sides_of(paper, generator, worn, dpi, two_sided))
    return pile


def _own_pile(number: int, paper: DrawnPaper, generator: Generator, worn: Strength, dpi: int, two_sided: bool) -> _Pile:
    sides, numbers = sides_of(paper, generator, worn, dpi, two_sided)
    suffixes: tuple[str, ...] = (".pdf", ".jpg", ".png", ".tif") if len(sides) == 1 else (".pdf", ".tif")
    if paper.truth["origin"] == Origin.PHONE.value:
        suffixes = (".jpg",) if len(sides) == 1 else (".pdf",)
    pile = _Pile(f"{number:02d}{pick(generator, suffixes)}")
    pile.lay(paper, sides, numbers)
    return pile
