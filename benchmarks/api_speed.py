"""`python -m benchmarks.api_speed`: how fast the API answers a system, over `sohoa serve` with 10,000 papers.

Four fifths are an invented town in the catalogue alone, which lookups and holdings go over; one fifth lies in the store
whole, read one by one and exported; beside them a few drawn dossiers, really digitised, whose pictures and PDF are
asked for. One system asks one thing after another on loopback; times are those of the whole request, its answer read.
Every read is written down durably before it is answered: that is in the times.
"""

import argparse
import itertools
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import httpx

from benchmarks.drawing.dossier import draw_dossier, write_dossiers
from benchmarks.lookup_town import PAPERS_A_PERSON, fill, identifier_of
from benchmarks.many_clients import cpu_s, served
from benchmarks.product import run_sohoa
from benchmarks.scoring import format_table
from extractors.record import Record
from service.roles import Role
from storage.catalogue import Catalogue
from storage.desk.clients import Client, Clients
from storage.objects import ObjectStore
from storage.records import load_record, save_draft
from storage.settings import Settings
from tests.storage.deciding import birth_record

_AGENCY = "H05.12"
_PROCEDURES = ("1.001193", "1.004873", "1.000894")
_PURPOSE = {"X-Purpose": "do toc do"}
_DOSSIERS, _DPI = 4, 200
# The feed looks at the catalogue as a whole when the service starts.
_LONGEST_START_S = 120

Ask = Callable[[], httpx.Response]


@dataclass(frozen=True)
class World:
    """What there is to ask about.

    Attributes:
        persons: How many persons the town has.
        kept: Records that lie in the store, of the asking system's agency.
        read: Records that were really digitised.
        own: Secret of the system of that agency.
        all: Secret of the system that acts for all agencies.
    """

    persons: int
    kept: Sequence[Record]
    read: Sequence[Record]
    own: str
    all: str


def main(argv: list[str] | None = None) -> int:
    """Run and print; return the exit code: 1 where an answer was not the one expected."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.api_speed", description="Đo giao diện lập trình.")
    parser.add_argument("--papers", type=int, default=10_000, help="số giấy tờ")
    parser.add_argument("--requests", type=int, default=300, help="số lần gọi mỗi thao tác")
    given = parser.parse_args(argv)
    # The runner of the service may still be dying when its home is removed.
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        home = Path(folder) / "home"
        world = _furnish(Path(folder), home, given.papers)
        with served(home) as (address, server):
            watch = Watch(server.pid)
            _measure(watch, address, world, given.requests)
    kept, read = len(world.kept), len(world.read)
    print(f"{given.papers} giấy tờ, {kept} nằm trọn trong kho, {read} số hóa từ bản vẽ; mili giây\n")
    print(format_table(("thao tác", "số lần", "p50", "p95", "p99", "lâu nhất", "CPU máy chủ"), watch.rows))
    print("", *watch.exports, sep="\n")
    return 0


def _furnish(folder: Path, home: Path, papers: int) -> World:
    drawn = [draw_dossier(7100 + n, "light", _DPI, dossier_id=f"hs-{n + 1:03d}") for n in range(_DOSSIERS)]
    write_dossiers(folder / "drawn", drawn, _DPI)
    run_sohoa("ingest", str(folder / "drawn"), "--home", str(home))
    settings = Settings.load(home, {}, {"PATH": os.environ["PATH"]})
    store, catalogue, key = settings.open_store(), settings.open_catalogue(), settings.identity_key()
    read = [load_record(store, row.record_id) for row in list(catalogue.records())]
    kept = [_keep(store, catalogue, number) for number in range(papers // 5)]
    persons = (papers - len(kept)) // PAPERS_A_PERSON
    fill(settings.catalogue, range(persons), key, catalogue.filling.projection.name)
    clients = Clients(settings.open_desk())
    for name, agency in (("co-quan", _AGENCY), ("ca-tinh", None)):
        clients.add(Client(name, name, frozenset({Role.READER.value}), agency))
    found = [record for record in read if record is not None]
    return World(persons, kept, found, clients.new_secret("co-quan"), clients.new_secret("ca-tinh"))


def _keep(store: ObjectStore, catalogue: Catalogue, number: int) -> Record:
    made = birth_record(number)
    draft = save_draft(store, made.model_copy(update={"metadata": {**made.metadata, "agency": _AGENCY}}))
    catalogue.project_record(draft)
    return draft


def _signed_on(address: str, name: str, secret: str) -> httpx.Client:
    form = {"grant_type": "client_credentials"}
    answer = httpx.post(f"{address}/v1/token", data=form, auth=(name, secret)).raise_for_status()
    headers = {**_PURPOSE, "Authorization": f"Bearer {answer.json()['access_token']}"}
    return httpx.Client(base_url=f"{address}/v1", headers=headers, timeout=120)


def _measure(watch: "Watch", address: str, world: World, count: int) -> None:
    dice = random.Random(1)
    with _signed_on(address, "co-quan", world.own) as own, _signed_on(address, "ca-tinh", world.all) as everywhere:
        _wait_for_changes(own)
        kept = [f"/records/{record.record_id}" for record in dice.choices(world.kept, k=count)]
        people = [identifier_of(dice.randrange(world.persons)) for _ in range(count)]
        asked = [{"subject": each, "procedure": dice.choice(_PROCEDURES), "purpose": "đo"} for each in people]
        seen = [
            f"/records/{record.record_id}/fields/{name}/evidence.webp"
            for record in world.read
            for name, field in record.fields.items()
            if field.evidence is not None
        ]
        pdfs = [f"/records/{record.record_id}/paper.pdf" for record in world.read]
        watch.ask("tra cứu", _posts(own, "/lookups", asked))
        watch.ask("bản ghi", _gets(own, kept))
        known = {"If-None-Match": own.get(kept[0]).headers["etag"]}
        watch.ask("bản ghi, đã có", [partial(own.get, kept[0], headers=known)] * count, status=304)
        watch.ask("các trường", _gets(own, [f"{path}/fields" for path in kept]))
        watch.ask("một trường", _gets(own, [f"{path}/fields/full_name" for path in kept]))
        held = [{"subject": each, "purpose": "đo"} for each in people]
        watch.ask("giấy tờ của một người", _posts(own, "/subjects/holdings", held))
        watch.ask("trang 100 bản ghi", _pages(own, "/records", "records", count))
        watch.ask("trang 100 thay đổi", _pages(own, "/changes", "changes", count))
        watch.ask("ảnh căn cứ, lần đầu", _gets(everywhere, seen))
        watch.ask("ảnh căn cứ, lần sau", _gets(everywhere, dice.choices(seen, k=count)))
        watch.ask("PDF, lần đầu", _gets(everywhere, pdfs))
        watch.ask("PDF, lần sau", _gets(everywhere, dice.choices(pdfs, k=count)))
        for kind in ("csv", "parquet"):
            watch.export(own, kind, len(world.kept))


def _gets(client: httpx.Client, paths: Iterable[str]) -> Iterable[Ask]:
    return [partial(client.get, path) for path in paths]


def _posts(client: httpx.Client, path: str, bodies: Iterable[object]) -> Iterable[Ask]:
    return [partial(client.post, path, json=body) for body in bodies]


def _pages(client: httpx.Client, path: str, name: str, count: int) -> Iterable[Ask]:
    """Yield requests for page after page of a list, from its beginning again after its end."""
    told: dict[str, Any] = {"next": None, name: []}

    def ask() -> httpx.Response:
        nonlocal told
        is_over = not told["next"] or not told[name]
        answer = client.get(path, params={"limit": 100, **({} if is_over else {"cursor": told["next"]})})
        told = answer.json()
        return answer

    return itertools.repeat(ask, count)


@dataclass
class Watch:
    """Asks and keeps what it took: milliseconds on the clock, and of the server's processor for each request."""

    server: int
    rows: list[Sequence[object]] = field(default_factory=list)
    exports: list[str] = field(default_factory=list)

    def ask(self, words: str, asks: Iterable[Ask], status: int = 200) -> None:
        """Send requests one after another; another status than expected ends everything."""
        took, spent = [], cpu_s(self.server)
        for ask in asks:
            started = time.perf_counter()
            answer = ask()
            took.append(1000 * (time.perf_counter() - started))
            if answer.status_code != status:
                raise SystemExit(f"{words}: {answer.status_code} {answer.text[:300]}")
        cpu_ms = 1000 * (cpu_s(self.server) - spent) / len(took)
        took.sort()
        shares = (took[min(len(took) - 1, int(len(took) * share))] for share in (0.5, 0.95, 0.99, 1))
        self.rows.append((words, len(took), *(f"{each:.1f}" for each in shares), f"{cpu_ms:.1f}"))

    def export(self, client: httpx.Client, kind: str, rows: int) -> None:
        """Take all records of one type at once."""
        started, spent = time.perf_counter(), cpu_s(self.server)
        answer = client.get(f"/exports/records.{kind}", params={"paper_type": "giay-khai-sinh"})
        took, cpu = time.perf_counter() - started, cpu_s(self.server) - spent
        if answer.status_code != 200 or (kind == "csv" and answer.text.count("\r\n") != rows + 1):
            raise SystemExit(f"export: {answer.status_code}, not {rows} rows")
        self.exports.append(
            f"xuất {kind}: {rows} dòng, {rows / took:.0f} dòng/giây, {rows / cpu:.0f} dòng/giây CPU máy chủ"
        )


def _wait_for_changes(client: httpx.Client) -> None:
    until = time.monotonic() + _LONGEST_START_S
    while time.monotonic() < until:
        if client.get("/changes", params={"wait": 5}).raise_for_status().json()["changes"]:
            return
    raise SystemExit("the changes feed told nothing")


if __name__ == "__main__":
    sys.exit(main())
