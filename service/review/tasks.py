"""One task: a record, what a person is asked about it, and in which role."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from extractors.paper_type import UNKNOWN_PAPER_TYPE, FieldType, PaperType
from extractors.record import ExtractedField, FieldStatus, Record, RecordState
from ocr.problem import Code, SohoaError
from service.office import Office
from service.review.keying import OpenKeying, open_keyings
from service.roles import Principal, Role
from storage.acts import current
from storage.catalogue.record_facts import agency_of
from storage.waiting import is_sample, waits

REVIEWERS = frozenset({Role.STEWARD, Role.SUPERVISOR})
_UNKNOWN_NAME = "Không rõ loại"
# Of a field that the paper type got after the record was made.
_NEVER_READ = ExtractedField(status=FieldStatus.MISSING)


class Mode(StrEnum):
    """What a person may do with a task.

    `REVIEW`: settle what is doubtful. `SECOND`: key critical fields again, blind. `ADJUDICATE`: say which of two
    keyings is right. `READ`: nothing; it is decided, or it waits for somebody else.
    """

    REVIEW = "review"
    SECOND = "second"
    ADJUDICATE = "adjudicate"
    READ = "read"


@dataclass(frozen=True, slots=True)
class Task:
    """A record as one person finds it.

    Attributes:
        record: Its latest revision.
        paper_type: Its type, or None where it is not known here.
        mode: What the person may do.
        open_fields: The fields the person is asked about, in the order of the paper.
        keyings: Critical fields that wait for a second or third person, whoever that is.
    """

    record: Record
    paper_type: PaperType | None
    mode: Mode
    open_fields: tuple[str, ...]
    keyings: tuple[OpenKeying, ...]

    def declared(self, name: str) -> FieldType | None:
        """Return what the paper type says of a field."""
        return self.paper_type.fields.get(name) if self.paper_type else None

    def is_required(self, name: str) -> bool:
        """True for a required field; of a type that is not known here every field is."""
        declared = self.declared(name)
        return declared is None or declared.required

    def fields(self) -> dict[str, ExtractedField]:
        """Return all fields in the order of the paper type, those that the record lacks as missing."""
        declared = (
            {name: field for name, field in self.paper_type.fields.items() if not field.auxiliary}
            if self.paper_type
            else {}
        )
        names = dict.fromkeys((*declared, *self.record.fields))
        return {name: self.record.fields.get(name, _NEVER_READ) for name in names}


def load_task(office: Office, principal: Principal, record_id: str) -> Task:
    """Return a task as the caller finds it.

    Raises:
        SohoaError: `RECORD_UNKNOWN` where there is none, or it belongs to another agency.
    """
    record = current(office.store, record_id)
    if not principal.may_see(agency_of(record.metadata.get("agency"))) or record.is_erased:
        raise SohoaError(Code.RECORD_UNKNOWN, detail=record_id)
    return task_of(office, principal, record)


def task_of(office: Office, principal: Principal, record: Record) -> Task:
    """Return what the caller is asked about a record; see `Mode`."""
    paper_type = office.paper_type(record.paper_type)
    keyings = open_keyings(record, paper_type, office.keyings.of(record.record_id))
    task = Task(record, paper_type, Mode.READ, (), keyings)
    if not waits(record):
        return task
    doubtful = tuple(name for name, field in task.fields().items() if is_open(task, name, field))
    mode, asked = _asked(principal, doubtful, keyings)
    return Task(record, paper_type, mode, asked, keyings)


def is_open(task: Task, name: str, field: ExtractedField) -> bool:
    """True for a field somebody has to look at: a doubtful one that the record holds, or one of the blind sample."""
    if name not in task.record.fields:
        return False
    if task.record.state is not RecordState.NEEDS_REVIEW:
        return is_sample(field)
    return is_sample(field) or field.needs_person(required=task.is_required(name))


def state_shown(record: Record) -> RecordState:
    """Return the state as stewards see it: what waits for them looks alike, a sample too."""
    return RecordState.NEEDS_REVIEW if waits(record) else record.state


def type_name(paper_type: PaperType | None, paper_type_id: str) -> str:
    """Return what people call a paper type."""
    if paper_type is not None:
        return paper_type.name
    return _UNKNOWN_NAME if paper_type_id == UNKNOWN_PAPER_TYPE else paper_type_id


def _asked(
    principal: Principal, doubtful: tuple[str, ...], keyings: Sequence[OpenKeying]
) -> tuple[Mode, tuple[str, ...]]:
    if doubtful or not keyings:
        return Mode.REVIEW, doubtful
    keyers = frozenset[str]().union(*(keying.accounts for keying in keyings))
    unkeyed = tuple(keying.field for keying in keyings if keying.second is None)
    if principal.account in keyers:
        return Mode.READ, ()
    if unkeyed:
        return Mode.SECOND, unkeyed
    if Role.SUPERVISOR in principal.roles:
        return Mode.ADJUDICATE, tuple(keying.field for keying in keyings)
    return Mode.READ, ()
