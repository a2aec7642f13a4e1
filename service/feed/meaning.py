"""What a revision of a record means to others: one event, or nothing where a draft goes on waiting."""

from extractors.record import DecisionKind, Record, RecordState
from storage.desk.events import EventType
from storage.transitions import RELEASED

# A record that is met for the first time in one of these states is told as it stands.
_OF_STATE = {
    RecordState.ACCEPTED: EventType.ACCEPTED,
    RecordState.APPROVED: EventType.APPROVED,
    RecordState.REJECTED: EventType.REJECTED,
    RecordState.SUPERSEDED: EventType.SUPERSEDED,
    RecordState.REVOKED: EventType.REVOKED,
}
_OF_DECISION = {
    DecisionKind.APPROVE: EventType.APPROVED,
    DecisionKind.REJECT: EventType.REJECTED,
    DecisionKind.REVOKE: EventType.REVOKED,
    DecisionKind.REOPEN: EventType.REOPENED,
    DecisionKind.ERASE: EventType.ERASED,
}


def meaning_of(record: Record, before: RecordState | None) -> EventType | None:
    """Return what a revision tells; None where others need not know.

    Args:
        record: The revision.
        before: State of the revision before; None where it is the first, or not known.
    """
    decision = record.decision
    if decision is None:
        return meaning_of_draft(record.state, before)
    # Linking two records writes a revision of each; it means something to the one whose state it changes.
    if decision.kind in {DecisionKind.SUPERSEDE, DecisionKind.REINSTATE}:
        if record.state is before:
            return None
        return EventType.SUPERSEDED if decision.kind is DecisionKind.SUPERSEDE else EventType.REINSTATED
    if decision.kind is DecisionKind.CORRECT:
        return EventType.CORRECTED if record.state in RELEASED else None
    return _OF_DECISION[decision.kind]


def meaning_of_draft(state: RecordState, before: RecordState | None) -> EventType | None:
    """Return what a revision that the machine made tells: it accepts, or takes back what it had accepted."""
    if state is RecordState.ACCEPTED:
        return EventType.ACCEPTED
    if before not in RELEASED:
        return None
    return EventType.SUPERSEDED if state is RecordState.SUPERSEDED else EventType.REOPENED


def meaning_of_state(state: RecordState, before: RecordState | None = None) -> EventType | None:
    """Return what a record tells of which only the states are known, now and before."""
    if state is before:
        return None
    if state is RecordState.NEEDS_REVIEW:
        return EventType.REOPENED if before is not None else None
    if before in {RecordState.SUPERSEDED, RecordState.REVOKED} and state in RELEASED:
        return EventType.REINSTATED
    return _OF_STATE[state]
