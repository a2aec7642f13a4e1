"""The flow `digitize`: scans in, records out. Works on a Prefect server of its own or on a given one."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from prefect import flow, task
from prefect.client.schemas.objects import State
from prefect.futures import PrefectFuture
from prefect.task_runners import ThreadPoolTaskRunner

from flows.assembly import (
    PageId,
    StoredScan,
    assemble_dossier,
    page_is_held,
    read_stored_page,
    receive_scan,
    scans_with_earlier,
)
from flows.intake import DossierInput, take_in
from flows.progress import DossierDone, PageRead, PagesFound, tell
from flows.workshop import Workshop, open_workshop
from ocr.problem import Code, Problem, SohoaError
from ocr.vietnamese import to_nfc
from storage.dossier import Dossier, DossierState

# So many dossiers are received and read ahead of the one being assembled: enough to keep every core busy, few enough
# that a batch of thousands does not stand in memory as futures.
_AHEAD = 8


@dataclass(frozen=True, slots=True)
class DossierOutcome:
    """What became of one dossier of the run."""

    dossier_id: str
    state: DossierState
    dossier: Dossier | None
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class RunOutcome:
    """What became of a run: every dossier, files that were passed over, and what was wrong with the input."""

    dossiers: tuple[DossierOutcome, ...]
    skipped: tuple[Problem, ...]
    problems: tuple[Problem, ...]

    @property
    def complete(self) -> bool:
        """True when nothing is partial, failed or wrong."""
        return not self.problems and all(outcome.state is DossierState.COMPLETE for outcome in self.dossiers)


@dataclass(slots=True)
class _DossierUnderWay:
    dossier: DossierInput
    scans: list[StoredScan] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    pages: dict[PageId, PrefectFuture[str]] = field(default_factory=dict)


@task(name="receive-scan", persist_result=False)
def receive_scan_task(home: str | None, path: str) -> StoredScan:
    """Store the original of one scan and count its pages."""
    return receive_scan(open_workshop(home), Path(path))


@task(name="read-page", persist_result=False, retries=1, retry_delay_seconds=1)
def read_page_task(home: str | None, sha256: str, page_number: int) -> str:
    """Read one page of a stored scan; returns the key of its text."""
    try:
        return read_stored_page(open_workshop(home), sha256, page_number)
    finally:
        tell(PageRead())


@task(name="assemble-dossier", persist_result=False)
def assemble_dossier_task(
    home: str | None, dossier_id: str, scans: Sequence[StoredScan], failures: dict[PageId, Problem]
) -> Dossier:
    """Make papers and records from stored page text."""
    return assemble_dossier(open_workshop(home), dossier_id, scans, failures)


@flow(name="digitize", persist_result=False, log_prints=False)
def digitize(paths: list[str], home: str | None = None) -> RunOutcome:
    """Digitise what is under `paths` into the home's store.

    Args:
        paths: Folders and files, as for `sohoa ingest`.
        home: Folder of the local data; None takes `SOHOA_HOME` or the default.
    """
    shop = open_workshop(home)
    shop.store.remove_leftovers()
    intake = take_in(Path(path) for path in paths)
    under_way: list[_DossierUnderWay] = []
    outcomes: list[DossierOutcome] = []
    for dossier in intake.dossiers:
        under_way.append(_start(shop, home, dossier))
        if len(under_way) >= _AHEAD:
            outcomes.append(_finish(shop, home, under_way.pop(0)))
    outcomes += [_finish(shop, home, started) for started in under_way]
    return RunOutcome(tuple(outcomes), intake.skipped, intake.problems)


def _start(shop: Workshop, home: str | None, dossier: DossierInput) -> _DossierUnderWay:
    """Receive the scans of a dossier and hand its unread pages to the workers."""
    started = _DossierUnderWay(dossier)
    for path in dossier.files:
        state = receive_scan_task(home, str(path), return_state=True)
        if state.is_completed():
            started.scans.append(state.result())
        else:
            started.problems.append(_problem_of(state, file=to_nfc(path.name)))
    for scan in {scan.sha256: scan for scan in started.scans}.values():
        numbers = range(1, (scan.page_count or 0) + 1)
        unread = [number for number in numbers if not page_is_held(shop, scan.sha256, number)]
        tell(PagesFound(len(numbers), len(numbers) - len(unread)))
        for number in unread:
            started.pages[scan.sha256, number] = read_page_task.submit(home, scan.sha256, number)
    return started


def _finish(shop: Workshop, home: str | None, started: _DossierUnderWay) -> DossierOutcome:
    """Wait for the pages of a dossier, then assemble it."""
    failures: dict[PageId, Problem] = {}
    for page_id, future in started.pages.items():
        future.wait()
        if not future.state.is_completed():
            failures[page_id] = _problem_of(future.state, page_number=page_id[1])
    dossier_id = started.dossier.dossier_id
    problems = list(started.problems)
    dossier = None
    try:
        scans = scans_with_earlier(shop, started.dossier, started.scans)
        if scans:
            state = assemble_dossier_task(home, dossier_id, scans, failures, return_state=True)
            if state.is_completed():
                dossier = state.result()
            else:
                problems.append(_problem_of(state))
    except SohoaError as error:
        problems.append(error.problem)
    tell(DossierDone(dossier_id))
    if dossier is None:
        return DossierOutcome(dossier_id, DossierState.FAILED, None, tuple(problems))
    problems += [problem for scan in dossier.scans for problem in scan.problems] + list(dossier.problems)
    # A file that never reached the store is not part of the dossier, but the clerk's dossier is not whole without it.
    worst = DossierState.PARTIAL if problems and dossier.state is DossierState.COMPLETE else dossier.state
    return DossierOutcome(dossier_id, worst, dossier, tuple(problems))


def _problem_of(state: State, *, file: str | None = None, page_number: int | None = None) -> Problem:
    """Return why a task failed, as a problem of a file or page."""
    error = state.result(raise_on_failure=False)
    if isinstance(error, SohoaError):
        known = {"file": error.problem.file or file, "page_number": error.problem.page_number or page_number}
        return error.problem.model_copy(update=known)
    detail = type(error).__name__
    return Problem(code=Code.FLOW_FAILED, file=file, page_number=page_number, detail=detail, retryable=True)


def run_digitize(paths: Sequence[Path], home: Path, workers: int) -> RunOutcome:
    """Run the flow in this process with `workers` pages read at the same time."""
    runner: ThreadPoolTaskRunner[Any] = ThreadPoolTaskRunner(max_workers=workers)
    # with_options is annotated for runners of one future type only.
    prepared = digitize.with_options(task_runner=cast("Any", runner))
    return prepared([str(path) for path in paths], str(home))
