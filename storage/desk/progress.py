"""How far batches have got, as events that pages follow while they happen. Written by the runner and by the gate."""

from collections.abc import Sequence
from datetime import UTC, datetime
from enum import StrEnum

from pydantic import Field
from sqlalchemy import delete, func, insert, select

from extractors.record import PoorPage
from ocr.page_quality import Verdict
from ocr.problem import Problem
from ocr.stored import Stored, StoredDocument
from storage.database import Database
from storage.desk.tables import batch_progress, uploads
from storage.desk.times import as_text
from storage.dossier import DossierState


class ProgressKind(StrEnum):
    """What happened.

    `CHECKED`: pages of a file were looked at before reading: `checked` of its `count` pages; `poor_pages` may ask for a
    new scan, `problems` tell what cannot be used; `dossier_code` and `procedure_code` are what codes on them say.
    `PAGES`: `count` pages of a dossier are to be read, `held` of them were read before; told again when digitising is
    begun again, and then in place of what was told before. `PAGE`: `count` more were read. `ASSEMBLED`: the dossier is
    stored; `state`, `papers`, `to_review`. `STARTED`, `DONE`, `FAILED`: of the batch as a whole; so is `DELAYED`: it
    waits for what passes, `problems` say for what, and is tried again; without problems it no longer does.
    """

    STARTED = "started"
    CHECKED = "checked"
    PAGES = "pages"
    PAGE = "page"
    ASSEMBLED = "assembled"
    DELAYED = "delayed"
    DONE = "done"
    FAILED = "failed"


class CheckedPage(Stored):
    """What a page was found good for, before anybody read it; `quality` of the poor ones is in `poor_pages`.

    `is_blank`: it looks as if nothing were on it.
    """

    page_number: int
    verdict: Verdict
    is_blank: bool = False


class Progress(StoredDocument):
    """One event of a batch; which attributes are set depends on its kind."""

    kind: ProgressKind
    dossier_id: str | None = None
    file: str | None = None
    sha256: str | None = None
    count: int = 0
    held: int = 0
    state: DossierState | None = None
    papers: int = 0
    to_review: int = 0
    checked: tuple[CheckedPage, ...] = ()
    poor_pages: tuple[PoorPage, ...] = ()
    dossier_code: str | None = None
    procedure_code: str | None = None
    problems: tuple[Problem, ...] = Field(default=())


class ProgressLog:
    """The events of all batches. Every method raises `SohoaError` with `DESK_FAILED` when the database does."""

    def __init__(self, desk: Database) -> None:
        """Use the desk's database."""
        self._desk = desk

    def tell(self, batch_id: str, event: Progress, upload_id: str | None = None) -> bool:
        """Keep one more event of a batch.

        Args:
            batch_id: Of which batch.
            event: What happened.
            upload_id: Of which file, where it may be gone by now: taken out, or erased with all that names it.

        Returns:
            False where the file is gone: nothing is kept.
        """
        row = {"batch_id": batch_id, "at": as_text(datetime.now(UTC)), "event": event.to_json().decode()}
        with self._desk.writing() as connection:
            if upload_id is not None:
                # Locked: whoever erases it waits, and erases this event too.
                held = select(uploads.c.upload_id).where(uploads.c.upload_id == upload_id)
                if connection.execute(held.with_for_update(read=True)).first() is None:
                    return False
            self._desk.one_writer(connection, batch_progress)
            connection.execute(insert(batch_progress).values(row))
        return True

    def since(self, batch_id: str, seq: int = 0, limit: int = 1000) -> Sequence[tuple[int, Progress]]:
        """Return the events of a batch after the one numbered `seq`, oldest first, each with its number."""
        wanted = select(batch_progress.c.seq, batch_progress.c.event).where(
            batch_progress.c.batch_id == batch_id, batch_progress.c.seq > seq
        )
        with self._desk.asking() as connection:
            rows = connection.execute(wanted.order_by(batch_progress.c.seq).limit(limit)).all()
        return [(int(number), Progress.from_json(event.encode())) for number, event in rows]

    def newest(self) -> int:
        """Return the number of the last event there is, 0 without any."""
        with self._desk.asking() as connection:
            return int(connection.execute(select(func.coalesce(func.max(batch_progress.c.seq), 0))).scalar_one())

    def of_all_since(self, seq: int, limit: int = 1000) -> Sequence[tuple[int, str, Progress]]:
        """Return the events of all batches after the one numbered `seq`, oldest first: number, batch, event."""
        wanted = select(batch_progress.c.seq, batch_progress.c.batch_id, batch_progress.c.event)
        wanted = wanted.where(batch_progress.c.seq > seq).order_by(batch_progress.c.seq).limit(limit)
        with self._desk.asking() as connection:
            rows = connection.execute(wanted).all()
        return [(int(number), batch_id, Progress.from_json(event.encode())) for number, batch_id, event in rows]

    def forget(self, batch_id: str) -> None:
        """Remove the events of a batch."""
        with self._desk.writing() as connection:
            connection.execute(delete(batch_progress).where(batch_progress.c.batch_id == batch_id))
