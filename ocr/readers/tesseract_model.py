"""Tesseract's Vietnamese models on this machine.

Whole pages are read by Debian's net. The larger `best_int` alone makes a quarter fewer errors in running text (decree
CER 0.45 % against 0.60 %) for a third more time, but it loses dots below in bold capitals, and with them names and
headings; showing the small net's unsure words to a line model of another make costs less and leaves half the errors
(0.30 %). The larger net is the arbiter on lines that carry fields.
"""

import hashlib
import subprocess
import sys
from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from pathlib import Path
from shutil import which

from ocr.problem import Code, SohoaError

LANGUAGE = "vie"
# Brought by set-up. Source: npm package @tesseract.js-data/vie 1.0.0 (MIT), 4.0.0_best_int/vie.traineddata.gz.
LARGE_NET_SHA256 = "112f6fd1d04ab4cb0208cad9cada8de214ae33a1e4db3750ffcda69262aef0a8"
LARGE_NET_FOLDER = Path(sys.prefix) / "share" / "sohoa" / "tessdata-best-int"


class Layout(IntEnum):
    """Page segmentation modes of Tesseract that are used.

    PAGE: fully automatic layout, without orientation detection: the picture is upright already.
    LINE: the picture is one line of text.
    """

    PAGE = 3
    LINE = 7


@dataclass(frozen=True, slots=True)
class TesseractModel:
    """A model: its folder, its name there, and what people call it."""

    folder: Path
    language: str
    label: str

    @property
    def path(self) -> Path:
        """The model's file."""
        return self.folder / f"{self.language}.traineddata"

    @property
    def sha256(self) -> str:
        """Fingerprint of the model's file."""
        return hashlib.sha256(self.path.read_bytes()).hexdigest()


@cache
def debian_model() -> TesseractModel:
    """Return the model that Debian's packages install, found as the program itself finds it.

    Raises:
        SohoaError: `reader_missing` when the program or the model is not installed.
    """
    program = which("tesseract")
    if program is None:
        raise SohoaError(Code.READER_MISSING, detail="tesseract")
    listing = subprocess.run(
        [program, "--list-langs"], capture_output=True, text=True, check=False, timeout=30, errors="replace"
    )
    # First line: List of available languages in "/usr/share/.../tessdata/" (4):
    head, *languages = (listing.stdout or listing.stderr).splitlines() or [""]
    folder = head.split('"')[1] if head.count('"') >= 2 else ""
    model = TesseractModel(Path(folder), LANGUAGE, LANGUAGE)
    if LANGUAGE not in (name.strip() for name in languages) or not model.path.is_file():
        raise SohoaError(Code.READER_MISSING, detail=f"tesseract model {LANGUAGE}")
    return model


@cache
def large_net() -> TesseractModel:
    """Return the larger Vietnamese net that set-up brings.

    Raises:
        SohoaError: `reader_missing` when set-up could not bring it, or it is not the one expected.
    """
    model = TesseractModel(LARGE_NET_FOLDER, LANGUAGE, "vie best_int")
    if not model.path.is_file():
        raise SohoaError(Code.READER_MISSING, detail=f"tesseract model {model.label}")
    if model.sha256 != LARGE_NET_SHA256:
        raise SohoaError(Code.READER_MISSING, detail=f"tesseract model {model.label} is not the one expected")
    return model
