"""Records of one paper type as a flat table, piece by piece: CSV that opens in Excel, and Parquet."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa

Row = dict[str, Any]

# Excel takes CSV without it for the letters of an old code page.
_BOM = "\ufeff"
# What begins so is a formula to Excel and its likes, whoever wrote it on the paper. Source: OWASP, CSV Injection.
_BEGIN_FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_LIST_SEPARATOR = "; "


def csv_pieces(columns: Sequence[str], portions: Iterable[Sequence[Row]], delimiter: str) -> Iterator[bytes]:
    """Yield a CSV file (RFC 4180, UTF-8 with a mark at its head), its head first.

    A text that programs for tables would take for a formula has an apostrophe put before it.
    """
    yield (_BOM + _line(columns, delimiter)).encode()
    for rows in portions:
        yield "".join(_line([_cell(row[name]) for name in columns], delimiter) for row in rows).encode()


def parquet_pieces(columns: Sequence[str], lists: frozenset[str], portions: Iterable[Sequence[Row]]) -> Iterator[bytes]:
    """Yield a Parquet file: texts as they are, columns in `lists` as lists of texts, `revision` as a number."""
    # Takes a good part of a second to load, and only this needs it.
    import pyarrow as pa  # noqa: PLC0415
    from pyarrow import parquet  # noqa: PLC0415

    schema = pa.schema([(name, _type_of(pa, name, lists)) for name in columns])
    sink = _Sink()
    with parquet.ParquetWriter(pa.PythonFile(sink, mode="w"), schema, compression="zstd") as writer:
        for rows in portions:
            if rows:
                writer.write_table(pa.Table.from_pylist([_typed(row, columns, lists) for row in rows], schema))
            yield sink.taken()
    yield sink.taken()


class _Sink(io.RawIOBase):
    """Takes what a writer writes, to be taken away piece by piece."""

    def __init__(self) -> None:
        super().__init__()
        self._pieces: list[bytes] = []
        self._written = 0

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        piece = bytes(data)
        self._pieces.append(piece)
        self._written += len(piece)
        return len(piece)

    def tell(self) -> int:
        return self._written

    def taken(self) -> bytes:
        whole = b"".join(self._pieces)
        self._pieces.clear()
        return whole


def _line(cells: Sequence[str], delimiter: str) -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator="\r\n").writerow(cells)
    return text.getvalue()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    text = _LIST_SEPARATOR.join(value) if isinstance(value, list) else str(value)
    return f"'{text}" if text.startswith(_BEGIN_FORMULAS) else text


def _type_of(pa: Any, name: str, lists: frozenset[str]) -> "pa.DataType":
    if name == "revision":
        return pa.int32()
    return pa.list_(pa.string()) if name in lists else pa.string()


def _typed(row: Row, columns: Sequence[str], lists: frozenset[str]) -> Row:
    """Return a row whose values are of their column's type, also where a record holds another kind of value."""
    told: Row = {}
    for name in columns:
        value = row[name]
        if name in lists:
            told[name] = [value] if isinstance(value, str) else value
        else:
            told[name] = _LIST_SEPARATOR.join(value) if isinstance(value, list) else value
    return told
