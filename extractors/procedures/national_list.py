"""The national list of procedures as it is published: one JSON file a procedure, its components as running text.

Source: the fields of the files published by Cổng Dịch vụ công quốc gia (`ma_thu_tuc`, `ten_thu_tuc`, …).
"""

import json
import unicodedata
from collections.abc import Sequence
from typing import Any

from pydantic import ValidationError

from extractors.paper_type import PaperType
from extractors.procedures.mapping import components_of
from extractors.procedures.procedure import Component, Procedure, ProcedureSource, normal_code
from extractors.procedures.published_text import rows_of_published
from extractors.procedures.purposes import OTHER, purpose_of_procedure
from ocr.problem import Code, SohoaError
from ocr.vietnamese import to_nfc

CODE, NAME, COMPONENTS = "ma_thu_tuc", "ten_thu_tuc", "thanh_phan_ho_so"
FIELD, LEVEL, DECISION = "linh_vuc", "cap_thuc_hien", "so_quyet_dinh"
# The longest of the 52 samples has 40 kB; a file of another kind is not read into memory as one.
MOST_BYTES = 4_000_000
_BOUND_BY_PURPOSE = "giay-xac-nhan-tinh-trang-hon-nhan"


def parse_published(data: bytes, name: str, paper_types: Sequence[PaperType]) -> Procedure:
    """Read one procedure and map its components.

    Args:
        data: A JSON file of the national list.
        name: Name of the file, for faults.
        paper_types: Ours; components are mapped to them.

    Raises:
        SohoaError: `PROCEDURE_INVALID` with the file and the field at fault in `detail`.
    """
    published = _published(data, name)
    code = normal_code(_text(published, CODE, name))
    if code is None:
        raise _invalid(name, CODE, "not a procedure code")
    text = _text(published, COMPONENTS, name)
    field = _text(published, FIELD, name, required=False) or None
    try:
        procedure = Procedure(
            code=code,
            name=_text(published, NAME, name),
            source=ProcedureSource.NATIONAL_LIST,
            field=field,
            level=_text(published, LEVEL, name, required=False) or None,
            decision=_text(published, DECISION, name, required=False) or None,
            components=components_of(rows_of_published(text), paper_types, field),
            text=text,
        )
    except ValidationError as error:
        first = error.errors()[0]
        raise _invalid(name, ".".join(str(step) for step in first["loc"]), first["msg"]) from None
    return procedure.model_copy(update={"components": _bound_by_purpose(procedure)})


def visible(text: str) -> str:
    """Return `text` in NFC without characters nobody sees; some are printed inside words (`k‎ý`)."""
    return "".join(char for char in to_nfc(text) if unicodedata.category(char) not in {"Cf", "Cs"})


def _bound_by_purpose(procedure: Procedure) -> tuple[Component, ...]:
    """A marital-status confirmation is good for the purpose it names alone, so that is what it is asked for with.

    Source: NĐ 123/2015/NĐ-CP Điều 23.
    """
    purpose = purpose_of_procedure(procedure)
    if purpose is None or purpose == OTHER:
        return procedure.components
    return tuple(
        one.model_copy(update={"scope": purpose}) if _BOUND_BY_PURPOSE in one.paper_types else one
        for one in procedure.components
    )


def _published(data: bytes, name: str) -> dict[str, Any]:
    if len(data) > MOST_BYTES:
        raise _invalid(name, "", f"longer than {MOST_BYTES} bytes")
    try:
        published = json.loads(data)
    except (ValueError, RecursionError):
        raise _invalid(name, "", "not JSON") from None
    if not isinstance(published, dict):
        raise _invalid(name, "", "not a JSON object")
    return published


def _text(published: dict[str, Any], field: str, name: str, *, required: bool = True) -> str:
    value = published.get(field)
    if value is None and not required:
        return ""
    if not isinstance(value, str):
        raise _invalid(name, field, "missing" if value is None else "not a text")
    text = visible(value) if field == COMPONENTS else " ".join(visible(value).split())
    if required and not text.strip():
        raise _invalid(name, field, "empty")
    return text


def _invalid(name: str, field: str, message: str) -> SohoaError:
    detail = f"{name}: {field}: {message}" if field else f"{name}: {message}"
    return SohoaError(Code.PROCEDURE_INVALID, field=field or None, detail=detail)
