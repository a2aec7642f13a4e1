"""What can go wrong, as values: stable codes, problems that are kept beside the pages, and the base of all errors.

Codes are a public contract: programs match on them, so a code is never renamed. The Vietnamese
sentence and the next action of each code live in one place, `ocr.messages`.
"""

from enum import StrEnum

from pydantic import BaseModel, ConfigDict


class Code(StrEnum):
    """Stable machine codes of every problem and error of the product."""

    # A whole scan cannot be used.
    SCAN_EMPTY = "scan_empty"
    SCAN_WRONG_TYPE = "scan_wrong_type"
    SCAN_ENCRYPTED = "scan_encrypted"
    SCAN_DAMAGED = "scan_damaged"
    SCAN_NO_PAGES = "scan_no_pages"
    SCAN_TOO_LARGE = "scan_too_large"
    SCAN_TOO_MANY_PAGES = "scan_too_many_pages"
    # One page cannot be used; the other pages of the scan go on.
    PAGE_DAMAGED = "page_damaged"
    PAGE_TOO_LARGE = "page_too_large"
    PAGE_TOO_SMALL = "page_too_small"
    PAGE_TIMEOUT = "page_timeout"
    READER_FAILED = "reader_failed"
    # Reasons why the picture of a page is poor; see `ocr.quality`.
    LETTERS_TOO_SMALL = "letters_too_small"
    RESOLUTION_LOW = "resolution_low"
    PAGE_BLURRED = "page_blurred"
    PAGE_FAINT = "page_faint"
    PAGE_TOO_DARK = "page_too_dark"
    STROKES_BROKEN = "strokes_broken"
    STROKES_MERGED = "strokes_merged"
    PAGE_NOISY = "page_noisy"
    PAGE_SKEWED = "page_skewed"
    TEXT_CUT_OFF = "text_cut_off"
    # The machine lacks something.
    READER_MISSING = "reader_missing"
    FLOW_SERVER_FAILED = "flow_server_failed"
    FLOW_SERVER_UNREACHABLE = "flow_server_unreachable"
    FLOW_FAILED = "flow_failed"
    # What the clerk pointed at.
    PATH_NOT_FOUND = "path_not_found"
    PATH_UNREADABLE = "path_unreadable"
    FOLDER_EMPTY = "folder_empty"
    FILE_SKIPPED = "file_skipped"
    DOSSIER_BLANK = "dossier_blank"
    DOSSIER_CONFLICT = "dossier_conflict"
    DOSSIER_CODE_DIFFERS = "dossier_code_differs"
    DOSSIER_UNKNOWN = "dossier_unknown"
    # The store.
    STORE_UNWRITABLE = "store_unwritable"
    STORE_FULL = "store_full"
    OBJECT_MISSING = "object_missing"
    OBJECT_DAMAGED = "object_damaged"
    OBJECT_ORPHANED = "object_orphaned"
    CATALOGUE_FAILED = "catalogue_failed"
    STORE_UNREACHABLE = "store_unreachable"
    STORE_UNFIT = "store_unfit"
    READ_LOG_FAILED = "read_log_failed"
    REPAIR_IMPOSSIBLE = "repair_impossible"
    LINK_UNFINISHED = "link_unfinished"
    ERASED_RETURNED = "erased_returned"
    # Decisions, lookups and the rights of the person.
    RECORD_UNKNOWN = "record_unknown"
    RECORD_CHANGED = "record_changed"
    DECISION_INVALID = "decision_invalid"
    PROCEDURE_UNKNOWN = "procedure_unknown"
    PROCEDURE_INVALID = "procedure_invalid"
    SUBJECT_INVALID = "subject_invalid"
    PURPOSE_MISSING = "purpose_missing"
    ERASURE_REFUSED = "erasure_refused"
    CASE_UNKNOWN = "case_unknown"
    SCAN_ERASED = "scan_erased"
    DOSSIER_ERASED = "dossier_erased"
    # The doors: who comes in, what is sent, what is worked on.
    DESK_FAILED = "desk_failed"
    SIGN_IN_NEEDED = "sign_in_needed"
    SIGN_IN_FAILED = "sign_in_failed"
    SIGN_IN_UNFINISHED = "sign_in_unfinished"
    PROVIDER_FAILED = "provider_failed"
    IDENTITY_UNBOUND = "identity_unbound"
    NOT_ALLOWED = "not_allowed"
    REQUEST_FORGED = "request_forged"
    TOO_MANY_REQUESTS = "too_many_requests"
    REQUEST_INVALID = "request_invalid"
    NOTHING_HERE = "nothing_here"
    METHOD_WRONG = "method_wrong"
    SERVICE_FAILED = "service_failed"
    ACCOUNT_INVALID = "account_invalid"
    ACCOUNT_UNKNOWN = "account_unknown"
    ACCOUNT_EXISTS = "account_exists"
    PASSWORD_WEAK = "password_weak"  # noqa: S105  the name of a problem
    LAST_ADMIN = "last_admin"
    BATCH_UNKNOWN = "batch_unknown"
    BATCH_CLOSED = "batch_closed"
    BATCH_INVALID = "batch_invalid"
    BATCH_GIVEN_UP = "batch_given_up"
    RUNNER_ENDED = "runner_ended"
    UPLOAD_UNKNOWN = "upload_unknown"
    UPLOAD_OUT_OF_STEP = "upload_out_of_step"
    UPLOAD_CORRUPT = "upload_corrupt"
    UPLOAD_TOO_LARGE = "upload_too_large"
    UPLOAD_BUSY = "upload_busy"
    UPLOAD_EXPIRED = "upload_expired"
    UPLOAD_INVALID = "upload_invalid"
    FILE_NAME_INVALID = "file_name_invalid"
    FILE_NAME_TAKEN = "file_name_taken"
    DOSSIER_CODE_INVALID = "dossier_code_invalid"
    DOSSIER_HELD = "dossier_held"
    UPLOAD_VERSION = "upload_version"
    ARCHIVE_INVALID = "archive_invalid"
    TASK_TAKEN = "task_taken"
    TASK_LOST = "task_lost"
    SECOND_KEYING_NEEDED = "second_keying_needed"
    WEBHOOK_INVALID = "webhook_invalid"
    CURSOR_GONE = "cursor_gone"
    KEY_REUSED = "key_reused"
    REQUEST_UNDER_WAY = "request_under_way"
    # Set-up.
    SETTING_INVALID = "setting_invalid"
    PAPER_TYPES_INVALID = "paper_types_invalid"
    TOO_FEW_KNOWN = "too_few_known"
    INTERRUPTED = "interrupted"


class Problem(BaseModel):
    """One thing that went wrong, kept with the page or dossier it happened to.

    Attributes:
        code: Stable machine code.
        file: Name of the scan as the clerk gave it, when one file is concerned.
        page_number: Page of that file, counted from 1.
        field: Field name, when one field is concerned.
        detail: Technical remark in English for an administrator; never personal data.
        retryable: True when the same work may succeed later without changing the input.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: Code
    file: str | None = None
    page_number: int | None = None
    field: str | None = None
    detail: str = ""
    retryable: bool = False


class SohoaError(Exception):
    """Base of every error the product raises on purpose; carries a `Problem`.

    Flows decide retries from `problem.retryable`, the command line and the service decide the exit
    code or HTTP status from `problem.code`.
    """

    def __init__(
        self,
        code: Code,
        *,
        file: str | None = None,
        page_number: int | None = None,
        field: str | None = None,
        detail: str = "",
        retryable: bool = False,
    ) -> None:
        self.problem = Problem(
            code=code, file=file, page_number=page_number, field=field, detail=detail, retryable=retryable
        )
        super().__init__(f"{code.value}: {detail}" if detail else code.value)

    @property
    def code(self) -> Code:
        """The stable machine code."""
        return self.problem.code
