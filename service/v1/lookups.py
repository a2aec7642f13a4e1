"""`/v1/lookups`: the once-only question of systems and clerks."""

from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from extractors.kinds.date import parse_date
from ocr.problem import Code, SohoaError
from service.access import Caller, TheOffice
from service.pages.rendering import VIET_NAM
from service.roles import Role
from service.routes import Routes
from service.v1.entitlement import offer
from service.v1.groups import LOOKUPS
from service.v1.problems import problems
from service.v1.purpose import agency_of
from storage.lookup import lookup
from storage.lookup_answer import LookupAnswer, LookupRequest
from storage.read_log.entry import LONGEST_TEXT

routes = Routes("/lookups", [LOOKUPS])

ASKING = frozenset({Role.CLERK, Role.STEWARD, Role.SUPERVISOR, Role.READER})
# As people and cards write it, with blanks or dots between groups.
Identifier = Annotated[
    str,
    Field(
        min_length=1,
        max_length=40,
        description="Số định danh cá nhân, số CMND, mã số doanh nghiệp",
        examples=["001190012345"],
    ),
]
Day = Annotated[
    str,
    Field(
        max_length=20,
        pattern=r"^([0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{1,2}/[0-9]{1,2}/[0-9]{4})$",
        examples=["2026-11-22"],
    ),
]
PartialDay = Annotated[
    str,
    Field(
        max_length=20,
        pattern=r"^([0-9]{4}(-[0-9]{2}){0,2}|([0-9]{1,2}/){0,2}[0-9]{4})$",
        examples=["1990-05-06"],
    ),
]
Words = Annotated[str, Field(max_length=LONGEST_TEXT)]
StatedPurpose = Annotated[Words, Field(description="Để làm gì, bằng lời của bên hỏi; ghi vào nhật ký đọc")]
ClaimedName = Annotated[Words | None, Field(description="Họ tên người ấy khai, để đối chiếu với giấy tờ đang giữ")]
ClaimedBirth = Annotated[
    PartialDay | None, Field(description="Ngày sinh người ấy khai, để đối chiếu; chỉ tháng, năm cũng được")
]
ForDossier = Annotated[Words | None, Field(description="Mã hồ sơ mà việc này phục vụ")]
RoleName = Annotated[str, Field(pattern="^[a-z][a-z_]{0,39}$")]


class LookupAsked(BaseModel):
    """The question."""

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        json_schema_extra={
            "examples": [
                {
                    "subject": "001190012345",
                    "procedure": "1.000894",
                    "purpose": "Giải quyết hồ sơ đăng ký kết hôn",
                    "others": {"husband": "001088012345"},
                }
            ]
        },
    )

    subject: Identifier
    procedure: Annotated[
        str, Field(min_length=1, max_length=100, description="Mã thủ tục, dạng ngắn hay dài", examples=["1.001193"])
    ]
    purpose: StatedPurpose
    on: Annotated[Day | None, Field(description="Ngày giấy tờ phải có hiệu lực; bỏ trống: hôm nay")] = None
    name: ClaimedName = None
    birth: ClaimedBirth = None
    role: Annotated[RoleName | None, Field(description="Người nộp là ai trong thủ tục, như `wife`")] = None
    others: Annotated[
        dict[RoleName, Identifier],
        Field(max_length=20, description="Số định danh của người khác trong hồ sơ theo vai: `child`, `mother`…"),
    ] = {}
    dossier_code: ForDossier = None
    approved_only: Annotated[bool, Field(description="Chỉ tính giấy tờ cán bộ đã duyệt")] = False


@routes.post(
    "",
    roles=ASKING,
    response_model=LookupAnswer,
    operation_id="lookUp",
    summary="Giấy tờ nào đã có, giấy nào không dùng được và vì sao, giấy nào còn phải nộp",
    description=(
        "Mỗi thành phần hồ sơ nằm ở đúng một trong hai chỗ `held`, `missing`. Ai hỏi, để làm gì, được ghi vào nhật ký "
        "đọc trước khi trả lời. Bản ghi được kể là đã có thì bên hỏi đọc được trong 30 ngày, dù của cơ quan khác."
    ),
    responses=problems(
        Code.PURPOSE_MISSING, Code.SUBJECT_INVALID, Code.PROCEDURE_UNKNOWN, Code.READ_LOG_FAILED, Code.SETTING_INVALID
    ),
)
def look_up(asked: LookupAsked, office: TheOffice, caller: Caller) -> LookupAnswer:
    """Answer for one applicant and procedure; who looked, and what for, is in the read log before.

    What the answer names as held or as a candidate may then be read for 30 days by whoever asked. Every component of
    the procedure is either in `held` or in `missing`.
    """
    question = LookupRequest(
        subject=asked.subject,
        procedure=asked.procedure,
        on=_day(asked.on) if asked.on is not None else datetime.now(VIET_NAM).date(),
        purpose=asked.purpose,
        reader=caller.account,
        agency=agency_of(office, caller),
        dossier_code=asked.dossier_code,
        name=asked.name,
        birth=as_date(asked.birth, "birth") if asked.birth is not None else None,
        role=asked.role,
        others=asked.others,
        approved_only=asked.approved_only,
    )
    try:
        answer = lookup(office.catalogue, office.procedures, office.read_log, office.identity_key, question)
    except SohoaError as error:
        raise _as_here(error) from None
    offer(office, caller, answer)
    return answer


def as_date(given: str, name: str) -> str:
    """Return a date, month or year as ISO 8601, however Vietnamese write it."""
    value = parse_date(given).value
    if not isinstance(value, str):
        raise SohoaError(Code.REQUEST_INVALID, field=name, detail="no date")
    return value


def _day(given: str) -> date:
    try:
        return date.fromisoformat(as_date(given, "on"))
    except ValueError:
        raise SohoaError(Code.REQUEST_INVALID, field="on", detail="needs day, month and year") from None


def _as_here(error: SohoaError) -> SohoaError:
    """Return an error that names what it is about as this question does, not as the command line."""
    problem = error.problem
    if not (problem.field or "").startswith("--"):
        return error
    name = (problem.field or "").removeprefix("--").replace("-", "_")
    detail = problem.detail.replace(problem.field or "", name)
    return SohoaError(problem.code, field=name, detail=detail, retryable=problem.retryable)
