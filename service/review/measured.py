"""What is noted for the board of each field that a person settled: how, how fast, and whether the machine was right."""

from collections.abc import Mapping, Sequence

from extractors.record import ExtractedField, Record
from service.review.entries import NEVER_READ
from service.review.proposals import proposals_of, same
from service.review.tasks import Task
from storage.desk.drafts import FieldEntry
from storage.desk.settlements import Settlement, SettlementKind
from storage.waiting import is_sample


def settlements_of(
    task: Task, before: Record, after: Record, entries: Mapping[str, FieldEntry], account: str
) -> Sequence[Settlement]:
    """Return what is noted of the fields that the machine had read; `after` is the correction of `before`."""
    if after.decision is None:
        return ()
    agency = after.metadata.get("agency")
    noted = []
    for name, entry in entries.items():
        held, now = before.fields.get(name, NEVER_READ), after.fields[name]
        if held.was_decided_by_person:
            continue
        noted.append(
            Settlement(
                at=after.decision.at,
                record_id=after.record_id,
                paper_type=after.paper_type,
                field=name,
                agency=agency if isinstance(agency, str) else None,
                account=account,
                kind=_kind(task, name, held, now),
                seconds=entry.seconds,
                machine_right=same(task.declared(name), name, held.value, now.value),
                sampled=is_sample(held),
            )
        )
    return noted


def _kind(task: Task, name: str, held: ExtractedField, now: ExtractedField) -> SettlementKind:
    declared = task.declared(name)
    if now.value is None:
        return SettlementKind.BLANK
    if same(declared, name, held.value, now.value):
        return SettlementKind.CONFIRMED
    seen = proposals_of(held, declared, name)
    is_seen = any(same(declared, name, proposal.value, now.value) for proposal in seen)
    return SettlementKind.PROPOSED if is_seen else SettlementKind.TYPED
