"""Which reader misreads how much, on drawn pages from clean to hardly legible; and what two readers agree on.

`python -m benchmarks.page_readers [--seed N] [--pages N] [--model NAME=FILE.traineddata] [--json]`. Every page goes
through the product's clean-up and second look; only the reader differs. The columns: Tesseract with Debian's net; with
the larger net where set-up has brought it, and with each net named by `--model`; the line model AsterNet on the lines
that Tesseract found; and `merged`, what the product stores (`ocr.readers.best.best_reader`). Pages come from
`benchmarks.drawing.text_pages`; a seed gives the same pages on every machine, so choose settings on one seed and report
on another.
"""

import argparse
import itertools
import json
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.drawing.fonts import FontMissingError
from benchmarks.drawing.text_pages import Damage, TextPage, draw_text_page
from benchmarks.drawing.wear import Strength
from benchmarks.scoring import format_table
from benchmarks.text_errors import (
    Agreement,
    TextErrors,
    axis_table,
    text_errors,
    total_agreement,
    total_errors,
    word_agreement,
)
from ocr.image import PageImage, as_pixels
from ocr.page import Box, ReaderInfo
from ocr.problem import SohoaError
from ocr.read_page import read_page
from ocr.readers.best import best_reader, tesseract_reader
from ocr.readers.line_model import ASTER, LineModel
from ocr.readers.reader import Reader, ReadWord
from ocr.readers.tesseract_model import TesseractModel, debian_model, large_net
from ocr.vietnamese import to_nfc

_TIMEOUT_S = 120.0
_NO_FONT, _NO_READER = 2, 3
# Paper kept above and below a line that is cut out, as a share of its height.
_LINE_MARGIN = 0.1
# AsterNet has positions for 1024 pixels at height 32.
_WIDEST = 28
MERGED = "merged"


class LineByLine:
    """Implements `Reader`: the lines that `finder` finds, each read whole by `model`; boxes of words are the line's."""

    def __init__(self, finder: Reader, model: LineModel) -> None:
        """Find lines with `finder`, read them with `model`."""
        self._finder, self._model = finder, model

    @property
    def readers(self) -> tuple[ReaderInfo, ...]:
        """The line model, then what found the lines."""
        return (self._model.info, *self._finder.readers)

    def read(self, picture: NDArray[np.uint8], dpi: int, timeout_s: float) -> tuple[ReadWord, ...]:
        """See `ocr.readers.reader.Reader.read`; confidence is what the finder claims for the line's first word."""
        found: list[ReadWord] = []
        words = self._finder.read(picture, dpi, timeout_s)
        for number, line in itertools.groupby(words, key=lambda word: word.line):
            for part in _parts(list(line)):
                box = Box.around(word.box for word in part)
                pad = round(_LINE_MARGIN * box.height)
                cut = picture[max(0, box.top - pad) : box.bottom + pad, max(0, box.left - pad) : box.right + pad]
                text = self._model.read(np.repeat(cut[..., np.newaxis], 3, axis=2)).text
                found += [ReadWord(to_nfc(word), box, part[0].confidence, number) for word in text.split()]
        return tuple(found)


def _parts(line: Sequence[ReadWord]) -> list[list[ReadWord]]:
    """Part a line between words so that no part is wider than a line model takes."""
    parts: list[list[ReadWord]] = [[]]
    for word in line:
        box = Box.around(each.box for each in [*parts[-1], word])
        if parts[-1] and box.width > _WIDEST * box.height:
            parts.append([])
        parts[-1].append(word)
    return parts


@dataclass(frozen=True, slots=True)
class PageReading:
    """One page read by every reader: the text and the processor seconds of each."""

    strength: Strength
    damage: Damage
    truth: str
    texts: Mapping[str, str]
    cpu_s: Mapping[str, float]

    def errors(self, reader: str) -> TextErrors:
        """Return what is wrong in the text of `reader`."""
        return text_errors(self.texts[reader], self.truth)


def readers_of(models: Mapping[str, Path]) -> dict[str, Reader]:
    """Return the readers to compare by name, in the order of the columns.

    Args:
        models: Further nets of Tesseract: name and `.traineddata` file.

    Raises:
        SohoaError: `reader_missing`.
    """
    first = tesseract_reader(debian_model())
    readers: dict[str, Reader] = {"vie": first}
    try:
        readers["best_int"] = tesseract_reader(large_net())
    except SohoaError as error:  # the other columns are worth having all the same
        print(f"best_int: {error.problem.detail}", file=sys.stderr)
    for name, file in models.items():
        readers[name] = tesseract_reader(TesseractModel(file.resolve().parent, file.stem, name))
    readers["asternet"] = LineByLine(first, LineModel(ASTER))
    readers[MERGED] = best_reader()
    return readers


def read_with_all(page: TextPage, readers: Mapping[str, Reader]) -> PageReading:
    """Read one page with every reader; a reader that fails has read nothing."""
    picture = page.picture.convert("L") if page.picture.mode == "1" else page.picture
    image = PageImage(as_pixels(np.asarray(picture)), page.dpi, 1)
    texts: dict[str, str] = {}
    costs: dict[str, float] = {}
    for name, reader in readers.items():
        started = time.process_time()
        try:
            texts[name] = read_page(image, "0" * 64, reader, _TIMEOUT_S).text
        except SohoaError as error:
            print(f"{name}: {error.problem.code}", file=sys.stderr)
            texts[name] = ""
        costs[name] = time.process_time() - started
    return PageReading(page.strength, page.damage, page.text, texts, costs)


def drawn_pages(seed: int, pages: int, strengths: Sequence[Strength]) -> Iterator[TextPage]:
    """Draw `pages` pages of every strength and damage; the texts of two strengths are the same, page by page."""
    for strength in strengths:
        for number in range(pages * len(Damage)):
            damage = tuple(Damage)[number % len(Damage)]
            yield draw_text_page(seed * 10_000 + number, strength, damage)


def main(argv: list[str] | None = None) -> int:
    """Draw, read and print; return the exit code: 0 it ran, 2 a font or file is missing, 3 a reader is missing."""
    given = _arguments(argv)
    try:
        readers = readers_of(dict(given.model))
        for reader in readers.values():  # loading a model is no cost of a page
            reader.read(np.full((200, 200), 255, np.uint8), 180, _TIMEOUT_S)
        pages = drawn_pages(given.seed, given.pages, [Strength(each) for each in given.strength])
        readings = [read_with_all(page, readers) for page in pages]
    except FontMissingError as error:
        print(error, file=sys.stderr)
        return _NO_FONT
    except SohoaError as error:
        print(f"{error.problem.code}: {error.problem.detail}", file=sys.stderr)
        return _NO_READER
    names = list(readers)
    print(_as_json(readings, names) if given.json else _as_tables(readings, names))
    return 0


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.page_readers", description="So các bộ đọc trang.")
    parser.add_argument("--seed", type=int, default=1, help="số gieo; cùng số thì cùng trang (mặc định 1)")
    parser.add_argument("--pages", type=int, default=2, help="số trang mỗi mức, mỗi kiểu hỏng (mặc định 2)")
    parser.add_argument("--strength", nargs="+", choices=tuple(Strength), default=tuple(Strength), help="các mức")
    parser.add_argument("--model", action="append", default=[], type=_model, metavar="TÊN=TỆP.traineddata")
    parser.add_argument("--json", action="store_true", help="in số liệu dạng JSON")
    return parser.parse_args(argv)


def _model(text: str) -> tuple[str, Path]:
    name, _, file = text.partition("=")
    if not name or not Path(file).is_file():
        raise argparse.ArgumentTypeError(f"cần TÊN=TỆP.traineddata có thật, không phải {text!r}")
    return name, Path(file)


def _sum(readings: Iterable[PageReading], reader: str) -> TextErrors:
    return total_errors(page.errors(reader) for page in readings)


def _agreement(readings: Iterable[PageReading], first: str, second: str) -> Agreement:
    return total_agreement(word_agreement(page.texts[first], page.texts[second], page.truth) for page in readings)


def _as_tables(readings: Sequence[PageReading], names: Sequence[str]) -> str:
    return "\n\n".join(
        (
            _cer_table("mức", {str(each): [p for p in readings if p.strength == each] for each in Strength}, names),
            _cer_table("kiểu hỏng", {str(each): [p for p in readings if p.damage == each] for each in Damage}, names),
            axis_table([(name, _sum(readings, name)) for name in names]),
            _agreement_table(readings, names),
        )
    )


def _cer_table(label: str, groups: Mapping[str, Sequence[PageReading]], names: Sequence[str]) -> str:
    rows: list[tuple[str, ...]] = []
    everything: list[PageReading] = []
    for group, pages in groups.items():
        if pages:
            everything += pages
            rows.append((group, str(len(pages)), *(f"{_sum(pages, name).cer:.2%}" for name in names)))
    rows.append(("tổng", str(len(everything)), *(f"{_sum(everything, name).cer:.2%}" for name in names)))
    rows.append(("s CPU mỗi trang", "", *(f"{_cpu_s(everything, name):.2f}" for name in names)))
    return format_table((f"CER theo {label}", "trang", *names), rows)


def _cpu_s(readings: Sequence[PageReading], name: str) -> float:
    return sum(page.cpu_s[name] for page in readings) / max(len(readings), 1)


def _agreement_table(readings: Sequence[PageReading], names: Sequence[str]) -> str:
    rows = []
    for first, second in itertools.combinations([name for name in names if name != MERGED], 2):
        both = _agreement(readings, first, second)
        alone = _agreement(readings, first, first)
        rows.append(
            (f"{first} và {second}", f"{both.share:.2%}", f"{both.wrong_share:.2%}", f"{alone.wrong_share:.2%}")
        )
    return format_table(("hai bộ đọc", "từ giống nhau", "sai trong đó", "bộ đọc đầu sai khi một mình"), rows)


def _as_json(readings: Sequence[PageReading], names: Sequence[str]) -> str:
    figures = {
        "cer": {
            str(strength): {name: _sum([p for p in readings if p.strength == strength], name).cer for name in names}
            for strength in dict.fromkeys(page.strength for page in readings)
        },
        "axes": {name: dict(_sum(readings, name).by_axis) for name in names},
        "wer": {name: _sum(readings, name).wer for name in names},
        "characters": _sum(readings, names[0]).characters,
        "cpu_s_per_page": {name: _cpu_s(readings, name) for name in names},
        "agreement": {
            f"{first}+{second}": _agreement(readings, first, second)._asdict()
            for first, second in itertools.combinations(names, 2)
        },
    }
    return json.dumps(figures, ensure_ascii=False)


if __name__ == "__main__":
    sys.exit(main())
