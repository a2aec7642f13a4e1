"""The ledger: what every object's bytes were when it was first seen, and how far a pass over the store has come.

An SQLite file beside the store, not in it: whoever changes an object does not change what is remembered of it.
It holds names and hashes, no content. When it is lost, the next pass is a first one.
"""

import fcntl
import os
import sqlite3
import time
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from ocr.problem import Code, SohoaError
from storage.integrity.findings import Finding, KindCount
from storage.integrity.looking import Seen
from storage.objects import error_name

_VERSION = 1
_SCHEMA = """
CREATE TABLE objects (key TEXT PRIMARY KEY, sha256 BLOB NOT NULL, size_bytes INTEGER NOT NULL, first_seen TEXT NOT NULL,
    pass INTEGER NOT NULL, condemned BLOB) WITHOUT ROWID;
CREATE TABLE passes (number INTEGER PRIMARY KEY, kind TEXT NOT NULL, last_key TEXT NOT NULL,
    first_seen INTEGER NOT NULL, ended INTEGER NOT NULL); -- 0: not ended; else the time, seconds since 1970
CREATE TABLE counts (kind TEXT PRIMARY KEY, objects INTEGER NOT NULL, size_bytes INTEGER NOT NULL);
CREATE TABLE findings (number INTEGER PRIMARY KEY, code TEXT NOT NULL, key TEXT NOT NULL, remark TEXT NOT NULL,
    wanted TEXT, UNIQUE (code, key, remark));
CREATE TABLE latest (kind TEXT, owner TEXT, revision INTEGER NOT NULL, revisions INTEGER NOT NULL,
    withdrawn INTEGER NOT NULL, PRIMARY KEY (kind, owner)) WITHOUT ROWID;
CREATE TABLE named (segment TEXT, record_id TEXT, PRIMARY KEY (segment, record_id)) WITHOUT ROWID;
CREATE INDEX named_records ON named (record_id);
CREATE TABLE linked (record_id TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE catalogue (kind TEXT, owner TEXT, revision INTEGER NOT NULL, PRIMARY KEY (kind, owner)) WITHOUT ROWID;
"""
_BUSY_TIMEOUT_S = 30.0


class Ledger:
    """One ledger, open for one pass at a time.

    Every method raises `SohoaError` with `STORE_FULL` (retryable) or `STORE_UNWRITABLE` when the file cannot be used.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        """See `open`, `reading` and `in_memory`."""
        self._connection = connection
        with _failures():
            version = connection.execute("PRAGMA user_version").fetchone()[0]
            if version != _VERSION:
                connection.executescript(f"BEGIN; {_SCHEMA} PRAGMA user_version = {_VERSION}; COMMIT;")
            self.number = int(connection.execute("SELECT coalesce(max(number), 0) FROM passes").fetchone()[0])

    @classmethod
    def in_memory(cls) -> Self:
        """Return a ledger that remembers nothing from before."""
        return cls(sqlite3.connect(":memory:", isolation_level=None))

    @classmethod
    @contextmanager
    def reading(cls, path: Path) -> Iterator[Self]:
        """Lend what the ledger at `path` remembers, for reading only, also while a pass is under way."""
        if not path.exists():
            yield cls.in_memory()
            return
        with _failures():
            uri = f"{path.absolute().as_uri()}?mode=ro"
            connection = sqlite3.connect(uri, _BUSY_TIMEOUT_S, isolation_level=None, uri=True)
        with closing(connection):
            yield cls(connection)

    @classmethod
    @contextmanager
    def open(cls, path: Path) -> Iterator[Self]:
        """Lend the ledger at `path`, made when missing; nobody else has it meanwhile.

        Raises:
            SohoaError: `STORE_UNWRITABLE`, retryable when another pass has it.
        """
        lock = _locked(path)
        try:
            with _failures():
                connection = sqlite3.connect(path, _BUSY_TIMEOUT_S, isolation_level=None)
                connection.execute("PRAGMA journal_mode = WAL")
                connection.execute("PRAGMA synchronous = NORMAL")
            with closing(connection):
                yield cls(connection)
        finally:
            os.close(lock)

    def begin(self, *, resume: bool) -> tuple[str, str]:
        """Start a pass, or go on with the last one when it did not end; return where it is: kind and last name."""
        with _failures():
            last = self._connection.execute("SELECT * FROM passes ORDER BY number DESC LIMIT 1").fetchone()
            self._connection.execute("BEGIN IMMEDIATE")
            if resume and last is not None and not last[4]:
                self.number = last[0]
                return last[1], last[2]
            self.number = last[0] + 1 if last else 1
            for table in ("passes", "counts", "findings", "latest", "named", "linked", "catalogue"):
                self._connection.execute(f"DELETE FROM {table}")  # noqa: S608  a name from the line above
            self._connection.execute("INSERT INTO passes VALUES (?, '', '', 0, 0)", (self.number,))
            return "", ""

    def save(self, kind: str, last_key: str) -> None:
        """Make durable what was entered so far: a pass that is stopped now goes on after `last_key`."""
        with _failures():
            row = (kind, last_key, self.number)
            self._connection.execute("UPDATE passes SET kind = ?, last_key = ? WHERE number = ?", row)
            self._connection.execute("COMMIT")
            self._connection.execute("BEGIN IMMEDIATE")

    def stop(self) -> None:
        """Forget what was entered since `save`."""
        if self._connection.in_transaction:
            with _failures():
                self._connection.execute("ROLLBACK")

    def end(self) -> None:
        """Close the pass."""
        with _failures():
            now = int(time.time())
            self._connection.execute("UPDATE passes SET ended = ? WHERE number = ?", (now, self.number))
            self._connection.execute("COMMIT")

    def ended_at(self) -> datetime | None:
        """Return when the last pass ended; None while it is under way or was stopped, or where there was none."""
        with _failures():
            query = "SELECT ended FROM passes ORDER BY number DESC LIMIT 1"
            row = self._connection.execute(query).fetchone()
        # Before the time was kept a 1 stood there.
        return datetime.fromtimestamp(row[0], UTC) if row is not None and row[0] > 1 else None

    def enter(self, kind: str, seen: Seen, *, is_derived: bool) -> str | None:
        """Enter an object that was looked at; return when it was first seen if it was other bytes then, else None.

        What can be made again and was found damaged before has been made again when it is intact by itself now.
        """
        with _failures():
            known = self._connection.execute(
                "SELECT sha256, first_seen, condemned FROM objects WHERE key = ?", (seen.key,)
            ).fetchone()
            self._count(kind, seen)
            made_again = known and is_derived and known[2] is not None and known[2] != seen.sha256
            if not seen.fault and (known is None or made_again):
                self._remember(seen, is_new=known is None)
                return None
            is_changed = known is not None and known[0] != seen.sha256
            self._connection.execute(
                "UPDATE objects SET pass = ?, condemned = ? WHERE key = ?",
                (self.number, seen.sha256 if is_changed else None, seen.key),
            )
            return str(known[1]) if is_changed else None

    def remember(self, seen: Seen) -> None:
        """Take an object's present bytes as right: it was just restored, or a second store vouches for it."""
        with _failures():
            self._remember(seen, is_new=False)

    def sha256_of(self, key: str) -> bytes | None:
        """Return the hash an object had when it was first seen, 32 bytes, or None when it never was."""
        with _failures():
            row = self._connection.execute("SELECT sha256 FROM objects WHERE key = ?", (key,)).fetchone()
            return bytes(row[0]) if row else None

    def forget(self, keys: Iterable[str]) -> None:
        """Forget objects that were erased."""
        with _failures():
            self._connection.executemany("DELETE FROM objects WHERE key = ?", ((key,) for key in keys))

    def was_seen(self, key: str) -> bool:
        """True when this pass came by the object, damaged or not."""
        with _failures():
            query = "SELECT 1 FROM objects WHERE key = ? AND pass = ?"
            return self._connection.execute(query, (key, self.number)).fetchone() is not None

    def gone(self) -> Iterator[str]:
        """Yield what earlier passes saw and this one did not come by, in the order of names."""
        return self._names("SELECT key FROM objects WHERE pass < ? ORDER BY key", (self.number,))

    def condemn(self, key: str) -> None:
        """Note that an object is gone: what is found under its name later, if it can be, was made again."""
        with _failures():
            self._connection.execute("UPDATE objects SET condemned = x'' WHERE key = ?", (key,))

    def note_revision(self, kind: str, owner: str, revision: int, *, withdrawn: bool) -> bool:
        """Note a revision; True when it is the latest of its owner so far."""
        with _failures():
            known = self._connection.execute(
                "SELECT revision FROM latest WHERE kind = ? AND owner = ?", (kind, owner)
            ).fetchone()
            if known is None:
                row = (kind, owner, revision, withdrawn)
                self._connection.execute("INSERT INTO latest VALUES (?, ?, ?, 1, ?)", row)
                return True
            is_latest = bool(revision > known[0])
            new = "revision = ?, withdrawn = ?, " if is_latest else ""
            values = (revision, withdrawn) if is_latest else ()
            query = f"UPDATE latest SET {new}revisions = revisions + 1 WHERE kind = ? AND owner = ?"  # noqa: S608
            self._connection.execute(query, (*values, kind, owner))
            return is_latest

    def knows_owner(self, kind: str, owner: str) -> bool:
        """True when this pass came by a revision of `owner`."""
        with _failures():
            query = "SELECT 1 FROM latest WHERE kind = ? AND owner = ?"
            return self._connection.execute(query, (kind, owner)).fetchone() is not None

    def with_gaps(self) -> list[tuple[str, str, int]]:
        """Return kind, owner and latest revision of everything that lacks an earlier revision."""
        with _failures():
            query = "SELECT kind, owner, revision FROM latest WHERE revisions < revision ORDER BY kind, owner"
            return self._connection.execute(query).fetchall()

    def name_records(self, segment: str, record_ids: Iterable[str]) -> None:
        """Note which records the latest revision of a dossier names; what an earlier one named is forgotten."""
        with _failures():
            self._connection.execute("DELETE FROM named WHERE segment = ?", (segment,))
            rows = ((segment, record_id) for record_id in record_ids)
            self._connection.executemany("INSERT OR IGNORE INTO named VALUES (?, ?)", rows)

    def unnamed_records(self) -> Iterator[tuple[str, int]]:
        """Yield the records that no dossier names and that were not withdrawn, with their latest revision."""
        query = """SELECT owner, revision FROM latest WHERE kind = 'records' AND NOT withdrawn
            AND NOT EXISTS (SELECT 1 FROM named WHERE record_id = owner) ORDER BY owner"""
        return self._pairs(query)

    def note_link(self, record_id: str) -> None:
        """Note that a revision of a record tells of a record it took the place of, or that took its own."""
        with _failures():
            self._connection.execute("INSERT OR IGNORE INTO linked VALUES (?)", (record_id,))

    def linked_records(self) -> tuple[str, ...]:
        """Return the records that tell of such links, sorted."""
        return tuple(self._names("SELECT record_id FROM linked ORDER BY record_id"))

    def note_catalogue(self, kind: str, rows: Iterable[tuple[str, int]]) -> None:
        """Note which revision of what the catalogue knows."""
        with _failures():
            named = ((kind, owner, revision) for owner, revision in rows)
            self._connection.executemany("INSERT OR REPLACE INTO catalogue VALUES (?, ?, ?)", named)

    def ahead_in_catalogue(self, kind: str) -> Iterator[tuple[str, int]]:
        """Yield what the catalogue knows in a revision that this pass did not come by as the latest or an earlier."""
        query = """SELECT c.owner, c.revision FROM catalogue c
            LEFT JOIN latest l ON l.kind = c.kind AND l.owner = c.owner WHERE c.kind = ?
            AND (l.revision IS NULL OR l.revision < c.revision) ORDER BY c.owner"""
        return self._pairs(query, (kind,))

    def behind_in_catalogue(self, kind: str) -> Iterator[tuple[str, int]]:
        """Yield what has a later revision than the catalogue knows, with that revision."""
        query = """SELECT l.owner, l.revision FROM latest l
            LEFT JOIN catalogue c ON c.kind = l.kind AND c.owner = l.owner WHERE l.kind = ?
            AND (c.revision IS NULL OR c.revision < l.revision) ORDER BY l.owner"""
        return self._pairs(query, (kind,))

    def find(self, finding: Finding) -> None:
        """Keep a finding; the same one is kept once."""
        with _failures():
            row = (finding.code.value, finding.key, finding.remark, finding.wanted)
            query = "INSERT OR IGNORE INTO findings (code, key, remark, wanted) VALUES (?, ?, ?, ?)"
            self._connection.execute(query, row)

    def findings(self) -> tuple[Finding, ...]:
        """Return the findings of this pass so far, in the order they were found."""
        with _failures():
            query = "SELECT code, key, remark, wanted FROM findings ORDER BY number"
            rows = self._connection.execute(query).fetchall()
        return tuple(Finding(Code(code), key, remark, wanted) for code, key, remark, wanted in rows)

    def drop(self, findings: Iterable[Finding]) -> None:
        """Forget findings that hold no longer."""
        with _failures():
            rows = ((finding.code.value, finding.key, finding.remark) for finding in findings)
            query = "DELETE FROM findings WHERE code = ? AND key = ? AND remark = ?"
            self._connection.executemany(query, rows)

    def counts(self) -> tuple[KindCount, ...]:
        """Return how much of each kind this pass came by."""
        with _failures():
            return tuple(KindCount(*row) for row in self._connection.execute("SELECT * FROM counts").fetchall())

    def first_seen(self) -> int:
        """Return how many objects this pass saw for the first time."""
        with _failures():
            return int(self._connection.execute("SELECT first_seen FROM passes").fetchone()[0])

    def _remember(self, seen: Seen, *, is_new: bool) -> None:
        today = datetime.now(UTC).date().isoformat()
        row = (seen.key, seen.sha256, seen.size_bytes, today, self.number)
        self._connection.execute("INSERT OR REPLACE INTO objects VALUES (?, ?, ?, ?, ?, NULL)", row)
        if is_new:
            self._connection.execute("UPDATE passes SET first_seen = first_seen + 1")

    def _count(self, kind: str, seen: Seen) -> None:
        query = """INSERT INTO counts VALUES (?, 1, ?) ON CONFLICT (kind)
            DO UPDATE SET objects = objects + 1, size_bytes = size_bytes + excluded.size_bytes"""
        self._connection.execute(query, (kind, seen.size_bytes))

    def _names(self, query: str, values: tuple[object, ...] = ()) -> Iterator[str]:
        with _failures():
            for (name,) in self._connection.execute(query, values):
                yield name

    def _pairs(self, query: str, values: tuple[object, ...] = ()) -> Iterator[tuple[str, int]]:
        with _failures():
            yield from self._connection.execute(query, values)


def _locked(path: Path) -> int:
    """Return a descriptor that holds the lock of the ledger at `path`, whose folder is made."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = os.open(path.with_suffix(".lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise SohoaError(Code.STORE_UNWRITABLE, detail=f"ledger: {error_name(error)}") from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(lock)
        detail = "another check of this store is under way"
        raise SohoaError(Code.STORE_UNWRITABLE, detail=detail, retryable=True) from error
    return lock


@contextmanager
def _failures() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        is_full = getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_FULL
        code = Code.STORE_FULL if is_full else Code.STORE_UNWRITABLE
        # Said by the library about the file, never about what is in it.
        raise SohoaError(code, detail=f"ledger: {error}", retryable=is_full) from error
