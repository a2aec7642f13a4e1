"""Loading paper types: every fault of every file is told at once, and with a fault nothing starts.

A paper type is a folder: `paper-type.yaml` declares it, each file in `samples/` is a paper of one layout with the
values that must come out of it.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from extractors.paper_type import PaperType
from ocr.problem import Code, SohoaError

_FAMILY_KEYS = {"family", "members", "shared"}
_SAMPLES = "/samples/"
# The parser in C where PyYAML was built with it: ten times as fast.
_YAML: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


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
    return load_paper_types(dict(_texts_below(files("extractors.paper_types"))))


@cache
def paper_types_with(folder: Path) -> tuple[PaperType, ...]:
    """Return the shipped paper types and those an office keeps in `folder`, which need not exist.

    Raises:
        PaperTypesInvalid: With every fault.
        OSError: The folder cannot be read.
    """
    if not folder.is_dir():
        return shipped_paper_types()
    shipped = dict(_texts_below(files("extractors.paper_types")))
    return load_paper_types(shipped | {f"{folder.name}/{name}": text for name, text in _texts_below(folder)})


def load_paper_types(texts: Mapping[str, str]) -> tuple[PaperType, ...]:
    """Parse paper types.

    Args:
        texts: Path → YAML text; `<folder>/samples/<name>.yaml` belongs to the declaration in `<folder>`.

    Raises:
        PaperTypesInvalid: With every fault of every file.
    """
    types: list[PaperType] = []
    parsed, faults = _parsed(texts)
    samples: dict[str, list[Any]] = {}
    for path, data in parsed.items():
        if _SAMPLES in path:
            samples.setdefault(path.split(_SAMPLES)[0], []).append(data)
    for path in [path for path in parsed if _SAMPLES not in path]:
        try:
            declarations = _declarations(parsed[path], samples.pop(path.rpartition("/")[0], []))
        except (TypeError, ValueError) as error:
            faults.append(f"{path}: {' '.join(str(error).split())}")
            continue
        for declaration in declarations:
            try:
                types.append(PaperType.model_validate(declaration).with_fingerprint())
            except ValidationError as error:
                faults += [_fault(path, declaration, part) for part in error.errors()]
    faults += [f"{folder}: samples without a declaration beside them" for folder in samples]
    faults += _clashes(types)
    if faults:
        raise PaperTypesInvalid(faults)
    return tuple(types)


def _parsed(texts: Mapping[str, str]) -> tuple[dict[str, Any], list[str]]:
    """Return what the files hold, in order of their paths, and the faults of those that are no YAML."""
    parsed: dict[str, Any] = {}
    faults: list[str] = []
    for path, text in sorted(texts.items()):
        try:
            parsed[path] = yaml.load(text, _YAML)  # noqa: S506 - a safe loader
        except yaml.YAMLError as error:
            faults.append(f"{path}: {' '.join(str(error).split())}")
    return parsed, faults


def _texts_below(folder: Traversable) -> Iterator[tuple[str, str]]:
    """Yield path and text of every YAML file below `folder`."""
    for entry in folder.iterdir():
        if entry.is_dir():
            yield from ((f"{entry.name}/{path}", text) for path, text in _texts_below(entry))
        elif entry.name.endswith(".yaml"):
            yield entry.name, entry.read_text("utf-8")


def _declarations(data: Any, samples: list[Any]) -> list[dict[str, Any]]:
    """Return the plain declarations of a file; a family file declares members that share everything else."""
    if not isinstance(data, dict):
        raise TypeError("the file holds no mapping")
    if "family" not in data:
        return [{**data, "samples": [*data.get("samples", []), *samples]}]
    if set(data) != _FAMILY_KEYS:
        raise ValueError(
            f"a family file has the keys {', '.join(sorted(_FAMILY_KEYS))}; this one {', '.join(sorted(data))}"
        )
    shared = [*data["shared"].get("samples", []), *samples]
    return [
        {**data["shared"], **member, "family": data["family"], "samples": _samples_of(member, shared)}
        for member in data["members"]
    ]


def _samples_of(member: dict[str, Any], samples: list[Any]) -> list[Any]:
    """Return the samples of a member of a family: those that name it; the rest are read as they are, to be refused."""
    return [sample for sample in samples if not isinstance(sample, dict) or sample.get("of") in {None, member["id"]}]


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
