"""Samples of a paper type as plain text: a page typed in monospace becomes a page of words with boxes.

Columns are kept by blanks, so a two-column header can be typed as it looks. Every paper type carries at least one
sample; the program refuses a type without.
"""

import re

from extractors.paper_type import Sample
from ocr.mrz import parse_mrz
from ocr.page import Box, CodeContent, CodeFormat, PageCode, PageText, Word
from ocr.vietnamese import to_nfc

_CELL_WIDTH_PX = 24
_CELL_HEIGHT_PX = 60
_MARGIN_PX = 200
_CORNER = Box(0, 0, _MARGIN_PX, _MARGIN_PX)
_PAGE_BREAK = re.compile(r"(?m)^\s*={3,}\s*$\n?")


def pages_from_sample(sample: Sample, scan_sha256: str = "0" * 64) -> list[PageText]:
    """Return the pages of a sample, its codes on the first and its machine-readable zone on the last."""
    texts = _PAGE_BREAK.split(sample.text)
    pages = [page_from_text(text, number, scan_sha256) for number, text in enumerate(texts, start=1)]
    codes = tuple(
        PageCode(format=CodeFormat.QR, content=CodeContent.TEXT, text=text, box=_CORNER, corners=())
        for text in sample.codes
    )
    pages[0] = pages[0].model_copy(update={"codes": codes})
    zone = parse_mrz(sample.mrz, "sample", _CORNER) if sample.mrz else None
    if zone is not None:
        pages[-1] = pages[-1].model_copy(update={"mrz": (zone,)})
    return pages


def page_from_text(text: str, page_number: int = 1, scan_sha256: str = "0" * 64) -> PageText:
    """Return `text` as a page: each line a text line, each word boxed where it stands in monospace."""
    words: list[Word] = []
    rows = to_nfc(text).splitlines()
    line = 0
    for row_number, row in enumerate(rows):
        matches = list(re.finditer(r"\S+", row))
        for match in matches:
            top = _MARGIN_PX + row_number * _CELL_HEIGHT_PX
            box = Box(
                _MARGIN_PX + match.start() * _CELL_WIDTH_PX,
                top,
                _MARGIN_PX + match.end() * _CELL_WIDTH_PX,
                top + _CELL_HEIGHT_PX * 2 // 3,
            )
            words.append(Word(text=match.group(), box=box, upright_box=box, confidence=None, line=line))
        line += bool(matches)
    columns = max((len(row) for row in rows), default=0)
    return PageText(
        scan_sha256=scan_sha256,
        page_number=page_number,
        recipe="sample",
        width_px=2 * _MARGIN_PX + columns * _CELL_WIDTH_PX,
        height_px=2 * _MARGIN_PX + len(rows) * _CELL_HEIGHT_PX,
        dpi=300,
        is_blank=not words,
        words=tuple(words),
    )
