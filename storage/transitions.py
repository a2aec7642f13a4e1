"""The state machine of a record: what a person may decide in which state, where it leads, and why not otherwise."""

from collections.abc import Mapping
from dataclasses import dataclass

from extractors.record import DecisionKind, Record, RecordState
from ocr.problem import Code, SohoaError


@dataclass(frozen=True, slots=True)
class Refused:
    """A decision that a state does not allow.

    Attributes:
        why: Technical English, for the detail of the error.
    """

    why: str


@dataclass(frozen=True, slots=True)
class Before:
    """The state that the record was in before it was superseded or revoked."""


Outcome = RecordState | Before | Refused

_S, _D = RecordState, DecisionKind
_APPROVED_ALREADY = Refused("it is approved already")
_NOTHING_TO_REOPEN = Refused("it is open already")
_STILL_IN_FORCE = Refused("it was neither superseded nor revoked: nothing can be annulled")
_REJECTED = Refused("it was rejected: reopen it first")
_SUPERSEDED = Refused("it was superseded: reinstate it first")
_REVOKED = Refused("it was revoked: reinstate it first")

# Every state and every decision. A correction is a steward's word on single fields and leaves the state as it is:
# what waits goes on waiting for the approval, what is released stays released, with the right value. Revoking and
# superseding are about the paper, not about how well it was read, so they may follow in a record that still waits.
# Erasing (`DecisionKind.ERASE`) is no transition: it leaves no record behind; see `storage.rights`.
TRANSITIONS: Mapping[RecordState, Mapping[DecisionKind, Outcome]] = {
    _S.NEEDS_REVIEW: {
        _D.APPROVE: _S.APPROVED,
        _D.CORRECT: _S.NEEDS_REVIEW,
        _D.REJECT: _S.REJECTED,
        _D.REOPEN: _NOTHING_TO_REOPEN,
        _D.SUPERSEDE: _S.SUPERSEDED,
        _D.REVOKE: _S.REVOKED,
        _D.REINSTATE: _STILL_IN_FORCE,
    },
    _S.ACCEPTED: {
        _D.APPROVE: _S.APPROVED,
        _D.CORRECT: _S.ACCEPTED,
        _D.REJECT: _S.REJECTED,
        _D.REOPEN: _S.NEEDS_REVIEW,
        _D.SUPERSEDE: _S.SUPERSEDED,
        _D.REVOKE: _S.REVOKED,
        _D.REINSTATE: _STILL_IN_FORCE,
    },
    _S.APPROVED: {
        _D.APPROVE: _APPROVED_ALREADY,
        _D.CORRECT: _S.APPROVED,
        _D.REJECT: _S.REJECTED,
        _D.REOPEN: _S.NEEDS_REVIEW,
        _D.SUPERSEDE: _S.SUPERSEDED,
        _D.REVOKE: _S.REVOKED,
        _D.REINSTATE: _STILL_IN_FORCE,
    },
    _S.REJECTED: {
        _D.APPROVE: _REJECTED,
        _D.CORRECT: _REJECTED,
        _D.REJECT: Refused("it is rejected already"),
        _D.REOPEN: _S.NEEDS_REVIEW,
        _D.SUPERSEDE: _REJECTED,
        _D.REVOKE: _REJECTED,
        _D.REINSTATE: _STILL_IN_FORCE,
    },
    _S.SUPERSEDED: {
        _D.APPROVE: _SUPERSEDED,
        _D.CORRECT: _SUPERSEDED,
        _D.REJECT: _SUPERSEDED,
        _D.REOPEN: _SUPERSEDED,
        _D.SUPERSEDE: _SUPERSEDED,
        _D.REVOKE: _S.REVOKED,
        _D.REINSTATE: Before(),
    },
    _S.REVOKED: {
        _D.APPROVE: _REVOKED,
        _D.CORRECT: _REVOKED,
        _D.REJECT: _REVOKED,
        _D.REOPEN: _REVOKED,
        _D.SUPERSEDE: _REVOKED,
        _D.REVOKE: Refused("it is revoked already"),
        _D.REINSTATE: Before(),
    },
}

# Anybody may rely on a record in these states.
RELEASED = frozenset({RecordState.ACCEPTED, RecordState.APPROVED})
# States in which a paper has lost its force; reinstating brings back the one before.
WITHOUT_FORCE = frozenset({RecordState.SUPERSEDED, RecordState.REVOKED})


def outcome_of(record: Record, kind: DecisionKind) -> RecordState | Before:
    """Return where `kind` leads from the record's state.

    Raises:
        SohoaError: `DECISION_INVALID` with the reason why, where the record does not allow it.
    """
    outcome = TRANSITIONS[record.state].get(kind, Refused("no decision on a record"))
    if record.is_erased:
        outcome = Refused("it was erased")
    elif record.withdrawn:
        outcome = Refused("its pages went to other papers when the dossier was split anew")
    if record.is_erased:
        outcome = Refused("it was erased")
    if kind is DecisionKind.REJECT and record.supersedes and not isinstance(outcome, Refused):
        outcome = Refused("it took the place of other records: reinstate these first")
    if isinstance(outcome, Refused):
        raise SohoaError(
            Code.DECISION_INVALID, detail=f"{kind.value} is not possible in state {record.state.value}: {outcome.why}"
        )
    return outcome
