"""The nouns of a batch: what a clerk sent through the service at one time (schema `sohoa.batch/1`)."""

from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import AwareDatetime, Field, model_validator

from ocr.problem import Problem
from ocr.stored import Stored, StoredDocument
from storage.dossier import DossierState
from storage.dossier_segment import dossier_segment

BatchId = Annotated[str, Field(pattern="^b[0-9a-f]{24}$")]


class BatchState(StrEnum):
    """Where a batch stands.

    `OPEN`: files are being sent; it is on the desk alone. `WAITING`: sent off, stored, not digitised yet. `RUNNING`:
    being digitised. `DONE`: every dossier is stored. `FAILED`: given up after several attempts; its scans are stored.
    """

    OPEN = "open"
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class BatchFile(Stored):
    """One scan of a dossier, in the store already. `file` is the name as the clerk gave it."""

    file: str = Field(min_length=1)
    sha256: str = Field(pattern="^[0-9a-f]{64}$")
    size_bytes: int = Field(ge=0)


class BatchDossier(Stored):
    """One dossier of a batch: its id, and its scans in the clerk's order.

    `state` and `problems` are what became of it; None and empty before. Where all its papers were erased, `state` says
    so, `dossier_id` is its segment, and only what is kept of its scans is listed, without their names.
    """

    dossier_id: str = Field(min_length=1)
    files: tuple[BatchFile, ...] = ()
    state: DossierState | None = None
    problems: tuple[Problem, ...] = ()

    @property
    def is_erased(self) -> bool:
        """True when all its papers were erased under a decision: nothing of it is digitised any more."""
        return self.state is DossierState.ERASED

    @property
    def segment(self) -> str:
        """What stands for the dossier in object names; see `dossier_segment`."""
        return self.dossier_id if self.is_erased else dossier_segment(self.dossier_id)

    @model_validator(mode="after")
    def _check(self) -> Self:
        if not self.files and not self.is_erased:
            raise ValueError("a dossier without files")
        return self


class Batch(StoredDocument):
    """One revision of a batch: r1 as it was sent off, r2 when it is done or given up.

    Attributes:
        batch_id: `b` and 24 hexadecimal digits, random.
        revision: From 1.
        state: `WAITING`, `DONE` or `FAILED`.
        by: Account of the clerk.
        agency: Identifier of the agency it was sent for, or None.
        procedure_code: Mã thủ tục hành chính of all its dossiers, when said.
        dossier_code: Mã hồ sơ, when said; of a batch with one dossier.
        dossiers: In the clerk's order.
        erasures: The erasures that took something from it.
        created_at: When this revision was made.
    """

    schema_: Literal["sohoa.batch/1"] = Field(default="sohoa.batch/1", alias="schema")
    batch_id: BatchId
    revision: int = Field(ge=1)
    state: BatchState
    by: str
    agency: str | None = None
    procedure_code: str | None = None
    dossier_code: str | None = None
    dossiers: tuple[BatchDossier, ...] = Field(min_length=1)
    erasures: tuple[str, ...] = ()
    created_at: AwareDatetime

    @model_validator(mode="after")
    def _check(self) -> Self:
        if len({dossier.dossier_id for dossier in self.dossiers}) != len(self.dossiers):
            raise ValueError("a dossier is listed twice")
        if self.dossier_code is not None and len(self.dossiers) > 1:
            raise ValueError("one dossier code for several dossiers")
        return self

    def same_content_as(self, other: "Batch") -> bool:
        """True when the two revisions say the same, whenever they were made."""
        ignored = {"revision", "created_at"}
        return self.model_dump(exclude=ignored) == other.model_dump(exclude=ignored)
