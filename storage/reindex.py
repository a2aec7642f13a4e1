"""Filling the catalogue from the store."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from ocr.problem import Code, Problem, SohoaError
from storage.catalogue import Catalogue, DossierRow, RecordRow
from storage.dossiers import read_dossier
from storage.keys import DOSSIERS_PREFIX, RECORDS_PREFIX, parse_dossier_key, parse_record_key
from storage.objects import ObjectStore
from storage.records import read_record
from storage.revisions import Key, latest_keys

Progress = Callable[[int, int], None]
_DAMAGE = frozenset({Code.OBJECT_MISSING, Code.OBJECT_DAMAGED})
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class ReindexReport:
    """What a rebuilt catalogue holds.

    Attributes:
        records: Number of records.
        dossiers: Number of dossiers.
        damaged: One `OBJECT_DAMAGED` for every record or dossier whose latest revision cannot be used and that
            is therefore not in the catalogue; the object's name is in `detail`.
    """

    records: int
    dossiers: int
    damaged: tuple[Problem, ...]


def reindex(store: ObjectStore, catalogue: Catalogue, progress: Progress | None = None) -> ReindexReport:
    """Rebuild the catalogue from the latest revision of every record and dossier.

    Readers and writers may go on meanwhile. The store is read first. Then, with other writers to the catalogue
    waiting, only what came since is read, and everything replaced in one transaction.

    Args:
        store: Where the records and dossiers are.
        catalogue: What is rebuilt; its tables are made when missing.
        progress: Called with the number of objects read and the number there are to read.

    Raises:
        SohoaError: `CATALOGUE_FAILED`, or the store cannot be used.
    """
    catalogue.create()
    records = _Projected(store, RECORDS_PREFIX, parse_record_key, lambda key: RecordRow.of(read_record(store, key)))
    dossiers = _Projected(
        store, DOSSIERS_PREFIX, parse_dossier_key, lambda key: DossierRow.of(read_dossier(store, key))
    )

    def collect(progress: Progress | None = None) -> tuple[list[RecordRow], list[DossierRow]]:
        record_keys, dossier_keys = records.latest(), dossiers.latest()
        total = len(record_keys) + len(dossier_keys)

        def report(done: int) -> None:
            if progress is not None:
                progress(done, total)

        rows = records.rows(record_keys, report)
        return rows, dossiers.rows(dossier_keys, lambda done: report(len(record_keys) + done))

    collect(progress)
    catalogue.rebuild(collect)
    return ReindexReport(
        records=len(records.current), dossiers=len(dossiers.current), damaged=records.damaged + dossiers.damaged
    )


@dataclass(slots=True)
class _Projected(Generic[R]):
    """Rows made of objects, remembered by object name: revisions never change, so none is read twice."""

    store: ObjectStore
    prefix: str
    parse_key: Callable[[str], Key | None]
    project: Callable[[str], R]
    current: list[R] = field(default_factory=list)
    damaged: tuple[Problem, ...] = ()
    _known: dict[str, R | Problem] = field(default_factory=dict)

    def latest(self) -> list[str]:
        return list(latest_keys(self.store.list(self.prefix), self.parse_key))

    def rows(self, keys: list[str], report: Callable[[int], None]) -> list[R]:
        found = []
        for done, key in enumerate(keys, start=1):
            if key not in self._known:
                self._known[key] = self._row(key)
            found.append(self._known[key])
            report(done)
        self.damaged = tuple(row for row in found if isinstance(row, Problem))
        self.current = [row for row in found if not isinstance(row, Problem)]
        return self.current

    def _row(self, key: str) -> R | Problem:
        try:
            return self.project(key)
        except SohoaError as error:
            if error.code not in _DAMAGE:
                raise
            return error.problem
