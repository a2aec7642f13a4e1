"""The reader of whole pages that this machine can offer best."""

from ocr.readers.reader import Reader
from ocr.readers.tesseract import TesseractReader
from ocr.readers.tesseract_model import debian_model


def best_reader() -> Reader:
    """Return Tesseract in this process where its wheel is installed, else the program of the machine.

    Raises:
        SohoaError: `reader_missing` when the program or its Vietnamese model is not installed.
    """
    model = debian_model()
    try:
        from ocr.readers.tesseract_in_process import InProcessTesseractReader  # noqa: PLC0415  a wheel of x86-64 only
    except ImportError:
        return TesseractReader(model)
    return InProcessTesseractReader(model)
