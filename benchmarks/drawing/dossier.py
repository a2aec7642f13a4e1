"""Whole dossiers of invented papers, as a clerk's scanner delivers them, and the truth about them."""

import io
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image, ImageOps

from benchmarks.drawing.acts import ACT_TYPES
from benchmarks.drawing.chance import Generator, between, generator_for, happens, pick
from benchmarks.drawing.civil_status import CIVIL_STATUS_TYPES, draw_birth
from benchmarks.drawing.ink import RED, lay_ink, stamp_mask
from benchmarks.drawing.paper import MIXED, DrawnPaper, choose_strength, draw_paper
from benchmarks.drawing.wear import Strength, draw_wear, wear_page

_DPI = 200
_MIDNIGHT = time.gmtime(1_700_000_000)  # the same seed gives the same bytes: no clock in the files


@dataclass(frozen=True, slots=True)
class DrawnFile:
    """One file of a dossier: its name and its pages in order."""

    name: str
    pages: list[Image.Image]


@dataclass(frozen=True, slots=True)
class DrawnDossier:
    """A dossier: its id, its files, and the truth of each paper (`type`, `file`, `pages`, `fields`, `profile`)."""

    dossier_id: str
    files: tuple[DrawnFile, ...]
    papers: tuple[dict[str, Any], ...]


def draw_dossier(
    seed: int,
    strength: str = MIXED,
    dpi: int = _DPI,
    paper_types: Sequence[str] | None = None,
    dossier_id: str | None = None,
) -> DrawnDossier:
    """Invent a dossier of one to four papers; its civil-status papers are about one child.

    Most dossiers are one `scan.pdf` of all papers, now and then with a blank sheet between two; the others have a
    file for every paper (PDF, JPEG, PNG or TIFF).

    Args:
        seed: Which of the endless dossiers.
        strength: How worn its papers are; `mixed` draws one strength for the dossier.
        dpi: Resolution of the pictures.
        paper_types: The papers wanted, in order; drawn when None.
        dossier_id: Name of the dossier; made from `seed` when None.

    Raises:
        ValueError: Unknown paper type or strength.
        benchmarks.drawing.fonts.FontMissingError: Liberation Serif is not installed.
    """
    generator = generator_for(seed, 3)
    worn = choose_strength(generator, strength)
    types = tuple(paper_types) if paper_types is not None else _choose_types(generator)
    birth = draw_birth(generator_for(seed, 4))
    papers = [
        draw_paper(paper_type, seed * 1000 + number, dpi, worn.value, birth) for number, paper_type in enumerate(types)
    ]
    one_scan = happens(generator, 0.7)
    files, truths = _one_scan(papers, generator, dpi, worn) if one_scan else _file_each(papers, generator)
    return DrawnDossier(dossier_id or f"hs-{seed:03d}", tuple(files), tuple(truths))


def write_dossiers(folder: Path, dossiers: Sequence[DrawnDossier], dpi: int = _DPI) -> None:
    """Write `<dossier>/<files>` and `truth.json` below `folder`, which is made when absent.

    Raises:
        OSError: The folder cannot be written.
    """
    for dossier in dossiers:
        home = folder / dossier.dossier_id
        home.mkdir(parents=True, exist_ok=True)
        for file in dossier.files:
            (home / file.name).write_bytes(encode_file(file, dpi))
    truth = {dossier.dossier_id: dossier.papers for dossier in dossiers}
    (folder / "truth.json").write_text(json.dumps(truth, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


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
        first.convert("L" if first.mode == "1" else first.mode).save(buffer, "JPEG", quality=85, dpi=(dpi, dpi))
    return buffer.getvalue()


def _choose_types(generator: Generator) -> tuple[str, ...]:
    first = (pick(generator, CIVIL_STATUS_TYPES),) if happens(generator, 0.7) else ()
    kinds = (*CIVIL_STATUS_TYPES, *ACT_TYPES)
    count = int(generator.integers(1, 4))
    order = generator.permutation(len(kinds))[:count]
    return tuple(dict.fromkeys((*first, *(kinds[int(index)] for index in order))))


def _one_scan(
    papers: Sequence[DrawnPaper], generator: Generator, dpi: int, worn: Strength
) -> tuple[list[DrawnFile], list[dict[str, Any]]]:
    pages: list[Image.Image] = []
    truths: list[dict[str, Any]] = []
    for number, paper in enumerate(papers):
        if number and happens(generator, 0.3):
            pages.append(_blank_page(papers[number - 1].pages[-1].mode, generator, dpi, worn))
        first = len(pages) + 1
        pages.extend(paper.pages)
        numbers = list(range(first, len(pages) + 1))
        truths.append({**paper.truth, "file": "scan.pdf", "pages": numbers})
    return [DrawnFile("scan.pdf", pages)], truths


def _file_each(papers: Sequence[DrawnPaper], generator: Generator) -> tuple[list[DrawnFile], list[dict[str, Any]]]:
    files: list[DrawnFile] = []
    truths: list[dict[str, Any]] = []
    for number, paper in enumerate(papers, start=1):
        suffixes = (".pdf", ".jpg", ".png", ".tif") if len(paper.pages) == 1 else (".pdf", ".tif")
        name = f"{number:02d}{pick(generator, suffixes)}"
        files.append(DrawnFile(name, paper.pages))
        truths.append({**paper.truth, "file": name})
    return files, truths


def _blank_page(mode: str, generator: Generator, dpi: int, worn: Strength) -> Image.Image:
    """Return the back of a sheet: empty, at times with the mirrored stamp of the front shining through."""
    size = (round(210 * dpi / 25.4), round(297 * dpi / 25.4))
    page = Image.new("RGB", size, (255, 255, 255))
    if happens(generator, 0.5):
        mask = ImageOps.mirror(stamp_mask(generator, dpi, "* ỦY BAN NHÂN DÂN *")).point([v // 4 for v in range(256)])
        left = round(size[0] * between(generator, 0.15, 0.4))
        lay_ink(page, mask, left, round(size[1] * between(generator, 0.4, 0.7)), RED)
    wear = draw_wear(generator, worn)
    worn_page = page if wear is None else wear_page(page, wear, generator, dpi)
    return worn_page.convert(mode)
