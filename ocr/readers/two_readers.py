"""A page reader, and a line model that is shown each word the page reader is not sure of.

The two are nets of different makes: where one drops a tone mark (`thâm` for `thẩm`) the other seldom does. Asked about
every word, the line model would cost three times a page and make more errors than it mends; asked about the few words
that the page reader doubts, it mends a quarter of the errors for a tenth of the time.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ocr.page import Box, ReaderInfo, Said
from ocr.readers.line_model import LineModel, LineReading
from ocr.readers.reader import Reader, ReadWord, reading_quality
from ocr.syllables import is_syllable

# A word claimed with less is shown to the second reader: one in forty on the decree, one in a hundred on clean pages.
# The surer words hold few errors, and there the line model makes more than it mends.
UNSURE = 0.9
# The second reader's word must be so much likelier in its own eyes (natural log) before the first one's is given up:
# it makes errors of its own, and those are mostly close calls. Both numbers were chosen on the decree and on pages
# drawn by `benchmarks.page_readers --seed 501`; other seeds are for reporting.
MARGIN = 4.0
# A page of which less looks like words was read the wrong way up, or is no text: nothing is gained by asking.
MIN_QUALITY = 0.3
# Paper kept around a word: above and below its line, in pixels of a page at reading scale; at its sides, as a share of
# its height, but never into the neighbours. Source: `python -m benchmarks.decree_cer`, tried from 0 to 4 and 0 to 0.5.
_PAD_PX = 2
_SIDE = 0.3


class TwoReaders:
    """Implements `Reader` by a reader of pages and a line model for its unsure words."""

    def __init__(self, first: Reader, second: LineModel) -> None:
        """Read pages with `first`, unsure words with `second`."""
        self._first = first
        self._second = second
        rule = {"unsure_below": str(UNSURE), "margin": str(MARGIN), "pad_px": str(_PAD_PX), "side": str(_SIDE)}
        self._readers = (*first.readers, second.info.model_copy(update={"parameters": rule}))

    @property
    def readers(self) -> tuple[ReaderInfo, ...]:
        """The page reader, then the line model."""
        return self._readers

    def read(self, picture: NDArray[np.uint8], dpi: int, timeout_s: float) -> tuple[ReadWord, ...]:
        """See `Reader.read`."""
        words = self._first.read(picture, dpi, timeout_s)
        if reading_quality(words) < MIN_QUALITY:
            return words
        lines: dict[int, list[int]] = {}
        for place, word in enumerate(words):
            lines.setdefault(word.line, []).append(place)
        result = list(words)
        for places in lines.values():
            line = [words[place] for place in places]
            for index, place in enumerate(places):
                area = _around(line, index, picture.shape[1])
                cut = picture[area.top : area.bottom, area.left : area.right]
                if _is_unsure(words[place]) and min(cut.shape) > 1:
                    result[place] = self._asked_again(words[place], cut)
        return tuple(result)

    def _asked_again(self, word: ReadWord, cut: NDArray[np.uint8]) -> ReadWord:
        reading = self._second.read(np.repeat(cut[..., np.newaxis], 3, axis=2))
        second = "".join(reading.text.split())
        said = (Said(reader=self.readers[0].label, text=word.text), Said(reader=self.readers[-1].label, text=second))
        return replace(word, text=_likelier(word.text, second, reading), said=said)


def _is_unsure(word: ReadWord) -> bool:
    """True for a doubtful word of letters; figures need a reader of figures."""
    return (word.confidence or 0.0) < UNSURE and any(map(str.isalpha, word.text))


def _around(line: Sequence[ReadWord], index: int, width: int) -> Box:
    """Return the word's place in the full height of its line, up to its neighbours."""
    box = line[index].box
    side = round(_SIDE * box.height)
    left = max(box.left - side, line[index - 1].box.right if index else 0, 0)
    right = min(box.right + side, line[index + 1].box.left if index + 1 < len(line) else width, width)
    top = min(word.box.top for word in line) - _PAD_PX
    bottom = max(word.box.bottom for word in line) + _PAD_PX
    return Box(min(left, box.left), max(0, top), max(right, box.right), bottom)


def _likelier(first: str, second: str, reading: LineReading) -> str:
    """Return the word to go on with.

    What differs in figures, signs or case alone is left as the page reader saw it: the line model reads signs badly,
    and a blot or a pen's stroke beside a word often becomes one. A reading that no Vietnamese word can have gives way
    to one that can; between two such words, or two others (`GDDT`, `GDĐT`), the line model must be clear about it.
    """
    letters, others = _letters(first), _letters(second)
    if not others or others.lower() == letters.lower() or _figures(second) != _figures(first):
        return first
    possible, other_possible = is_syllable(first), is_syllable(second)
    if possible != other_possible:
        return _in_case_of(first, second) if other_possible else first
    as_long = abs(len(letters) - len(others)) <= (1 if possible else 0)
    is_clear = reading.score(second) >= reading.score(first) + MARGIN
    return _in_case_of(first, second) if as_long and is_clear else first


def _in_case_of(first: str, second: str) -> str:
    """Return `second` in the case of `first` where they stand letter for letter.

    A word alone does not tell `S` from `s`.
    """
    if len(first) != len(second):
        return second
    pairs = zip(first, second, strict=True)
    return "".join(other.upper() if letter.isupper() else other.lower() for letter, other in pairs)


def _letters(text: str) -> str:
    return "".join(filter(str.isalpha, text))


def _figures(text: str) -> str:
    return "".join(filter(str.isdigit, text))
