"""The flows as deployments on a Prefect server, and the worker that runs them on this machine.

Imports nothing of Prefect before `private_environment` was set: its settings are read when it is first imported.
"""

import asyncio
import os
from pathlib import Path
from typing import Any

from flows.embedded import private_environment, require_server
from ocr.problem import Code, SohoaError
from storage.settings import HOME

# As in prefect.yaml, which does the same for `prefect deploy`.
WORK_POOL = "sohoa"
DEPLOYMENT = "digitize-batch"
NIGHTLY = "nightly"
# What the service has done here: a batch that clerks sent, a dossier that a steward arranged.
STORED_BATCH, ARRANGED_DOSSIER = "stored-batch", "arranged-dossier"
# Outside office hours, and done before they begin.
NIGHTLY_CRON, TIMEZONE = "0 22 * * *", "Asia/Ho_Chi_Minh"


def deploy(home: Path | None) -> tuple[str, ...]:
    """Register the deployments, and the work pool where it is missing, on the server of `PREFECT_API_URL`.

    Args:
        home: Folder the deployments work in unless a run says otherwise; None leaves it to the worker.

    Returns:
        The full names of the deployments: of digitising, of the nightly check of the store, and of what the service
        has done: stored batches, dossiers that a person arranged.

    Raises:
        SohoaError: `setting_invalid` without a server, `flow_server_unreachable`, `flow_failed`.
    """
    _require_given_server()
    from prefect.schedules import Cron  # noqa: PLC0415
    from prefect.types.entrypoint import EntrypointType  # noqa: PLC0415

    from flows.arranged_dossier import assemble_arranged_dossier  # noqa: PLC0415
    from flows.digitize import digitize  # noqa: PLC0415
    from flows.stored_batch import digitize_stored_batch  # noqa: PLC0415
    from flows.verification import HOURS, RATE_MIB_S, verify_store  # noqa: PLC0415

    place = str(home.absolute()) if home else None
    # By module: an entrypoint by file would put flows/ first on sys.path, where it shadows packages.
    shared: dict[str, Any] = {"work_pool_name": WORK_POOL, "entrypoint_type": EntrypointType.MODULE_PATH}
    try:
        _make_work_pool()
        batch = digitize.to_deployment(name=DEPLOYMENT, parameters={"paths": [], "home": place}, **shared)
        nightly = verify_store.to_deployment(
            name=NIGHTLY,
            parameters={"home": place, "rate_mib_s": RATE_MIB_S, "hours": HOURS, "repair": False, "lock_days": None},
            schedule=Cron(NIGHTLY_CRON, timezone=TIMEZONE),
            **shared,
        )
        stored = digitize_stored_batch.to_deployment(name=STORED_BATCH, parameters={"home": place}, **shared)
        arranged = assemble_arranged_dossier.to_deployment(name=ARRANGED_DOSSIER, parameters={"home": place}, **shared)
        asyncio.run(_register(batch, nightly, stored, arranged))
    except Exception as error:  # whatever Prefect's client and its HTTP library raise
        raise SohoaError(Code.FLOW_FAILED, detail=type(error).__name__, retryable=True) from error
    return (
        f"{digitize.name}/{DEPLOYMENT}",
        f"{verify_store.name}/{NIGHTLY}",
        f"{digitize_stored_batch.name}/{STORED_BATCH}",
        f"{assemble_arranged_dossier.name}/{ARRANGED_DOSSIER}",
    )


async def _register(*deployments: Any) -> None:
    for deployment in deployments:
        await deployment.aapply()


def work(home: Path, *, once: bool) -> None:
    """Run scheduled runs of the deployment, each in a process of its own, until stopped.

    Args:
        home: Where runs work that name no home.
        once: Take what is due now, finish it and return.

    Raises:
        SohoaError: See `deploy`.
    """
    _require_given_server()
    os.environ[HOME] = str(home)  # read by the processes of the runs
    from prefect.workers.process import ProcessWorker  # noqa: PLC0415

    try:
        asyncio.run(ProcessWorker(work_pool_name=WORK_POOL).start(run_once=once, printer=_say_nothing))
    except Exception as error:  # whatever Prefect's client and its HTTP library raise
        raise SohoaError(Code.FLOW_FAILED, detail=type(error).__name__, retryable=True) from error


def _require_given_server() -> None:
    address = os.environ.get("PREFECT_API_URL")
    if not address:
        detail = "not set; a deployment needs a Prefect server that stays, for example http://127.0.0.1:4200/api"
        raise SohoaError(Code.SETTING_INVALID, field="PREFECT_API_URL", detail=detail)
    private_environment()
    require_server(address)


def _make_work_pool() -> None:
    from prefect.client.orchestration import get_client  # noqa: PLC0415
    from prefect.client.schemas.actions import WorkPoolCreate  # noqa: PLC0415
    from prefect.exceptions import ObjectAlreadyExists  # noqa: PLC0415
    from prefect.workers.process import ProcessWorker  # noqa: PLC0415

    template = ProcessWorker.get_default_base_job_template()
    pool = WorkPoolCreate(name=WORK_POOL, type=ProcessWorker.type, base_job_template=template)
    with get_client(sync_client=True) as client:
        try:
            client.create_work_pool(pool)
        except ObjectAlreadyExists:
            return


def _say_nothing(*_words: object, **_how: object) -> None:
    """Print nothing: a worker's words are in its log."""
