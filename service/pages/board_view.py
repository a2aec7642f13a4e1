"""The board's numbers as rows and words: what the page, the charts and the CSV all show."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from service.office import Office
from service.pages.rendering import VIET_NAM
from service.review.tasks import type_name
from service.roles import Principal
from storage.desk.board import Board, Share, Speed, board_of

PERIODS = (7, 30, 90)
# Upper ends of ages in days, and what they are called.
AGES = ((0, "hôm nay"), (1, "1 ngày"), (3, "2–3 ngày"), (7, "4–7 ngày"), (30, "8–30 ngày"), (10**6, "trên 30 ngày"))
NO_AGENCY = "không ghi cơ quan"
# Of a list on which people act one by one.
MOST_TOLD = 50


@dataclass(frozen=True, slots=True)
class BoardView:
    """What is shown; every table as rows of plain values.

    Attributes:
        board: The numbers.
        days: Days of the period, the oldest first.
        waiting: How many records wait.
        by_age: (age, records).
        by_type: (paper type, records), the most first.
        by_agency: (agency, records), the most first.
        by_day: (day, waiting since then, fields settled).
        stewards: (name or number, speed).
        errors: (paper type, label of the field, wrong, looked at).
        to_adjudicate: (record, paper type, agency, since), the longest waiting first, at most `MOST_TOLD`.
    """

    board: Board
    days: int
    waiting: int
    by_age: tuple[tuple[str, int], ...]
    by_type: tuple[tuple[str, int], ...]
    by_agency: tuple[tuple[str, int], ...]
    by_day: tuple[tuple[date, int, int], ...]
    stewards: tuple[tuple[str, Speed], ...]
    errors: tuple[tuple[str, str, int, int], ...]
    to_adjudicate: tuple[tuple[str, str, str, datetime], ...]


def view_of(office: Office, principal: Principal, days: int) -> BoardView:
    """Return what a supervisor sees of the last so many days."""
    today = datetime.now(VIET_NAM).date()
    period = [today - timedelta(days=number) for number in reversed(range(days))]
    board = board_of(office.desk, office.catalogue, principal.agency, period[0], today)
    ages, types, agencies = Counter[str](), Counter[str](), Counter[str]()
    for (agency, paper_type), count in board.waiting.items():
        types[_type_name(office, paper_type)] += count
        agencies[agency or NO_AGENCY] += count
    for day, count in board.waiting_since.items():
        ages[next(words for end, words in AGES if (today - day).days <= end)] += count
    return BoardView(
        board=board,
        days=days,
        waiting=sum(board.waiting.values()),
        by_age=tuple((words, ages[words]) for _, words in AGES),
        by_type=tuple(types.most_common()),
        by_agency=tuple(agencies.most_common()),
        by_day=tuple((day, board.waiting_since.get(day, 0), board.settled.get(day, 0)) for day in period),
        stewards=tuple(_named(office, principal, board)),
        errors=tuple(
            (
                _type_name(office, each.paper_type),
                _label(office, each.paper_type, each.field),
                each.wrong,
                each.total,
            )
            for each in board.errors
        ),
        to_adjudicate=tuple(
            (each.record_id, _type_name(office, each.paper_type), each.agency or NO_AGENCY, each.since)
            for each in board.to_adjudicate[:MOST_TOLD]
        ),
    )


def percent(share: Share) -> str:
    """Return a share as Vietnamese write it: `98,7 %`; a dash where there is nothing to share."""
    return "–" if share.share is None else f"{100 * share.share:.1f} %".replace(".", ",")


def error_bound(share: Share) -> str:
    """Return the error rate that is not exceeded with 95 % confidence (Wilson): few samples promise little."""
    if not share.total:
        return "–"
    z, count = 1.96, share.total
    wrong = 1 - share.hits / count
    middle = wrong + z * z / (2 * count)
    spread = z * ((wrong * (1 - wrong) + z * z / (4 * count)) / count) ** 0.5
    return f"{100 * (middle + spread) / (1 + z * z / count):.1f} %".replace(".", ",")


def _named(office: Office, principal: Principal, board: Board) -> list[tuple[str, Speed]]:
    """Name the people of the supervisor's own agency; those of others are told apart by a number alone."""
    people: Mapping[str, tuple[str, str | None]] = {
        each.account: (each.display_name, each.agency)
        for each in office.accounts.some([speed.account for speed in board.speeds])
    }
    rows, others = [], 0
    for speed in board.speeds:
        name, agency = people.get(speed.account, ("", "?"))
        is_own = agency == principal.agency or (principal.agency is not None and principal.may_see(agency))
        if not is_own:
            others += 1
        rows.append((name if is_own else f"Cán bộ số {others}", speed))
    return rows


def _type_name(office: Office, paper_type_id: str) -> str:
    return type_name(office.paper_type(paper_type_id), paper_type_id)


def _label(office: Office, paper_type_id: str, field: str) -> str:
    paper_type = office.paper_type(paper_type_id)
    declared = paper_type.fields.get(field) if paper_type else None
    return getattr(declared, "label", None) or field
