"""What somebody's data are read for: said with every read, and written to the read log before anything leaves."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import unquote

from fastapi import Depends, Header, Query

from extractors.procedures.procedure import normal_code
from ocr.problem import Code, SohoaError
from service.office import Office
from service.roles import Principal
from storage.read_log.entry import LONGEST_TEXT, ReadEntry, ReadKind, RecordRead, said
from storage.read_log.opening import Revision

# What is percent-encoded takes up to nine characters for one of ours.
_LONGEST_HEADER = 9 * LONGEST_TEXT
_HELP = (
    "Đọc để làm gì, bằng lời của bên đọc, ghi vào nhật ký đọc. UTF-8, mã hóa phần trăm nếu thư viện không gửi được "
    "UTF-8 trong tiêu đề. Bắt buộc, ở đây hoặc ở tham số `purpose`."
)


@dataclass(frozen=True, slots=True)
class Purpose:
    """What for.

    Attributes:
        text: In the reader's words, on one line.
        procedure: Short code of the procedure, or None.
        dossier_code: Mã hồ sơ, or None.
    """

    text: str
    procedure: str | None = None
    dossier_code: str | None = None


async def purpose_of(
    x_purpose: Annotated[
        str | None,
        Header(max_length=_LONGEST_HEADER, description=_HELP, examples=["gi%E1%BA%A3i%20quy%E1%BA%BFt%20h%E1%BB%93"]),
    ] = None,
    purpose: Annotated[
        str | None, Query(max_length=LONGEST_TEXT, description="Như tiêu đề X-Purpose, khi không đặt được tiêu đề.")
    ] = None,
    x_procedure: Annotated[
        str | None,
        Header(max_length=100, description="Mã thủ tục mà việc đọc phục vụ.", examples=["1.001193"]),
    ] = None,
    x_dossier_code: Annotated[
        str | None, Header(max_length=LONGEST_TEXT, description="Mã hồ sơ mà việc đọc phục vụ.")
    ] = None,
) -> Purpose:
    """Return what a request says it is for; a dependency.

    Raises:
        SohoaError: `PURPOSE_MISSING`; `PROCEDURE_UNKNOWN` for what is no code of a procedure.
    """
    given = decoded(x_purpose) if x_purpose is not None else (purpose or "")
    return checked(given, x_procedure, decoded(x_dossier_code) if x_dossier_code is not None else None)


AskedPurpose = Annotated[Purpose, Depends(purpose_of)]


def checked(text: str, procedure: str | None = None, dossier_code: str | None = None) -> Purpose:
    """Return a purpose as it is logged.

    Raises:
        SohoaError: As `purpose_of`.
    """
    purpose = said(text)
    if not purpose:
        raise SohoaError(Code.PURPOSE_MISSING, field="X-Purpose")
    if len(purpose) > LONGEST_TEXT:
        raise SohoaError(Code.PURPOSE_MISSING, field="X-Purpose", detail=f"longer than {LONGEST_TEXT} characters")
    code = normal_code(procedure) if procedure else None
    if procedure and code is None:
        raise SohoaError(Code.PROCEDURE_UNKNOWN, field="X-Procedure", detail="not a procedure code")
    dossier = said(dossier_code or "")
    if len(dossier) > LONGEST_TEXT:
        raise SohoaError(Code.REQUEST_INVALID, field="X-Dossier-Code", detail=f"longer than {LONGEST_TEXT} characters")
    return Purpose(purpose, code, dossier or None)


def decoded(header: str) -> str:
    """Return the text of a header: servers hand its bytes over as Latin-1, clients send UTF-8, plain or escaped."""
    try:
        text = header.encode("latin-1").decode()
    except UnicodeError:
        text = header
    return unquote(text, errors="replace")


def log(
    office: Office,
    principal: Principal,
    purpose: Purpose,
    kind: ReadKind,
    records: Iterable[Revision],
    subject_key: str | None = None,
) -> str:
    """Write that the caller reads records, durably, and return the entry's identifier. Call it before they leave.

    Raises:
        SohoaError: `READ_LOG_FAILED`: they must not leave.
    """
    entry = ReadEntry(
        kind=kind,
        reader=principal.account,
        agency=agency_of(office, principal),
        purpose=purpose.text,
        procedure=purpose.procedure,
        dossier_code=purpose.dossier_code,
        subject_key=subject_key,
        records=tuple(RecordRead(record_id=each.record_id, revision=each.revision) for each in records),
    )
    return office.read_log.append(entry)


def agency_of(office: Office, principal: Principal) -> str | None:
    """Return the agency that reads: the caller's, or the one that works here."""
    return principal.agency or office.settings.agency
