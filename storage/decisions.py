"""What people decide on a record. Every decision is one new revision: who, when, why, from which evidence.

Which decision is possible in which state: `storage.transitions`. Decisions that tie two records, and those that
annul them: `storage.links`. Everybody says which revision was decided on; where another is the latest by then, nothing
is written (`RECORD_CHANGED`).
"""

import re
from collections.abc import Collection, Iterable, Mapping
from datetime import timedelta, timezone
from typing import TYPE_CHECKING

from extractors.paper_type import FieldType, PaperType
from extractors.person_settlement import confirmed, corrected
from extractors.record import (
    DecisionKind,
    ExtractedField,
    FieldStatus,
    FieldValue,
    Record,
    RecordState,
    Revocation,
)
from extractors.summary import metadata_of, subjects_of
from ocr.problem import Code, SohoaError
from storage.acts import Act, check_act, check_reference, current_at, invalid, write
from storage.objects import ObjectStore
from storage.transitions import Before, outcome_of

if TYPE_CHECKING:
    from storage.catalogue import Catalogue

# Days of acts are days in Việt Nam.
_VIETNAM = timezone(timedelta(hours=7))
# Why a correction is refused that was made already.
NOTHING_CHANGES = "nothing would change"
# What is none may be a person's name by mistake, and is not quoted in an error.
_FIELD_NAME = re.compile("[a-z][a-z0-9_]{0,63}")


def approve(
    store: ObjectStore,
    catalogue: "Catalogue | None",
    record_id: str,
    expected_revision: int,
    act: Act,
    paper_types: Iterable[PaperType],
) -> Record:
    """Sign the record off: a person answers for it.

    Args:
        store: Holds the record.
        catalogue: Is told the new revision; None: the next reindex finds it.
        record_id: The record.
        expected_revision: The revision the person looked at.
        act: Who, when, why. A reason is needed where the record has no fields, as one of unknown type.
        paper_types: Tell which fields are required.

    Returns:
        The new revision.

    Raises:
        SohoaError: `RECORD_UNKNOWN`, `RECORD_CHANGED`; `DECISION_INVALID` where the state does not allow it or fields
            are still doubtful, which it names; the store cannot be written.
    """
    record = current_at(store, catalogue, record_id, expected_revision)
    check_act(store, act, needs_reason=not record.fields)
    state = _state_after(record, DecisionKind.APPROVE)
    doubtful = _doubtful_fields(record, _type_of(record, paper_types))
    if doubtful:
        names = ", ".join(doubtful)
        raise SohoaError(Code.DECISION_INVALID, field=names, detail=f"still doubtful: {names}")
    return write(store, catalogue, record, act.decision(DecisionKind.APPROVE), state=state)


def correct(
    store: ObjectStore,
    catalogue: "Catalogue | None",
    record_id: str,
    expected_revision: int,
    act: Act,
    paper_types: Iterable[PaperType],
    values: Mapping[str, FieldValue],
    confirm: Collection[str] = (),
) -> Record:
    """Change values, or confirm fields as they are; subjects and metadata follow. The state stays.

    Args:
        store: Holds the record.
        catalogue: Is told the new revision.
        record_id: The record.
        expected_revision: The revision the person looked at.
        act: Who, when, why. Evidence is needed where a value is given to a field that nobody saw on the paper.
        paper_types: Tell the kinds of the fields.
        values: Field name → value as printed or as records hold it; None: the paper carries none.
        confirm: Fields that are right as they are; for one without a value: the paper carries none.

    Returns:
        The new revision.

    Raises:
        SohoaError: As `approve`; `DECISION_INVALID` names every field whose value its kind refuses.
    """
    record = current_at(store, catalogue, record_id, expected_revision)
    check_act(store, act)
    state = _state_after(record, DecisionKind.CORRECT)
    paper_type = _type_of(record, paper_types)
    settled = _settled(record, paper_type, values, confirm, act)
    fields = {**record.fields, **settled}
    if fields == record.fields:
        raise invalid(NOTHING_CHANGES)
    return write(
        store,
        catalogue,
        record,
        act.decision(DecisionKind.CORRECT),
        state=state,
        fields=fields,
        subjects=subjects_of(paper_type, fields) if paper_type else record.subjects,
        metadata=_metadata_after(record, paper_type, fields),
    )


def reject(
    store: ObjectStore, catalogue: "Catalogue | None", record_id: str, expected_revision: int, act: Act
) -> Record:
    """Say that the record must not be used: a wrong paper, a scan that must be made again.

    Args, Returns, Raises: see `approve`. A record that took the place of others is not rejected before these are
    reinstated.
    """
    return _plain(store, catalogue, record_id, expected_revision, act, DecisionKind.REJECT)


def reopen(
    store: ObjectStore, catalogue: "Catalogue | None", record_id: str, expected_revision: int, act: Act
) -> Record:
    """Take back an approval, a rejection or the machine's acceptance: the record waits for a person again.

    Args, Returns, Raises: see `approve`.
    """
    return _plain(store, catalogue, record_id, expected_revision, act, DecisionKind.REOPEN)


def revoke(
    store: ObjectStore,
    catalogue: "Catalogue | None",
    record_id: str,
    expected_revision: int,
    act: Act,
    revocation: Revocation,
) -> Record:
    """Enter that an authority took the paper's force away. The act of the authority is the evidence.

    Args:
        store: Holds the record.
        catalogue: Is told the new revision.
        record_id: The record.
        expected_revision: The revision the person looked at.
        act: Who enters it, when, why.
        revocation: The authority, its act, the record of that act where the store holds it.

    Returns:
        The new revision.

    Raises:
        SohoaError: As `approve`; `DECISION_INVALID` for an act without a number, of tomorrow, or of no held record.
    """
    record = current_at(store, catalogue, record_id, expected_revision)
    check_act(store, act)
    state = _state_after(record, DecisionKind.REVOKE)
    check_reference(store, revocation.by_authority, "by_authority")
    check_reference(store, revocation.act_number, "act_number")
    if revocation.act_date > act.at.astimezone(_VIETNAM).date():
        raise invalid("lies in the future", "act_date")
    evidence = [revocation.act_number]
    if revocation.record_id is not None:
        if revocation.record_id == record_id:
            raise invalid("a paper does not revoke itself", "record_id")
        check_reference(store, revocation.record_id, "record_id")
        evidence.append(revocation.record_id)
    decision = act.decision(DecisionKind.REVOKE, *evidence)
    return write(store, catalogue, record, decision, state=state, revocation=revocation)


def _plain(
    store: ObjectStore,
    catalogue: "Catalogue | None",
    record_id: str,
    expected_revision: int,
    act: Act,
    kind: DecisionKind,
) -> Record:
    record = current_at(store, catalogue, record_id, expected_revision)
    check_act(store, act)
    return write(store, catalogue, record, act.decision(kind), state=_state_after(record, kind))


def _state_after(record: Record, kind: DecisionKind) -> RecordState:
    outcome = outcome_of(record, kind)
    if isinstance(outcome, Before):
        raise TypeError(f"{kind.value} does not bring back a state")
    return outcome


def _type_of(record: Record, paper_types: Iterable[PaperType]) -> PaperType | None:
    return next((paper_type for paper_type in paper_types if paper_type.id == record.paper_type), None)


def _doubtful_fields(record: Record, paper_type: PaperType | None) -> list[str]:
    """Return the fields a person must still look at; of a type that is not known here every field is required."""

    def is_required(name: str) -> bool:
        declared = paper_type.fields.get(name) if paper_type else None
        return declared is None or declared.required

    return [name for name, field in record.fields.items() if field.needs_person(required=is_required(name))]


def _settled(
    record: Record,
    paper_type: PaperType | None,
    values: Mapping[str, FieldValue],
    confirm: Collection[str],
    act: Act,
) -> dict[str, ExtractedField]:
    """Return the fields as the person leaves them; every fault is told at once."""
    if not values and not confirm:
        raise invalid("no field is named")
    if not all(_FIELD_NAME.fullmatch(name) for name in (*values, *confirm)):
        raise invalid("not a field name: small letters, digits, underscore")
    faults: dict[str, str] = {name: "both set and confirmed" for name in values if name in confirm}
    settled: dict[str, ExtractedField] = {}
    for name in dict.fromkeys((*values, *confirm)):
        declared = paper_type.fields.get(name) if paper_type else None
        field = record.fields.get(name)
        if field is None and declared is not None and not declared.auxiliary:
            field = ExtractedField(status=FieldStatus.MISSING)
        if field is None:
            faults[name] = "no field of this record"
        elif name not in faults:
            try:
                settled[name] = _set(field, declared, values[name], act) if name in values else confirmed(field, act.by)
            except ValueError as refused:
                faults[name] = str(refused)
    if faults:
        names = ", ".join(faults)
        detail = "; ".join(f"{name}: {why}" for name, why in faults.items())
        raise SohoaError(Code.DECISION_INVALID, field=names, detail=detail)
    return settled


def _set(field: ExtractedField, declared: FieldType | None, value: FieldValue, act: Act) -> ExtractedField:
    if declared is None:
        raise ValueError("its paper type is not known here, so its value cannot be checked")
    settled = corrected(field, declared.kind, value, act.by)
    if settled.value is not None and field.evidence is None and not act.evidence:
        raise ValueError("was not seen on the paper: name the page, record or act that the value comes from")
    return settled


def _metadata_after(
    record: Record, paper_type: PaperType | None, fields: Mapping[str, ExtractedField]
) -> dict[str, object]:
    """Return the metadata with what follows from the fields; what does not follow from them stays as it is."""
    if paper_type is None:
        return record.metadata
    before = metadata_of(paper_type, record.fields, len(record.source))
    after = metadata_of(paper_type, fields, len(record.source))
    return {**record.metadata, **{key: value for key, value in after.items() if value != before.get(key)}}
