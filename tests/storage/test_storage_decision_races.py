"""Two processes decide on the same revision: exactly one wins, on every store."""

import os
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from extractors.record import RecordState
from storage.folder_store import FolderStore
from storage.links import unfinished_links
from storage.objects import ObjectStore
from storage.records import history, load_record, save_draft
from storage.s3.setup import set_up
from tests.services.minio import MinioServer
from tests.storage.deciding import birth_record

ROUNDS = 12

_PROGRAM = """
import sys, time
from pathlib import Path

from ocr.problem import SohoaError
from storage.acts import Act
from storage.decisions import reject, reopen
from storage.folder_store import FolderStore
from storage.links import supersede
from storage.s3 import S3Store

what, who, *where = sys.argv[1:]
store = FolderStore(Path(where[0])) if len(where) == 1 else S3Store.at(*where)
print("ready", flush=True)
for line in sys.stdin:
    one, other, revision, at = line.split()
    time.sleep(max(0.0, float(at) - time.time()))
    act = Act(who, "vì")
    try:
        if what == "supersede":
            supersede(store, None, one, int(revision), other, act)
        else:
            (reject if int(revision) % 2 else reopen)(store, None, one, int(revision), act)
    except SohoaError as error:
        print(error.code.value, flush=True)
    else:
        print("won", flush=True)
"""


class Place(NamedTuple):
    """A store and how another process opens it."""

    store: ObjectStore
    where: tuple[str, ...]


@pytest.fixture(params=["folder", "minio"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    if request.param == "folder":
        return Place(FolderStore(tmp_path / "store"), (str(tmp_path / "store"),))
    server: MinioServer = request.getfixturevalue("minio_server")
    prefix = f"t-{uuid.uuid4().hex[:12]}"
    store = server.store(prefix)
    set_up(store.connection, 1)
    return Place(store, (server.url(prefix), server.access_key, server.secret_key))


Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def start_talking() -> Iterator[Start]:
    """Start the program with these arguments, to be talked with line by line."""
    started: list[subprocess.Popen[str]] = []

    def start(*arguments: str) -> "subprocess.Popen[str]":
        process = subprocess.Popen(
            [sys.executable, "-W", "error", "-c", _PROGRAM, *arguments],
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        started.append(process)
        return process

    yield start
    for process in started:
        with process:
            process.kill()


def _raced(rivals: list["subprocess.Popen[str]"], lines: list[str]) -> list[str]:
    """Give each rival its line and return what each says."""
    for rival, line in zip(rivals, lines, strict=True):
        assert rival.stdin is not None
        rival.stdin.write(line + "\n")
        rival.stdin.flush()
    return [rival.stdout.readline().strip() for rival in rivals if rival.stdout is not None]


def _rivals(start_talking: Start, what: str, place: Place) -> list["subprocess.Popen[str]"]:
    rivals = [start_talking(what, who, *place.where) for who in ("lan", "mai")]
    assert [rival.stdout.readline().strip() for rival in rivals if rival.stdout is not None] == ["ready", "ready"]
    return rivals


def _soon() -> float:
    return time.time() + 0.15


def test_of_two_decisions_on_one_revision_one_wins(start_talking: Start, place: Place) -> None:
    record = save_draft(place.store, birth_record())
    rivals = _rivals(start_talking, "decide", place)
    for revision in range(1, ROUNDS + 1):
        at = _soon()
        line = f"{record.record_id} - {revision} {at}"
        assert sorted(_raced(rivals, [line, line])) == ["record_changed", "won"]
        assert [one.revision for one in history(place.store, record.record_id)] == list(range(1, revision + 2))


def test_two_that_supersede_each_other_never_both_go(start_talking: Start, place: Place) -> None:
    rivals = _rivals(start_talking, "supersede", place)
    for nth in range(1, ROUNDS + 1):
        one, other = (save_draft(place.store, birth_record(100 * nth + side)).record_id for side in (1, 2))
        at = _soon()
        answers = _raced(rivals, [f"{one} {other} 1 {at}", f"{other} {one} 1 {at}"])
        assert answers.count("won") <= 1
        records = [load_record(place.store, record_id) for record_id in (one, other)]
        both = [record for record in records if record is not None]
        states = [record.state for record in both]
        assert states.count(RecordState.SUPERSEDED) == answers.count("won")
        assert unfinished_links(both) == ()
