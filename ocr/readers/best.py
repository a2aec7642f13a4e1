"""The readers that this machine can offer best: of whole pages, and of single lines beside it."""

from ocr.problem import SohoaError
from ocr.readers.line_model import ASTER, LineModel
from ocr.readers.reader import Reader
from ocr.readers.tesseract import TesseractReader
from ocr.readers.tesseract_model import Layout, TesseractModel, debian_model, large_net
from ocr.readers.two_readers import TwoReaders


def best_reader() -> Reader:
    """Return Tesseract with the line model beside it, or alone where set-up has not brought the line model.

    Raises:
        SohoaError: `reader_missing` when the program or its Vietnamese model is not installed.
    """
    first = tesseract_reader(_page_model())
    try:
        return TwoReaders(first, LineModel(ASTER))
    except SohoaError:  # `sohoa doctor` names it; pages are read all the same, a little less well
        return first


def other_net_line_reader() -> Reader | None:
    """Return Tesseract, for one line at a time, with another net than whole pages are read with; None without one.

    Raises:
        SohoaError: `reader_missing` when the program is not installed.
    """
    small = debian_model()
    return None if _page_model() == small else tesseract_reader(small, Layout.LINE)


def _page_model() -> TesseractModel:
    """Return the net that reads whole pages: the larger one where set-up has brought it."""
    small = debian_model()
    try:
        return large_net()
    except SohoaError:  # `sohoa doctor` names it
        return small


def tesseract_reader(model: TesseractModel, layout: Layout = Layout.PAGE) -> Reader:
    """Return Tesseract in this process where its wheel is installed, else the program of the machine.

    Raises:
        SohoaError: `reader_missing` when the program or the model is not there.
    """
    try:
        from ocr.readers.tesseract_in_process import InProcessTesseractReader  # noqa: PLC0415  a wheel of x86-64 only
    except ImportError:
        return TesseractReader(model, layout)
    return InProcessTesseractReader(model, layout)
