"""What clerks are told while digitising stands still: why, once, and when nothing is in the way any more."""

import os
import threading
from pathlib import Path

import pytest

from flows import launching, stored_batch, submitting
from flows.delays import Delays
from flows.launching import EmbeddedLauncher
from flows.submitting import SubmittingLauncher
from ocr.problem import Code, Problem, SohoaError
from storage.batch import BatchState
from storage.batches import new_batch_id
from storage.desk.batches import Batches
from storage.desk.progress import Progress, ProgressKind, ProgressLog
from storage.settings import Settings
from tests.service.sending import until

ENDED = Problem(code=Code.RUNNER_ENDED)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings.load(tmp_path / "home", {}, os.environ)


def waiting_batch(settings: Settings) -> str:
    batch_id, batches = new_batch_id(), Batches(settings.open_desk())
    batches.open(batch_id, "clerk")
    batches.submit(batch_id)
    return batch_id


def told(settings: Settings, batch_id: str) -> list[Progress]:
    return [event for _, event in ProgressLog(settings.open_desk()).since(batch_id)]


def delays_of(settings: Settings, batch_id: str) -> list[Code | None]:
    events = told(settings, batch_id)
    assert all(event.kind is ProgressKind.DELAYED for event in events)
    return [event.problems[0].code if event.problems else None for event in events]


def test_each_batch_is_told_once_and_when_it_is_over(settings: Settings) -> None:
    first, delays = waiting_batch(settings), Delays(settings)
    delays.end()
    delays.tell(ENDED)
    second = waiting_batch(settings)
    delays.tell(ENDED)
    Batches(settings.open_desk()).finish(second, BatchState.DONE)
    delays.end()
    delays.end()
    assert delays_of(settings, first) == [Code.RUNNER_ENDED, None]
    assert delays_of(settings, second) == [Code.RUNNER_ENDED]
    delays.tell(ENDED)
    assert len(told(settings, first)) == 3


def test_what_lasts_ends_them(settings: Settings) -> None:
    batch_id, delays = waiting_batch(settings), Delays(settings)
    delays.tell(ENDED)
    with delays.ending_after(60):
        pass
    with delays.ending_after(0.01):
        until(lambda: delays_of(settings, batch_id)[1:] == [None], 60)


def test_a_desk_that_fails_keeps_nobody_from_going_on(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    batch_id, delays = waiting_batch(settings), Delays(settings)

    def fails(*_: object) -> None:
        raise SohoaError(Code.DESK_FAILED)

    for method in (Batches.unfinished, ProgressLog.tell):
        with monkeypatch.context() as broken:
            broken.setattr(Batches if method is Batches.unfinished else ProgressLog, method.__name__, fails)
            delays.tell(ENDED)
            delays.end()
    delays.tell(ENDED)
    assert delays_of(settings, batch_id) == [Code.RUNNER_ENDED]


def test_a_runner_that_ends_again_and_again_is_told(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    batch_id, launcher = waiting_batch(settings), EmbeddedLauncher(settings)
    ended, go_on = [], threading.Semaphore(0)

    def run_once() -> int:
        go_on.acquire()
        ended.append(len(told(settings, batch_id)))
        return 1

    monkeypatch.setattr(launching, "_PAUSES_S", (0.01,))
    monkeypatch.setattr(launcher, "_run_once", run_once)
    launcher.start()
    go_on.release(2)
    until(lambda: told(settings, batch_id), 60)
    go_on.release()
    until(lambda: len(ended) == 3, 60)
    launcher._closing.set()
    go_on.release()
    launcher.close()
    # Once may be chance; after that it is told, and not again each time.
    assert ended[:2] == [0, 0] and delays_of(settings, batch_id) == [Code.RUNNER_ENDED]


def test_a_server_of_flows_that_is_away_is_told_until_it_is_back(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(submitting, "private_environment", lambda: None)
    batch_id, launcher = waiting_batch(settings), SubmittingLauncher(settings)
    answers = iter((ConnectionError("away"), ConnectionError("away"), None))

    def submit() -> None:
        if (answer := next(answers, None)) is not None:
            raise answer

    monkeypatch.setattr(launcher, "_submit_waiting", submit)
    monkeypatch.setattr(submitting, "_LOOK_EVERY_S", 0.01)
    launcher.start()
    until(lambda: delays_of(settings, batch_id) == [Code.FLOW_SERVER_UNREACHABLE, None], 60)
    launcher.close()


@pytest.mark.parametrize(("retryable", "expected"), [(True, [Code.STORE_UNREACHABLE]), (False, [])])
def test_a_run_tells_what_it_waits_for(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, *, retryable: bool, expected: list[Code]
) -> None:
    def fails(*_: object) -> None:
        raise SohoaError(Code.STORE_UNREACHABLE, retryable=retryable)

    batch_id = waiting_batch(settings)
    monkeypatch.setattr(stored_batch, "load_batch", fails)
    monkeypatch.setattr("tempfile.tempdir", None)
    with pytest.raises(SohoaError):
        stored_batch.digitize_stored_batch.fn(batch_id, str(settings.home))
    assert delays_of(settings, batch_id) == expected
