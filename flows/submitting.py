"""Having batches digitised by the workers of a Prefect server: one run of a deployment each, submitted and watched.

Imports nothing of Prefect before `private_environment` was set: its settings are read when it is first imported.
"""

import logging
import threading
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from flows.delays import Delays
from flows.deployment import ARRANGED_DOSSIER, STORED_BATCH
from flows.embedded import private_environment
from ocr.problem import Code, Problem, SohoaError
from storage.arranging import unassembled
from storage.desk.batches import Batches, BatchRow
from storage.settings import Settings

log = logging.getLogger(__name__)

BATCH_RUNS = f"digitize-stored-batch/{STORED_BATCH}"
DOSSIER_RUNS = f"assemble-dossier/{ARRANGED_DOSSIER}"
# A run whose worker was switched off ends nowhere: another is submitted.
_LOOK_EVERY_S = 60.0
_OVER = ("COMPLETED", "FAILED", "CRASHED", "CANCELLED", "CANCELLING")


class SubmittingLauncher:
    """Submits runs and submits them again where a worker lost them; see `flows.launching.OpenLauncher`."""

    def __init__(self, settings: Settings) -> None:
        """Serve the desk of `settings`."""
        private_environment()
        self._settings = settings
        self._batches = Batches(settings.open_desk())
        self._delays = Delays(settings)
        self._dossiers: dict[str, None] = {}
        self._lock = threading.Lock()
        self._asked, self._closing = threading.Event(), threading.Event()
        self._watch = threading.Thread(target=self._work, name="submitting", daemon=True)

    def digitise(self, batch_id: str) -> None:
        """See `service.office.Launcher`; the batch is found on the desk."""
        del batch_id
        self._asked.set()

    def assemble(self, dossier_id: str) -> None:
        """See `service.office.Launcher`."""
        with self._lock:
            self._dossiers[dossier_id] = None
        self._asked.set()

    def start(self) -> None:
        """See `OpenLauncher.start`."""
        self._watch.start()
        threading.Thread(target=self._find_arranged, name="arranged", daemon=True).start()

    def close(self) -> None:
        """See `OpenLauncher.close`: runs that were submitted go on without us."""
        self._closing.set()
        self._asked.set()
        if self._watch.is_alive():
            self._watch.join(10)

    def _find_arranged(self) -> None:
        with suppress(SohoaError):
            for dossier_id in unassembled(self._settings.open_store()):
                self.assemble(dossier_id)

    def _work(self) -> None:
        while not self._closing.is_set():
            self._asked.clear()
            try:
                self._submit_waiting()
                self._delays.end()
            except Exception as error:  # whatever Prefect's client and its HTTP library raise
                log.warning("runs could not be submitted: %s", type(error).__name__)
                self._delays.tell(Problem(code=Code.FLOW_SERVER_UNREACHABLE))
            self._asked.wait(_LOOK_EVERY_S)

    def _submit_waiting(self) -> None:
        from prefect.client.orchestration import get_client  # noqa: PLC0415

        with get_client(sync_client=True) as client:
            for row in self._batches.unfinished():
                if not _is_alive(client, row.batch_id):
                    _submit(client, BATCH_RUNS, {"batch_id": row.batch_id}, [row.batch_id], _key_of(row))
            with self._lock:
                dossiers = list(self._dossiers)
            for dossier_id in dossiers:
                # No name of a dossier in tags: it may be a person's. The parameters are for the worker alone.
                _submit(client, DOSSIER_RUNS, {"dossier_id": dossier_id}, [], None)
                with self._lock:
                    self._dossiers.pop(dossier_id, None)


def _key_of(row: BatchRow) -> str:
    return f"{row.batch_id}/{row.attempts}/{row.state.value}"


def _is_alive(client: Any, batch_id: str) -> bool:
    """True when a run of the batch is scheduled or under way."""
    from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterTags  # noqa: PLC0415

    found = client.read_flow_runs(flow_run_filter=FlowRunFilter(tags=FlowRunFilterTags(all_=[batch_id])))
    return any(run.state_type is not None and run.state_type.value not in _OVER for run in found)


def _submit(client: Any, name: str, parameters: dict[str, str], tags: Sequence[str], key: str | None) -> None:
    deployment = client.read_deployment_by_name(name)
    merged = {**deployment.parameters, **parameters}
    client.create_flow_run_from_deployment(deployment.id, parameters=merged, tags=list(tags), idempotency_key=key)
