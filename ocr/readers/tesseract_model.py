"""Tesseract's Vietnamese model on this machine.

Debian's net. The longer trained `best_int` makes a quarter fewer errors in running text (decree CER 0.45 % against
0.60 %), but it loses dots below in bold capitals, and with them names and headings: on the real acts and on drawn
papers it reads no more fields right, for a sixth more time.
"""

import hashlib
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from shutil import which

from ocr.problem import Code, SohoaError

# Fully automatic layout, without orientation detection: the picture is upright already.
PAGE_SEGMENTATION_MODE = 3
LANGUAGE = "vie"


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
