"""A program, started by test_killed_uploads: die between any two steps of sending, storing, unpacking and sending off.

A program of its own because it forks: the test runner has threads. Prints what it saw as JSON.
"""

import asyncio
import hashlib
import io
import json
import os
import shutil
import signal
import sys
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from service.intake import gate, receiving, uploading
from service.intake.intake import Intake
from service.intake.opening import open_intake
from service.intake.submitting import submit
from service.roles import Principal
from storage.batches import load_batch
from storage.desk.upload import Upload, UploadState
from storage.keys import scan_key
from storage.settings import Settings
from tests.drills.children import KILLED, in_child
from tests.drills.steps import Steps

BATCH = f"b{'0' * 24}"
CLERK = Principal("lan", "Lan", frozenset(), None)
MOST_POINTS = 26
PIECE_BYTES = 700


def scan(number: int) -> bytes:
    return f"%PDF-1.7 scan {number} ".encode().ljust(2_000, b".")


def archive() -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as opened:
        for number in (1, 2):
            opened.writestr(f"hs-00{number}/a.pdf", scan(number))
    return written.getvalue()


# What is sent: name of the file, its bytes, and the scans that are then in the store.
SENT = {"scan": ("a.pdf", scan(1), [scan(1)]), "archive": ("ho so.zip", archive(), [scan(1), scan(2)])}


class World:
    """A home as the service opens it; nobody looks at pages."""

    def __init__(self, home: Path) -> None:
        gate.Gate.wake = lambda _: None  # type: ignore[method-assign]
        self.home = home
        self.settings = Settings.load(home, {}, {})
        self.store, self.desk = self.settings.open_store(), self.settings.open_desk()
        self.asked: list[str] = []

    def send(self, what: str) -> None:
        """Do as a client does: ask how far it is, send the rest in pieces, send the batch off."""
        file, data, _ = SENT[what]
        with open_intake(self.settings, self.store, self.desk) as intake:
            if intake.batches.find(BATCH) is None:
                intake.batches.open(BATCH, CLERK.account)
            if intake.batches.find(BATCH).state == "open":  # type: ignore[union-attr]
                sha256 = hashlib.sha256(data).hexdigest()
                upload = uploading.begin(intake, CLERK.account, BATCH, "hs-001", file, len(data), sha256)
                self._send_rest(intake, upload, data)
            launcher = SimpleNamespace(digitise=self.asked.append)
            office: Any = SimpleNamespace(intake=intake, store=self.store, launcher=launcher)
            submit(office, CLERK, BATCH, [])

    def _send_rest(self, intake: Intake, upload: Upload, data: bytes) -> None:
        while upload.state is UploadState.OPEN:
            if upload.is_whole:
                upload = uploading.complete(intake, upload.upload_id)
                continue
            at = upload.offset_bytes
            piece = data[at : at + PIECE_BYTES]
            upload = asyncio.run(receiving.receive_bytes(intake, upload.upload_id, at, _body(piece), None))


async def _body(data: bytes) -> AsyncIterator[bytes]:
    yield data
    yield b""


def faults(home: Path, what: str) -> list[str]:
    """What a killed process may not leave behind."""
    world, (_, data, _) = World(home), SENT[what]
    found = []
    with open_intake(world.settings, world.store, world.desk) as intake:
        for upload in intake.uploads.of_batch(BATCH):
            if upload.state is UploadState.OPEN:
                part = intake.parts.path(upload.upload_id)
                held = part.read_bytes() if part.exists() else b""
                if held[: upload.offset_bytes] != data[: upload.offset_bytes]:
                    found.append("bytes that were promised are not there")
            elif upload.kind != "archive" and not world.store.exists(scan_key(upload.sha256 or "")):
                found.append("a file is noted as stored that is not")
            elif upload.state is UploadState.FAILED:
                found.append(f"a file failed: {upload.problem}")
        batch = intake.batches.find(BATCH)
        if batch is not None and batch.state != "open" and load_batch(world.store, BATCH) is None:
            found.append("a batch is noted as sent off that is not stored")
    return found


def form_of(home: Path, what: str) -> dict[str, Any]:
    """What must be the same however often it was killed before."""
    world, (_, _, scans) = World(home), SENT[what]
    stored = load_batch(world.store, BATCH)
    with open_intake(world.settings, world.store, world.desk) as intake:
        batch = intake.batches.find(BATCH)
        # As the gate does once an hour with what is older than that.
        intake.parts.remove_strays(intake.uploads.open_ids(), older_than_s=-1.0)
        return {
            "scans": [world.store.get(scan_key(hashlib.sha256(data).hexdigest())) == data for data in scans],
            "objects": sorted(key for key in world.store.list("")),
            "parts": sorted(path.name for path in intake.parts.folder.iterdir()),
            "files": sorted((u.dossier_id, u.file, u.kind, u.state) for u in intake.uploads.of_batch(BATCH)),
            "batch": stored.model_dump_json(exclude={"created_at"}) if stored else None,
            "state": batch.state if batch else None,
        }


def work(home: Path, what: str, steps: Steps | None, told_in: Path | None = None) -> None:
    if steps is not None:
        steps.install()
    World(home).send(what)
    if told_in is not None and steps is not None:
        told_in.write_text(json.dumps(steps.names))
    if steps is not None:
        steps.take("answered")


def drill(folder: Path, what: str) -> dict[str, Any]:
    """Send undisturbed, then die at every point and send again."""
    base, counted, told = folder / "base", folder / "counted", folder / "steps"
    base.mkdir(parents=True)
    World(base)
    shutil.copytree(base, counted)
    if in_child(lambda: work(counted, what, Steps(), told)):
        raise RuntimeError("undisturbed it did not end well")
    expected = form_of(counted, what)
    steps = json.loads(told.read_text())
    points = range(1, len(steps) + 2)
    # From the end: the last point is after everything was done and before anybody was told.
    chosen = sorted(points[:: -1 * -(-len(points) // MOST_POINTS)])
    found = []
    for point in chosen:
        home = Path(shutil.copytree(base, folder / "killed"))
        step = [*steps, "answered"][point - 1]
        if in_child(lambda: work(home, what, Steps(point))) != KILLED:  # noqa: B023
            found.append(f"point {point}: it was not killed at {step}")
        found += [f"point {point}, {step}: {fault}" for fault in faults(home, what)]
        if in_child(lambda: work(home, what, None)):  # noqa: B023
            found.append(f"point {point}, {step}: done again it did not end well")
        form = form_of(home, what)
        found += [f"point {point}, {step}: {name} is {form[name]}" for name in form if form[name] != expected[name]]
        shutil.rmtree(home)
    return {"steps": len(steps), "points": len(chosen), "faults": found, "expected": expected}


def main(folder: Path) -> None:
    os.fsync = os.fdatasync = lambda _: None  # type: ignore[assignment]
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.stdout.write(json.dumps({what: drill(folder / what, what) for what in SENT}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
