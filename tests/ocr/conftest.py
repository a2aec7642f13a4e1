"""Fixtures of reading: the engine of this machine, and doubles that stand in for it."""

import os
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from benchmarks.drawing.fonts import Style, load_font
from ocr.page import Box, ReaderInfo
from ocr.problem import SohoaError
from ocr.readers.reader import Reader, ReadWord
from ocr.readers.tesseract import TesseractReader
from ocr.readers.tesseract_model import debian_model

INFO = ReaderInfo(name="replay", version="1", model="vie", model_sha256="0" * 64)


class ReplayReader:
    """Answers with recorded readings, one a call; the last one is repeated. An error among them is raised."""

    def __init__(self, *answers: tuple[ReadWord, ...] | Exception, info: ReaderInfo = INFO) -> None:
        self.readers = (info,)
        self.pictures: list[NDArray[np.uint8]] = []
        self._answers = list(answers) or [()]

    def read(self, picture: NDArray[np.uint8], dpi: int, timeout_s: float) -> tuple[ReadWord, ...]:
        self.pictures.append(picture)
        answer = self._answers[min(len(self.pictures), len(self._answers)) - 1]
        if isinstance(answer, Exception):
            raise answer
        return answer


def recorded(*lines: str, confidence: float = 0.9) -> tuple[ReadWord, ...]:
    """A recorded reading of `lines`, each word in a box of its own."""
    return tuple(
        ReadWord(text, Box(100 * place, 40 * row, 100 * place + 90, 40 * row + 20), confidence, row)
        for row, line in enumerate(lines)
        for place, text in enumerate(line.split())
    )


@pytest.fixture(scope="session")
def replay() -> type[ReplayReader]:
    return ReplayReader


@pytest.fixture(scope="session")
def record() -> Callable[..., tuple[ReadWord, ...]]:
    return recorded


@pytest.fixture(scope="session")
def tesseract() -> TesseractReader:
    """The program of this machine. A developer without it skips; CI must have it."""
    try:
        return TesseractReader(debian_model())
    except SohoaError as error:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(f"thiếu Tesseract hoặc mô hình vie: {error.problem.detail}")


@pytest.fixture(scope="session", params=["program", "in-process"])
def page_reader(request: pytest.FixtureRequest) -> Reader:
    """Every reader of whole pages, for the contract."""
    if request.param == "program":
        return request.getfixturevalue("tesseract")
    try:
        from ocr.readers.tesseract_in_process import InProcessTesseractReader  # noqa: PLC0415  x86-64 only

        return InProcessTesseractReader(debian_model())
    except (ImportError, SohoaError) as error:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(f"thiếu tesserocr: {error}")


TEXT = "Ủy ban nhân dân xã kính gửi công dân kết quả giải quyết thủ tục hành chính đúng hẹn theo quy định"
MARKS = {"THUẬN": (200, 150), "TRƯỜNG": (700, 1100), "NGHIÊM": (1000, 2000)}


@pytest.fixture(scope="session")
def page_with_marks() -> tuple[Image.Image, dict[str, Box]]:
    """An A4 page at 200 dpi full of text, with three words at known places."""
    page = Image.new("RGB", (1654, 2339), "white")
    draw = ImageDraw.Draw(page)
    text, bold = load_font(Style.REGULAR, 38), load_font(Style.BOLD, 44)
    boxes, words = {}, TEXT.split()
    for row in range(24):
        line = [words[(row * 7 + place * (row + 3)) % len(words)] for place in range(13)]
        draw.text((170, 250 + row * 70), " ".join(line), font=text, fill="black")
    for word, place in MARKS.items():
        box = Box(*(round(edge) for edge in draw.textbbox(place, word, font=bold)))
        draw.rectangle((0, box.top - 45, 1654, box.bottom + 45), fill="white")
        draw.text(place, word, font=bold, fill="black")
        boxes[word] = box
    return page, boxes
