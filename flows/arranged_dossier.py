"""The flow `assemble-dossier`: papers and records of a dossier anew, by the newest arrangement of a person."""

from typing import Any, cast

from prefect import flow
from prefect.task_runners import ThreadPoolTaskRunner

from flows.digitize import digitise_dossiers, workers_here
from flows.intake import DossierInput
from flows.workshop import open_workshop
from ocr.problem import Code, SohoaError


@flow(
    name="assemble-dossier",
    persist_result=False,
    log_prints=False,
    task_runner=cast("Any", ThreadPoolTaskRunner(max_workers=workers_here())),
)
def assemble_arranged_dossier(dossier_id: str, home: str | None = None) -> None:
    """Assemble a dossier that the store holds from stored page text; pages that today's readers have not read are read.

    Args:
        dossier_id: Name the clerk gave.
        home: Folder of the local data; None takes `SOHOA_HOME` or the default.

    Raises:
        SohoaError: `DOSSIER_UNKNOWN`; why it could not be assembled.
    """
    (outcome,) = digitise_dossiers(open_workshop(home), home, [DossierInput(dossier_id, ())])
    if outcome.dossier is None:
        problem = outcome.problems[0] if outcome.problems else None
        if problem is None:
            raise SohoaError(Code.DOSSIER_UNKNOWN)
        raise SohoaError(problem.code, detail=problem.detail, retryable=problem.retryable)
