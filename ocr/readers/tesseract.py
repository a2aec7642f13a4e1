"""The Tesseract reader, driven through pytesseract: one process per page, killed at its time limit."""

import hashlib
import os
import shutil
import subprocess
from functools import cached_property
from pathlib import Path

import numpy as np
import pytesseract
from numpy.typing import NDArray

from ocr.page import Box, ReaderInfo
from ocr.problem import Code, SohoaError
from ocr.readers.reader import ReadWord
from ocr.vietnamese import to_nfc

# Fully automatic layout, without orientation detection: the picture is upright already.
PAGE_SEGMENTATION_MODE = 3


class TesseractReader:
    """Reads Vietnamese with the `tesseract` program of the machine."""

    def __init__(self, language: str = "vie") -> None:
        """Prepare the reader.

        Args:
            language: Name of an installed model.

        Raises:
            SohoaError: `reader_missing` when the program or the model is not installed.
        """
        # One thread a page: two readers with several threads each fight over the cores (10.5 s a page
        # instead of 2.1 s on two cores). Parallelism is over pages. Source: design §8.
        os.environ["OMP_THREAD_LIMIT"] = "1"
        self._language = language
        self._model_path = _find_model(language)

    @cached_property
    def info(self) -> ReaderInfo:
        """Version of the program and fingerprint of the model."""
        return ReaderInfo(
            name="tesseract",
            version=str(pytesseract.get_tesseract_version()),
            model=self._language,
            model_sha256=hashlib.sha256(self._model_path.read_bytes()).hexdigest(),
            parameters={"psm": str(PAGE_SEGMENTATION_MODE)},
        )

    def read(self, picture: NDArray[np.uint8], dpi: int, timeout_s: float) -> tuple[ReadWord, ...]:
        """See `Reader.read`."""
        config = f"--psm {PAGE_SEGMENTATION_MODE} --dpi {dpi}"
        try:
            table = pytesseract.image_to_data(
                picture,
                lang=self._language,
                config=config,
                output_type=pytesseract.Output.DICT,
                timeout=timeout_s,
            )
        except pytesseract.TesseractNotFoundError as error:
            raise SohoaError(Code.READER_MISSING, detail="tesseract") from error
        except RuntimeError as error:
            if "timeout" in str(error):
                raise SohoaError(Code.PAGE_TIMEOUT, detail=f"tesseract, {timeout_s:.0f} s", retryable=True) from error
            # What the program printed may hold recognised text: only its exit status is kept.
            status = getattr(error, "status", "?")
            raise SohoaError(Code.READER_FAILED, detail=f"tesseract, status {status}", retryable=True) from error
        except (UnicodeDecodeError, KeyError, ValueError) as error:
            detail = f"tesseract answered nonsense: {type(error).__name__}"
            raise SohoaError(Code.READER_FAILED, detail=detail, retryable=True) from error
        return _words(table)


def _words(table: dict[str, list[int | float | str]]) -> tuple[ReadWord, ...]:
    """Return the words of Tesseract's table in its own reading order."""
    words: list[ReadWord] = []
    line_numbers: dict[tuple[object, object, object], int] = {}
    for row, raw in enumerate(table["text"]):
        # A word may hold white space (a no-break space read from a wide gap); it is one token all the same.
        text = "".join(to_nfc(str(raw)).split())
        confidence = float(table["conf"][row])
        if not text or confidence < 0:
            continue
        place = (table["block_num"][row], table["par_num"][row], table["line_num"][row])
        left, top = int(table["left"][row]), int(table["top"][row])
        box = Box(left, top, left + int(table["width"][row]), top + int(table["height"][row]))
        line = line_numbers.setdefault(place, len(line_numbers))
        words.append(ReadWord(text, box, round(min(confidence, 100.0) / 100, 4), line))
    return tuple(words)


def _find_model(language: str) -> Path:
    """Return the file of the model, as the program itself would find it."""
    program = shutil.which("tesseract")
    if program is None:
        raise SohoaError(Code.READER_MISSING, detail="tesseract")
    listing = subprocess.run(
        [program, "--list-langs"], capture_output=True, text=True, check=False, timeout=30, errors="replace"
    )
    # First line: List of available languages in "/usr/share/.../tessdata/" (4):
    head, *languages = (listing.stdout or listing.stderr).splitlines() or [""]
    folder = head.split('"')[1] if head.count('"') >= 2 else ""
    path = Path(folder) / f"{language}.traineddata"
    if language not in (name.strip() for name in languages) or not path.is_file():
        raise SohoaError(Code.READER_MISSING, detail=f"tesseract model {language}")
    return path
