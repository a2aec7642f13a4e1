"""`/v1/procedures`: administrative procedures and what their dossiers ask for. Holds nothing about persons."""

from typing import Annotated, Any

from fastapi import Path
from pydantic import BaseModel

from extractors.procedures.procedure import CodeBasis, Component, Procedure, ProcedureSource, normal_code
from ocr.problem import Code, SohoaError
from service.access import TheOffice
from service.roles import Role
from service.routes import Routes
from service.v1.groups import CATALOGUE
from service.v1.paging import ON_A_PAGE, Cursor, Limit, cursor_after, place_of
from service.v1.problems import problems
from storage.procedures import procedure_codes

routes = Routes("/procedures", [CATALOGUE])

ALL = frozenset(Role)


class ListedProcedure(BaseModel):
    """A procedure as a list names it.

    Attributes:
        code: Short code of the national list (`1.001193`), or one of our own.
        name: As the list prints it.
        field: Lĩnh vực, or null.
        source: Whose components these are.
        revision: From 1.
        components: How many components its dossier has.
    """

    code: str
    name: str
    field: str | None
    source: ProcedureSource
    revision: int
    components: int


class ProcedurePage(BaseModel):
    """A page of the list of procedures, by code; `next` is the cursor of the next page, or null."""

    procedures: list[ListedProcedure]
    next: str | None


class ProcedureShape(BaseModel):
    """An administrative procedure.

    Attributes:
        code: Short code of the national list, or one of our own.
        code_basis: How sure the code is.
        name: As the list prints it.
        revision: From 1.
        source: Whose components these are.
        field: Lĩnh vực, or null.
        level: Cấp thực hiện, or null.
        decision: Number of the decision that published it, or null.
        legal_source: Acts the components rest on, or null.
        purpose: Code of the purpose a paper is used for in it, or null.
        components: What the dossier holds, in order.
    """

    code: str
    code_basis: CodeBasis
    name: str
    revision: int
    source: ProcedureSource
    field: str | None
    level: str | None
    decision: str | None
    legal_source: str | None
    purpose: str | None
    components: list[Component]


@routes.get("", roles=ALL, response_model=ProcedurePage, operation_id="listProcedures", summary="Danh mục thủ tục")
def list_procedures(office: TheOffice, cursor: Cursor = None, limit: Limit = ON_A_PAGE) -> dict[str, Any]:
    """List the procedures that are known, by code."""
    after = place_of(cursor, "procedures")
    codes = [code for code in procedure_codes(office.store) if code > after]
    found = [procedure for code in codes[:limit] if (procedure := office.procedures(code)) is not None]
    following = cursor_after(codes[limit - 1], "procedures") if len(codes) > limit else None
    return {"procedures": [_listed(procedure) for procedure in found], "next": following}


@routes.get(
    "/{code}",
    roles=ALL,
    response_model=ProcedureShape,
    operation_id="getProcedure",
    summary="Một thủ tục và các thành phần hồ sơ",
    responses=problems(Code.PROCEDURE_UNKNOWN),
)
def get_procedure(
    code: Annotated[str, Path(max_length=100, description="Mã ngắn hay dài.", examples=["1.001193"])], office: TheOffice
) -> dict[str, Any]:
    """Return a procedure as it holds now."""
    normal = normal_code(code)
    found = office.procedures(normal) if normal is not None else None
    if found is None:
        raise SohoaError(Code.PROCEDURE_UNKNOWN)
    return found.model_dump(mode="json", include=set(ProcedureShape.model_fields))


def _listed(procedure: Procedure) -> dict[str, Any]:
    return {
        "code": procedure.code,
        "name": procedure.name,
        "field": procedure.field,
        "source": procedure.source.value,
        "revision": procedure.revision,
        "components": len(procedure.components),
    }
