"""The flow `digitize-stored-batch`: what a clerk sent through the service. Its scans are in the store already."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, cast

from prefect import flow, get_run_logger
from prefect.task_runners import ThreadPoolTaskRunner

from flows.batch_progress import BatchTeller
from flows.digitize import digitise_dossiers, workers_here
from flows.intake import DossierInput, HeldScan, Stated
from flows.outcome import DossierOutcome
from flows.progress import subscribed
from flows.workshop import Workshop, open_workshop
from ocr.problem import Code, Problem, SohoaError
from storage.batch import Batch, BatchDossier, BatchState
from storage.batches import load_batch, save_batch
from storage.desk.batches import Batches
from storage.desk.progress import Progress, ProgressKind, ProgressLog
from storage.dossier import DossierState
from storage.dossiers import load_dossier

# A batch that ended its runner so often is given up, so that those behind it get their turn.
MOST_ATTEMPTS = 3
# What passes by itself: store, catalogue or disk are out of reach or full. The batch waits for them, however long.
_PASSING = frozenset({Code.STORE_UNREACHABLE, Code.STORE_FULL, Code.STORE_UNWRITABLE, Code.CATALOGUE_FAILED})


@flow(
    name="digitize-stored-batch",
    persist_result=False,
    log_prints=False,
    task_runner=cast("Any", ThreadPoolTaskRunner(max_workers=workers_here())),
)
def digitize_stored_batch(batch_id: str, home: str | None = None) -> None:
    """Digitise a stored batch and note on the desk, and in the store, what became of it. May be run again at any time.

    Args:
        batch_id: See `storage.batches`.
        home: Folder of the local data; None takes `SOHOA_HOME` or the default.

    Raises:
        SohoaError: `BATCH_UNKNOWN`; what keeps the batch from being digitised now, retryable. It then waits.
    """
    shop = open_workshop(home)
    desk = shop.settings.open_desk()
    batches, teller = Batches(desk), BatchTeller(ProgressLog(desk), batch_id)
    try:
        batch = _worked_off(shop, home, batch_id, batches, teller)
    except SohoaError as error:
        if error.problem.retryable:
            teller.tell(Progress(kind=ProgressKind.DELAYED, problems=(error.problem,)))
        raise
    states = Counter(str(dossier.state) for dossier in batch.dossiers)
    get_run_logger().info("batch %s: %s", batch_id, dict(states))


def _worked_off(shop: Workshop, home: str | None, batch_id: str, batches: Batches, teller: BatchTeller) -> Batch:
    """Digitise a batch, or give it up; return it as it ended."""
    batch = load_batch(shop.store, batch_id)
    if batch is None:
        raise SohoaError(Code.BATCH_UNKNOWN, detail=batch_id)
    if batch.state is BatchState.WAITING:
        row = batches.find(batch_id)
        if row is not None and row.attempts >= MOST_ATTEMPTS:
            batch = give_up(shop, batch)
        else:
            batches.begin(batch_id)
            batch = _digitised(
                shop, home, batch, batches, teller, is_last=bool(row and row.attempts + 1 >= MOST_ATTEMPTS)
            )
    if batches.finish(batch_id, batch.state):
        is_done = batch.state is BatchState.DONE
        problems = () if is_done else (Problem(code=Code.BATCH_GIVEN_UP),)
        teller.tell(Progress(kind=ProgressKind.DONE if is_done else ProgressKind.FAILED, problems=problems))
    return batch


def _digitised(
    shop: Workshop, home: str | None, batch: Batch, batches: Batches, teller: BatchTeller, *, is_last: bool
) -> Batch:
    teller.tell(Progress(kind=ProgressKind.STARTED))
    stated = Stated(batch.agency, batch.procedure_code, batch.dossier_code)
    dossiers = [
        DossierInput(dossier.dossier_id, tuple(HeldScan(file.file, file.sha256) for file in dossier.files), stated)
        for dossier in batch.dossiers
        if not dossier.is_erased
    ]
    with subscribed(teller):
        outcomes = digitise_dossiers(shop, home, dossiers)
    _wait_for_what_passes(batch, outcomes, batches, is_last=is_last)
    became = {outcome.dossier_id: outcome for outcome in outcomes}
    return _saved(
        shop,
        batch,
        BatchState.DONE,
        [
            dossier.model_copy(
                update={"state": became[dossier.dossier_id].state, "problems": became[dossier.dossier_id].problems}
            )
            if dossier.dossier_id in became
            else dossier
            for dossier in batch.dossiers
        ],
    )


def give_up(shop: Workshop, batch: Batch) -> Batch:
    """Store that a batch is given up, with what became of each of its dossiers all the same."""
    dossiers = []
    for dossier in batch.dossiers:
        if dossier.is_erased:
            dossiers.append(dossier)
            continue
        held = load_dossier(shop.store, dossier.dossier_id)
        scans = {scan.sha256 for scan in held.scans} if held else set()
        if held is not None and scans >= {file.sha256 for file in dossier.files}:
            dossiers.append(dossier.model_copy(update={"state": held.state, "problems": held.problems}))
        else:
            problem = Problem(code=Code.BATCH_GIVEN_UP)
            dossiers.append(dossier.model_copy(update={"state": DossierState.FAILED, "problems": (problem,)}))
    return _saved(shop, batch, BatchState.FAILED, dossiers)


def _saved(shop: Workshop, batch: Batch, state: BatchState, dossiers: Sequence[BatchDossier]) -> Batch:
    values = {"state": state, "dossiers": tuple(dossiers), "created_at": datetime.now(UTC)}
    return save_batch(shop.store, batch.model_copy(update=values))


def _wait_for_what_passes(batch: Batch, outcomes: Sequence[DossierOutcome], batches: Batches, *, is_last: bool) -> None:
    """Leave the batch under way where a dossier was not stored for a reason that passes.

    What is known to pass is waited for; of anything else that may, the last attempt is the end.
    """
    failed = [problem for outcome in outcomes if outcome.dossier is None for problem in outcome.problems]
    passing = next((problem for problem in failed if problem.retryable and problem.code in _PASSING), None)
    if passing is not None:
        batches.put_back(batch.batch_id)
    elif not is_last:
        passing = next((problem for problem in failed if problem.retryable), None)
    if passing is not None:
        raise SohoaError(passing.code, detail=passing.detail, retryable=True)
