"""Place and date above a signature: `Bắc Ninh, ngày 12 tháng 5 năm 2016` in a line, or a column, of its own.

Certificates that carry no date in their heading carry it there. Within a sentence, or behind `Căn cứ`, a date is of
another paper.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from extractors.paper_text import PaperText, PaperWord, Stretch, fold_same_length, stretch_of

# `ngày/date 10 tháng/month 05 năm/year 2021` on driving licences.
_LINE = re.compile(
    r"[\W_]*(?!can cu\b|theo\b|luat\b)(?P<place>[a-z][a-z .'-]{1,40}?)?\s*[,.;]?\s*"
    r"(?P<date>ngay\b(?:\W*date)?.{0,12}?thang\b.{0,16}?nam\b(?:\W*year)?\W*\d{4})[^\w;]*"
)
# A wider gap, in text heights, parts the date from what stands beside it.
_GAP = 3.0


def signing_date_zones(paper: PaperText) -> dict[str, Stretch]:
    """Return `signing_date` and the whole `signing_date_line` of the first such line, or nothing."""
    for line in paper.lines:
        for part in _parts(line):
            text = " ".join(word.word.text for word in part)
            match = _LINE.fullmatch(fold_same_length(text))
            if match is None or (match["place"] and not text[match.start("place")].isupper()):
                continue
            zones = {"signing_date_line": stretch_of(part)}
            words, offset = [], 0
            for word in part:
                if offset + len(word.word.text) > match.start("date"):
                    words.append(word)
                offset += len(word.word.text) + 1
            return zones | {"signing_date": Stretch(text[match.start("date") :].strip(), tuple(words))}
    return {}


def _parts(line: Sequence[PaperWord]) -> Iterator[list[PaperWord]]:
    part = [line[0]]
    for word, following in pairwise(line):
        box, next_box = word.word.upright_box, following.word.upright_box
        if next_box.left - box.right > _GAP * max(box.height, next_box.height):
            yield part
            part = []
        part.append(following)
    yield part
