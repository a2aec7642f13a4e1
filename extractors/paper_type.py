"""The noun of a paper type: what one YAML file declares, validated, unknown keys forbidden."""

import hashlib
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from extractors.kinds.registry import KINDS
from extractors.layout_names import LAYOUTS
from extractors.payloads import PAYLOADS
from extractors.rules.names import RULE_PARAMETERS
from ocr.blank import Blank

UNKNOWN_PAPER_TYPE = "khong-ro"

# Kinds whose values are ISO dates: people are shown them day first.
DATE_KINDS = frozenset({"date", "expiry_date"})

# Kinds whose values find a person, a parcel or a firm elsewhere, or are worth money: a slip in one of them is another
# person's. Dates of birth belong to them too, by the subjects of the paper type; a field may say otherwise.
CRITICAL_KINDS = frozenset(
    {
        "area",
        "document_number",
        "enterprise_code",
        "household_business_code",
        "land_serial",
        "license_number",
        "map_sheet_number",
        "money",
        "parcel_number",
        "personal_id",
        "personal_id_within",
        "register_number",
    }
)


class _Declared(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Finder(_Declared):
    """One way to find a field: after a printed label, alone in a line, in a zone of the layout, in a code on the page.

    Attributes:
        labels: Printed labels, any of which announces the value.
        zone: Zone of the paper type's layout, instead of labels.
        payload: What a machine-readable code or zone carries, instead of labels; a name of `extractors.payloads`.
        alone: The value stands in a line, or between wide gaps of one, without a label; its kind tells it.
        under: Only in the section that one of these labels opens: the nearest heading before the label.
        before, after: Only where the label stands before / after the first of these labels (`@title`: the title).
        lines: At most so many text lines belong to the value.
        column: The value goes on below its label alone, as on cards, where something else stands at the left of it.
        inside: The label stands within another field's value (`Thửa đất số 12` in an address) and does not end it.
    """

    labels: tuple[str, ...] = ()
    zone: str | None = None
    payload: str | None = None
    alone: bool = False
    under: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    lines: int = Field(default=1, ge=1, le=10)
    column: bool = False
    inside: bool = False

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if bool(self.labels) + bool(self.zone) + bool(self.payload) + self.alone != 1:
            raise ValueError("give one of labels, zone, payload and alone")
        if self.payload is not None and self.payload not in PAYLOADS:
            raise ValueError(f"unknown payload {self.payload!r}; known: {', '.join(PAYLOADS)}")
        return self


class WrittenIn(_Declared):
    """Where a field is written by pen into printed blanks: the zone of the whole line, and which blanks it has."""

    zone: str
    blanks: tuple[Blank, ...] = Field(min_length=1)


class FieldType(_Declared):
    """One field of a paper type.

    Attributes:
        label: What people call it, in Vietnamese.
        kind: How the value is read; a name of `extractors.kinds.registry.KINDS`.
        required: A record without it goes to a steward.
        auxiliary: Read only to check other fields; not part of the record.
        find: Ways to find it, the first that gives a value wins.
        written: The line to read a second time, by readers of written digits.
        critical: What a steward enters is keyed a second time by another person; None: as `CRITICAL_KINDS` say.
    """

    label: str
    kind: str
    required: bool = False
    auxiliary: bool = False
    critical: bool | None = None
    find: tuple[Finder, ...] = Field(min_length=1)
    written: WrittenIn | None = None

    @field_validator("kind")
    @classmethod
    def _known_kind(cls, kind: str) -> str:
        if kind not in KINDS:
            raise ValueError(f"unknown kind {kind!r}; known: {', '.join(sorted(KINDS))}")
        return kind


class RuleUse(_Declared):
    """A rule applied to fields of this paper type. `fields` maps the rule's parameter to a field name."""

    rule: str
    fields: dict[str, str]

    @model_validator(mode="after")
    def _known_rule(self) -> Self:
        if self.rule not in RULE_PARAMETERS:
            raise ValueError(f"unknown rule {self.rule!r}; known: {', '.join(sorted(RULE_PARAMETERS))}")
        if set(self.fields) != set(RULE_PARAMETERS[self.rule]):
            raise ValueError(f"rule {self.rule} takes {', '.join(RULE_PARAMETERS[self.rule])}")
        return self


class SubjectType(_Declared):
    """A person or body the paper is about, by the fields that describe it."""

    role: str
    full_name: str | None = None
    personal_id: str | None = None
    date_of_birth: str | None = None


class Columns(_Declared):
    """Two columns side by side, read one after the other.

    Attributes:
        heads: Labels that open a column, one group for each of the two.
        below: Labels of what follows under both columns.
    """

    heads: tuple[tuple[str, ...], tuple[str, ...]]
    below: tuple[str, ...] = Field(min_length=1)


class Validity(_Declared):
    """How long a paper may be used: until a date it carries, or so many months from one.

    Attributes:
        until: Field with the last day.
        months, since: So many months from the date in the field `since`.
    """

    until: str | None = None
    months: int | None = Field(default=None, ge=1)
    since: str | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.until is None) == (self.months is None) or (self.months is None) != (self.since is None):
            raise ValueError("give until, or months and since")
        return self


class Sample(_Declared):
    """A paper typed in monospace and the values that must come out of it.

    Attributes:
        name: Which layout it is.
        of: The member of the family it is of, where the folder declares a family.
        text: Its pages, parted by a line of `=` signs.
        codes: Payloads of the codes on its first page.
        mrz: Lines of the machine-readable zone on its last page.
        fields: Values that must come out; null where the paper leaves a field empty.
    """

    name: str
    of: str | None = None
    text: str
    codes: tuple[str, ...] = ()
    mrz: tuple[str, ...] = ()
    fields: dict[str, str | list[str] | None]


class PaperType(_Declared):
    """One kind of paper.

    Attributes:
        id: Vietnamese, no accents, as in records.
        name: For people.
        version: Raised when a change should be told apart in records.
        code: Code of the type in TT 05/2025/TT-BNV (`typeName`), where it has one.
        abbreviation: Abbreviation of NĐ 30/2020 Phụ lục III, for acts.
        family: Name of the family file, for types declared together.
        legal_source: Where form and wording come from.
        layout: Layout whose zones the finders may name.
        titles: Full-caps title lines.
        aliases: What other papers call it, besides its name and titles: how a receipt lists it.
        stops: Printed labels that end a value but carry no field.
        headings: Printed labels that open a section no field stands in.
        columns: The part of the paper that is set in two columns.
        validity: How long the paper may be used; None: as long as nothing newer is known.
        fingerprint: Hash of the whole declaration; part of every record's provenance.
    """

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    name: str
    version: int = Field(ge=1)
    code: str | None = None
    abbreviation: str | None = None
    family: str | None = None
    legal_source: str = Field(min_length=3)
    layout: str | None = None
    titles: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    stops: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()
    columns: Columns | None = None
    validity: Validity | None = None
    fields: dict[str, FieldType]
    rules: tuple[RuleUse, ...] = ()
    subjects: tuple[SubjectType, ...] = ()
    metadata: dict[str, str] = Field(default_factory=dict)
    samples: tuple[Sample, ...] = ()
    fingerprint: str = ""

    @model_validator(mode="after")
    def _names_hold_together(self) -> Self:
        faults = [f"rule {use.rule}: no field {name!r}" for use in self.rules for name in use.fields.values()
                  if name not in self.fields]  # fmt: skip
        for subject in self.subjects:
            named = (subject.full_name, subject.personal_id, subject.date_of_birth)
            faults += [
                f"subject {subject.role}: no field {name!r}" for name in named if name and name not in self.fields
            ]
        faults += [
            f"metadata {key}: no field {name!r}" for key, name in self.metadata.items() if name not in self.fields
        ]
        dates = (self.validity.until, self.validity.since) if self.validity else ()
        faults += [f"validity: no field {name!r}" for name in dates if name and name not in self.fields]
        zones = LAYOUTS.get(self.layout or "", ())
        if self.layout is not None and self.layout not in LAYOUTS:
            faults.append(f"unknown layout {self.layout!r}; known: {', '.join(LAYOUTS)}")
        for name, field in self.fields.items():
            named_zones = [finder.zone for finder in field.find] + [field.written.zone if field.written else None]
            faults += [f"field {name}: no zone {zone!r}" for zone in named_zones if zone and zone not in zones]
        if not self.samples and self.family is None:
            faults.append("no sample: a paper type that was never tried is not used")
        for sample in self.samples:
            faults += [f"sample {sample.name}: no field {name!r}" for name in sample.fields if name not in self.fields]
        if faults:
            raise ValueError("; ".join(faults))
        return self

    def is_critical(self, field: str) -> bool:
        """True when what a steward enters for this field is keyed a second time by another person."""
        declared = self.fields.get(field)
        if declared is None or declared.critical is not None:
            return bool(declared and declared.critical)
        return declared.kind in CRITICAL_KINDS or field in {subject.date_of_birth for subject in self.subjects}

    def with_fingerprint(self) -> Self:
        """Return the type with the hash of its declaration, but for what changes no result: samples, who keys twice."""
        unread: Any = {"samples": True, "fingerprint": True, "fields": {"__all__": {"critical"}}}
        declaration: dict[str, Any] = self.model_dump(exclude=unread)
        digest = hashlib.sha256(repr(sorted(declaration.items())).encode()).hexdigest()
        return self.model_copy(update={"fingerprint": digest[:16]})
