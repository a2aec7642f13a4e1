"""The flow `digitize`: scans in, records out. Works on a Prefect server of its own or on a given one."""

import logging
import os
import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from prefect import Task, flow, get_run_logger, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State, TaskRun
from prefect.futures import PrefectFuture
from prefect.task_runners import ThreadPoolTaskRunner

from flows.assembly import assemble_dossier, scans_with_earlier
from flows.intake import DossierInput, HeldScan, as_parameter, as_path, display_name, take_in
from flows.outcome import Assembly, DossierOutcome, RunOutcome, ToReview
from flows.progress import DossierDone, PageRead, PagesFound, tell
from flows.reading import PageId, StoredScan, page_is_held, read_stored_page, receive_scan
from flows.workshop import Workshop, open_workshop
from ocr.problem import Code, Problem, SohoaError
from storage.dossier import DossierState
from storage.settings import Settings

log = logging.getLogger(__name__)

# So many dossiers are received and read ahead of the one being assembled: enough to keep every core busy, few enough
# that a batch of thousands does not stand in memory as futures.
_AHEAD = 8


@dataclass(slots=True)
class _DossierUnderWay:
    dossier: DossierInput
    scans: list[StoredScan] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    pages: dict[PageId, PrefectFuture[str]] = field(default_factory=dict)
    has_scans: bool = True
    # Released for each of `pages`, once it was told that it is over.
    told: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))

    def page_is_over(self, _page: PrefectFuture[str]) -> None:
        try:
            tell(PageRead(self.dossier.dossier_id))
        finally:
            self.told.release()


def _may_succeed_later(_task: Task[..., Any], _run: TaskRun, state: State) -> bool:
    """True for a passing failure, as the error says itself; a broken page is not read twice."""
    error = state.result(raise_on_failure=False)
    return isinstance(error, SohoaError) and error.problem.retryable


@task(name="receive-scan", persist_result=False, cache_policy=NO_CACHE)
def receive_scan_task(home: str | None, source: Path | HeldScan) -> StoredScan:
    """Store the original of one scan, or find it in the store, and count its pages."""
    return receive_scan(open_workshop(home), source)


@task(
    name="read-page",
    persist_result=False,
    cache_policy=NO_CACHE,
    retries=1,
    retry_delay_seconds=1,
    retry_condition_fn=_may_succeed_later,
)
def read_page_task(home: str | None, sha256: str, page_number: int) -> str:
    """Read one page of a stored scan; returns the key of its text."""
    return read_stored_page(open_workshop(home), sha256, page_number)


@task(name="assemble-dossier", persist_result=False, cache_policy=NO_CACHE)
def assemble_dossier_task(
    home: str | None, dossier: DossierInput, scans: Sequence[StoredScan], failures: dict[PageId, Problem]
) -> Assembly:
    """Make papers and records from stored page text."""
    return assemble_dossier(open_workshop(home), dossier, scans, failures)


def workers_here() -> int:
    """Pages read at the same time where nobody says otherwise: a deployed run has the environment only."""
    return Settings.load(None, {}, os.environ).workers


@flow(
    name="digitize",
    persist_result=False,
    log_prints=False,
    task_runner=cast("Any", ThreadPoolTaskRunner(max_workers=workers_here())),
)
def digitize(paths: list[str], home: str | None = None) -> RunOutcome:
    """Digitise what is under `paths` into the home's store.

    Args:
        paths: Folders and files, as for `sohoa ingest`; a `file:` URI where a name is no UTF-8.
        home: Folder of the local data; None takes `SOHOA_HOME` or the default.
    """
    shop = open_workshop(home)
    shop.store.remove_leftovers()
    intake = take_in(as_path(path) for path in paths)
    outcomes = digitise_dossiers(shop, home, intake.dossiers)
    # For the log of a deployed run: numbers only, since names of files and folders may be names of people.
    states = Counter(outcome.state.value for outcome in outcomes)
    get_run_logger().info("dossiers: %s; input problems: %d", dict(states), len(intake.problems))
    return RunOutcome(outcomes, intake.skipped, intake.problems)


def digitise_dossiers(shop: Workshop, home: str | None, dossiers: Iterable[DossierInput]) -> tuple[DossierOutcome, ...]:
    """Receive, read and assemble dossiers, inside a flow: the pages of several are read while one is assembled.

    What fails is told in the outcome of its dossier and stops no other.
    """
    under_way: list[_DossierUnderWay] = []
    outcomes: list[DossierOutcome] = []
    for dossier in dossiers:
        under_way.append(_start(shop, home, dossier, under_way))
        if len(under_way) >= _AHEAD:
            outcomes.append(_finish(home, under_way.pop(0)))
    outcomes += [_finish(home, started) for started in under_way]
    return tuple(outcomes)


def _start(
    shop: Workshop, home: str | None, dossier: DossierInput, under_way: Sequence[_DossierUnderWay]
) -> _DossierUnderWay:
    """Receive the scans of a dossier and hand its unread pages to the workers, those of earlier scans too."""
    started = _DossierUnderWay(dossier)
    for source in dossier.files:
        state = receive_scan_task(home, source, return_state=True)
        if state.is_completed():
            started.scans.append(state.result())
        else:
            started.problems.append(_problem_of(state, file=display_name(source)))
    try:
        scans = scans_with_earlier(shop, dossier, started.scans)
        started.has_scans = bool(scans)
        pages = [(sha256, number) for sha256, count in _page_counts(scans) for number in range(1, count + 1)]
        unread = [page_id for page_id in pages if not page_is_held(shop, *page_id)]
    except SohoaError as error:  # told again by assembling, where nothing mends it meanwhile
        log.info("nothing is read: %s", error.code)
        return started
    tell(PagesFound(len(pages), len(pages) - len(unread), dossier.dossier_id))
    for page_id in unread:
        # The same scan may lie in a neighbouring dossier, which is having it read already.
        future = next((other.pages[page_id] for other in under_way if page_id in other.pages), None)
        future = future or read_page_task.submit(home, *page_id)
        # Told when the task is over, not inside it: a page that is tried again counts once.
        future.add_done_callback(started.page_is_over)
        started.pages[page_id] = future
    return started


def _page_counts(scans: Sequence[StoredScan]) -> Iterator[tuple[str, int]]:
    """Yield each scan once, with the number of its pages."""
    yield from {scan.sha256: scan.page_count or 0 for scan in scans}.items()


def _finish(home: str | None, started: _DossierUnderWay) -> DossierOutcome:
    """Wait for the pages of a dossier, then assemble it."""
    failures: dict[PageId, Problem] = {}
    for page_id, future in started.pages.items():
        future.wait()
        # Who waits for a page goes on before it is told that the page is over; the dossier is told of last.
        started.told.acquire()
        if not future.state.is_completed():
            failures[page_id] = _problem_of(future.state, page_number=page_id[1])
    dossier = started.dossier
    problems = list(started.problems)
    assembly: Assembly | None = None
    if started.has_scans:
        state = assemble_dossier_task(home, dossier, started.scans, failures, return_state=True)
        if state.is_completed():
            assembly = state.result()
        else:
            problems.append(_problem_of(state))
    outcome = _outcome(dossier.dossier_id, assembly, problems)
    tell(DossierDone(outcome))
    return outcome


def _outcome(dossier_id: str, assembly: Assembly | None, problems: Sequence[Problem]) -> DossierOutcome:
    if assembly is None:
        return DossierOutcome(dossier_id, DossierState.FAILED, None, ToReview(), tuple(problems))
    dossier = assembly.dossier
    of_scans = [problem for scan in dossier.scans for problem in scan.problems]
    found = (*problems, *of_scans, *dossier.problems)
    # A file that never reached the store is not part of the dossier, but the clerk's dossier is not whole without it.
    state = DossierState.PARTIAL if found and dossier.state is DossierState.COMPLETE else dossier.state
    return DossierOutcome(dossier_id, state, dossier, assembly.to_review, found, assembly.poor_pages)


def _problem_of(state: State, *, file: str | None = None, page_number: int | None = None) -> Problem:
    """Return why a task failed, as a problem of a file or page."""
    error = state.result(raise_on_failure=False)
    if isinstance(error, SohoaError):
        known = {"file": error.problem.file or file, "page_number": error.problem.page_number or page_number}
        return error.problem.model_copy(update=known)
    detail = type(error).__name__
    return Problem(code=Code.FLOW_FAILED, file=file, page_number=page_number, detail=detail, retryable=True)


def run_digitize(paths: Sequence[Path], home: Path, workers: int) -> RunOutcome:
    """Run the flow in this process with `workers` pages read at the same time.

    Raises:
        SohoaError: The workshop cannot be opened; `flow_failed` when Prefect or its server fails.
    """
    runner: ThreadPoolTaskRunner[Any] = ThreadPoolTaskRunner(max_workers=workers)
    # with_options is annotated for runners of one future type only.
    prepared = digitize.with_options(task_runner=cast("Any", runner))
    try:
        return prepared([as_parameter(path) for path in paths], str(home))
    except SohoaError:
        raise
    except Exception as error:  # Prefect's client raises what its HTTP library does when the server goes away
        raise SohoaError(Code.FLOW_FAILED, detail=type(error).__name__, retryable=True) from error
