"""Loading paper types: every fault of every file is told at once, and with a fault nothing starts."""

from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import yaml
from pydantic import ValidationError

from extractors.paper_type import PaperType
from ocr.problem import Code, SohoaError

_FAMILY_KEYS = {"family", "members", "shared"}


class PaperTypesInvalid(SohoaError):
    """One or more paper type files are wrong; `faults` has a line for each fault."""

    def __init__(self, faults: Iterable[str]) -> None:
        """Keep the faults, one line each, file first."""
        self.faults = tuple(faults)
        super().__init__(Code.PAPER_TYPES_INVALID, detail="; ".join(self.faults))


@cache
def shipped_paper_types() -> tuple[PaperType, ...]:
    """Return the paper types that ship with the product.

    Raises:
        PaperTypesInvalid: With every fault.
    """
    folder = files("extractors.paper_types")
    texts = {entry.name: entry.read_text("utf-8") for entry in folder.iterdir() if entry.name.endswith(".yaml")}
    return load_paper_types(texts)


def load_paper_types(texts: Mapping[str, str]) -> tuple[PaperType, ...]:
    """Parse paper types.

    Args:
        texts: File name → YAML text.

    Raises:
        PaperTypesInvalid: With every fault of every file.
    """
    types: list[PaperType] = []
    faults: list[str] = []
    for name, text in sorted(texts.items()):
        try:
            declarations = _declarations(yaml.safe_load(text))
        except (yaml.YAMLError, TypeError, ValueError) as error:
            faults.append(f"{name}: {' '.join(str(error).split())}")
            continue
        for declaration in declarations:
            try:
                types.append(PaperType.model_validate(declaration).with_fingerprint())
            except ValidationError as error:
                faults += [_fault(name, declaration, part) for part in error.errors()]
    faults += _clashes(types)
    if faults:
        raise PaperTypesInvalid(faults)
    return tuple(types)


def _declarations(data: Any) -> list[dict[str, Any]]:
    """Return the plain declarations of a file; a family file declares members that share everything else."""
    if not isinstance(data, dict):
        raise TypeError("the file holds no mapping")
    if "family" not in data:
        return [data]
    if set(data) != _FAMILY_KEYS:
        raise ValueError(
            f"a family file has the keys {', '.join(sorted(_FAMILY_KEYS))}; this one {', '.join(sorted(data))}"
        )
    return [{**data["shared"], **member, "family": data["family"]} for member in data["members"]]


def _fault(name: str, declaration: dict[str, Any], part: Any) -> str:
    place = ".".join(str(step) for step in part["loc"])
    return f"{name} [{declaration.get('id', '?')}] {place}: {part['msg']}"


def _clashes(types: list[PaperType]) -> list[str]:
    faults: list[str] = []
    seen: dict[str, str] = {}
    for paper_type in types:
        for key in (f"id {paper_type.id}", *(f"title {title}" for title in paper_type.titles)):
            if key in seen:
                faults.append(f"{key} is declared by {seen[key]} and {paper_type.id}")
            seen[key] = paper_type.id
    return faults
