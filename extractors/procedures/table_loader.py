"""Tables of procedures written by hand: the built-in one, and those an agency writes in the same format.

A file holds what its procedures share and a list of them; docs/thu-tuc.md shows one.
"""

from collections.abc import Collection, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import yaml
from pydantic import ValidationError

from extractors.procedures.procedure import Component, ComponentKind, Procedure, ProcedureSource
from extractors.procedures.purposes import known_purposes
from ocr.problem import Code, SohoaError
from ocr.vietnamese import to_nfc

_SHARED = ("field", "level", "legal_source", "decision", "code_basis", "purpose")
_BY_TABLE = "bảng thủ tục"
# The parser in C where PyYAML was built with it: ten times as fast.
_YAML: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@cache
def built_in_procedures() -> Mapping[str, Procedure]:
    """Return the procedures of the table that ships with the product, by code, in the order of the table."""
    folder = files("extractors.procedures").joinpath("table")
    texts = {entry.name: entry.read_text("utf-8") for entry in folder.iterdir() if entry.name.endswith(".yaml")}
    found: dict[str, Procedure] = {}
    for name, text in sorted(texts.items()):
        for procedure in procedures_of_table(text, name, ProcedureSource.BUILT_IN):
            if procedure.code in found:
                raise SohoaError(Code.PROCEDURE_INVALID, detail=f"{name}: code {procedure.code} stands twice")
            found[procedure.code] = procedure
    return found


def procedures_of_table(
    text: str, name: str, source: ProcedureSource, paper_types: Collection[str] | None = None
) -> tuple[Procedure, ...]:
    """Parse one file of a table.

    Args:
        text: YAML.
        name: Name of the file, for faults.
        source: Whose table it is.
        paper_types: Ids that components may name; None: any.

    Raises:
        SohoaError: `PROCEDURE_INVALID` with file, procedure and field of the first fault in `detail`.
    """
    try:
        data = yaml.load(to_nfc(text), _YAML)  # noqa: S506 - a safe loader
    except (yaml.YAMLError, ValueError) as error:
        raise _invalid(name, "", " ".join(str(error).split())) from None
    if not isinstance(data, dict) or not isinstance(data.get("procedures"), list):
        raise _invalid(name, "procedures", "a table is a mapping with a list of procedures")
    unknown = sorted(str(key) for key in set(data) - {*_SHARED, "procedures"})
    if unknown:
        raise _invalid(name, unknown[0], "unknown key")
    shared = {key: data[key] for key in _SHARED if key in data}
    return tuple(_procedure(entry, shared, name, source, paper_types) for entry in data["procedures"])


def table_of(procedure: Procedure) -> str:
    """Return a procedure as a table file an agency can edit and import again."""
    kept = procedure.model_dump(mode="json", exclude_defaults=True)
    entry = {key: kept[key] for key in ("code", "code_basis", "name", *_SHARED) if key in kept}
    entry["components"] = [_table_entry(component) for component in procedure.components]
    text: str = yaml.safe_dump({"procedures": [entry]}, allow_unicode=True, sort_keys=False, width=120)
    return text


def _procedure(
    entry: Any, shared: Mapping[str, Any], name: str, source: ProcedureSource, paper_types: Collection[str] | None
) -> Procedure:
    if not isinstance(entry, dict):
        raise _invalid(name, "procedures", "a procedure is a mapping")
    code = str(entry.get("code", "?"))
    barred = sorted({"source", "revision", "schema", "text"} & set(entry))
    if barred:
        raise _invalid(name, f"{code}.{barred[0]}", "is not written by hand")
    components = entry.get("components", [])
    if not isinstance(components, list) or not all(isinstance(one, dict) for one in components):
        raise _invalid(name, f"{code}.components", "a list of mappings")
    full = {**shared, **entry, "source": source, "components": [_component(one) for one in components]}
    try:
        procedure = Procedure.model_validate(full)
    except ValidationError as error:
        first = error.errors()[0]
        raise _invalid(name, ".".join([code, *(str(step) for step in first["loc"])]), first["msg"]) from None
    for number, component in enumerate(procedure.components):
        unknown = [one for one in component.paper_types if paper_types is not None and one not in paper_types]
        if unknown:
            raise _invalid(name, f"{code}.components.{number}.paper_types", f"no such paper type: {unknown[0]}")
        if component.scope is not None and component.scope not in known_purposes():
            raise _invalid(name, f"{code}.components.{number}.scope", "no such purpose")
    if procedure.purpose is not None and procedure.purpose not in known_purposes():
        raise _invalid(name, f"{code}.purpose", "no such purpose")
    return procedure


def _table_entry(component: Component) -> dict[str, Any]:
    left_out = {"reason", "kind"} if component.paper_types else {"reason"}
    return component.model_dump(mode="json", exclude_defaults=True, exclude=left_out)


def _component(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Fill in what a table need not say: a component that names paper types is a paper, any other one another paper."""
    kind = ComponentKind.PAPER if entry.get("paper_types") else ComponentKind.OTHER_PAPER
    return {"kind": kind, "reason": _BY_TABLE, **entry}


def _invalid(name: str, field: str, message: str) -> SohoaError:
    detail = f"{name}: {field}: {message}" if field else f"{name}: {message}"
    return SohoaError(Code.PROCEDURE_INVALID, field=field or None, detail=detail)
