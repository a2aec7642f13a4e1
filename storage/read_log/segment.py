r"""A piece of the read log as bytes: lines of JSON, each bound to the one before by its hash.

The first line names the piece, and the piece that the same writer wrote before; the last one counts the entries:

    {"schema":"sohoa.read-log/1","segment":"2026-11-22/<name>","follows":"2026-11-22/<name>","previous":"<sha256>"}
    {"previous":"<sha256 of the line above, without its line end>","schema":"sohoa.read/1",…}
    {"schema":"sohoa.read-log-end/1","entries":1,"previous":"<sha256 of the line above>"}

A changed, removed, added or moved line breaks the chain. Who may write the store can also compute new hashes: against
that stands the lock of the store on `audit/`.
"""

import hashlib
import re
from collections.abc import Container, Iterable, Sequence
from typing import Literal, TypeVar

from pydantic import Field

from ocr.problem import Code, Problem
from ocr.stored import Stored, StoredDocument
from storage.key_parsing import parse_read_log_key
from storage.keys import READ_LOG_PREFIX, read_log_key
from storage.read_log.entry import ReadEntry

_SHA256 = "^[0-9a-f]{64}$"
LINE_END = b"\n"
# Where an entry's line tells its name. No text in it can look like this: JSON has its quotes escaped.
_ENTRY_ID = re.compile(rb'"entry_id":"([0-9a-f]{32})"')
T = TypeVar("T", bound=StoredDocument)


class SegmentStart(StoredDocument):
    """The first line.

    Attributes:
        segment: Day and name, as in the object's name.
        follows: The piece the same writer wrote before, or None.
        previous: SHA-256 of the last entry of that piece, or None.
    """

    schema_: Literal["sohoa.read-log/1"] = Field(default="sohoa.read-log/1", alias="schema")
    segment: str
    follows: str | None = None
    previous: str | None = Field(default=None, pattern=_SHA256)


class SegmentEnd(StoredDocument):
    """The last line: how many entries stand between it and the first, and the hash of the line before it."""

    schema_: Literal["sohoa.read-log-end/1"] = Field(default="sohoa.read-log-end/1", alias="schema")
    entries: int
    previous: str = Field(pattern=_SHA256)


class _ChainedEntry(ReadEntry):
    previous: str = Field(pattern=_SHA256)


class Link(Stored):
    """Where a writer's next piece goes on: the piece so far and the SHA-256 of its last entry."""

    segment: str
    sha256: str


def start_line(day: str, name: str, follows: Link | None) -> bytes:
    """Return the first line of a piece, with its line end.

    Raises:
        ValueError: `day` and `name` cannot name an object.
    """
    read_log_key(day, name)
    start = SegmentStart(
        segment=f"{day}/{name}",
        follows=follows.segment if follows else None,
        previous=follows.sha256 if follows else None,
    )
    return start.to_json() + LINE_END


def entry_line(entry: ReadEntry, previous: str) -> bytes:
    """Return an entry as a line, with its line end; `previous` is the SHA-256 of the line above."""
    return b'{"previous":"' + previous.encode() + b'",' + entry.to_json()[1:] + LINE_END


def end_line(entries: int, previous: str) -> bytes:
    """Return the last line of a piece, with its line end."""
    return SegmentEnd(entries=entries, previous=previous).to_json() + LINE_END


def line_hash(line: bytes) -> str:
    """Return the SHA-256 of a line; its line end does not count."""
    return hashlib.sha256(line.removesuffix(LINE_END)).hexdigest()


def sealed(spooled: bytes) -> tuple[str, bytes] | None:
    """Return the object's name and content for what a writer left in its file; None when it holds no entry.

    A last line that is not whole is cut off: its writer was stopped before it was durable, so its answer never left.
    Nothing else is: a line that was damaged later stays, for `check_segment` to find. The same bytes always give the
    same object.

    Raises:
        ValueError: The first line names no piece of the read log.
    """
    lines = _whole_lines(spooled)
    if not lines:
        return None
    start = _start(lines[0])
    if start is None:
        raise ValueError("the first line names no piece of the read log")
    if len(lines) == 1:
        return None
    end = end_line(len(lines) - 1, line_hash(lines[-1]))
    return _key_of(start), LINE_END.join(lines) + LINE_END + end


def entries_of(data: bytes, entry_ids: Container[str] | None = None) -> tuple[ReadEntry, ...]:
    """Return the entries of a piece, finished or not, in order; lines that are none are passed over.

    Args:
        data: The piece.
        entry_ids: Only these entries; None: all.
    """
    lines = _whole_lines(data)
    if entry_ids is not None:
        lines = [line for line in lines if (named := _ENTRY_ID.search(line)) and named[1].decode() in entry_ids]
    found = (_entry(line) for line in lines)
    return tuple(entry for entry in found if entry is not None)


def followed_key(data: bytes) -> str | None:
    """Return the name of the object this piece says it follows, or None. When that object is gone, it was removed."""
    lines = _whole_lines(data)
    start = _start(lines[0]) if lines else None
    return f"{READ_LOG_PREFIX}{start.follows}.jsonl" if start and start.follows else None


def check_segment(data: bytes, key: str | None = None) -> tuple[Problem, ...]:
    """Return what is wrong with a stored piece: `OBJECT_DAMAGED` for every line that is not as it was written.

    Args:
        data: The object.
        key: Its name; when given, the piece must be the one the name says, and its entries of that day.
    """
    lines = data.split(LINE_END)
    if lines.pop() != b"":
        lines.append(b"")  # bytes after the last line end: no line of ours
    faults = list(_faults(lines, key))
    where = f"{key}: " if key else ""
    return tuple(Problem(code=Code.OBJECT_DAMAGED, detail=where + fault) for fault in faults)


def _faults(lines: Sequence[bytes], key: str | None) -> Iterable[str]:
    start = _start(lines[0]) if lines else None
    if start is None:
        yield "line 1 does not name the piece"
        return
    day = start.segment.partition("/")[0]
    if key is not None and _key_of(start) != key:
        yield "line 1 names another piece"
    end = _parsed(SegmentEnd, lines[-1])
    if end is None:
        yield "the last line does not close the piece"
    elif end.entries != len(lines) - 2:
        yield f"{end.entries} entries were written, {len(lines) - 2} are there"
    above = line_hash(lines[0])
    for number, line in enumerate(lines[1 : -1 if end else None], start=2):
        entry = _parsed(_ChainedEntry, line)
        if entry is None:
            yield f"line {number} is no entry"
        elif entry.previous != above:
            yield f"line {number} does not follow the line above it"
        elif entry.day != day:
            yield f"line {number} is of another day"
        above = line_hash(line)
    if end is not None and end.previous != above:
        yield f"line {len(lines)} does not follow the line above it"


def _whole_lines(data: bytes) -> list[bytes]:
    """Return the lines that have their line end, without it."""
    return data.split(LINE_END)[:-1]


def _start(line: bytes) -> SegmentStart | None:
    start = _parsed(SegmentStart, line)
    return start if start is not None and parse_read_log_key(f"{READ_LOG_PREFIX}{start.segment}.jsonl") else None


def _key_of(start: SegmentStart) -> str:
    day, _, name = start.segment.partition("/")
    return read_log_key(day, name)


def _entry(line: bytes) -> ReadEntry | None:
    chained = _parsed(_ChainedEntry, line)
    if chained is None:
        return None
    # It was checked a moment ago: checking it again would double what shipping costs beside running lookups.
    return ReadEntry.model_construct(**{name: getattr(chained, name) for name in ReadEntry.model_fields})


def _parsed(noun: type[T], line: bytes) -> T | None:
    try:
        return noun.from_json(line)
    except ValueError:  # pydantic's own quotes the line
        return None
