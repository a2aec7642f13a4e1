"""`sohoa serve` as an office runs it: what is sent is digitised, whatever is killed on the way."""

import json
import os
import signal
import subprocess
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from ocr.problem import Code
from storage.arrangement import ArrangedPaper, Arrangement
from storage.arranging import arrange
from storage.batch import BatchState
from storage.batches import load_batch
from storage.desk.progress import ProgressKind, ProgressLog
from storage.dossier import DossierState
from storage.dossiers import load_dossier
from storage.keys import preview_key
from storage.records import load_record
from storage.settings import Settings
from tests.service.sending import until
from tests.services.held_pages import HeldPages
from tests.services.sending import send
from tests.services.serving import Service, Start

Hold = Callable[[int], HeldPages]


def pages_read(home: Path) -> dict[str, int]:
    """Every page text, with when it was written."""
    return {str(path): path.stat().st_mtime_ns for path in (home / "store" / "pages").rglob("*.json")}


def kinds_of(service: Service, batch_id: str) -> list[ProgressKind]:
    return [event.kind for _, event in ProgressLog(service.settings.open_desk()).since(batch_id)]


def test_what_is_sent_is_digitised_and_told(start: Start, drawn: Path):
    service = start()
    first = send(service.home, [drawn / "hs-101", drawn / "hs-102"], agency="H05.12", procedure_code="1.001193")
    service.wait_until_finished(first)

    store = service.settings.open_store()
    batch = load_batch(store, first)
    assert (batch.revision, batch.state) == (2, BatchState.DONE)
    assert {(dossier.dossier_id, dossier.state) for dossier in batch.dossiers} == {
        ("hs-101", DossierState.COMPLETE),
        ("hs-102", DossierState.COMPLETE),
    }
    dossier = load_dossier(store, "hs-101")
    assert (dossier.agency, dossier.procedure_code) == ("H05.12", "1.001193")
    for paper in dossier.papers:
        assert load_record(store, paper.record_id).metadata["agency"] == "H05.12"
    assert {row.agency for row in service.settings.open_catalogue().records()} == {"H05.12"}
    assert all(store.exists(preview_key(page.sha256, page.page_number)) for page in dossier.page_places())
    service.wait_for(lambda: ProgressKind.DONE in kinds_of(service, first))
    events = [event for _, event in ProgressLog(service.settings.open_desk()).since(first)]
    assert events[0].kind is ProgressKind.STARTED
    assert sum(event.count for event in events if event.kind is ProgressKind.PAGE) == 4
    assert [event.dossier_id for event in events if event.kind is ProgressKind.ASSEMBLED] == ["hs-101", "hs-102"]
    with urllib.request.urlopen(f"{service.address}/sign-in") as page:
        assert page.status == 200

    assert service.stop() == 0
    assert f"sohoa user add TEN --role admin --home {service.home}" in service.said
    assert "Traceback" not in service.said


def test_a_dead_runner_is_started_again_and_goes_on(start: Start, hold_pages: Hold, drawn: Path):
    pages = hold_pages(1)
    service = start(**pages.environment)
    batch_id = send(service.home, [drawn / "hs-101", drawn / "hs-102"])
    service.wait_for(lambda: pages_read(service.home))
    before, runner = pages_read(service.home), service.runner()
    os.kill(runner, signal.SIGKILL)
    pages.let_go()
    service.wait_until_finished(batch_id)

    after = pages_read(service.home)
    assert service.runner() != runner
    assert len(after) == 4 and before.items() <= after.items()
    assert load_batch(service.settings.open_store(), batch_id).revision == 2
    assert service.batches.find(batch_id).attempts == 2


def test_a_killed_service_takes_its_runner_along_and_goes_on_at_the_next_start(
    start: Start, hold_pages: Hold, drawn: Path
):
    pages = hold_pages(1)
    service = start(**pages.environment)
    batch_id = send(service.home, [drawn / "hs-101", drawn / "hs-102"])
    service.wait_for(lambda: pages_read(service.home))
    before, runner = pages_read(service.home), service.runner()
    service.stop(signal.SIGKILL)
    pages.let_go()
    until(lambda: not Path(f"/proc/{runner}").exists())

    again = start()
    again.wait_until_finished(batch_id)
    after = pages_read(again.home)
    assert len(after) == 4 and before.items() <= after.items()
    assert load_batch(again.settings.open_store(), batch_id).revision == 2
    assert again.batches.find(batch_id).attempts == 1  # no fault of the batch
    assert again.stop() == 0


def test_a_batch_that_ends_its_runner_is_given_up_and_the_next_is_digitised(
    start: Start, hold_pages: Hold, drawn: Path
):
    pages = hold_pages(0)
    service = start(**pages.environment)
    batch_id = send(service.home, [drawn / "hs-101"])
    other = send(service.home, [drawn / "hs-102"])
    for attempt in (1, 2, 3):
        service.wait_for(lambda: service.batches.find(batch_id).attempts == attempt)  # noqa: B023
        os.kill(service.runner(), signal.SIGKILL)
    pages.let_go()
    service.wait_until_finished(other)

    service.wait_until_finished(batch_id, BatchState.FAILED)
    batch = load_batch(service.settings.open_store(), batch_id)
    assert (batch.revision, batch.state) == (2, BatchState.FAILED)
    assert [problem.code for dossier in batch.dossiers for problem in dossier.problems] == [Code.BATCH_GIVEN_UP]
    service.wait_for(lambda: kinds_of(service, batch_id)[-1] is ProgressKind.FAILED)


def test_an_arrangement_that_nobody_assembled_is_assembled_at_the_next_start(start: Start, filled_home: Path):
    store = Settings.load(filled_home, {}, {}).open_store()
    before = load_dossier(store, "hs-101")
    whole = ArrangedPaper(pages=tuple(page for paper in before.papers for page in paper.pages))
    said = Arrangement(by="lan", at=datetime.now(UTC), papers=(whole,))
    arrange(store, None, "hs-101", before.revision, said)  # killed before anybody was told

    service = start(filled_home)
    service.wait_for(lambda: not load_dossier(store, "hs-101").to_assemble)
    after = load_dossier(store, "hs-101")
    assert [paper.pages for paper in after.papers] == [whole.pages]
    assert after.papers[0].record_id == before.papers[0].record_id
    assert load_record(store, before.papers[1].record_id).withdrawn


def test_with_a_server_of_flows_workers_digitise(start: Start, sohoa, flow_api: str, drawn: Path, tmp_path: Path):
    env = {"PREFECT_API_URL": flow_api, "PREFECT_HOME": str(tmp_path / "prefect")}
    home = tmp_path / "home"
    assert sohoa("deploy", "--home", home, env=env).returncode == 0
    service = start(home, **env)
    assert service.runner() is None
    batch_id = send(home, [drawn / "hs-102"])
    service.stop()
    service = start(home, **env)  # submits what waits, once
    service.wait_for(lambda: len(_runs_of(flow_api, batch_id)) == 1)

    worked = sohoa("worker", "--once", "--home", home, env=env)
    assert worked.returncode == 0, worked.stderr
    service.wait_until_finished(batch_id)
    assert load_batch(service.settings.open_store(), batch_id).revision == 2
    assert len(_runs_of(flow_api, batch_id)) == 1
    assert service.stop() == 0


def _runs_of(api: str, batch_id: str) -> list[dict[str, object]]:
    asked = json.dumps({"flow_runs": {"tags": {"all_": [batch_id]}}}).encode()
    request = urllib.request.Request(f"{api}/flow_runs/filter", asked, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=120) as answer:
        return json.load(answer)


def test_a_taken_port_is_one_sentence(start: Start, program: list[str], environment: dict[str, str], tmp_path: Path):
    port = start().address.rpartition(":")[2]
    command = [*program, "serve", "--port", port, "--home", str(tmp_path / "other")]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == 2
    assert done.stderr.startswith("sohoa: ") and "[setting_invalid]" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_ctrl_c_is_the_end_of_a_service_too(start: Start):
    service = start()
    assert service.stop(signal.SIGINT) == 0
    assert "Dịch vụ đã dừng." in service.said
