"""Text that the first reading left out: lines of letters outside every word that was read, shown to the reader alone.

A reader that judges the layout of a whole page takes some text for pictures: a number alone in a corner, a signer's
name beside a stamp. What is printed in red (the title of some certificates) is not in the first picture at all.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.cleanup import TARGET_LETTER_HEIGHT_PX, CleanPage
from ocr.page import Box
from ocr.readers.reader import Reader, ReadWord, reading_quality

# Part of the recipe: raise it when a change here changes what is read.
SECOND_LOOK_VERSION = 1

_LETTER_PX = TARGET_LETTER_HEIGHT_PX

# Letters are this many times as high as a lower-case letter of the text: from a small one to a capital of a title.
_LOWEST, _HIGHEST = 0.6, 3.5
# Fewer letters in a row are no line: specks, dots of a form, strokes of a signature.
_MIN_LETTERS = 4
# A line is kept when this share of its characters stands in words that look like words.
_GOOD_LINE = 0.5
_MARGIN_PX = 6


def look_again(page: CleanPage, words: Sequence[ReadWord], reader: Reader, timeout_s: float) -> tuple[ReadWord, ...]:
    """Return `words` with those of lines that the first reading left out, in reading order.

    Raises:
        SohoaError: The reader failed or took too long.
    """
    black = lines_left_out(page.pixels, words)
    red = [] if page.all_ink is page.pixels else lines_left_out(page.all_ink, words)
    if not black and not red:
        return tuple(words)
    picture = np.full_like(page.pixels, 255)
    _show(picture, page.all_ink, red)
    # What can be read without the red ink is shown without it: a stamp may lie on it.
    _show(picture, page.pixels, black)
    found = reader.read(picture, page.dpi, timeout_s)
    return _merge(words, [line for line in _by_line(found) if _is_text(line, words)])


def lines_left_out(picture: NDArray[np.uint8], words: Sequence[ReadWord]) -> list[Box]:
    """Return the boxes of rows of letters in `picture` that touch none of `words`."""
    letters = _letters(picture)
    for word in words:
        box = word.box
        letters[max(0, box.top - 2) : box.bottom + 2, max(0, box.left - 2) : box.right + 2] = 0
    # Letters of one line are joined across the blanks between them; lines stay apart.
    reach = round(_LETTER_PX * 1.5)
    joined = cv2.morphologyEx(letters, cv2.MORPH_CLOSE, np.ones((1, reach), np.uint8))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    _, letter_labels = cv2.connectedComponents(letters, connectivity=8)
    # Each letter once with the row it fell into, then the letters of each row.
    pairs = np.unique(np.stack([labels[letters > 0], letter_labels[letters > 0]]), axis=1)
    letters_in = np.bincount(pairs[0], minlength=len(stats))
    # A row that is higher than a line of the largest letters is an arc of a stamp.
    return [
        Box(left, top, left + width, top + height)
        for row, (left, top, width, height, _) in enumerate(stats.tolist())
        if row and letters_in[row] >= _MIN_LETTERS and 2 * height < width and height <= _HIGHEST * _LETTER_PX
    ]


def _letters(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return a mask (255) of the marks of `picture` that are of the size of letters."""
    block = round(_LETTER_PX * 3) | 1
    ink = cv2.adaptiveThreshold(picture, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, block, 20)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    heights, widths = stats[:, cv2.CC_STAT_HEIGHT], stats[:, cv2.CC_STAT_WIDTH]
    low, high = _LOWEST * _LETTER_PX, _HIGHEST * _LETTER_PX
    fits = (heights >= low) & (heights <= high) & (widths <= 3 * heights) & (widths * 8 >= heights)
    fits[0] = False
    return cast("NDArray[np.uint8]", fits[labels].astype(np.uint8) * 255)


def _show(canvas: NDArray[np.uint8], picture: NDArray[np.uint8], lines: Sequence[Box]) -> None:
    """Copy `lines` of `picture` to the same place of `canvas`."""
    for box in lines:
        top, left = max(0, box.top - _MARGIN_PX), max(0, box.left - _MARGIN_PX)
        part = (slice(top, box.bottom + _MARGIN_PX), slice(left, box.right + _MARGIN_PX))
        canvas[part] = picture[part]


def _by_line(words: Sequence[ReadWord]) -> list[list[ReadWord]]:
    lines: dict[int, list[ReadWord]] = {}
    for word in words:
        lines.setdefault(word.line, []).append(word)
    return list(lines.values())


def _is_text(line: Sequence[ReadWord], words: Sequence[ReadWord]) -> bool:
    """True when `line` looks like words and stands on none of `words`."""
    box = Box.around(word.box for word in line)
    crosses = any(
        box.left < word.box.right and word.box.left < box.right and box.top < word.box.center_y < box.bottom
        for word in words
    )
    return not crosses and reading_quality(line) >= _GOOD_LINE


def _merge(words: Sequence[ReadWord], added: Sequence[Sequence[ReadWord]]) -> tuple[ReadWord, ...]:
    """Put each added line before the first line that stands below it, and number the lines anew."""
    lines = _by_line(words)
    for line in added:
        bottom = Box.around(word.box for word in line).center_y
        place = next(
            (i for i, other in enumerate(lines) if Box.around(word.box for word in other).top > bottom), len(lines)
        )
        lines.insert(place, list(line))
    return tuple(replace(word, line=number) for number, line in enumerate(lines) for word in line)
