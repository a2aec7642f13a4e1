"""`python -m benchmarks.many_clients`: a whole province at the doors at once, and whether anything is lost.

Starts `sohoa serve` as an office would, on a catalogue of 10,000 invented papers, then lets many clients work at the
same time: clerks who open batches and upload scans by the tus protocol in several pieces, and systems that look up and
read changes. Afterwards every upload that was answered for must lie in the store, whole.
"""

import argparse
import asyncio
import base64
import hashlib
import io
import os
import random
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from PIL import Image, ImageDraw

from benchmarks.lookup_town import fill, identifier_of
from service.access import CSRF_HEADER, SESSION_COOKIE
from service.roles import Role
from storage.desk.accounts import Account, Accounts
from storage.desk.sessions import Sessions
from storage.keys import scan_key
from storage.objects import ObjectStore
from storage.scans import stored_sha256
from storage.settings import Settings

_PAPERS, _PERSONS = 10_000, 2_500
_PIECES = 3
_PROCEDURES = ("1.001193", "1.004873", "1.000894")
_TUS = {"Tus-Resumable": "1.0.0"}


@dataclass
class Tally:
    """What the clients saw: seconds by kind of request, what went wrong, and what was answered for."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    errors: Counter[str] = field(default_factory=Counter)
    stored: list[str] = field(default_factory=list)

    async def timed(self, kind: str, request: Awaitable[httpx.Response], *good: int) -> httpx.Response | None:
        """Await a request; anything but a status of `good` is an error."""
        start = time.perf_counter()
        try:
            answer = await request
        except httpx.HTTPError as error:
            self.errors[f"{kind}: {type(error).__name__}"] += 1
            return None
        self.seconds.setdefault(kind, []).append(time.perf_counter() - start)
        if answer.status_code not in good:
            self.errors[f"{kind}: {answer.status_code} {answer.text[:80]}"] += 1
            return None
        return answer


def scan_of(number: int) -> bytes:
    """Return a small scan that no other client has: a page of invented lines with a number."""
    page = Image.new("L", (620, 877), 255)
    draw = ImageDraw.Draw(page)
    for line in range(12):
        draw.text((60, 60 + 55 * line), f"GIAY TO THU {number:08d}  DONG {line}", fill=0)
    written = io.BytesIO()
    page.save(written, "PNG", dpi=(75, 75))
    return written.getvalue()


async def clerk(client: httpx.AsyncClient, tally: Tally, name: int, until: float) -> None:
    """Open batches and send scans in pieces until the time is over."""
    dice = random.Random(name)
    sent = 0
    while time.monotonic() < until:
        opened = await tally.timed("mở đợt nạp", client.post("/v1/batches", json={}), 201)
        if opened is None:
            continue
        batch_id = opened.json()["batch_id"]
        for _ in range(4):
            sent += 1
            await _upload(client, tally, batch_id, f"hs-{name:03d}-{sent // 4}", scan_of(name * 100_000 + sent))
            await tally.timed("xem đợt nạp", client.get(f"/v1/batches/{batch_id}"), 200)
            await asyncio.sleep(dice.uniform(0.2, 1.5))


async def _upload(client: httpx.AsyncClient, tally: Tally, batch_id: str, dossier_id: str, scan: bytes) -> None:
    sha256 = hashlib.sha256(scan).hexdigest()
    given = {"batch_id": batch_id, "dossier_id": dossier_id, "file": f"{sha256[:12]}.png", "sha256": sha256}
    metadata = ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in given.items())
    head = {**_TUS, "Upload-Length": str(len(scan)), "Upload-Metadata": metadata}
    created = await tally.timed("mở tệp", client.post("/v1/uploads", headers=head), 201)
    if created is None:
        return
    place = created.headers["location"]
    step = len(scan) // _PIECES + 1
    for offset in range(0, len(scan), step):
        piece = scan[offset : offset + step]
        headers = {
            **_TUS,
            "Upload-Offset": str(offset),
            "Content-Type": "application/offset+octet-stream",
            "Upload-Checksum": f"sha256 {base64.b64encode(hashlib.sha256(piece).digest()).decode()}",
        }
        is_last = offset + step >= len(scan)
        kind = "gửi phần cuối (lưu, đọc lại)" if is_last else "gửi một phần"
        answer = await tally.timed(kind, client.patch(place, content=piece, headers=headers), 204)
        if answer is None:
            return
    tally.stored.append(sha256)


async def system(client: httpx.AsyncClient, tally: Tally, name: int, until: float) -> None:
    """Look up what is held on invented persons, and follow the changes, until the time is over."""
    dice = random.Random(10_000 + name)
    while time.monotonic() < until:
        question = {
            "subject": identifier_of(dice.randrange(_PERSONS)),
            "procedure": dice.choice(_PROCEDURES),
            "purpose": "đo tải",
        }
        await tally.timed("tra cứu", client.post("/v1/lookups", json=question), 200)
        if dice.random() < 0.1:
            await tally.timed("đọc thay đổi", client.get("/v1/changes?limit=50"), 200)
        await asyncio.sleep(dice.uniform(0.2, 1.5))


async def run(address: str, sessions: list[tuple[str, str, bool]], seconds: float) -> Tally:
    """Let every client work for so long at the same time."""
    tally = Tally()
    until = time.monotonic() + seconds

    async def work(number: int, token: str, csrf: str, *, is_system: bool) -> None:
        headers = {CSRF_HEADER: csrf, "Cookie": f"{SESSION_COOKIE}={token}"}
        async with httpx.AsyncClient(base_url=address, headers=headers, timeout=60) as client:
            await asyncio.sleep(random.Random(number).uniform(0, 2))  # offices do not open at the same second
            await (system if is_system else clerk)(client, tally, number, until)

    await asyncio.gather(
        *(work(number, token, csrf, is_system=is_system) for number, (token, csrf, is_system) in enumerate(sessions))
    )
    return tally


def sign_in(settings: Settings, clients: int) -> list[tuple[str, str, bool]]:
    """Make the accounts, half clerks and half readers, and sign them in."""
    desk = settings.open_desk()
    accounts, sessions = Accounts(desk), Sessions(desk)
    signed_in = []
    for number in range(clients):
        is_system = number % 2 == 1
        name = f"thu-{number:03d}"
        roles = frozenset({Role.READER.value if is_system else Role.CLERK.value})
        accounts.add(Account(name, f"Thử {number}", roles, is_local=False), None)
        token = sessions.begin(name)
        session = sessions.find(token)
        if session is None:
            raise RuntimeError("a session that was just begun is not there")
        signed_in.append((token, session.csrf_token, is_system))
    return signed_in


@contextmanager
def served(home: Path) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Run `sohoa serve` on a free port until the block ends; gives its address and its process."""
    command = [str(Path(sys.executable).with_name("sohoa")), "serve", "--port", "0", "--home", str(home)]
    with (home / "serve.log").open("w") as log:
        server = subprocess.Popen(command, stderr=log, stdout=log, text=True)
        try:
            yield _address(home / "serve.log", server), server
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(60)


def _address(log: Path, server: "subprocess.Popen[str]") -> str:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and server.poll() is None:
        found = re.search(r"http://127\.0\.0\.1:\d+", log.read_text())
        if found:
            return found[0]
        time.sleep(0.2)
    raise SystemExit(f"sohoa serve did not start: {log.read_text()}")


def lost(store: ObjectStore, stored: list[str]) -> list[str]:
    """Return the scans that were answered for and do not lie in the store whole."""
    return [sha256 for sha256 in stored if stored_sha256(store, scan_key(sha256)) != sha256]


def main() -> None:
    """Run it and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clients", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=120)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        settings = Settings.load(home, {}, {"PATH": os.environ["PATH"]})
        catalogue, key = settings.open_catalogue(), settings.identity_key()
        fill(settings.catalogue, range(_PERSONS), key, catalogue.filling.projection.name)
        catalogue.filling.mark_filled()
        sessions = sign_in(settings, given.clients)
        with served(home) as (address, server):
            before = cpu_s(server.pid)
            tally = asyncio.run(run(address, sessions, given.seconds))
            spent = cpu_s(server.pid) - before
        gone = lost(settings.open_store(), tally.stored)
    _print(given.clients, given.seconds, tally, gone, spent)
    raise SystemExit(1 if gone or tally.errors else 0)


def cpu_s(pid: int) -> float:
    """Return the processor seconds that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _print(clients: int, seconds: float, tally: Tally, gone: list[str], spent: float) -> None:
    print(f"{clients} máy cùng lúc, {seconds:.0f} giây; máy chủ dùng {spent:.1f} giây CPU\n")
    print(f"{'việc':32} {'số lần':>8} {'p50 ms':>8} {'p95 ms':>8} {'p99 ms':>8} {'lâu nhất':>9}")
    for kind, times in sorted(tally.seconds.items()):
        ordered = sorted(times)
        p95, p99 = (ordered[min(len(ordered) - 1, int(len(ordered) * share))] for share in (0.95, 0.99))
        row = [1000 * value for value in (statistics.median(ordered), p95, p99, ordered[-1])]
        print(f"{kind:32} {len(times):>8} {row[0]:>8.1f} {row[1]:>8.1f} {row[2]:>8.1f} {row[3]:>9.1f}")
    print(f"\nbản quét đã nhận: {len(tally.stored)}, mất hoặc hỏng: {len(gone)}")
    for error, count in sorted(tally.errors.items()):
        print(f"LỖI {count} lần: {error}")


if __name__ == "__main__":
    main()
