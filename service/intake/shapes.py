"""What the API says of batches and takes for them: the shapes of requests and answers."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from ocr.page_quality import Side, Verdict
from storage.batch import BatchState
from storage.desk.upload import UploadState
from storage.dossier import DossierState

Sha256 = Field(pattern="^[0-9a-f]{64}$", description="SHA-256 của cả tệp, 64 chữ số thập lục phân viết thường")


class Asked(BaseModel):
    """A request: nothing in it that is not understood, and no `true` for a number."""

    model_config = ConfigDict(extra="forbid", strict=True)


class BatchAsked(Asked):
    """What is asked once for a whole batch; null: not known."""

    agency: str | None = Field(default=None, max_length=40, description="Cơ quan của hồ sơ; bỏ trống: của người gọi")
    procedure_code: str | None = Field(default=None, max_length=80, description="Mã thủ tục")
    dossier_code: str | None = Field(default=None, max_length=80, description="Mã hồ sơ, khi cả đợt là một hồ sơ")


class FileAsked(Asked):
    """One file as the client sees it before sending it."""

    sha256: str = Sha256
    size_bytes: int = Field(ge=0, description="Cả tệp bao nhiêu byte")


class KnownAsked(Asked):
    """The files that a client is about to send."""

    files: list[FileAsked] = Field(max_length=5_000, description="Những tệp sắp gửi")


class AttachAsked(Asked):
    """A file that need not be sent."""

    dossier_id: str = Field(max_length=400, description="Tên hồ sơ trong đợt nạp")
    file: str = Field(max_length=400, description="Tên tệp trong hồ sơ")
    sha256: str = Sha256


class SubmitAsked(Asked):
    """Dossiers that the store holds and that this batch adds papers to."""

    add_to: list[str] = Field(default=[], max_length=5_000, description="Hồ sơ kho đã có mà đợt này bổ sung giấy tờ")


class PageView(BaseModel):
    """What a page was found good for, before anybody reads it or by reading it; `sides`: where it is cut off.

    `is_blank`: it looks as if nothing were on it; reading decides.
    """

    page_number: int
    verdict: Verdict
    is_blank: bool
    words: str
    sides: list[Side]
    picture: str | None


class FileView(BaseModel):
    """One file of a batch; `problem` is an error body."""

    upload_id: str | None
    file: str
    size_bytes: int
    offset_bytes: int
    sha256: str | None
    state: UploadState
    problem: dict[str, Any] | None
    page_count: int | None
    pages: list[PageView]


class DossierView(BaseModel):
    """One dossier of a batch: its files, and how far digitising it has got; `problems` are error bodies."""

    dossier_id: str
    files: list[FileView]
    state: DossierState | None
    pages: int
    pages_read: int
    papers: int
    to_review: int
    problems: list[dict[str, Any]]


class Suggested(BaseModel):
    """What receipts among the files say of the whole batch, where they say one thing; the clerk decides.

    `agency` gave the dossier code; `from_file` is the first receipt.
    """

    dossier_code: str | None
    procedure_code: str | None
    agency: str | None
    from_file: str


class BatchView(BaseModel):
    """One batch; times are ISO 8601 in UTC.

    `seq` is the number of the last event that is counted in: what happens later is told after it. `problems` (error
    bodies) say what digitising waits for, or why it was given up. `file_count` and
    `dossier_count` are of the whole batch. `dossiers` are told in portions, by name: `next` is the cursor of the next
    portion, null on the last. A dossier with many files may go on in the next portion.
    """

    batch_id: str
    state: BatchState
    account: str
    agency: str | None
    procedure_code: str | None
    dossier_code: str | None
    created_at: str
    submitted_at: str | None
    finished_at: str | None
    seq: int
    problems: list[dict[str, Any]]
    file_count: int
    dossier_count: int
    dossiers: list[DossierView]
    next: str | None
    suggested: Suggested | None


class BatchPage(BaseModel):
    """Batches, the newest first; `next` is the `before` of the page after, null on the last."""

    batches: list[BatchView]
    next: str | None


class KnownDossier(BaseModel):
    """A dossier that holds a file already."""

    dossier_id: str
    segment: str
    created_at: str


class KnownFile(BaseModel):
    """A file that need not be sent, and where it is."""

    sha256: str
    dossiers: list[KnownDossier]


class KnownAnswer(BaseModel):
    """Which of the files asked about are held, as far as the caller may know."""

    known: list[KnownFile]


class KeptScan(BaseModel):
    """A scan that stays in the store although its batch is gone."""

    dossier_id: str
    file: str
    sha256: str


class RemovedAnswer(BaseModel):
    """What stays of what was taken out: scans are never removed."""

    kept: list[KeptScan]
