"""A task as the page shows it: pages, fields with doubts and proposals, checks, the caller's own draft."""

from typing import Any

from extractors.record import ExtractedField
from service.office import Office
from service.review.pictures import page_size
from service.review.proposals import proposals_of, shown
from service.review.queue import waiting_count
from service.review.shelf import Shelf
from service.review.tasks import Mode, Task, state_shown, type_name
from service.review.wording import (
    DISPUTED,
    HINTS,
    MULTILINE_KINDS,
    checks_of,
    decided_by_words,
    doubts_of,
    place_words,
    supports_of,
)
from service.roles import Principal
from storage.desk.drafts import Draft
from storage.dossier import Dossier
from storage.dossier_segment import dossier_segment
from storage.dossiers import load_dossier
from storage.waiting import is_sample

_FIRST, _SECOND = "người nhập thứ nhất", "người nhập thứ hai"


def view_of(office: Office, shelf: Shelf, principal: Principal, task: Task) -> dict[str, Any]:
    """Return the JSON of a task. The caller's opening of the record is in the read log by then."""
    record = task.record
    dossier = load_dossier(office.store, record.dossier_id)
    draft = office.drafts.find(record.record_id, principal.account)
    return {
        "record_id": record.record_id,
        "revision": record.revision,
        "state": state_shown(record).value,
        "paper_type": record.paper_type,
        "paper_type_name": type_name(task.paper_type, record.paper_type),
        "mode": task.mode.value,
        "dossier": {
            "segment": dossier_segment(record.dossier_id),
            "dossier_id": record.dossier_id,
            "dossier_code": record.dossier_code,
            "procedure_code": dossier.procedure_code if dossier else None,
        },
        "pages": _pages(office, shelf, task, dossier),
        "fields": [_field(task, name, field) for name, field in task.fields().items()],
        "checks": [] if task.mode is Mode.SECOND else checks_of(task),
        "waits_for": _waits_for(task),
        "draft": _draft(draft),
        "waiting": waiting_count(office, shelf, principal),
        "siblings": _siblings(office, record.record_id, dossier),
    }


def _waits_for(task: Task) -> str | None:
    """Return whom a task that the caller can only read waits for, or None."""
    if task.mode is not Mode.READ or not task.keyings:
        return None
    return "adjudication" if all(keying.second is not None for keying in task.keyings) else "second_keying"


def _pages(office: Office, shelf: Shelf, task: Task, dossier: Dossier | None) -> list[dict[str, Any]]:
    pages = []
    for index, page in enumerate(task.record.source):
        width, height = page_size(office, shelf, page, dossier)
        pages.append(
            {
                "index": index,
                "file": page.file,
                "page_number": page.page_number,
                "picture": f"/tasks/{task.record.record_id}/pictures/{index}.webp",
                "width": width,
                "height": height,
            }
        )
    return pages


def _field(task: Task, name: str, field: ExtractedField) -> dict[str, Any]:
    declared = task.declared(name)
    is_asked = name in task.open_fields
    kind = declared.kind if declared else "text"
    common = {
        "name": name,
        "label": declared.label if declared else name,
        "kind": kind,
        "required": task.is_required(name),
        "critical": bool(task.paper_type and task.paper_type.is_critical(name)),
        "needs_person": is_asked,
        "evidence": _evidence(task, field),
        "multiline": kind in MULTILINE_KINDS or isinstance(field.value, list),
        "hint": HINTS.get(kind),
    }
    if is_asked and task.mode in {Mode.SECOND, Mode.ADJUDICATE}:
        return {**common, **_unkeyed(task, name)}
    return {
        **common,
        "value": field.value,
        "shown": shown(declared, field.value),
        "place": place_words(field.place),
        "raw": field.raw,
        "status": field.status.value,
        "accepted": field.accepted and not is_sample(field),
        "decided_by_words": decided_by_words(field, required=task.is_required(name)),
        "doubts": doubts_of(field),
        "supports": supports_of(field),
        "proposals": [
            {
                "digit": digit,
                "reader": proposal.reader,
                "value": proposal.value,
                "text": proposal.text,
                "shown": shown(declared, proposal.value),
            }
            for digit, proposal in enumerate(proposals_of(field, declared, name), 1)
        ],
    }


def _unkeyed(task: Task, name: str) -> dict[str, Any]:
    """Return a field without what is known of it: to be keyed blind, or with what two people keyed."""
    declared = task.declared(name)
    proposals = []
    if task.mode is Mode.ADJUDICATE:
        keying = next(keying for keying in task.keyings if keying.field == name)
        second = keying.second.value if keying.second is not None else None
        said = ((_FIRST, keying.value), (_SECOND, second))
        proposals = [
            {
                "digit": digit,
                "reader": who,
                "value": value,
                "text": shown(declared, value) or "giấy không ghi",
                "shown": shown(declared, value),
            }
            for digit, (who, value) in enumerate(said, 1)
        ]
    return {
        "value": None,
        "shown": "",
        "place": "",
        "raw": None,
        "status": "missing",
        "accepted": False,
        "decided_by_words": "",
        "doubts": [DISPUTED] if task.mode is Mode.ADJUDICATE else [],
        "supports": [],
        "proposals": proposals,
    }


def _evidence(task: Task, field: ExtractedField) -> dict[str, Any] | None:
    if field.evidence is None:
        return None
    place = (field.evidence.file, field.evidence.page_number)
    indexes = [i for i, page in enumerate(task.record.source) if (page.file, page.page_number) == place]
    return {"index": indexes[0], "box": list(field.evidence.box)} if indexes else None


def _draft(draft: Draft | None) -> dict[str, Any] | None:
    return draft.model_dump(mode="json") if draft is not None else None


def _siblings(office: Office, record_id: str, dossier: Dossier | None) -> list[dict[str, Any]]:
    if dossier is None:
        return []
    rows = {row.record_id: row for row in office.catalogue.records(dossier_id=dossier.dossier_id)}
    siblings = []
    for paper in dossier.papers:
        row = rows.get(paper.record_id)
        if paper.record_id == record_id or row is None:
            continue
        name = type_name(office.paper_type(row.paper_type), row.paper_type)
        state = "needs_review" if row.waits else row.state.value
        siblings.append({"record_id": row.record_id, "paper_type_name": name, "state": state})
    return siblings
