"""The routes of the steward's desk: JSON, and pictures of pages. The pages themselves are rendered elsewhere."""

import secrets
from collections.abc import Callable
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Depends, Query, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse
from pydantic import ValidationError

from ocr.problem import Code, Problem, SohoaError
from service.access import Caller, TheOffice
from service.errors import PROBLEM_MEDIA_TYPE, problem_body
from service.office import Office
from service.review import decisions
from service.review.entries import FieldsRefused, check_names, typed_field
from service.review.merging import Overtaken
from service.review.pictures import page_text, picture
from service.review.proposals import same, shown, value_in
from service.review.queue import QueueFilter, next_task
from service.review.reading_log import note_more, note_opening
from service.review.requests import (
    CheckRequest,
    DraftRequest,
    LeaseRequest,
    RegionRequest,
    RejectRequest,
    ReopenRequest,
    RevokeRequest,
    Settled,
    SettleRequest,
    TakeRequest,
)
from service.review.settling import hold, settle
from service.review.shelf import Shelf, TheShelf
from service.review.taking import take_next
from service.review.tasks import REVIEWERS, Mode, load_task
from service.review.view import view_of
from service.review.wording import place_words, refusal_words
from service.roles import Principal, Role
from service.routes import Routes
from storage.acts import invalid
from storage.desk.drafts import Action, FieldEntry
from storage.desk.leases import HEARTBEAT, LASTS
from storage.dossiers import load_dossier

routes = Routes()
_SUPERVISOR = frozenset({Role.SUPERVISOR})


async def filter_of(
    agency: Annotated[str | None, Query(max_length=40)] = None,
    paper_type: Annotated[str | None, Query(max_length=100)] = None,
) -> QueueFilter:
    """Return the narrowing of the queue that an address names; a dependency of routes."""
    return QueueFilter(agency or None, paper_type or None)


Narrowing = Annotated[QueueFilter, Depends(filter_of)]


async def token_of(request: Request) -> LeaseRequest:
    """Return the lease's token from JSON, or from the form that a page sends while it is closed."""
    try:
        if request.headers.get("content-type", "").startswith("application/json"):
            return LeaseRequest.model_validate_json(await request.body())
        return LeaseRequest.model_validate({"token": (await request.form()).get("token")})
    except ValidationError:
        raise SohoaError(Code.REQUEST_INVALID, field="token") from None


@routes.get("/tasks/next", roles=REVIEWERS)
def go_to_next(office: TheOffice, caller: Caller, narrowing: Narrowing) -> Response:
    """Lead to the oldest task that is free, or back to the queue."""
    record_id = next_task(office, caller, narrowing)
    wanted = _query(narrowing)
    return RedirectResponse(f"/tasks/{record_id}{wanted}" if record_id else f"/tasks{wanted}", 303)


@routes.post("/tasks/take", roles=REVIEWERS)
def take(asked: TakeRequest, office: TheOffice, caller: Caller, shelf: TheShelf, narrowing: Narrowing) -> Response:
    """Take the next task and return everything the page shows of it."""
    shelf.regions.warm_up()
    return JSONResponse({"view": take_next(office, shelf, caller, narrowing, asked)})


@routes.get("/tasks/{record_id}/view", roles=REVIEWERS)
def view(record_id: str, office: TheOffice, caller: Caller, shelf: TheShelf) -> Response:
    """Return everything the page of a task shows."""
    task = load_task(office, caller, record_id)
    note_opening(office, shelf, caller, task.record)
    return JSONResponse(view_of(office, shelf, caller, task))


@routes.post("/tasks/{record_id}/lease", roles=REVIEWERS)
def lease(record_id: str, asked: LeaseRequest, office: TheOffice, caller: Caller, shelf: TheShelf) -> Response:
    """Take a task, or keep it."""
    if load_task(office, caller, record_id).mode is Mode.READ:
        raise invalid("nothing to do in this task")
    shelf.regions.warm_up()
    token = asked.token or secrets.token_urlsafe(16)
    taken = office.leases.take(record_id, caller.account, token)
    if taken is None:
        return _held_by(office, caller, record_id, Code.TASK_TAKEN)
    return JSONResponse(
        {
            "token": taken.token,
            "until": taken.until.isoformat(),
            "seconds": LASTS.total_seconds(),
            "heartbeat_seconds": HEARTBEAT.total_seconds(),
        }
    )


@routes.post("/tasks/{record_id}/release", roles=REVIEWERS, status_code=204)
def release(
    record_id: str, office: TheOffice, caller: Caller, asked: Annotated[LeaseRequest, Depends(token_of)]
) -> None:
    """Give a task back."""
    if asked.token is not None:
        office.leases.release(record_id, caller.account, asked.token)


@routes.put("/tasks/{record_id}/draft", roles=REVIEWERS, status_code=204)
def keep_draft(record_id: str, sent: DraftRequest, office: TheOffice, caller: Caller, shelf: TheShelf) -> Response:
    """Keep what was entered so far; counts as a heartbeat."""
    load_task(office, caller, record_id)

    def answer() -> Response:
        hold(office, caller, record_id, sent)
        office.drafts.keep(record_id, caller.account, sent.draft())
        return Response(status_code=204)

    return _with_refusals(office, shelf, caller, record_id, answer)


@routes.post("/tasks/{record_id}/check", roles=REVIEWERS)
def check(record_id: str, asked: CheckRequest, office: TheOffice, caller: Caller) -> Response:
    """Tell what the field's kind makes of what was typed."""
    task = load_task(office, caller, record_id)
    check_names(task, [asked.field])
    entry = FieldEntry(action=Action.SET, value=asked.value)
    try:
        field = typed_field(task, asked.field, entry, caller.account)
    except ValueError as refused:
        words = refusal_words(str(refused))
        return JSONResponse({"value": None, "shown": "", "place": "", "problem": words})
    understood = shown(task.declared(asked.field), field.value)
    place = place_words(field.place)
    return JSONResponse({"value": field.value, "shown": understood, "place": place, "problem": None})


@routes.post("/tasks/{record_id}/settle", roles=REVIEWERS)
def settle_task(
    record_id: str,
    sent: SettleRequest,
    office: TheOffice,
    caller: Caller,
    shelf: TheShelf,
    narrowing: Narrowing,
) -> Response:
    """Settle fields and sign the record off."""

    def answer() -> Response:
        settled = settle(office, caller, record_id, sent)
        office.wake_feed()
        return JSONResponse(_settled_body(settled, narrowing))

    return _with_refusals(office, shelf, caller, record_id, answer)


@routes.post("/tasks/{record_id}/read-region", roles=REVIEWERS)
def read_region(record_id: str, asked: RegionRequest, office: TheOffice, caller: Caller, shelf: TheShelf) -> Response:
    """Read a region of a page again."""
    task = load_task(office, caller, record_id)
    check_names(task, [asked.field])
    if task.mode is Mode.SECOND and asked.field in task.open_fields:
        raise invalid("keyed blind: readers are not asked", asked.field)
    if asked.index >= len(task.record.source):
        raise SohoaError(Code.NOTHING_HERE, detail="no such page")
    note_more(office, shelf, caller, task.record)
    source = task.record.source[asked.index]
    page = page_text(office, source, load_dossier(office.store, task.record.dossier_id))
    if page is None:
        raise SohoaError(Code.NOTHING_HERE, detail="the page was never read")
    declared = task.declared(asked.field)
    proposals: list[dict[str, Any]] = []
    for said in shelf.regions.read(page, asked.as_box(), declared):
        value = value_in(declared, said.text)
        if all(same(declared, asked.field, value, other["value"]) is False for other in proposals):
            shown_value = shown(declared, value)
            proposals.append({"reader": said.reader, "text": said.text, "value": value, "shown": shown_value})
    return JSONResponse({"proposals": proposals})


@routes.post("/tasks/{record_id}/reject", roles=REVIEWERS)
def reject(record_id: str, sent: RejectRequest, office: TheOffice, caller: Caller, narrowing: Narrowing) -> Response:
    """Say that the record must not be used."""
    record = decisions.reject(office, caller, record_id, sent)
    office.wake_feed()
    return JSONResponse(_settled_body(Settled(record), narrowing))


@routes.post("/tasks/{record_id}/reopen", roles=REVIEWERS)
def reopen(record_id: str, sent: ReopenRequest, office: TheOffice, caller: Caller) -> Response:
    """Let the record wait for a person again."""
    record = decisions.reopen(office, caller, record_id, sent)
    office.wake_feed()
    return JSONResponse({"state": record.state.value, "revision": record.revision})


@routes.post("/tasks/{record_id}/revoke", roles=_SUPERVISOR)
def revoke(record_id: str, sent: RevokeRequest, office: TheOffice, caller: Caller) -> Response:
    """Enter that an authority took the paper's force away."""
    record = decisions.revoke(office, caller, record_id, sent)
    office.wake_feed()
    return JSONResponse({"state": record.state.value, "revision": record.revision})


@routes.get("/tasks/{record_id}/pictures/{index}.webp", roles=REVIEWERS)
def page_picture(record_id: str, index: int, office: TheOffice, caller: Caller, shelf: TheShelf) -> Response:
    """Return the picture of a page."""
    task = load_task(office, caller, record_id)
    note_more(office, shelf, caller, task.record)
    return Response(picture(office, task.record, index), media_type="image/webp")


def _settled_body(settled: Settled, narrowing: QueueFilter) -> dict[str, Any]:
    return {
        "state": settled.record.state.value,
        "revision": settled.record.revision,
        "next": f"/tasks/next{_query(narrowing)}",
        "second_keying": list(settled.second_keying),
        "adjudication": list(settled.adjudication),
    }


def _query(narrowing: QueueFilter) -> str:
    given = {"agency": narrowing.agency, "paper_type": narrowing.paper_type}
    kept = {name: value for name, value in given.items() if value is not None}
    return f"?{urlencode(kept)}" if kept else ""


def _held_by(office: Office, caller: Principal, record_id: str, refused: Code) -> Response:
    """Return a refusal that tells who holds the task instead: somebody else, or the caller in another tab."""
    holder = office.leases.holder(record_id)
    found = office.accounts.find(holder.account) if holder is not None else None
    extra = {
        "holder": found.display_name if found is not None else None,
        "is_own": holder is not None and holder.account == caller.account,
        "until": holder.until.isoformat() if holder is not None else None,
    }
    return _problem(Problem(code=refused), extra)


def _with_refusals(
    office: Office, shelf: Shelf, caller: Principal, record_id: str, answer: Callable[[], Response]
) -> Response:
    """Return the answer, or what was refused with what the page needs to go on from there."""
    try:
        return answer()
    except Overtaken as overtaken:
        note_opening(office, shelf, caller, overtaken.task.record)
        task = overtaken.task
        conflicts = [
            {
                "field": conflict.field,
                "yours": conflict.yours,
                "theirs": conflict.theirs,
                "before": conflict.before,
                "shown": {
                    "yours": shown(task.declared(conflict.field), conflict.yours),
                    "theirs": shown(task.declared(conflict.field), conflict.theirs),
                    "before": shown(task.declared(conflict.field), conflict.before),
                },
            }
            for conflict in overtaken.conflicts
        ]
        current = view_of(office, shelf, caller, task)
        return _problem(Problem(code=Code.RECORD_CHANGED), {"current": current, "conflicts": conflicts})
    except SohoaError as error:
        if error.code is not Code.TASK_LOST:
            raise
        return _held_by(office, caller, record_id, Code.TASK_LOST)
    except FieldsRefused as refused:
        names = ", ".join(refused.reasons)
        words = {name: refusal_words(reason) for name, reason in refused.reasons.items()}
        return _problem(Problem(code=Code.DECISION_INVALID, field=names), {"fields": words})


def _problem(problem: Problem, extra: dict[str, Any]) -> Response:
    body = problem_body(problem) | extra
    return JSONResponse(body, body["status"], media_type=PROBLEM_MEDIA_TYPE)
