"""The receipt of a dossier as its table of contents: the rows of its table, and which papers they name.

Source: TT 03/2025/TT-VPCP Phụ lục I, mẫu 01: STT | Tên giấy tờ | Hình thức | Số lượng; older ones list without borders.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from extractors.dossier_page import DossierPage
from extractors.layout import rows_of
from extractors.paper_names import component_types
from extractors.paper_text import PaperText, PaperWord, Stretch, fold_same_length
from extractors.paper_type import PaperType
from extractors.titles import find_title

RECEIPT = "giay-tiep-nhan-ho-so"
_TABLE_HEAD = re.compile(r"\bten giay to\b|\bten (?:thanh phan|ho so)\b|\b(?:stt|tt)\b.*\bgiay to\b")
_LIST_HEAD = re.compile(r"\bthanh phan ho so\b")
_AFTER_TABLE = re.compile(
    r"^\W*\d?\W*(?:so luong ho so|thoi gian (?:giai quyet|nhan|tra)|dang ky nhan|vao so|nguoi (?:nop|tiep nhan)"
    r"|ngay (?:nhan|hen)|le phi|luu y|phi,|ho so (?:nop|gom co)|ket qua)"
)
_ORDINAL = re.compile(r"[\dlI]{1,2}[.)]?")
# Borders of a table, read as letters.
_BORDERS = "|[]¦†‡"
# What a list without columns says of a paper behind its name.
_COPIES = re.compile(
    r"[\s:;,(-]*\d{1,2}\s+(?:bản|bộ|tờ)(?:\s+(?:chính|sao|chụp|gốc))?(?:\s+chứng\s+thực)?\W*$", re.IGNORECASE
)
_AS_ONE = str.maketrans("lI", "11")
_BULLET = re.compile(r"[-–—+•*]+")
# A wider blank, in text heights, leads into the next cell; blanks between words are a third of one.
_CELL_GAP = 0.9
# What an item without a line, in text heights, costs; anything cheaper is a better reading.
_NO_LINE = 3.0


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of the table: its middle, its ordinal, what is in the column of names, whether later columns hold more."""

    center: float
    ordinal: PaperWord | None
    name: tuple[PaperWord, ...]
    has_more: bool = False


def component_zone(paper: PaperText) -> Stretch | None:
    """Return the names in the table of a receipt, one a line, or None where no table is found.

    Names may run over several lines, with the ordinal beside the first or the middle one. Only the page the table
    begins on is looked at.
    """
    for page_index in range(len(paper.pages)):
        words = [w for w in paper.words if w.page_index == page_index and w.word.text.strip(_BORDERS)]
        rows, in_columns = _table_rows(rows_of(words))
        items = _items(_cells(rows, in_columns=in_columns)) if rows else []
        named = [item for item in items if any(char.isalpha() for word in item for char in word.word.text)]
        if named:
            text = "\n".join(_name(item) for item in named)
            return Stretch(text, tuple(word for item in named for word in item))
    return None


def component_names(paper: PaperText) -> tuple[str, ...]:
    """Return the names in the table of a receipt, in order."""
    zone = component_zone(paper)
    return tuple(zone.text.split("\n")) if zone else ()


def expected_types(pages: Sequence[DossierPage], paper_types: tuple[PaperType, ...]) -> frozenset[str]:
    """Return the paper types that the receipts among `pages` list."""
    receipts = tuple(paper_type for paper_type in paper_types if paper_type.id == RECEIPT)
    expected: set[str] = set()
    for page in pages:
        text = PaperText((page.page,))
        if receipts and find_title(text, receipts) is not None:
            for name in component_names(text):
                expected |= set(component_types(name, paper_types))
    return frozenset(expected)


def _table_rows(rows: list[list[PaperWord]]) -> tuple[list[list[PaperWord]], bool]:
    """Return the rows between the head of the table, or the line that opens the list, and what follows it.

    Also tells whether it is a table, with columns.
    """
    texts = [_text(row) for row in rows]
    head = next((i for i, text in enumerate(texts) if _TABLE_HEAD.search(text)), None)
    in_columns = head is not None
    if head is None:
        head = next((i for i, text in enumerate(texts) if _LIST_HEAD.search(text)), None)
    if head is None:
        return [], False
    end = next((i for i in range(head + 1, len(rows)) if _AFTER_TABLE.match(texts[i])), len(rows))
    return rows[head + 1 : end], in_columns


def _cells(rows: Sequence[Sequence[PaperWord]], *, in_columns: bool) -> list[_Row]:
    """Return the rows, reduced to ordinal and name."""
    height = median(word.word.upright_box.height for row in rows for word in row)
    starts = [row[0] for row in rows if _ORDINAL.fullmatch(row[0].word.text) or _BULLET.fullmatch(row[0].word.text)]
    column = min((word.word.upright_box.center_x for word in starts), default=0.0)
    ordinals = {word.start for word in starts if abs(word.word.upright_box.center_x - column) < 1.5 * height}
    parts = [(row[0] if row[0].start in ordinals else None, _segments(row, ordinals, height)) for row in rows]
    lefts = [segments[0][0].word.upright_box.left for ordinal, segments in parts if ordinal and segments]
    if not lefts:
        lefts = [segments[0][0].word.upright_box.left for _, segments in parts if segments][:1]
    # The lines of a list without columns may begin anywhere.
    left = median(lefts) if lefts and in_columns else float("-inf")
    nexts = [segments[1][0].word.upright_box.left for ordinal, segments in parts if ordinal and len(segments) > 1]
    # Where the ordinal stands between two lines of a name, its own row holds nothing of the name.
    right = min((place for place in nexts if place > left + 3 * height), default=None) if in_columns else None
    cells: list[_Row] = []
    for ordinal, segments in parts:
        begins = segments[0][0].word.upright_box.left if segments else left
        # What begins farther right than the middle of the column is the head of the next, over several lines.
        is_named = right is None or begins < (left + right) / 2
        words = [
            word
            for segment in (segments if is_named else [])
            for word in segment
            if word.word.upright_box.left > left - 2 * height
            and (right is None or word.word.upright_box.left < right - 0.3 * height)
        ]
        center = median(w.word.upright_box.center_y for w in ([ordinal] if ordinal else words or segments[0]))
        has_more = any(right is not None and s[0].word.upright_box.left >= right - 0.3 * height for s in segments)
        cells.append(_Row(center, ordinal, tuple(words), has_more))
    return cells


def _segments(row: Sequence[PaperWord], ordinals: set[int], height: float) -> list[list[PaperWord]]:
    """Return the cells of a row without its ordinal."""
    words = [word for word in row if word.start not in ordinals]
    segments: list[list[PaperWord]] = [[words[0]]] if words else []
    for word, following in pairwise(words):
        if following.word.upright_box.left - word.word.upright_box.right > _CELL_GAP * height:
            segments.append([])
        segments[-1].append(following)
    return segments


def _items(rows: Sequence[_Row]) -> list[tuple[PaperWord, ...]]:
    """Give every line of names to an ordinal: to that beside its first line, or that beside its middle."""
    lines = [row for row in rows if row.name]
    anchors = _anchors(rows)
    if not lines:
        return []
    if not anchors:
        return _without_ordinals(lines)
    height = median(word.word.upright_box.height for line in lines for word in line.name)
    best = min(
        (_partition(lines, anchors, height, centred=centred) for centred in (False, True)), key=lambda found: found[0]
    )
    return [tuple(word for line in lines[first:end] for word in line.name) for first, end in best[1] if end > first]


def _anchors(rows: Sequence[_Row]) -> list[float]:
    """Return where the names begin: at the ordinals, and where one was not read, at rows with more than a name."""
    anchors: list[float] = []
    unnumbered: list[float] = []
    last = 0
    for row in rows:
        if row.ordinal is not None:
            number = int(re.sub(r"\D", "", row.ordinal.word.text.translate(_AS_ONE)) or last + 1)
            missing = number - last - 1
            anchors += unnumbered[:missing] if 0 < missing <= len(unnumbered) else []
            anchors.append(row.center)
            last, unnumbered = number, []
        elif row.name and row.has_more:
            unnumbered.append(row.center)
    return anchors


def _without_ordinals(lines: Sequence[_Row]) -> list[tuple[PaperWord, ...]]:
    """A line that begins with a capital begins a name."""
    items: list[list[PaperWord]] = []
    for line in lines:
        if not items or line.name[0].word.text[:1].isupper():
            items.append([])
        items[-1] += line.name
    return [tuple(item) for item in items]


def _partition(
    lines: Sequence[_Row], anchors: Sequence[float], height: float, *, centred: bool
) -> tuple[float, list[tuple[int, int]]]:
    """Return the cheapest way to part `lines` among `anchors`, in order, and what it costs in pixels."""
    best: list[tuple[float, list[tuple[int, int]]]] = [(0.0, [])]
    best += [(float("inf"), [])] * len(lines)
    for anchor in anchors:
        following: list[tuple[float, list[tuple[int, int]]]] = []
        for end in range(len(lines) + 1):
            choices = [(best[end][0] + _NO_LINE * height, [*best[end][1], (end, end)])]
            for first in range(end):
                middle = (lines[first].center + lines[end - 1].center) / 2 if centred else lines[first].center
                choices.append((best[first][0] + abs(middle - anchor), [*best[first][1], (first, end)]))
            following.append(min(choices, key=lambda choice: choice[0]))
        best = following
    return best[-1]


def _name(words: Sequence[PaperWord]) -> str:
    text = " ".join(word.word.text.strip(_BORDERS) for word in words)
    return _COPIES.sub("", text).strip(" .;,:-–")


def _text(row: Sequence[PaperWord]) -> str:
    return fold_same_length(" ".join(word.word.text for word in row))
