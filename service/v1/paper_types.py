"""`/v1/paper-types`: which papers are known and which fields they have. Holds nothing about persons."""

from typing import Annotated, Any

from fastapi import Path
from pydantic import BaseModel

from extractors.paper_type import PaperType
from ocr.problem import Code, SohoaError
from service.access import TheOffice
from service.routes import Routes
from service.v1.groups import CATALOGUE
from service.v1.problems import problems
from service.v1.procedures import ALL

routes = Routes("/paper-types", [CATALOGUE])


class FieldTypeShape(BaseModel):
    """One field of a paper type.

    Attributes:
        name: Its name in records.
        label: In Vietnamese.
        kind: Kind of value (`date`, `person_name`, `personal_id`, …).
        required: True where a record without it goes to a person.
        is_list: True where its value is a list of texts.
    """

    name: str
    label: str
    kind: str
    required: bool
    is_list: bool


class PaperTypeShape(BaseModel):
    """One kind of paper.

    Attributes:
        id: As records name it.
        name: In Vietnamese.
        version: Grows with changes of its declaration.
        code: Code of the type in TT 05/2025/TT-BNV, or null.
        legal_source: Where form and wording come from.
        fields: In the order of the paper.
    """

    id: str
    name: str
    version: int
    code: str | None
    legal_source: str
    fields: list[FieldTypeShape]


class PaperTypeList(BaseModel):
    """The paper types that are known, by identifier."""

    paper_types: list[PaperTypeShape]


@routes.get(
    "", roles=ALL, response_model=PaperTypeList, operation_id="listPaperTypes", summary="Các loại giấy tờ và trường"
)
def list_paper_types(office: TheOffice) -> dict[str, Any]:
    """List the paper types with their fields."""
    return {"paper_types": [_shown(each) for each in sorted(office.paper_types, key=lambda each: each.id)]}


@routes.get(
    "/{paper_type}",
    roles=ALL,
    response_model=PaperTypeShape,
    operation_id="getPaperType",
    summary="Một loại giấy tờ",
    responses=problems(Code.NOTHING_HERE),
)
def get_paper_type(
    paper_type: Annotated[str, Path(max_length=100, examples=["giay-khai-sinh"])], office: TheOffice
) -> dict[str, Any]:
    """Return one paper type."""
    found = office.paper_type(paper_type)
    if found is None:
        raise SohoaError(Code.NOTHING_HERE, detail="no such paper type")
    return _shown(found)


def is_list(kind: str) -> bool:
    """True for the kind whose values are lists of texts."""
    return kind == "components"


def _shown(paper_type: PaperType) -> dict[str, Any]:
    fields = [
        {
            "name": name,
            "label": field.label,
            "kind": field.kind,
            "required": field.required,
            "is_list": is_list(field.kind),
        }
        for name, field in paper_type.fields.items()
        if not field.auxiliary
    ]
    named = {name: getattr(paper_type, name) for name in ("id", "name", "version", "code", "legal_source")}
    return {**named, "fields": fields}
