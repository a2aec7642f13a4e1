"""The Tesseract reader in this process, through tesserocr: a newer engine, no program start for each page."""

import ctypes
import os
import threading
from functools import cached_property
from pathlib import Path

import numpy as np
import tesserocr
from numpy.typing import NDArray

from ocr.page import ReaderInfo
from ocr.problem import Code, SohoaError
from ocr.readers.reader import ReadWord
from ocr.readers.tesseract_model import Layout, TesseractModel
from ocr.readers.tesseract_table import words_of_table

# Source: leptonica, environ.h.
_L_SEVERITY_NONE = 6


def _silence_leptonica() -> None:
    """Keep the picture library's remarks about odd boxes off the clerk's terminal; errors come back as results."""
    folder = Path(tesserocr.__file__).parents[1] / "tesserocr.libs"  # where the wheel keeps its libraries
    for library in folder.glob("libleptonica-*"):
        ctypes.CDLL(str(library)).setMsgSeverity(_L_SEVERITY_NONE)


class InProcessTesseractReader:
    """Reads with the Tesseract library that the `tesserocr` wheel carries; one engine for each thread."""

    def __init__(self, model: TesseractModel, layout: Layout = Layout.PAGE) -> None:
        """Prepare the reader; engines are made on first use."""
        # As for the program: one thread a page, parallelism is over pages. Source: design §8.
        os.environ["OMP_THREAD_LIMIT"] = "1"
        _silence_leptonica()
        self._model = model
        self._layout = layout
        self._local = threading.local()

    @cached_property
    def readers(self) -> tuple[ReaderInfo, ...]:
        """Version of the library and fingerprint of the model."""
        info = ReaderInfo(
            name="tesseract",
            version=tesserocr.tesseract_version().split()[1],
            model=self._model.label,
            model_sha256=self._model.sha256,
            parameters={"psm": str(self._layout.value)},
        )
        return (info,)

    def read(self, picture: NDArray[np.uint8], dpi: int, timeout_s: float) -> tuple[ReadWord, ...]:
        """See `Reader.read`."""
        engine = self._engine()
        height, width = picture.shape
        try:
            engine.SetImageBytes(np.ascontiguousarray(picture).tobytes(), width, height, 1, width)
            engine.SetSourceResolution(dpi)
            if not engine.Recognize(round(timeout_s * 1000)):
                detail = f"tesseract, {timeout_s:.0f} s"
                raise SohoaError(Code.PAGE_TIMEOUT, detail=detail, retryable=True)
            return words_of_table(engine.GetTSVText(0))
        except (RuntimeError, ValueError, UnicodeDecodeError) as error:
            detail = f"tesseract in process: {type(error).__name__}"
            raise SohoaError(Code.READER_FAILED, detail=detail, retryable=True) from error
        finally:
            engine.Clear()  # the page is personal data and up to 10 MB: it does not stay with the engine

    def _engine(self) -> "tesserocr.PyTessBaseAPI":
        engine = getattr(self._local, "engine", None)
        if engine is None:
            folder = f"{self._model.folder}/"
            try:
                engine = tesserocr.PyTessBaseAPI(path=folder, lang=self._model.language, psm=self._layout.value)
            except RuntimeError as error:
                raise SohoaError(Code.READER_MISSING, detail=f"tesseract model {self._model.label}") from error
            self._local.engine = engine
        return engine
