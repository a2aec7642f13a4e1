"""Batches in portions: of thousands of files some are told at a time, dossiers and files in natural order.

A place in that order is the name of a dossier, a slash, and the name of a file in it: no name has a slash. A portion
begins after a place, whether that file is still there or not, so files that come and go move no other over its edge.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ocr.file_names import natural_key
from service.intake.intake import Intake
from storage.batch import Batch, BatchDossier, BatchFile, BatchState
from storage.batches import load_batch
from storage.desk.batches import BatchRow
from storage.desk.uploads import Outline

_FINISHED = frozenset({BatchState.DONE, BatchState.FAILED})
_NaturalKey = tuple[tuple[int, int, str], ...]


class Line(NamedTuple):
    """One file of a batch, as the desk has it or, where it was forgotten there, the store.

    Of a dossier of which no file is left `file` is empty.
    """

    key: tuple[_NaturalKey, str, _NaturalKey, str]
    dossier_id: str
    file: str
    held: Outline | BatchFile | None

    @property
    def place(self) -> str:
        """Where it stands."""
        return f"{self.dossier_id}/{self.file}"


class Listed(NamedTuple):
    """Everything a batch holds, in order, and what became of its dossiers once it is over."""

    lines: Sequence[Line]
    became: dict[str, BatchDossier]


def listed(intake: Intake, batch: BatchRow) -> Listed:
    """Return what a batch holds. Archives that were opened are left out: their files are there.

    Raises:
        SohoaError: The desk fails; the store fails, or the stored batch is damaged.
    """
    outlines, stored = _held(intake, batch)
    became = {dossier.dossier_id: dossier for dossier in stored.dossiers} if stored is not None else {}
    keys = _Keys()
    lines = [keys.line(outline.dossier_id, outline.file, outline) for outline in outlines]
    lines += _stored_lines(keys, stored, {outline.dossier_id for outline in outlines})
    return Listed(sorted(lines, key=lambda line: line.key), became)


def dossier_ids_of(intake: Intake, batch: BatchRow) -> list[str]:
    """Return the names of a batch's dossiers, in order; see `listed`."""
    outlines, stored = _held(intake, batch)
    names = {outline.dossier_id for outline in outlines}
    names |= {dossier.dossier_id for dossier in stored.dossiers} if stored is not None else set()
    return sorted(names, key=_by_name)


def _held(intake: Intake, batch: BatchRow) -> tuple[Sequence[Outline], Batch | None]:
    outlines = intake.uploads.outlines([batch.batch_id])
    return outlines, load_batch(intake.store, batch.batch_id) if batch.state in _FINISHED else None


def portion(lines: Sequence[Line], after: str, limit: int) -> tuple[Sequence[Line], str | None]:
    """Return the lines after a place, at most so many, and the place of the last where there are more.

    Files of one name, of which one failed, are told together: a place does not tell them apart.
    """
    begin = bisect_right(lines, _Keys().of(*after.split("/", 1)), key=lambda line: line.key) if "/" in after else 0
    end = min(begin + limit, len(lines))
    while 0 < end < len(lines) and lines[end].key == lines[end - 1].key:
        end += 1
    return lines[begin:end], lines[end - 1].place if end < len(lines) else None


def dossiers_after(dossier_ids: Sequence[str], after: str, limit: int) -> tuple[Sequence[str], str | None]:
    """Return the dossiers whose names come after one, at most so many, and the last of them where there are more."""
    begin = bisect_right(dossier_ids, _by_name(after), key=_by_name) if after else 0
    end = begin + limit
    return dossier_ids[begin:end], dossier_ids[end - 1] if end < len(dossier_ids) else None


def _by_name(dossier_id: str) -> tuple[_NaturalKey, str]:
    return natural_key(dossier_id), dossier_id


class _Keys:
    """Makes sort keys, of each name once: the files of a dossier share its name, and many are called the same."""

    def __init__(self) -> None:
        self._known: dict[str, _NaturalKey] = {}

    def of(self, dossier_id: str, file: str) -> tuple[_NaturalKey, str, _NaturalKey, str]:
        return self._natural(dossier_id), dossier_id, self._natural(file), file

    def line(self, dossier_id: str, file: str, held: Outline | BatchFile | None) -> Line:
        return Line(self.of(dossier_id, file), dossier_id, file, held)

    def _natural(self, name: str) -> _NaturalKey:
        key = self._known.get(name)
        if key is None:
            key = self._known[name] = natural_key(name)
        return key


def _stored_lines(keys: _Keys, stored: Batch | None, on_the_desk: set[str]) -> Iterator[Line]:
    """Yield the files of dossiers that were forgotten on the desk, because they were erased."""
    for dossier in stored.dossiers if stored is not None else ():
        if dossier.dossier_id not in on_the_desk:
            yield from (keys.line(dossier.dossier_id, file.file, file) for file in dossier.files)
            if not dossier.files:
                yield keys.line(dossier.dossier_id, "", None)
