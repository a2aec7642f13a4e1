"""Importing procedures: files of the national list, and tables an agency wrote; a bad file never stops the rest."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from extractors.paper_type import PaperType
from extractors.procedures.national_list import MOST_BYTES, parse_published
from extractors.procedures.procedure import Procedure, ProcedureSource
from extractors.procedures.table_loader import procedures_of_table
from ocr.problem import Code, Problem, SohoaError
from storage.objects import ObjectStore, error_name
from storage.procedures import save_procedure

_NATIONAL = {".json"}
_TABLES = {".yaml", ".yml"}


@dataclass(frozen=True, slots=True)
class ImportOutcome:
    """What became of the files.

    Attributes:
        procedures: As they are now stored, in the order of the files.
        problems: One for each file that could not be read; `file` is its name, `field` what is wrong in it.
    """

    procedures: tuple[Procedure, ...]
    problems: tuple[Problem, ...]


def import_procedures(store: ObjectStore, paths: Iterable[Path], paper_types: Sequence[PaperType]) -> ImportOutcome:
    """Read files and folders of procedures and store each procedure as its next revision.

    JSON is the national list as published, YAML an agency's own table. What is stored already is not stored again.

    Args:
        store: Where to.
        paths: Files, and folders with everything below them.
        paper_types: Ours; components are mapped to them, and a table may name no other.

    Raises:
        SohoaError: The store cannot be used.
    """
    saved: list[Procedure] = []
    problems: list[Problem] = []
    for path in paths:
        try:
            files = list(_files(path))
        except OSError as error:
            problems.append(Problem(code=Code.PATH_UNREADABLE, file=path.name, detail=error_name(error)))
            continue
        for file in files:
            try:
                procedures = _procedures_of(file, paper_types)
            except SohoaError as error:
                problems.append(error.problem.model_copy(update={"file": file.name}))
                continue
            saved += [save_procedure(store, procedure) for procedure in procedures]
    return ImportOutcome(tuple(saved), tuple(problems))


def _files(path: Path) -> Iterator[Path]:
    if path.is_dir():
        yield from sorted(one for one in path.rglob("*") if one.suffix.lower() in _NATIONAL | _TABLES and one.is_file())
    else:
        yield path


def _procedures_of(file: Path, paper_types: Sequence[PaperType]) -> tuple[Procedure, ...]:
    try:
        # A pipe would be waited for.
        if file.exists() and not file.is_file():
            raise SohoaError(Code.PATH_UNREADABLE, detail="not a regular file")
        with file.open("rb") as opened:
            data = opened.read(MOST_BYTES + 1)
    except OSError as error:
        raise SohoaError(Code.PATH_UNREADABLE, detail=error_name(error)) from None
    if file.suffix.lower() in _TABLES:
        known = {paper_type.id for paper_type in paper_types}
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError:
            raise SohoaError(Code.PROCEDURE_INVALID, detail=f"{file.name}: not UTF-8") from None
        return procedures_of_table(text, file.name, ProcedureSource.AGENCY, known)
    return (parse_published(data, file.name, paper_types),)
