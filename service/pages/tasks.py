"""The steward's pages: the queue, the desk where one paper lies, and the history of a record."""

from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Depends, Query, Request, Response

from extractors.changes import field_changes
from extractors.record import Record
from extractors.wording import DECISIONS, STATES
from service.access import Caller, TheOffice
from service.office import Office
from service.pages.rendering import render
from service.review.queue import QueueFilter, waiting
from service.review.routes import filter_of
from service.review.shelf import TheShelf
from service.review.tasks import REVIEWERS, Mode, Task, load_task
from service.roles import Role
from service.routes import Routes
from storage.records import history

routes = Routes()

Narrowing = Annotated[QueueFilter, Depends(filter_of)]


@routes.get("/tasks", roles=REVIEWERS)
def queue_page(
    request: Request,
    office: TheOffice,
    caller: Caller,
    shelf: TheShelf,
    narrowing: Narrowing,
    after: Annotated[str | None, Query(max_length=100)] = None,
) -> Response:
    """Show what waits, the oldest first."""
    page = waiting(office, caller, narrowing, after, shelf)
    holders = {row.leased_by for row in page.rows if row.leased_by is not None}
    return render(
        request,
        "tasks.html",
        page=page,
        narrowing=narrowing,
        after=after,
        names={account: _name_of(office, account) for account in holders},
        address=_address,
        everything=sum(count.count for count in page.by_agency),
        of_agency=sum(count.count for count in page.by_type),
    )


@routes.get("/tasks/{record_id}", roles=REVIEWERS)
def task_page(
    request: Request, record_id: str, office: TheOffice, caller: Caller, shelf: TheShelf, narrowing: Narrowing
) -> Response:
    """Show the desk. What the record says comes with the task's view, which is noted in the read log."""
    task = load_task(office, caller, record_id)
    shelf.regions.warm_up()
    return render(
        request,
        "tasks_review.html",
        record_id=record_id,
        is_read_only=task.mode is Mode.READ,
        queue=_address("/tasks", narrowing),
        may_undo=Role.SUPERVISOR in caller.roles,
    )


@routes.get("/tasks/{record_id}/history", roles=REVIEWERS)
def history_part(request: Request, record_id: str, office: TheOffice, caller: Caller) -> Response:
    """Show who made which revision, when and why: fields are named, their values are not shown."""
    task = load_task(office, caller, record_id)
    revisions = history(office.store, record_id)
    pairs = zip((None, *revisions), revisions, strict=False)
    rows = [_revision(office, task, before, after) for before, after in pairs]
    return render(request, "tasks_history.html", rows=list(reversed(rows)))


def _revision(office: Office, task: Task, before: Record | None, record: Record) -> dict[str, Any]:
    decision = record.decision
    labels = [_label(task, change.name) for change in field_changes(before, record)] if before is not None else []
    return {
        "revision": record.revision,
        "state": STATES[record.state],
        "what": DECISIONS[decision.kind] if decision is not None else "máy đọc",
        "who": _name_of(office, decision.by) if decision is not None else "máy",
        "at": record.made_at,
        "why": decision.reason if decision is not None else "",
        "fields": labels,
    }


def _label(task: Task, name: str) -> str:
    declared = task.declared(name)
    return declared.label if declared is not None else name


def _name_of(office: Office, account: str) -> str:
    found = office.accounts.find(account)
    return found.display_name if found is not None else account


def _address(path: str, narrowing: QueueFilter, **others: str | None) -> str:
    """Return an address that keeps the narrowing; `others` change or add to it, None leaves out."""
    wanted = {"agency": narrowing.agency, "paper_type": narrowing.paper_type, **others}
    given = {name: value for name, value in wanted.items() if value is not None}
    return f"{path}?{urlencode(given)}" if given else path
