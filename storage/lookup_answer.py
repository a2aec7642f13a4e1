"""The nouns of the once-only question: what is asked, and what is held, refused and missing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from extractors.record import RecordState
from ocr.stored import Stored


class Reason(StrEnum):
    """Why a paper that is held is not good enough. The values are a public contract.

    `EXPIRED`: not valid on that day, no longer or not yet. `SUPERSEDED`, `REVOKED`: another paper took its place, an
    authority took it back. `UNSETTLED`: a person still has to look at it, or it does not tell until when it is valid.
    `WRONG_PURPOSE`: issued for one purpose, which is another one or not known. `WRONG_SCOPE`: states a purpose or
    scope of its own that does not cover this use. `OTHER_PERSON`: it may be about somebody else.
    """

    EXPIRED = "expired"
    SUPERSEDED = "superseded"
    REVOKED = "revoked"
    UNSETTLED = "unsettled"
    WRONG_PURPOSE = "wrong_purpose"
    WRONG_SCOPE = "wrong_scope"
    OTHER_PERSON = "other_person"


class MissingBecause(StrEnum):
    """Why a component has to be asked for.

    `NEVER_HELD`: no such paper of the person is held. `ONLY_REFUSED`: those that are held are not good enough; each
    stands in `refused`. `FORM`: it is filled in each time. `OTHER_PAPER`: a paper no type is declared for.
    `CONDITION`: a remark, which a person has to read. `PERSON_DECIDES`: papers are held, and a person has to see
    whether one of them is meant. `PERSON_UNKNOWN`: the paper of another person, whose identifier was not given.
    """

    NEVER_HELD = "never_held"
    ONLY_REFUSED = "only_refused"
    FORM = "form"
    OTHER_PAPER = "other_paper"
    CONDITION = "condition"
    PERSON_DECIDES = "person_decides"
    PERSON_UNKNOWN = "person_unknown"


@dataclass(frozen=True, slots=True)
class LookupRequest:
    """The question. `repr` shows no identifier, name or date of birth.

    Attributes:
        subject: Identifier of the applicant.
        procedure: Code of the procedure.
        on: The day on which papers must be valid.
        purpose: What the answer is for, in the reader's words.
        reader: Account of who asks.
        agency: Identifier of the agency that asks, or None.
        dossier_code: Code of the dossier it is asked for, or None.
        name: Name of the applicant, to be checked against what is held, or None.
        birth: Date of birth of the applicant, ISO 8601, whole or partial, or None.
        role: What the applicant is in this procedure (`wife`), where a component asks for the paper of one.
        others: Identifiers of other persons by role (`wife`, `husband`, `child`, `mother`, …).
        approved_only: True when only what a steward approved counts, not what the machine accepted.
    """

    subject: str = field(repr=False)
    procedure: str
    on: date
    purpose: str = field(repr=False)
    reader: str
    agency: str | None = None
    dossier_code: str | None = field(default=None, repr=False)
    name: str | None = field(default=None, repr=False)
    birth: str | None = field(default=None, repr=False)
    role: str | None = None
    others: Mapping[str, str] = field(default_factory=dict, repr=False)
    approved_only: bool = False


class Asked(Stored):
    """One component of the procedure.

    Attributes:
        component: Its text as printed.
        component_number: Its place in the procedure, from 1.
        case: Heading of the case it belongs to, or None. Whether the case applies, a person knows.
        required: False where it is asked for only in some case that its text names.
        role: Whose paper, or None: the applicant's.
    """

    component: str
    component_number: int
    case: str | None = None
    required: bool = True
    role: str | None = None


class Substitute(Stored):
    """That a paper is held instead of the one asked for, and by which act it counts."""

    asked_for: str
    ground: str
    confirmed: bool
    note: str | None = None


class Held(Asked):
    """A component that need not be asked for.

    Attributes:
        paper_type: Type of the paper that is held.
        record_id: Its record.
        revision: The revision that was judged.
        state: `accepted` (by the machine) or `approved` (by a steward).
        trust_level: Level of TT 01/2023, or None.
        issued_date: ISO 8601, maybe partial, or None.
        valid_until: Last day, or None: it does not end.
        scope: Code of the purpose it was issued for, or None: any.
        verified_by: `machine`, `steward` or `both`.
        by_equivalent: Set when it stands for another paper.
        confirm_thing: True for a paper about a thing (a parcel, a building): that it is the one, a person has to see.
    """

    paper_type: str
    record_id: str
    revision: int
    state: RecordState
    trust_level: str | None = None
    issued_date: str | None = None
    valid_until: str | None = None
    scope: str | None = None
    verified_by: str
    by_equivalent: Substitute | None = None
    confirm_thing: bool = False


class Refused(Asked):
    """A record that was considered for a component and is not good enough. Only of components that are missing."""

    paper_type: str
    record_id: str
    revision: int
    state: RecordState
    reasons: tuple[Reason, ...]


class Candidate(Stored):
    """A record that may be what is asked for."""

    paper_type: str
    record_id: str
    revision: int


class DataInstead(Stored):
    """A database whose data stands for the paper, by an act: when the data is found there, do not ask for the paper."""

    source: str
    ground: str


class Missing(Asked):
    """A component to be asked for. Whoever reads `missing` alone knows everything there is to ask for.

    Attributes:
        paper_type: The first of the paper types that prove it, or None.
        paper_types: All of them.
        person_decides: True when a person has to see whether it is needed at all, or what.
        why: See `MissingBecause`.
        form: `submit`, `show` or `either`.
        originals: How many originals, or None.
        copies: How many copies, or None.
        candidates: What is held and may be it.
        data_instead: Where its data may be found instead.
    """

    paper_type: str | None
    paper_types: tuple[str, ...] = ()
    person_decides: bool
    why: MissingBecause
    form: str
    originals: int | None = None
    copies: int | None = None
    candidates: tuple[Candidate, ...] = ()
    data_instead: tuple[DataInstead, ...] = ()


class LookupAnswer(Stored):
    """The answer. Every component is either in `held` or in `missing`; `refused` says more about missing ones.

    Attributes:
        subject: Identifier of the applicant.
        procedure: Code of the procedure.
        procedure_name: Its name.
        procedure_revision: Which revision of its components was used.
        on: The day, ISO 8601.
        purpose: As asked.
        held: What need not be asked for.
        refused: What is held and not good enough.
        missing: What is to be asked for.
        read_log_id: The entry of the read log that says so.
    """

    subject: str
    procedure: str
    procedure_name: str
    procedure_revision: int
    on: date
    purpose: str
    held: tuple[Held, ...]
    refused: tuple[Refused, ...]
    missing: tuple[Missing, ...]
    read_log_id: str

    def as_json(self) -> dict[str, Any]:
        """Return the answer as programs read it."""
        return self.model_dump(mode="json")
