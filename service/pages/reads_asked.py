"""What an inspector asks of the read log: days, reader, agency and kind, as they stand in the form."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from extractors.kinds.date import parse_date
from ocr.problem import Code, SohoaError
from service.pages.rendering import VIET_NAM, day
from service.places import place_of
from service.roles import Principal
from storage.catalogue.queue import Place
from storage.catalogue.read_listing import ReadsMeant
from storage.read_log.entry import ReadKind

MOST_DAYS = 366
_USUAL_DAYS = 7
# Lookups in which a paper was held that was not good enough.
REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class LogQuestion:
    """The form as it was filled in; empty texts do not narrow.

    Attributes:
        first: First day, as people write it.
        last: Last day.
        reader: Account of who read.
        agency: Agency of who read.
        kind: A value of `ReadKind`, or `REFUSED`.
        purpose: What the inspection is for.
        before: Where the page before ended.
    """

    first: str
    last: str
    reader: str = ""
    agency: str = ""
    kind: str = ""
    purpose: str = ""
    before: str = ""


def nothing_asked() -> LogQuestion:
    """Return the form as it is first shown: the last seven days."""
    today = datetime.now(VIET_NAM).date()
    return LogQuestion(day(today - timedelta(days=_USUAL_DAYS - 1)), day(today))


def asked_of(
    question: LogQuestion, principal: Principal, wrong: dict[str, str]
) -> tuple[ReadsMeant, Place | None] | None:
    """Return which entries are meant, and from where on; None where `wrong` then says why nothing can be asked.

    Raises:
        SohoaError: `REQUEST_INVALID` for what the form does not send.
    """
    first, last = _day(question.first, "first", wrong), _day(question.last, "last", wrong)
    if not principal.may_see(question.agency or principal.agency):
        wrong["agency"] = f"Chỉ xem được lượt xem của {principal.agency} và đơn vị trực thuộc."
    if first is not None and last is not None:
        if first > last:
            wrong["last"] = "Ngày cuối phải từ ngày đầu trở đi."
        elif (last - first).days >= MOST_DAYS:
            wrong["last"] = f"Xem nhiều nhất {MOST_DAYS} ngày một lần."
    if wrong or first is None or last is None:
        return None
    meant = ReadsMeant(
        begin=datetime.combine(first, time(), VIET_NAM),
        end=datetime.combine(last + timedelta(days=1), time(), VIET_NAM),
        agency=question.agency or principal.agency,
        reader=question.reader or None,
        kinds=kinds_of(question.kind),
        refused_only=question.kind == REFUSED,
    )
    return meant, place_of(question.before or None, "before")


def kinds_of(kind: str) -> frozenset[str]:
    """Return the kinds of looks that a choice of the form means; none: any.

    Raises:
        SohoaError: `REQUEST_INVALID` for a choice that the form does not have.
    """
    if kind in {"", REFUSED}:
        return frozenset()
    if kind not in set(ReadKind):
        raise SohoaError(Code.REQUEST_INVALID, field="kind")
    return frozenset({kind})


def _day(text: str, name: str, wrong: dict[str, str]) -> date | None:
    parsed = parse_date(text)
    if not isinstance(parsed.value, str) or parsed.partial:
        wrong[name] = "Ghi ngày dạng ngày/tháng/năm, ví dụ 06/05/2026."
        return None
    return date.fromisoformat(parsed.value)
