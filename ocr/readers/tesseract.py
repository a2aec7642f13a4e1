"""The Tesseract reader, driven through pytesseract: one process per page, killed at its time limit."""

import os
import shlex
from functools import cached_property
from shutil import which

import numpy as np
import pytesseract
from numpy.typing import NDArray

from ocr.page import ReaderInfo
from ocr.problem import Code, SohoaError
from ocr.readers.reader import ReadWord
from ocr.readers.tesseract_model import Layout, TesseractModel
from ocr.readers.tesseract_table import words_of_table


class TesseractReader:
    """Reads with the `tesseract` program of the machine: the driver that always works."""

    def __init__(self, model: TesseractModel, layout: Layout = Layout.PAGE) -> None:
        """Prepare the reader.

        Raises:
            SohoaError: `reader_missing` when the program or the model is not there.
        """
        if which("tesseract") is None:
            raise SohoaError(Code.READER_MISSING, detail="tesseract")
        if not model.path.is_file():
            raise SohoaError(Code.READER_MISSING, detail=f"tesseract model {model.label}")
        # One thread a page: two readers with several threads each fight over the cores (10.5 s a page
        # instead of 2.1 s on two cores). Parallelism is over pages. Source: design §8.
        os.environ["OMP_THREAD_LIMIT"] = "1"
        self._model = model
        self._layout = layout

    @cached_property
    def readers(self) -> tuple[ReaderInfo, ...]:
        """Version of the program and fingerprint of the model."""
        info = ReaderInfo(
            name="tesseract",
            version=str(pytesseract.get_tesseract_version()),
            model=self._model.label,
            model_sha256=self._model.sha256,
            parameters={"psm": str(self._layout.value)},
        )
        return (info,)

    def read(self, picture: NDArray[np.uint8], dpi: int, timeout_s: float) -> tuple[ReadWord, ...]:
        """See `Reader.read`."""
        config = f"--psm {self._layout.value} --dpi {dpi} --tessdata-dir {shlex.quote(str(self._model.folder))}"
        try:
            table = pytesseract.image_to_data(
                picture,
                lang=self._model.language,
                config=config,
                output_type=pytesseract.Output.STRING,
                timeout=timeout_s,
            )
            return words_of_table(table)
        except pytesseract.TesseractNotFoundError as error:
            raise SohoaError(Code.READER_MISSING, detail="tesseract") from error
        except RuntimeError as error:
            if "timeout" in str(error):
                raise SohoaError(Code.PAGE_TIMEOUT, detail=f"tesseract, {timeout_s:.0f} s", retryable=True) from error
            # What the program printed may hold recognised text: only its exit status is kept.
            status = getattr(error, "status", "?")
            raise SohoaError(Code.READER_FAILED, detail=f"tesseract, status {status}", retryable=True) from error
        except (KeyError, ValueError) as error:
            detail = f"tesseract answered nonsense: {type(error).__name__}"
            raise SohoaError(Code.READER_FAILED, detail=detail, retryable=True) from error
