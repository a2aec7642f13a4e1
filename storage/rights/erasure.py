"""The nouns of an erasure: its ground, what is erased, what is kept and why (schema `sohoa.erasure/1`).

The stored erasure is the proof. It is written before anything is removed and tells everything that is to be removed,
so that any run can finish what a killed one began.
"""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Literal

from pydantic import AwareDatetime, Field

from ocr.stored import Stored
from storage.keys import ERASURES_PREFIX
from storage.objects import ObjectStore
from storage.rights.cases import Case, Cases


class Ground(StrEnum):
    """Why data are erased. Source: Luật Bảo vệ dữ liệu cá nhân 91/2025/QH15, Điều 14 khoản 1 (domain.md §8)."""

    REQUEST = "request"
    PURPOSE_REACHED = "purpose-reached"
    RETENTION_ENDED = "retention-ended"
    AUTHORITY_DECISION = "authority-decision"
    AGREEMENT = "agreement"

    @property
    def label(self) -> str:
        """What people call it."""
        return _GROUND_LABELS[self]

    @property
    def overrides_retention(self) -> bool:
        """True when it goes before the time a paper has to be kept for. None goes before a hold."""
        return self is Ground.AUTHORITY_DECISION


_GROUND_LABELS: Mapping[Ground, str] = {
    Ground.REQUEST: "theo yêu cầu của chủ thể dữ liệu",
    Ground.PURPOSE_REACHED: "đã hoàn thành mục đích xử lý",
    Ground.RETENTION_ENDED: "hết thời hạn lưu trữ",
    Ground.AUTHORITY_DECISION: "theo quyết định của cơ quan nhà nước có thẩm quyền, bản án, quyết định của tòa án",
    Ground.AGREEMENT: "theo thỏa thuận",
}


class KeptReason(StrEnum):
    """Why something is not erased."""

    HOLD = "hold"
    RETENTION = "retention"
    SHARED = "shared"
    OTHER_PERSON = "other_person"
    OTHER_PAGES = "other_pages"
    UNREAD_PAGES = "unread_pages"

    @property
    def label(self) -> str:
        """What people call it."""
        return _KEPT_LABELS[self]


_KEPT_LABELS: Mapping[KeptReason, str] = {
    KeptReason.HOLD: "đang có lệnh giữ",
    KeptReason.RETENTION: "chưa hết thời hạn lưu trữ",
    KeptReason.SHARED: "cũng là giấy tờ của người khác",
    KeptReason.OTHER_PERSON: "không phải giấy tờ của người này",
    KeptReason.OTHER_PAGES: "tệp quét có trang của giấy tờ được giữ lại",
    KeptReason.UNREAD_PAGES: "tệp quét có trang chưa đọc được, không biết của ai",
}


class Kept(Stored):
    """Something that stays.

    Attributes:
        reason: Why.
        record_id: The record, where a record stays.
        key: The object, where an object stays.
        until: The last day it has to be kept; None: not known, or for ever.
        case_id: The hold, where one keeps it.
    """

    reason: KeptReason
    record_id: str | None = None
    key: str | None = None
    until: date | None = None
    case_id: str | None = None


class ErasedObject(Stored):
    """An object that is erased: its name, the SHA-256 of its bytes (None: it was damaged) and their number."""

    key: str
    sha256: str | None
    size_bytes: int


class ErasureState(StrEnum):
    """How far an erasure is: named and begun, or everything gone."""

    STARTED = "started"
    FINISHED = "finished"


class Readmission(Stored):
    """The decision that the erased scans may be received again: who, when and why."""

    by: str = Field(min_length=1)
    at: AwareDatetime
    reason: str = Field(min_length=1)


class Erasure(Case):
    """One erasure. It names objects and hashes, never the person.

    Attributes:
        state: See `ErasureState`.
        subject_key: The person, by keyed hash.
        by: Who erased.
        ground: Why, in the law's terms.
        decision: Number and day of the decision.
        started_at: When it was written, before anything was removed.
        finished_at: When everything was gone.
        records: Identifiers of the records that are erased.
        dossiers: Segments of the dossiers that are written anew without them.
        batches: Identifiers of the batches that are written anew without them.
        requests: Identifiers of the requests that are emptied.
        objects: Every object that is erased.
        kept: What stays of what the person may have asked for, and why.
        in_second_store: True when the second store was to be cleared as well.
        readmission: Set when the scans may come again.
    """

    schema_: Literal["sohoa.erasure/1"] = Field(default="sohoa.erasure/1", alias="schema")
    state: ErasureState = ErasureState.STARTED
    subject_key: str
    by: str = Field(min_length=1)
    ground: Ground
    decision: str = Field(min_length=1)
    started_at: AwareDatetime
    finished_at: AwareDatetime | None = None
    records: tuple[str, ...] = ()
    dossiers: tuple[str, ...] = ()
    batches: tuple[str, ...] = ()
    requests: tuple[str, ...] = ()
    objects: tuple[ErasedObject, ...] = ()
    kept: tuple[Kept, ...] = ()
    in_second_store: bool = False
    readmission: Readmission | None = None


def erasures_in(store: ObjectStore) -> Cases[Erasure]:
    """Return all erasures of a store."""
    return Cases(store, ERASURES_PREFIX, Erasure)
