"""Checking, mending and copying the store of a home, with its ledger."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ocr.problem import Problem
from storage.catalogue import Catalogue
from storage.integrity.findings import VerifyReport
from storage.integrity.ledger import Ledger
from storage.integrity.pace import BYTES_PER_MIB, Pace
from storage.mirror import MirrorReport, mirror
from storage.objects import ObjectStore
from storage.reindex import Progress, reindex
from storage.repair import RepairReport, repair
from storage.rights.erased import unfinished
from storage.rights.execution import Eraser
from storage.settings import Settings
from storage.verify import verify

VERIFY_FOLDER = "verify"


@dataclass(frozen=True, slots=True)
class CheckUp:
    """A pass over a store, and what mending did after it; None where nothing was to be mended."""

    report: VerifyReport
    repair: RepairReport | None

    @property
    def damage(self) -> tuple[Problem, ...]:
        """The damage that is still there."""
        if self.repair is None:
            return self.report.damage
        return tuple(finding.problem() for finding in self.repair.left)

    @property
    def is_intact(self) -> bool:
        """True when no damage is left."""
        return not self.damage


def ledger_path(settings: Settings) -> Path:
    """Return the file of the ledger of a home's store: each store has its own, wherever the home is moved."""
    place = settings.store.replace(str(settings.home), "")
    return settings.home / VERIFY_FOLDER / f"{hashlib.sha256(place.encode()).hexdigest()[:12]}.sqlite"


def check_up(
    settings: Settings,
    progress: Progress | None = None,
    *,
    rate_mib_s: float | None = None,
    resume: bool = False,
    is_over: Callable[[], bool] = lambda: False,
    mend: bool = False,
) -> CheckUp:
    """Check the store of a home, and mend it from the second store when asked.

    Args:
        settings: Of the home.
        progress: Called with the number of objects checked and the number there are.
        rate_mib_s: How many MiB are read in a second; None: as many as can be.
        resume: Go on with the last pass where it was stopped.
        is_over: Asked after every object; when true the pass stops, to be resumed.
        mend: Mend what is found.

    Raises:
        SohoaError: A setting is invalid; a store, the catalogue or the ledger cannot be used; another check goes on.
    """
    store, catalogue = settings.open_store(), _filled_catalogue(settings)
    second = settings.open_second_store() if mend else None
    # What a killed writer left half-written may be about people, and no erasure finds it.
    store.remove_leftovers()
    # An erasure that was begun is a decision: it is finished before the rest is looked at.
    if unfinished(store):
        Eraser(store, settings.open_second_store(), catalogue).resume()
    with Ledger.open(ledger_path(settings)) as ledger:
        report = verify(
            store, catalogue, progress, ledger=ledger, pace=_pace(rate_mib_s), resume=resume, is_over=is_over
        )
        mended = repair(store, second, catalogue, report.findings, ledger) if mend and report.findings else None
    return CheckUp(report, mended)


def copy_store(
    settings: Settings,
    destination: ObjectStore,
    progress: Progress | None = None,
    *,
    rate_mib_s: float | None = None,
    check_held: bool = False,
    apply_erasures: bool = True,
) -> MirrorReport:
    """Copy the store of a home to `destination`; see `storage.mirror`."""
    with Ledger.reading(ledger_path(settings)) as ledger:
        return mirror(
            settings.open_store(),
            destination,
            ledger,
            progress,
            pace=_pace(rate_mib_s),
            check_held=check_held,
            apply_erasures=apply_erasures,
        )


def extend_locks(settings: Settings, days: int) -> None:
    """Keep originals and the read log of a server's store locked for `days` from now; a folder has no locks.

    Raises:
        SohoaError: See `storage.s3.retention`.
    """
    if settings.store.startswith("file:"):
        return
    # The SDK takes a while to load, which offices without a server need not pay.
    from storage.s3.retention import extend_retention  # noqa: PLC0415
    from storage.s3.store import S3Store  # noqa: PLC0415

    store = settings.open_store()
    if isinstance(store, S3Store):
        extend_retention(store, days)


def _pace(rate_mib_s: float | None) -> Pace:
    return Pace(rate_mib_s * BYTES_PER_MIB if rate_mib_s is not None else None)


def _filled_catalogue(settings: Settings) -> Catalogue:
    catalogue = settings.open_catalogue()
    if catalogue.needs_rebuild():
        reindex(settings.open_store(), catalogue)
    return catalogue
