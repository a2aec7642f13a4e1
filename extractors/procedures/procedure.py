"""The nouns of a procedure: what it is called and the components its dossier asks for (`sohoa.procedure/1`)."""

import re
from enum import StrEnum
from typing import Self

from pydantic import Field, model_validator

from ocr.stored import Stored, StoredDocument

# The short form `1.001193`; the long one adds the version and the place (`1.001193.000.00.00.H48`).
# Source: domain §6.
_NATIONAL_CODE = re.compile(r"([1-9]\.\d{6})(?:\.\d{3}\.\d{2}\.\d{2}\.[A-Z]\d{2})?", re.ASCII)
# Codes of our own table for procedures whose national code is not known: they can be taken for no national code.
_OWN_CODE = re.compile(r"sohoa\.[a-z0-9]+(?:-[a-z0-9]+)*", re.ASCII)


def normal_code(code: str) -> str | None:
    """Return the code as procedures are kept under: the short national form, or one of our own; None for any other."""
    text = code.strip()
    national = _NATIONAL_CODE.fullmatch(text)
    if national:
        return national[1]
    return text if _OWN_CODE.fullmatch(text) else None


class ProcedureSource(StrEnum):
    """Where the components of a procedure come from."""

    BUILT_IN = "built-in"
    NATIONAL_LIST = "national-list"
    AGENCY = "agency"


class CodeBasis(StrEnum):
    """How sure the code is: read in the national list, seen in other public text only, or one of our own."""

    NATIONAL_LIST = "national-list"
    UNCONFIRMED = "unconfirmed"
    OWN = "own"


class ComponentKind(StrEnum):
    """What a component asks for.

    `PAPER`: one of our paper types. `OTHER_PAPER`: a paper we have no type for. `FORM`: a declaration or application
    that is filled in for this dossier, so nothing held can stand for it. `CONDITION`: a remark, no paper.
    """

    PAPER = "paper"
    OTHER_PAPER = "other_paper"
    FORM = "form"
    CONDITION = "condition"


class SubmissionForm(StrEnum):
    """Whether the paper is handed in, only shown, or either."""

    SUBMIT = "submit"
    SHOW = "show"
    EITHER = "either"


class Component(Stored):
    """One line of what a dossier asks for.

    Attributes:
        name: The text as printed.
        kind: See `ComponentKind`. What could not be told is `OTHER_PAPER` with `person_decides`.
        form: Whether it is handed in or shown.
        paper_types: Ids of our paper types, any one of which proves it; only of a `PAPER`, and never empty there.
        originals: How many originals; None where nothing is said.
        copies: How many copies; None where nothing is said.
        case: Heading of the case it belongs to (`Trường hợp …`), or None.
        required: False where it is asked for only in some case that its text names.
        person_decides: True when the machine cannot tell what is asked for, or whether a paper held answers it.
        role: Whose paper (`child`, `mother`, `father`, `wife`, `husband`, `deceased`, `representative`, …);
            None: the applicant's.
        scope: Code of the purpose the paper must have been issued for (see `purposes`), or None.
        reason: Which words, or whose table, decided the kind.
    """

    name: str
    kind: ComponentKind
    form: SubmissionForm = SubmissionForm.SUBMIT
    paper_types: tuple[str, ...] = ()
    originals: int | None = Field(default=None, ge=0)
    copies: int | None = Field(default=None, ge=0)
    case: str | None = None
    required: bool = True
    person_decides: bool = False
    role: str | None = None
    scope: str | None = None
    reason: str = ""

    @model_validator(mode="after")
    def _papers_of_papers_alone(self) -> Self:
        if bool(self.paper_types) != (self.kind is ComponentKind.PAPER):
            raise ValueError("a component of kind paper, and no other, names paper types")
        return self


class Procedure(StoredDocument):
    """One revision of an administrative procedure.

    Attributes:
        code: Short code of the national list (`1.001193`), or one of our own (`sohoa.…`).
        code_basis: How sure the code is.
        name: As the list prints it.
        revision: From 1; 1 for the built-in table.
        source: Whose components these are.
        field: Lĩnh vực.
        level: Cấp thực hiện.
        decision: Number of the decision that published it.
        legal_source: Acts the components of a hand-made table rest on.
        purpose: Code of the purpose a paper is used for in it, or None: told by name and field.
        components: What the dossier holds, in order.
        text: The components as the national list publishes them, word for word; empty when none was imported.
        withdrawn: True for the revision by which an agency gave its own table up.
    """

    schema_: str = Field(default="sohoa.procedure/1", alias="schema", pattern=r"^sohoa\.procedure/1$")
    code: str
    code_basis: CodeBasis = CodeBasis.NATIONAL_LIST
    name: str = Field(min_length=1)
    revision: int = Field(default=1, ge=1)
    source: ProcedureSource
    field: str | None = None
    level: str | None = None
    decision: str | None = None
    legal_source: str | None = None
    purpose: str | None = None
    components: tuple[Component, ...] = ()
    text: str = ""
    withdrawn: bool = False

    @model_validator(mode="after")
    def _code_of_its_basis(self) -> Self:
        if normal_code(self.code) != self.code:
            raise ValueError("not a procedure code in its short form")
        if (self.code_basis is CodeBasis.OWN) != bool(_OWN_CODE.fullmatch(self.code)):
            raise ValueError("a code of our own begins with sohoa., a national one does not")
        return self

    def same_content_as(self, other: "Procedure") -> bool:
        """True when the two revisions say the same."""
        return self.model_dump(exclude={"revision"}) == other.model_dump(exclude={"revision"})
