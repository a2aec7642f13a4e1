"""The once-only question: what of a procedure's dossier is held already, and what is still to be asked for.

The rules are in `storage.holdings`, `storage.holding_persons` and `storage.holding_choice`; here the question is
checked, what is held is fetched, and the look is written to the read log before the answer leaves.
"""

import re
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from extractors.procedures.procedure import Component, Procedure, normal_code
from extractors.procedures.purposes import purpose_of_procedure
from ocr.problem import Code, SohoaError
from storage.catalogue import HoldingRow
from storage.holding_choice import Outcome, Person, outcome_of
from storage.holding_persons import GivenPerson, given_person, strangers
from storage.holdings import Use
from storage.identity import IdentityKey, normal_identifier
from storage.lookup_answer import LookupAnswer, LookupRequest
from storage.read_log.entry import LONGEST_TEXT, ReadEntry, ReadKind, RecordRead, said

_PROCEDURE_KEPT_S = 60.0
_APPLICANT = "owner"
# Who is not the one of a couple is the other.
_OTHER_OF_COUPLE = {"wife": "husband", "husband": "wife"}
_SPOUSE, _PARENTS = "spouse", "parents"
# Odd for women. Source: NĐ 137/2015/NĐ-CP Điều 13.
_SEX_DIGIT = 3
_PERSONAL_ID_PATTERN = re.compile("[0-9]{12}")
_PARENTS_BY_NAME = ("mother", "father")

ProcedureOf = Callable[[str], Procedure | None]


class Holdings(Protocol):
    """What lookups need of the catalogue."""

    def holdings_of(self, subject_key: str) -> Sequence[HoldingRow]:
        """Return every record that is about the person the key stands for, in all states."""
        ...


class Log(Protocol):
    """What lookups need of the read log."""

    def append(self, *entries: ReadEntry) -> str:
        """Write entries durably and return the identifier of the first, or raise `READ_LOG_FAILED`."""
        ...


@dataclass(slots=True)
class ProcedureShelf:
    """Procedures at hand for a minute, so that a lookup does not wait for the store; for many threads.

    Attributes:
        load: Fetches one, or None when there is none with that code.
    """

    load: ProcedureOf
    _kept: dict[str, tuple[float, Procedure]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, code: str) -> Procedure | None:
        """Return a procedure as it was at most a minute ago; that there is none is asked anew each time."""
        now = time.monotonic()
        with self._lock:
            kept = self._kept.get(code)
        if kept is not None and now - kept[0] < _PROCEDURE_KEPT_S:
            return kept[1]
        procedure = self.load(code)
        if procedure is not None:
            with self._lock:
                self._kept[code] = (now, procedure)
        return procedure


def lookup(
    catalogue: Holdings, procedures: ProcedureOf, read_log: Log, identity_key: IdentityKey, request: LookupRequest
) -> LookupAnswer:
    """Return what is held, refused and missing. It is in the read log, durably, when this returns.

    Args:
        catalogue: Where holdings are looked up.
        procedures: Gives a procedure by its code; see `ProcedureShelf`.
        read_log: Where the look is written.
        identity_key: The key the catalogue was filled with.
        request: The question.

    Raises:
        SohoaError: `PURPOSE_MISSING`, `SUBJECT_INVALID`, `PROCEDURE_UNKNOWN`, `SETTING_INVALID` for a reader without
            a name; `CATALOGUE_FAILED`; `READ_LOG_FAILED`, and then nothing that was found is told.
    """
    _check(request)
    persons = _Persons(catalogue, identity_key, request)
    procedure = _procedure(procedures, request.procedure)
    purpose = purpose_of_procedure(procedure)
    told: dict[str, dict[tuple[str, int], None]] = {persons.applicant: {}}
    outcomes = []
    for number, component in enumerate(procedure.components, start=1):
        # Only papers are looked up: a person none of whose papers is asked for is not looked at.
        whose = persons.whose(component) if component.paper_types else ()
        use = Use(on=request.on, purpose=component.scope or purpose, approved_only=request.approved_only)
        outcome = outcome_of(_as_asked(component, whose), number, persons.held_on(whose), use)
        outcomes.append(outcome)
        for identifier in whose:
            told.setdefault(identifier, {}).update(dict.fromkeys(outcome.records()))
    entries = [
        _entry(request, procedure, persons.key_of(identifier), records, outcomes if position == 0 else None)
        for position, (identifier, records) in enumerate(told.items())
    ]
    return LookupAnswer(
        subject=persons.applicant,
        procedure=procedure.code,
        procedure_name=procedure.name,
        procedure_revision=procedure.revision,
        on=request.on,
        purpose=entries[0].purpose,
        held=tuple(outcome.held for outcome in outcomes if outcome.held is not None),
        refused=tuple(refused for outcome in outcomes for refused in outcome.refused),
        missing=tuple(outcome.missing for outcome in outcomes if outcome.missing is not None),
        read_log_id=read_log.append(*entries),
    )


class _Persons:
    """The persons of one question, and what is held on each, fetched once."""

    def __init__(self, catalogue: Holdings, key: IdentityKey, request: LookupRequest) -> None:
        self.applicant = normal_identifier(request.subject)
        self._others = {role: normal_identifier(identifier) for role, identifier in request.others.items()}
        self._role = request.role
        self._catalogue = catalogue
        self._key = key
        self._given = _given(key, request)
        self._held: dict[str, Person] = {}

    def whose(self, component: Component) -> tuple[str, ...]:
        """Return the identifiers of those whose paper a component asks for, as far as they were given."""
        role = component.role
        if role == _PARENTS:
            parents = dict.fromkeys(self._as(parent) for parent in (*_PARENTS_BY_NAME, _PARENTS))
            return tuple(parent for parent in parents if parent is not None)
        found = self._as(role)
        if found is None and role == _SPOUSE:
            found = next((self._others[each] for each in _OTHER_OF_COUPLE if each in self._others), None)
        if found is None and role == self._place_in_couple():
            found = self.applicant
        return () if found is None else (found,)

    def held_on(self, identifiers: Sequence[str]) -> Person | None:
        """Return what is held on all of the persons together; None without any."""
        if not identifiers:
            return None
        held = [self._held_on(identifier) for identifier in identifiers]
        common = set.intersection(*({row.record_id for row in person.rows} for person in held))
        return Person(
            rows=[row for row in held[0].rows if row.record_id in common],
            strangers=frozenset().union(*(person.strangers for person in held)),
        )

    def _place_in_couple(self) -> str | None:
        """Return what the applicant is in a couple: not the other one, or else as the personal id says."""
        for one, other in _OTHER_OF_COUPLE.items():
            if other in self._others:
                return one
        if self._role is not None or not _PERSONAL_ID_PATTERN.fullmatch(self.applicant):
            return None
        return "wife" if int(self.applicant[_SEX_DIGIT]) % 2 else "husband"

    def _as(self, role: str | None) -> str | None:
        if role is None or role in {_APPLICANT, self._role}:
            return self.applicant
        return self._others.get(role)

    def _held_on(self, identifier: str) -> Person:
        if identifier not in self._held:
            rows = self._catalogue.holdings_of(self.key_of(identifier))
            given = self._given if identifier == self.applicant else GivenPerson()
            self._held[identifier] = Person(rows=rows, strangers=strangers(rows, given))
        return self._held[identifier]

    def key_of(self, identifier: str) -> str:
        return self._key.subject(identifier)


def _as_asked(component: Component, whose: Sequence[str]) -> Component:
    """Return the component; a person decides on a paper of both parents where one of them alone is known."""
    if component.role == _PARENTS and len(whose) == 1:
        return component.model_copy(update={"person_decides": True})
    return component


def _check(request: LookupRequest) -> None:
    purpose = said(request.purpose)
    if not purpose:
        raise SohoaError(Code.PURPOSE_MISSING)
    if len(purpose) > LONGEST_TEXT:
        raise SohoaError(Code.PURPOSE_MISSING, detail=f"longer than {LONGEST_TEXT} characters")
    if not 0 < len(said(request.reader)) <= LONGEST_TEXT:
        raise SohoaError(Code.SETTING_INVALID, field="--reader", detail="--reader is blank or too long")
    for name, text in (("--agency", request.agency), ("--dossier-code", request.dossier_code)):
        if len(text or "") > LONGEST_TEXT:
            raise SohoaError(Code.SETTING_INVALID, field=name, detail=f"{name} is too long")


def _given(key: IdentityKey, request: LookupRequest) -> GivenPerson:
    try:
        return given_person(key, request.name, request.birth)
    except ValueError:
        raise SohoaError(Code.SUBJECT_INVALID, field="--birth", detail="--birth is no date") from None


def _procedure(procedures: ProcedureOf, code: str) -> Procedure:
    normal = normal_code(code)
    procedure = procedures(normal) if normal is not None else None
    if procedure is None:
        raise SohoaError(Code.PROCEDURE_UNKNOWN)
    return procedure


def _entry(
    request: LookupRequest,
    procedure: Procedure,
    subject_key: str,
    records: Mapping[tuple[str, int], None],
    outcomes: Sequence[Outcome] | None,
) -> ReadEntry:
    """Return what the read log keeps for one person; `outcomes` for the applicant alone, so that each counts once."""
    counted = outcomes or ()
    return ReadEntry(
        kind=ReadKind.RELATED if outcomes is None else ReadKind.LOOKUP,
        reader=request.reader,
        agency=request.agency,
        purpose=request.purpose,
        procedure=procedure.code,
        dossier_code=request.dossier_code,
        subject_key=subject_key,
        records=tuple(RecordRead(record_id=record_id, revision=revision) for record_id, revision in records),
        held=sum(outcome.held is not None for outcome in counted),
        missing=sum(outcome.missing is not None for outcome in counted),
        refused=sum(bool(outcome.refused) for outcome in counted),
    )
