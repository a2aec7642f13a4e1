"""Uploads on the desk: how far each file of a batch has come. The bytes are in `storage.desk.parts`."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, delete, func, insert, or_, select, update

from ocr.problem import Code, Problem, SohoaError
from storage.batch import BatchState
from storage.database import Database
from storage.desk.batches import BatchRow, batch_row
from storage.desk.tables import batches, uploads
from storage.desk.times import as_text
from storage.desk.upload import LONGEST_WAIT, Limits, Upload, UploadKind, UploadState, is_upload_id
from storage.dossier_segment import dossier_segment

# Databases bound how many values one question may name.
_AT_A_TIME = 500
# After this long nobody is still storing what came; who is holds it locked all the same.
_LONGEST_STORING = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Coming:
    """A file that is to come, or came another way than by being sent; see `Upload`."""

    upload_id: str
    batch_id: str
    account: str
    kind: UploadKind
    dossier_id: str
    file: str
    size_bytes: int
    sha256: str | None = None


class Outline(NamedTuple):
    """What lists of batches tell of one file; see `Upload`."""

    batch_id: str
    dossier_id: str
    file: str
    sha256: str | None
    state: UploadState
    upload_id: str


class Uploads:
    """The uploads of one desk. Every method raises `SohoaError` with `DESK_FAILED` when the database does."""

    def __init__(self, desk: Database) -> None:
        """Use the desk's database."""
        self._desk = desk

    def begin(self, coming: Coming, limits: Limits) -> Upload:
        """Keep a new upload of an open batch and return it.

        Whoever repeats the request, because its answer was lost, gets the upload that was begun then. A failed one of
        the same name makes way.

        Raises:
            SohoaError: `BATCH_UNKNOWN`, `BATCH_CLOSED`; `FILE_NAME_TAKEN`; `UPLOAD_TOO_LARGE` beyond the limits.
        """
        return self._enter(coming, UploadState.OPEN, limits)

    def add_stored(self, coming: Coming, limits: Limits) -> Upload:
        """Keep a file whose scan is in the store already. The same again changes nothing.

        Raises:
            SohoaError: See `begin`.
        """
        return self._enter(coming, UploadState.STORED, limits)

    def add_failed(self, coming: Coming, problem: Problem) -> Upload:
        """Keep that an entry of an archive cannot be part of the batch, and why. The same again changes nothing."""
        with self._desk.writing() as connection:
            _open_batch(connection, coming.batch_id)
            held = connection.execute(select(uploads).where(uploads.c.upload_id == coming.upload_id)).mappings().first()
            if held is not None:
                return _upload(dict(held))
            row = {**_row(coming, UploadState.FAILED), "problem": problem.model_dump_json()}
            connection.execute(insert(uploads).values(row))
        return _upload(row)

    def find(self, upload_id: str) -> Upload | None:
        """Return an upload, or None where there is none."""
        if not is_upload_id(upload_id):
            return None
        found = self._rows(select(uploads).where(uploads.c.upload_id == upload_id))
        return found[0] if found else None

    def of_batch(self, batch_id: str) -> Sequence[Upload]:
        """Return all uploads of a batch, in the order they were begun."""
        wanted = select(uploads).where(uploads.c.batch_id == batch_id)
        return self._rows(wanted.order_by(uploads.c.created_at, uploads.c.upload_id))

    def some(self, upload_ids: Collection[str]) -> Sequence[Upload]:
        """Return those of some uploads that are there, in no order."""
        found: list[Upload] = []
        for portion in _portions(sorted(upload_ids)):
            found += self._rows(select(uploads).where(uploads.c.upload_id.in_(portion)))
        return found

    def outlines(self, batch_ids: Collection[str]) -> Sequence[Outline]:
        """Return the files of some batches in outline, in no order; archives that were opened are left out."""
        columns = [uploads.c[name] for name in Outline._fields]
        opened = (uploads.c.kind == UploadKind.ARCHIVE.value) & (uploads.c.state == UploadState.STORED.value)
        wanted = select(*columns).where(uploads.c.batch_id.in_(batch_ids), ~opened)
        with self._desk.asking() as connection:
            rows = connection.execute(wanted).all()
        return [
            Outline(batch, dossier, file, sha256, UploadState(state), upload)
            for batch, dossier, file, sha256, state, upload in rows
        ]

    def advance(self, upload_id: str, offset_bytes: int) -> bool:
        """Note how much of an open upload is durably here; False where it is open no more."""
        return self._changed(upload_id, {"offset_bytes": offset_bytes})

    def finish(self, upload_id: str, sha256: str | None) -> bool:
        """Note that the scan is in the store (of an archive: all its entries are); False where it is open no more."""
        values = {"state": UploadState.STORED.value, "offset_bytes": uploads.c.size_bytes}
        return self._changed(upload_id, values | ({"sha256": sha256} if sha256 is not None else {}))

    def fail(self, upload_id: str, problem: Problem) -> bool:
        """Give an open upload up; False where it is open no more."""
        return self._changed(upload_id, {"state": UploadState.FAILED.value, "problem": problem.model_dump_json()})

    def remove(self, upload_id: str) -> bool:
        """Take a file out of an open batch; what the store holds of it stays there. False where there is none.

        Raises:
            SohoaError: `BATCH_CLOSED`.
        """
        found = self.find(upload_id)
        if found is None:
            return False
        with self._desk.writing() as connection:
            _open_batch(connection, found.batch_id)
            return connection.execute(delete(uploads).where(uploads.c.upload_id == upload_id)).rowcount == 1

    def remove_batch(self, batch_id: str) -> bool:
        """Remove an open batch with its uploads; what the store holds of them stays there. False where there is none.

        Raises:
            SohoaError: `BATCH_CLOSED`.
        """
        with self._desk.writing() as connection:
            _open_batch(connection, batch_id)
            connection.execute(delete(uploads).where(uploads.c.batch_id == batch_id))
            return connection.execute(delete(batches).where(batches.c.batch_id == batch_id)).rowcount == 1

    @contextmanager
    def sending_off(self, batch_id: str) -> Iterator[tuple[BatchRow, Sequence[Upload]]]:
        """Send a batch off when the block ends without an error: until then no file comes and none goes.

        Raises:
            SohoaError: `BATCH_UNKNOWN`, `BATCH_CLOSED`.
        """
        with self._desk.writing() as connection:
            batch = _open_batch(connection, batch_id)
            wanted = select(uploads).where(uploads.c.batch_id == batch_id).order_by(uploads.c.created_at)
            yield batch, [_upload(dict(row)) for row in connection.execute(wanted).mappings()]
            sent = {"state": BatchState.WAITING.value, "submitted_at": _now()}
            connection.execute(update(batches).where(batches.c.batch_id == batch_id).values(sent))

    def expired(self) -> Sequence[Upload]:
        """Return the uploads that are not whole and that nothing came of for too long."""
        long_ago = as_text(datetime.now(UTC) - LONGEST_WAIT)
        wanted = select(uploads).where(
            uploads.c.state == UploadState.OPEN.value,
            uploads.c.offset_bytes < uploads.c.size_bytes,
            uploads.c.changed_at < long_ago,
        )
        return self._rows(wanted)

    def left_whole(self) -> Sequence[Upload]:
        """Return the open uploads all of whose bytes came some time ago: who was to store them was killed."""
        some_time_ago = as_text(datetime.now(UTC) - _LONGEST_STORING)
        wanted = select(uploads).where(
            uploads.c.state == UploadState.OPEN.value,
            uploads.c.offset_bytes >= uploads.c.size_bytes,
            uploads.c.changed_at < some_time_ago,
        )
        return self._rows(wanted)

    def open_ids(self) -> frozenset[str]:
        """Return the identifiers of all open uploads: those whose partial files are needed."""
        with self._desk.asking() as connection:
            found = connection.execute(select(uploads.c.upload_id).where(uploads.c.state == UploadState.OPEN.value))
            return frozenset(found.scalars())

    def unchecked(self) -> Sequence[Upload]:
        """Return the stored scans of batches that are open or wait, oldest first: whose pages a clerk may ask about."""
        states = [BatchState.OPEN.value, BatchState.WAITING.value]
        wanted = select(uploads).join(batches, batches.c.batch_id == uploads.c.batch_id)
        wanted = wanted.where(
            uploads.c.state == UploadState.STORED.value,
            uploads.c.kind != UploadKind.ARCHIVE.value,
            batches.c.state.in_(states),
        )
        return self._rows(wanted.order_by(uploads.c.changed_at, uploads.c.upload_id))

    def under_way(self, batch_id: str, dossier_ids: Collection[str]) -> frozenset[str]:
        """Return which of these dossiers are part of another batch that was sent off and is not digitised yet."""
        segments = {dossier_segment(dossier_id): dossier_id for dossier_id in dossier_ids}
        states = [BatchState.WAITING.value, BatchState.RUNNING.value]
        wanted = select(uploads.c.segment).join(batches, batches.c.batch_id == uploads.c.batch_id)
        wanted = wanted.where(batches.c.state.in_(states), batches.c.batch_id != batch_id)
        found: set[str] = set()
        with self._desk.asking() as connection:
            for some in _portions(sorted(segments)):
                found |= set(connection.execute(wanted.where(uploads.c.segment.in_(some))).scalars())
        return frozenset(segments[segment] for segment in found)

    def with_scans(
        self, scans: Collection[str], agency: str | None, account: str | None
    ) -> Sequence[tuple[Upload, BatchRow]]:
        """Return the stored files with these bytes, each with its batch, oldest first.

        Args:
            scans: SHA-256 of each.
            agency: Only of this agency and the units under it; None: of any.
            account: And those of this account, whatever their agency.
        """
        mine = or_(batches.c.agency == agency, batches.c.agency.startswith(f"{agency}."), batches.c.account == account)
        found: list[tuple[Upload, BatchRow]] = []
        with self._desk.asking() as connection:
            for some in _portions(sorted(scans)):
                wanted = (
                    select(uploads, *(column.label(f"batch_{column.name}") for column in batches.c))
                    .join(batches, batches.c.batch_id == uploads.c.batch_id)
                    .where(uploads.c.sha256.in_(some), uploads.c.state == UploadState.STORED.value)
                    .where(uploads.c.kind != UploadKind.ARCHIVE.value)
                    .order_by(uploads.c.created_at)
                )
                for row in connection.execute(wanted if agency is None else wanted.where(mine)).mappings():
                    own = {column.name: row[column.name] for column in uploads.c}
                    of_batch = {column.name: row[f"batch_{column.name}"] for column in batches.c}
                    found.append((_upload(own), batch_row(of_batch)))
        return found

    def _enter(self, coming: Coming, state: UploadState, limits: Limits) -> Upload:
        row = _row(coming, state)
        with self._desk.writing() as connection:
            _open_batch(connection, coming.batch_id)
            of_batch = uploads.c.batch_id == coming.batch_id
            same_name = select(uploads).where(
                of_batch, uploads.c.dossier_id == coming.dossier_id, uploads.c.file == coming.file
            )
            for held in [_upload(dict(found)) for found in connection.execute(same_name).mappings()]:
                if held.state is UploadState.FAILED:
                    connection.execute(delete(uploads).where(uploads.c.upload_id == held.upload_id))
                elif _is_same(held, coming):
                    return held
                else:
                    raise SohoaError(Code.FILE_NAME_TAKEN, file=coming.file, field="file")
            wanted = select(func.count(), func.coalesce(func.sum(uploads.c.size_bytes), 0)).where(
                of_batch, uploads.c.state != UploadState.FAILED
            )
            files, size_bytes = connection.execute(wanted).one()
            if files >= limits.files or int(size_bytes) + coming.size_bytes > limits.size_bytes:
                detail = f"a batch has at most {limits.files} files of {limits.size_bytes} bytes together"
                raise SohoaError(Code.UPLOAD_TOO_LARGE, file=coming.file, detail=detail)
            connection.execute(insert(uploads).values(row))
        return _upload(row)

    def _changed(self, upload_id: str, values: dict[str, Any]) -> bool:
        mine = update(uploads).where(uploads.c.upload_id == upload_id, uploads.c.state == UploadState.OPEN.value)
        with self._desk.writing() as connection:
            return connection.execute(mine.values(changed_at=_now(), **values)).rowcount == 1

    def _rows(self, wanted: Any) -> Sequence[Upload]:
        with self._desk.asking() as connection:
            return [_upload(dict(row)) for row in connection.execute(wanted).mappings()]


def _open_batch(connection: Connection, batch_id: str) -> BatchRow:
    """Return a batch that is open, and keep it so until the transaction ends."""
    row = connection.execute(select(batches).where(batches.c.batch_id == batch_id).with_for_update()).mappings().first()
    if row is None:
        raise SohoaError(Code.BATCH_UNKNOWN)
    batch = batch_row(dict(row))
    if batch.state is not BatchState.OPEN:
        raise SohoaError(Code.BATCH_CLOSED)
    return batch


def _is_same(held: Upload, coming: Coming) -> bool:
    """True when it is certainly the same file, or the same request of which nothing came yet."""
    if held.account != coming.account or held.size_bytes != coming.size_bytes or held.sha256 != coming.sha256:
        return False
    if held.state is UploadState.STORED and UploadKind.ARCHIVE not in {held.kind, coming.kind}:
        return coming.sha256 is not None
    return held.kind is coming.kind and (coming.sha256 is not None or held.offset_bytes == 0)


def _row(coming: Coming, state: UploadState) -> dict[str, Any]:
    now = _now()
    return {
        "upload_id": coming.upload_id,
        "batch_id": coming.batch_id,
        "account": coming.account,
        "kind": coming.kind.value,
        "dossier_id": coming.dossier_id,
        "segment": dossier_segment(coming.dossier_id),
        "file": coming.file,
        "size_bytes": coming.size_bytes,
        "offset_bytes": coming.size_bytes if state is UploadState.STORED else 0,
        "sha256": coming.sha256,
        "state": state.value,
        "problem": None,
        "created_at": now,
        "changed_at": now,
    }


def _upload(row: dict[str, Any]) -> Upload:
    row.pop("segment")
    problem = Problem.model_validate_json(row["problem"]) if row["problem"] is not None else None
    of_kind = {"kind": UploadKind(row["kind"]), "state": UploadState(row["state"]), "problem": problem}
    return Upload(**{**row, **of_kind})


def _portions(values: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(values), _AT_A_TIME):
        yield values[start : start + _AT_A_TIME]


def _now() -> str:
    return as_text(datetime.now(UTC))
