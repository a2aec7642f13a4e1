"""Decisions that tie two records: a new paper takes the place of an old one; and what annuls a loss of force.

The link stands on both records, `superseded_by` on the old and `supersedes` on the new. The old one is written first
and decides: a crash between the two writes leaves a paper that is refused already, never one that is used although it
lost its force. What the new one says is then completed from the old, by repeating the command or by `complete_links`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from extractors.record import Decision, DecisionKind, Record, RecordState, Subject
from extractors.same_value import normalise_spelling
from ocr.problem import Code, SohoaError
from storage.acts import Act, check_act, current, current_at, invalid, project, write
from storage.key_parsing import parse_record_key
from storage.keys import RECORDS_PREFIX
from storage.objects import ObjectStore
from storage.records import history, load_record, read_record
from storage.revisions import latest_keys
from storage.transitions import RELEASED, WITHOUT_FORCE, Before, outcome_of

if TYPE_CHECKING:
    from storage.catalogue import Catalogue

_MOST_ATTEMPTS = 20


@dataclass(frozen=True, slots=True)
class Link:
    """A link that one of its two records does not tell.

    Attributes:
        old: Identifier of the record that lost its place.
        new: Identifier of the record that took it.
        stands: True where the old record says so, and the new one must follow; False where it no longer does.
    """

    old: str
    new: str
    stands: bool


def supersede(
    store: ObjectStore,
    catalogue: "Catalogue | None",
    old_id: str,
    expected_revision: int,
    new_id: str,
    act: Act,
    *,
    force: bool = False,
) -> Record:
    """Enter that the paper of `new_id` took the place of that of `old_id`. Repeating it completes what was cut short.

    Args:
        store: Holds both records.
        catalogue: Is told the new revisions.
        old_id: The record that loses its place.
        expected_revision: The revision of it that the person looked at.
        new_id: The record that takes its place; it must be released.
        act: Who, when, why.
        force: Link them although they are not known to be about the same person: the reason of the act says why.

    Returns:
        The new revision of the old record.

    Raises:
        SohoaError: `RECORD_UNKNOWN`; `RECORD_CHANGED`, also where the new record lost its own force meanwhile;
            `DECISION_INVALID` where a state does not allow it, or the subjects differ or are not known.
    """
    repeated = current(store, old_id)
    if repeated.superseded_by is not None and repeated.superseded_by == new_id:
        _mirror(store, catalogue, repeated, new_id)
        project(catalogue, repeated)
        return repeated
    old = current_at(store, catalogue, old_id, expected_revision)
    check_act(store, act)
    outcome_of(old, DecisionKind.SUPERSEDE)
    if new_id == old_id:
        raise invalid("a record does not take its own place", "new")
    new = current(store, new_id)
    _require_released(new)
    if not force and not same_subjects(old, new):
        raise invalid("not known to be about the same subject: force it with a reason", "new")
    decision = act.decision(DecisionKind.SUPERSEDE, new_id)
    written = write(store, catalogue, old, decision, state=RecordState.SUPERSEDED, superseded_by=new_id)
    # Somebody may have decided on the new record between the look at it and the write: two records that take each
    # other's place, each by a command of its own, would both be lost. Who sees that the other has gone steps back.
    if current(store, new_id).state not in RELEASED:
        _step_back(store, catalogue, written)
        raise SohoaError(Code.RECORD_CHANGED, detail=f"{new_id}: not released any more")
    _mirror(store, catalogue, written, new_id)
    return written


def reinstate(
    store: ObjectStore, catalogue: "Catalogue | None", record_id: str, expected_revision: int, act: Act
) -> Record:
    """Give a superseded or revoked record back the state it had, on the ground of a later act.

    Of a record that was superseded and then revoked the revocation goes first. Repeating it completes what was cut
    short.

    Args:
        store: Holds the record.
        catalogue: Is told the new revisions.
        record_id: The record.
        expected_revision: The revision the person looked at.
        act: Who, when, why; its evidence names the later act.

    Returns:
        The new revision.

    Raises:
        SohoaError: `RECORD_UNKNOWN`, `RECORD_CHANGED`; `DECISION_INVALID` where the state does not allow it or no
            evidence is given.
    """
    repeated = current(store, record_id)
    if repeated.decision is not None and repeated.decision.kind is DecisionKind.REINSTATE:
        left = _left_by(store, repeated)
        was_cut_short = left is not None and _tells(store, left, record_id)
        if left is not None:
            _mirror(store, catalogue, repeated, left)
        if was_cut_short:
            project(catalogue, repeated)
            return repeated
    record = current_at(store, catalogue, record_id, expected_revision)
    check_act(store, act)
    if not isinstance(outcome_of(record, DecisionKind.REINSTATE), Before):
        raise TypeError("reinstating brings back a state")
    if not act.evidence:
        raise invalid("the later act is to be named", "evidence")
    written = _write_reinstated(store, catalogue, record, act.decision(DecisionKind.REINSTATE))
    if record.superseded_by is not None and written.superseded_by is None:
        _mirror(store, catalogue, written, record.superseded_by)
    return written


def same_subjects(old: Record, new: Record) -> bool:
    """True when both records are known to be about the same.

    Somebody is told to be the same, by personal id or by name and date of birth, and in no role they share is somebody
    told to be another. Papers that name no subject at all, as administrative acts, have none to differ in.
    """
    olds, news = ({subject.role: subject for subject in record.subjects} for record in (old, new))
    shared = olds.keys() & news.keys()
    if not shared:
        return (not olds and not news) or any(_are_same(a, b) is True for a in olds.values() for b in news.values())
    verdicts = {_are_same(olds[role], news[role]) for role in shared}
    return True in verdicts and False not in verdicts


def superseded_among(records: Iterable[Record]) -> frozenset[str]:
    """Return the identifiers of all records that any of `records` says are superseded, itself or another."""
    said: set[str] = set()
    for record in records:
        said.update(record.supersedes)
        if record.superseded_by is not None or record.state is RecordState.SUPERSEDED:
            said.add(record.record_id)
    return frozenset(said)


def unfinished_links(records: Iterable[Record]) -> tuple[Link, ...]:
    """Return the links that one side alone tells, as a crash between two writes leaves them.

    Args:
        records: The latest revision of every record; only what they say of links is kept in memory.
    """
    olds: dict[str, str] = {}
    news: dict[str, frozenset[str]] = {}
    erased: set[str] = set()
    for record in records:
        if record.is_erased:
            erased.add(record.record_id)
            continue
        if record.superseded_by is not None:
            olds[record.record_id] = record.superseded_by
        if record.supersedes:
            news[record.record_id] = frozenset(record.supersedes)
    told = {(old, new) for new, supersedes in news.items() for old in supersedes}
    standing = set(olds.items())
    missing = [Link(old, new, stands=True) for old, new in sorted(standing - told)]
    left_over = [Link(old, new, stands=False) for old, new in sorted(told - standing) if old not in erased]
    return (*missing, *left_over)


def complete_links(
    store: ObjectStore, catalogue: "Catalogue | None" = None, links: Iterable[Link] | None = None
) -> tuple[Link, ...]:
    """Complete the links that were cut short and return them.

    Args:
        store: Holds the records.
        catalogue: Is told the new revisions.
        links: What `unfinished_links` found; None: the latest revision of every record is read to find them.

    Raises:
        SohoaError: The store cannot be read or written.
    """
    found = tuple(links) if links is not None else unfinished_links(_latest_records(store))
    for link in found:
        old = load_record(store, link.old)
        if old is None or old.is_erased:  # what the new one tells is all that is left of the link
            continue
        if link.stands and _leads_back(store, old):
            _step_back(store, catalogue, old)
        else:
            _mirror(store, catalogue, old, link.new)
    return found


def _require_released(new: Record) -> None:
    if new.state not in RELEASED:
        raise invalid(f"state {new.state.value}: a record that is not released takes no place", "new")


def _are_same(one: Subject, other: Subject) -> bool | None:
    """True or False where the papers tell; None where they tell too little."""
    if one.personal_id and other.personal_id:
        return "".join(one.personal_id.split()) == "".join(other.personal_id.split())
    told = [(normalise_spelling(a), normalise_spelling(b)) for a, b in _names_and_births(one, other) if a and b]
    if any(a != b for a, b in told):
        return False
    return True if len(told) == 2 else None


def _names_and_births(one: Subject, other: Subject) -> tuple[tuple[str | None, str | None], ...]:
    return (one.full_name, other.full_name), (one.date_of_birth, other.date_of_birth)


def _tells(store: ObjectStore, new_id: str, old_id: str) -> bool:
    new = load_record(store, new_id)
    return new is not None and old_id in new.supersedes


def _left_by(store: ObjectStore, reinstated: Record) -> str | None:
    """Return the record whose place-taking the latest revision annulled."""
    before = load_record(store, reinstated.record_id, reinstated.revision - 1)
    return before.superseded_by if before and reinstated.superseded_by is None else None


def _mirror(store: ObjectStore, catalogue: "Catalogue | None", old: Record, new_id: str) -> None:
    """Make the new record tell what the old one says of it now; whoever decides on it meanwhile is not overwritten."""
    decision = _linking_decision(store, old)
    for _ in range(_MOST_ATTEMPTS):
        new = load_record(store, new_id)
        if new is None:
            return
        others = tuple(record_id for record_id in new.supersedes if record_id != old.record_id)
        supersedes = (*others, old.record_id) if old.superseded_by == new_id else others
        if set(supersedes) == set(new.supersedes):
            project(catalogue, new)
            return
        try:
            write(store, catalogue, new, decision, supersedes=supersedes)
        except SohoaError as error:
            if error.code is not Code.RECORD_CHANGED:
                raise
        else:
            return
    raise _overtaken(new_id)


def _overtaken(record_id: str) -> SohoaError:
    detail = f"{record_id}: others were faster {_MOST_ATTEMPTS} times"
    return SohoaError(Code.RECORD_CHANGED, detail=detail, retryable=True)


def _linking_decision(store: ObjectStore, old: Record) -> Decision:
    """Return the decision that made `superseded_by` of `old` what it is."""
    revisions = history(store, old.record_id)
    pairs = reversed(tuple(pairwise(revisions)))
    found = next((after for before, after in pairs if after.superseded_by != before.superseded_by), old)
    if found.decision is None:
        raise SohoaError(Code.OBJECT_DAMAGED, detail=f"{old.record_id}: a link without a decision")
    return found.decision


def _write_reinstated(store: ObjectStore, catalogue: "Catalogue | None", record: Record, decision: Decision) -> Record:
    if record.state is RecordState.REVOKED and record.superseded_by is not None:
        return write(store, catalogue, record, decision, state=RecordState.SUPERSEDED, revocation=None)
    states = (one.state for one in reversed(history(store, record.record_id)) if one.state not in WITHOUT_FORCE)
    state = next(states, RecordState.NEEDS_REVIEW)
    return write(store, catalogue, record, decision, state=state, superseded_by=None, revocation=None)


def _step_back(store: ObjectStore, catalogue: "Catalogue | None", old: Record) -> None:
    """Annul a supersession whose new record has no force itself, in the name of who decided it.

    The new record's own command may have told the old one of a link meanwhile: what is there now is followed.
    """
    undone = _linking_decision(store, old).model_copy(
        update={"kind": DecisionKind.REINSTATE, "reason": "bản ghi thay thế không còn hiệu lực lúc ghi"}
    )
    for _ in range(_MOST_ATTEMPTS):
        now = current(store, old.record_id)
        if now.state is not RecordState.SUPERSEDED or now.superseded_by != old.superseded_by:
            return
        try:
            _write_reinstated(store, catalogue, now, undone)
        except SohoaError as error:
            if error.code is not Code.RECORD_CHANGED:
                raise
        else:
            return
    raise _overtaken(old.record_id)


def _leads_back(store: ObjectStore, old: Record) -> bool:
    """True when the records that took the place of `old`, one after the other, come back to it."""
    seen: set[str] = set()
    following = old.superseded_by
    while following is not None and following not in seen:
        if following == old.record_id:
            return True
        seen.add(following)
        record = load_record(store, following)
        following = record.superseded_by if record is not None else None
    return False


def _latest_records(store: ObjectStore) -> Iterator[Record]:
    keys = latest_keys(store.list(RECORDS_PREFIX), parse_record_key)
    return (read_record(store, key) for key in keys)
