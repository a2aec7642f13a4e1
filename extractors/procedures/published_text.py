"""The running text in which the national list publishes what a dossier asks for, cut into tables and rows.

On the portal it is tables of three columns (name, form to fill in, how many) under headings; what is published has the
cells glued together: `* Giấy tờ phải nộp:Tên giấy tờMẫu đơn, tờ khaiSố lượng- Đơn đề nghịMau 05.docx1 bản chính…`.
Nothing is lost: the pieces of a text, put together, are the text.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

_TABLE_HEAD = re.compile(r"Tên giấy tờ\s*Mẫu đơn, tờ khai\s*Số lượng")
# A count ends a row only where the next row follows without a blank: `nộp 01 bản chính hoặc` is part of a name.
_QUANTITY = re.compile(r"(?P<digits>\d+) bản (?P<what>chính|sao)(?:,(?P<copies>\d{1,3}) bản sao)?(?=$|[^\s,;:.)\]/…])")
_FILE_END = re.compile(r"\.(?i:docx?|pdf|xlsx?|xml|rtf|odt|zip|rar|pptx?|jpe?g|png|tiff?)(?![a-z])")
# Where the name of an attached form begins: `Mẫu` glued to the row, or any capital or figure glued to its last letter.
_FORM = r"(?:[Mm](?:ẫu|au)|MẪU|Phụ lục|Phu luc|Biểu|Bieu)(?:[\s\d._-]|[A-Z][a-z])"
_FORM_NAME = re.compile(rf"(?<=[^\s_-])(?={_FORM})|(?<=[^\s_\-\d])(?=\d{{1,3}}-{_FORM})")
_GLUED = re.compile(r"(?<=[a-zà-ỹđ;.):,])(?=[A-ZĐÀ-Ỹ\d])")
# The longest name of an attached form in the 52 samples has 60 letters.
_LONGEST_FORM_NAME = 160


class PieceKind(StrEnum):
    """What a piece of the text is: the heading of a table, the head of its columns, a row, or blanks between them."""

    HEADING = "heading"
    COLUMNS = "columns"
    ROW = "row"


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of the published text, word for word."""

    kind: PieceKind
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table.

    Attributes:
        heading: Of its table, as printed.
        name: First cell, word for word.
        forms: Second cell: names of the forms to fill in.
        originals, copies: Third cell; None where the row has none.
    """

    heading: str
    name: str
    forms: tuple[str, ...]
    originals: int | None
    copies: int | None


def pieces_of(text: str) -> tuple[Piece, ...]:
    """Cut a published text; the texts of the pieces, joined, are `text`."""
    return tuple(piece for piece in _pieces(text) if piece.text)


def rows_of_published(text: str) -> tuple[Row, ...]:
    """Return the rows of a published text in its order, each with the heading of its table."""
    rows: list[Row] = []
    heading = ""
    for piece in pieces_of(text):
        if piece.kind is PieceKind.HEADING:
            heading = piece.text
        elif piece.kind is PieceKind.ROW and piece.text.strip():
            rows.append(_row(heading, piece.text))
    return tuple(rows)


def _pieces(text: str) -> Iterator[Piece]:
    heads = list(_TABLE_HEAD.finditer(text))
    if not heads:
        yield from _rows(text)
        return
    yield Piece(PieceKind.HEADING, text[: heads[0].start()])
    for index, head in enumerate(heads):
        yield Piece(PieceKind.COLUMNS, head[0])
        is_last = index + 1 == len(heads)
        rows = list(_rows(text[head.end() : len(text) if is_last else heads[index + 1].start()]))
        # Behind the last count of a table stands the heading of the next one.
        if not is_last and len(rows) > 1 and not _counts(rows[-1].text):
            rows[-1] = Piece(PieceKind.HEADING, rows[-1].text)
        elif not is_last:
            rows.append(Piece(PieceKind.HEADING, ""))
        yield from rows


def _rows(text: str) -> Iterator[Piece]:
    start = 0
    for match in _QUANTITY.finditer(text):
        yield Piece(PieceKind.ROW, text[start : match.end()])
        start = match.end()
    if start < len(text):
        yield Piece(PieceKind.ROW, text[start:])


def _counts(row: str) -> re.Match[str] | None:
    found = list(_QUANTITY.finditer(row))
    return found[-1] if found and found[-1].end() == len(row) else None


def _row(heading: str, text: str) -> Row:
    count = _counts(text)
    if count is None:
        name, forms = _without_forms(text)
        return Row(heading, name, forms, None, None)
    digits = _digits_of_count(text, count.start(), count["digits"])
    number = int(digits)
    name, forms = _without_forms(text[: count.start("digits") + len(count["digits"]) - len(digits)])
    copies = int(count["copies"]) if count["copies"] else None
    originals = number if count["what"] == "chính" else None
    return Row(heading, name, forms, originals, number if count["what"] == "sao" else copies)


def _digits_of_count(text: str, start: int, digits: str) -> str:
    """Return how many of the figures are the count: `Mẫu số 131 bản chính` is form 13, one original."""
    ends_a_number = start > 0 and (text[start - 1].isspace() or text[start - 1] in "/-")
    if len(digits) > 2 or (ends_a_number and len(digits) == 2 and digits[0] != "0"):
        return digits[-1]
    return digits


def _without_forms(text: str) -> tuple[str, tuple[str, ...]]:
    """Return the row without the names of forms glued to its end, and those names in order."""
    ends = [match.end() for match in _FILE_END.finditer(text)]
    names: list[str] = []
    while ends and not text[ends[-1] :].strip():
        end = ends.pop()
        start = _form_name_start(text, end, ends[-1] if ends else None)
        names.insert(0, text[start:end].strip())
        text = text[:start]
    return text, tuple(names)


def _form_name_start(text: str, end: int, previous_end: int | None) -> int:
    """Return where the name that ends at `end` begins: behind another, else at `Mẫu`, else where it is glued on."""
    earliest = max(0, end - _LONGEST_FORM_NAME)
    stretch = text[earliest:end]
    named = [earliest + match.start() for match in _FORM_NAME.finditer(stretch)]
    if previous_end is not None and previous_end >= max(named[-1:], default=earliest):
        return previous_end
    glued = [earliest + match.start() for match in _GLUED.finditer(_FILE_END.sub("", stretch))]
    return next(iter(named[-1:] or glued[-1:]), end)
