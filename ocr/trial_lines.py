"""A quick reading of a few lines, held against what a text layer says stands there."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from ocr.page import Box
from ocr.readers.reader import Reader, ReadWord, reading_quality
from ocr.vietnamese import to_nfc

LINES_COMPARED = 6
_DOUBTFUL_LINES, _NUMBER_LINES = 2, 2
_WORDS_IN_PART = 7
# One word misread in a shorter part says nothing of the layer.
_WORDS_FOR_VERDICT = 4
# Share of words the quick reading must have equal, of all lines compared and of each.
MIN_EQUAL, MIN_EQUAL_IN_LINE = 0.8, 0.5
_SHORTEST_LEFT_OUT = 4
_MARGIN_PX, _STRIP_GAP_PX = 6, 24

_TONES = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
_VIETNAMESE = frozenset(to_nfc(vowel + tone) for vowel in "aăâeêioôơuưy" for tone in _TONES) | frozenset(
    "bcdđfghjklmnpqrstvwxz"
)
_SAME_SIGN = str.maketrans({"⁄": "/", "–": "-", "—": "-", "‐": "-", "“": '"', "”": '"', "’": "'", "‘": "'"})


@dataclass(frozen=True, slots=True)
class Comparison:
    """What came of it.

    Attributes:
        lines, words: How many lines were read, and how many words of the layer stand in them.
        equal: Share of these words that the reader saw alike, 0-1.
        is_alike: True when the layer says what the picture says.
        lacks_text: True when rows outside the layer's words turned out to be text.
    """

    lines: int
    words: int
    equal: float
    is_alike: bool
    lacks_text: bool


def compare(
    grey: NDArray[np.uint8],
    dpi: int,
    words: Sequence[ReadWord],
    left_out: Sequence[Box],
    reader: Reader,
    timeout_s: float,
) -> Comparison:
    """Read some lines of the picture, and all rows that the layer lacks, in one small picture.

    Args:
        grey: The page, `uint8`, shape `(height, width)`.
        dpi: Its resolution.
        words: The words of the layer, in pixels of `grey`.
        left_out: Rows of letters outside of them.
        reader: Reads the lines.
        timeout_s: Time limit of each reading.

    Raises:
        SohoaError: The reader failed or took too long.
    """
    lines = _telling_lines(
        [part for _, line in groupby(words, key=lambda word: word.line) for part in _parts(list(line))]
    )
    strips = [*(Box.around(word.box for word in line) for line in lines), *left_out]
    read = _read_strips(grey, dpi, strips, reader, timeout_s)
    # A reader that judges the layout of a page may pass over a line among others that it reads well by itself.
    for place in range(len(lines)):
        read[place] = read[place] or _read_strips(grey, dpi, [strips[place]], reader, timeout_s)[0]
    # What it passes over even so says nothing, unless it is much.
    pairs = [(_tokens(line), _tokens(seen)) for line, seen in zip(lines, read, strict=False) if seen]
    same = [_words_in_common(expected, seen) for expected, seen in pairs]
    total = sum(len(expected) for expected, _ in pairs)
    share = sum(same) / total if total else 0.0
    is_refuted = any(
        len(expected) >= _WORDS_FOR_VERDICT and common < MIN_EQUAL_IN_LINE * len(expected)
        for (expected, _), common in zip(pairs, same, strict=True)
    )
    return Comparison(
        lines=len(pairs),
        words=total,
        equal=share,
        is_alike=share >= MIN_EQUAL and not is_refuted and 2 * len(pairs) >= len(lines),
        lacks_text=any(_is_text(seen) for seen in read[len(lines) :]),
    )


def _words_in_common(expected: Sequence[str], seen: Sequence[str]) -> int:
    blocks = SequenceMatcher(None, expected, seen, autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks)


def _parts(line: Sequence[ReadWord]) -> list[tuple[ReadWord, ...]]:
    """Cut a line at wide gaps and into a few words each: readers take what stands apart for another column."""
    parts: list[list[ReadWord]] = []
    for word in line:
        before = parts[-1][-1] if parts else None
        is_next = before is not None and word.box.left - before.box.right < 1.5 * word.box.height
        if is_next and len(parts[-1]) < _WORDS_IN_PART:
            parts[-1].append(word)
        else:
            parts.append([word])
    return [tuple(part) for part in parts]


def _telling_lines(lines: Sequence[tuple[ReadWord, ...]]) -> list[tuple[ReadWord, ...]]:
    """Choose the lines to compare: with letters that are not Vietnamese, with figures, and from all over the page."""
    long = [line for line in lines if len(_tokens(line)) >= 3] or [line for line in lines if _tokens(line)]
    by_doubt = sorted(long, key=_foreign_letters, reverse=True)
    chosen = [line for line in by_doubt[:_DOUBTFUL_LINES] if _foreign_letters(line)]
    by_figures = sorted((line for line in long if line not in chosen), key=_figures, reverse=True)
    chosen += [line for line in by_figures[:_NUMBER_LINES] if _figures(line)]
    others = [line for line in long if line not in chosen]
    wanted = min(LINES_COMPARED - len(chosen), len(others))
    chosen += [others[(2 * place + 1) * len(others) // (2 * wanted)] for place in range(wanted)]
    return sorted(chosen, key=lambda line: line[0].line)


def _read_strips(
    grey: NDArray[np.uint8], dpi: int, strips: Sequence[Box], reader: Reader, timeout_s: float
) -> list[tuple[ReadWord, ...]]:
    """Read cut-out lines, set one below the other on a small page; returns the words of each strip."""
    if not strips:
        return []
    bounds = [
        Box(
            max(0, strip.left - _MARGIN_PX),
            max(0, strip.top - _MARGIN_PX),
            min(grey.shape[1], strip.right + _MARGIN_PX),
            min(grey.shape[0], strip.bottom + _MARGIN_PX),
        )
        for strip in strips
    ]
    width = max(box.width for box in bounds) + 2 * _STRIP_GAP_PX
    height = sum(box.height + _STRIP_GAP_PX for box in bounds) + _STRIP_GAP_PX
    page = np.full((height, width), 255, np.uint8)
    tops = []
    top = _STRIP_GAP_PX
    for box in bounds:
        page[top : top + box.height, _STRIP_GAP_PX : _STRIP_GAP_PX + box.width] = grey[
            box.top : box.bottom, box.left : box.right
        ]
        tops.append(top)
        top += box.height + _STRIP_GAP_PX
    words = reader.read(page, dpi, timeout_s)
    return [
        tuple(word for word in words if start <= word.box.center_y < start + box.height)
        for start, box in zip(tops, bounds, strict=True)
    ]


def _is_text(words: Sequence[ReadWord]) -> bool:
    return sum(letters_in(word.text) for word in words) >= _SHORTEST_LEFT_OUT and reading_quality(words) >= 0.5


def _tokens(words: Sequence[ReadWord]) -> list[str]:
    """Return the runs of letters and figures: where a word ends at a sign, readers differ."""
    text = " ".join(word.text for word in words).translate(_SAME_SIGN)
    return "".join(character if character.isalnum() else " " for character in text).split()


def letters_in(text: str) -> int:
    """Return the number of letters and figures in `text`."""
    return sum(character.isalnum() for character in text)


def _figures(words: Sequence[ReadWord]) -> int:
    return sum(character.isdigit() for word in words for character in word.text)


def _foreign_letters(words: Sequence[ReadWord]) -> int:
    """Count letters that no Vietnamese word has; in the old fonts half of the toned letters turn out as such."""
    text = "".join(word.text for word in words).lower()
    return sum(not (c in _VIETNAMESE or c.isspace()) for c in text if c.isalpha() or ord(c) in range(0xA1, 0x100))
