"""The changes feed: what became of records, from a cursor on."""

import asyncio
import time
from typing import Annotated, Any

from fastapi import Query, Request
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool

from ocr.problem import Code
from service.access import office_of, principal_of
from service.feed.envelope import change_of
from service.feed.tide import Tide
from service.office import Office
from service.roles import Principal, Role
from service.routes import Routes
from service.v1.groups import CHANGES
from service.v1.problems import problems
from storage.desk.events import Events, EventType, Portion

routes = Routes(tags=[CHANGES])

MOST_AT_ONCE = 1000
LONGEST_WAIT_S = 25
_LOOKED_EVERY_S = 0.5
_READERS = frozenset({Role.READER})


class Change(BaseModel):
    """Something that happened to a record. Of an erased record nothing is told but that it was erased."""

    seq: int = Field(description="Place in the feed; grows, numbers may be missing")
    event_id: str = Field(description="Names the event; the same in a webhook (`webhook-id`, CloudEvents `id`)")
    type: EventType = Field(description="What happened")
    at: str = Field(description="When the revision was made, UTC")
    record_id: str
    revision: int
    state: str | None = Field(description="State of the record since then")
    paper_type: str | None
    agency: str | None


class Changes(BaseModel):
    """A portion of the feed."""

    changes: list[Change]
    next: str = Field(description="Cursor to go on from, also where nothing is new")
    more: bool = Field(description="True: ask again at once")


@routes.get(
    "/changes",
    roles=_READERS,
    response_model=Changes,
    operation_id="listChanges",
    summary="Thay đổi của các bản ghi, theo thứ tự không đổi",
    description=("Bản ghi của cơ quan mình, và những bản ghi mình đã đọc. Lưu `next` sau khi đã xử lý xong."),
    responses=problems(Code.CURSOR_GONE, Code.REQUEST_INVALID, Code.DESK_FAILED),
)
async def changes(
    request: Request,
    cursor: Annotated[str, Query(max_length=64, description="`next` của lần trước; bỏ trống: từ đầu.")] = "",
    limit: Annotated[int, Query(ge=1, le=MOST_AT_ONCE, description="Nhiều nhất bao nhiêu thay đổi.")] = 100,
    wait: Annotated[int, Query(ge=0, le=LONGEST_WAIT_S, description="Chưa có gì mới thì chờ bao nhiêu giây.")] = 0,
) -> dict[str, Any]:
    """Return what happened to records of the caller's agency, and to records the caller read, after a cursor."""
    office, principal = office_of(request), principal_of(request)
    end = time.monotonic() + wait
    portion = await run_in_threadpool(_since, office, principal, cursor, limit)
    tide = _tide(request, office)
    while not portion.events and not portion.more and time.monotonic() < end:
        # The number in the cursor is where this reader stands; what is not meant for it moves the cursor on.
        if await tide.is_beyond(int(portion.next.split(".")[1])):
            portion = await run_in_threadpool(_since, office, principal, portion.next, limit)
        elif await request.is_disconnected():
            break
        else:
            await asyncio.sleep(_LOOKED_EVERY_S)
    return {"changes": [change_of(event) for event in portion.events], "next": portion.next, "more": portion.more}


def _since(office: Office, principal: Principal, cursor: str, limit: int) -> Portion:
    events = Events(office.desk)
    return events.since(cursor, agency=principal.agency, reader=principal.account, limit=limit)


def _tide(request: Request, office: Office) -> Tide:
    state = request.app.state
    if not hasattr(state, "tide"):
        state.tide = Tide(Events(office.desk))
    tide: Tide = state.tide
    return tide
