"""`python -m benchmarks.pages_speed`: every page with 100,000 tasks that wait, in each database: time and size.

An office is filled with a year of work (`busy_office`): 100,000 tasks, as many settlements, 10,000 batches, 2,000
accounts, a million entries of the read log. Every route that answers GET with a page is asked for through the whole
application, by an account that may see it and is of no agency, which sees most; pages join by themselves. So are the
answers of the read log's forms, and what the page of a batch of 5,000 files asks for: of those the size is that of the
answer, scripts and styles came with the page. Beside the time stands the processor's work in this process, with SQLite
all of it: on a machine that is busy with other things it says more. Size is that of the page with its scripts and
styles, before compression, without pictures.
"""

import argparse
import os
import re
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from posixpath import dirname, join, normpath

from fastapi.routing import APIRoute
from fastapi.testclient import TestClient
from httpx2 import Response

from benchmarks.busy_office import OFFICE, PROVINCE, RARE_READER, SUBJECT, Sizes, fill
from benchmarks.large_batch import fill_large_batch
from benchmarks.offices import DATABASES, empty_office
from benchmarks.scoring import format_table
from service.access import CSRF_HEADER, SESSION_COOKIE
from service.app import PAGES, create_app
from service.office import Office
from service.pages.rendering import VIET_NAM, day
from service.roles import Role
from service.routes import ROLES_KEY
from service.server import keep_what_is_loaded
from storage.desk.accounts import Account

GOAL_MS, GOAL_KB = 300.0, 300.0
_AS_A_BROWSER = {"Accept": "text/html"}
_LINKED = re.compile(r'(?:href|src)="/static/([^"?]+\.(?:css|js))')
_IMPORTED = re.compile(r'(?:from|import)\s*\(?\s*"(\.{1,2}/[^"]+\.js)"')


@dataclass(frozen=True, slots=True)
class Asked:
    """One kind of request: what it is called, and how it is made; `is_part`: a page asks for it, it is none itself."""

    name: str
    ask: Callable[[], Response]
    is_part: bool = False


def main(argv: list[str] | None = None) -> int:
    """Run and print; return the exit code: 1 where a page is slower or larger than it may be."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pages_speed", description="Đo mọi trang.")
    parser.add_argument("--tasks", type=int, default=100_000, help="số giấy tờ chờ người xem")
    parser.add_argument("--entries", type=int, default=1_000_000, help="số lượt xem trong nhật ký đọc")
    parser.add_argument("--rounds", type=int, default=30, help="số lần hỏi mỗi trang")
    parser.add_argument("--only", choices=DATABASES, help="chỉ đo một cơ sở dữ liệu")
    given = parser.parse_args(argv)
    missed = []
    for database in DATABASES:
        if given.only not in {None, database}:
            continue
        rows = []
        with empty_office(database) as office:
            places = fill(office, Sizes(given.tasks, given.entries))
            client = TestClient(create_app(office))
            every = (*_pages(office, client, places, given.rounds), *_forms(office, client), *_batch(office, client))
            keep_what_is_loaded()  # as `sohoa serve` does
            for asked in every:
                answer = asked.ask()
                is_page = answer.headers.get("content-type", "").startswith("text/html")
                if answer.status_code != 200 or not (is_page or asked.is_part):
                    if answer.status_code >= 400 and not asked.name.startswith("/sign-in/oidc"):
                        missed.append(f"{database} {asked.name}: {answer.status_code}")
                    continue
                p50, p95, cpu = _times(asked.ask, given.rounds)
                size = len(answer.content) / 1000 if asked.is_part else _kb(client, answer)
                rows.append((asked.name, f"{p50:.0f}", f"{p95:.0f}", f"{cpu:.0f}", f"{size:.0f}"))
                if p95 > GOAL_MS or size > GOAL_KB:
                    missed.append(f"{database} {asked.name}: p95 {p95:.0f} ms, {size:.0f} kB")
        print(f"\n{database}: {given.tasks} tasks, {given.entries} log entries, {given.rounds} rounds, 1 client")
        print(f"load of the machine {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
        print(format_table(("page", "p50 ms", "p95 ms", "CPU ms", "kB"), rows))
    print(f"goal: p95 at most {GOAL_MS:.0f} ms, {GOAL_KB:.0f} kB: {'MISSED' if missed else 'met'}")
    print("\n".join(missed))
    return 1 if missed else 0


def _pages(office: Office, client: TestClient, places: Mapping[str, str], rounds: int) -> Iterator[Asked]:
    """Yield every route for GET, asked for by an account that may see it."""
    for route in (route for group in PAGES for route in group.router.routes):
        if not isinstance(route, APIRoute) or "GET" not in (route.methods or ()):
            continue
        roles = set((route.openapi_extra or {}).get(ROLES_KEY, ()))
        role = next((role for role in Role if role.value in roles), None)
        names = re.findall(r"\{(\w+)", route.path)
        if not set(names) <= places.keys() or route.path == "/board":
            continue
        path = re.sub(r"\{(\w+)[^}]*\}", lambda found: places[found[1]], route.path)
        headers = _signed_in(office, role) if role is not None else {}
        yield Asked(route.path, partial(_get, client, path, headers))
    for days, agency in ((30, None), (90, None), (90, PROVINCE), (90, OFFICE)):
        # Its numbers are kept for a minute for each account: every look is the first of somebody.
        names = [f"-{days}-{(agency or 'moi-noi').lower()}-{number}" for number in range(rounds + 1)]
        everybody = iter([_signed_in(office, Role.SUPERVISOR, name, agency) for name in names])
        whose = f" of {agency}" if agency else ""
        yield Asked(f"/board?days={days}{whose}, the first of a minute", partial(_first_look, client, days, everybody))
    steward = _signed_in(office, Role.STEWARD)
    yield Asked(f"/tasks?agency={OFFICE}", partial(_get, client, f"/tasks?agency={OFFICE}", steward))
    yield Asked(f"/dossiers?agency={OFFICE}", partial(_get, client, f"/dossiers?agency={OFFICE}", steward))


def _first_look(client: TestClient, days: int, supervisors: Iterator[dict[str, str]]) -> Response:
    return _get(client, f"/board?days={days}", next(supervisors))


def _forms(office: Office, client: TestClient) -> Iterator[Asked]:
    """Yield what the forms of the read log answer."""
    auditor = _signed_in(office, Role.AUDITOR)
    today = datetime.now(VIET_NAM).date()
    year = {"first": day(today - timedelta(days=365)), "last": day(today)}
    questions = {
        "a day": {"first": day(today), "last": day(today)},
        "a year": year,
        "a year of one commune": {**year, "agency": OFFICE},
        "a year of one reader": {**year, "reader": "nguoi-7"},
        "a year of a rare reader": {**year, "reader": RARE_READER},
        "a year of unmaskings": {**year, "kind": "identifier"},
        "a year of refused papers": {**year, "kind": "refused"},
    }
    for name, question in questions.items():
        data = {**question, "purpose": "đo thời gian"}
        yield Asked(f"/reads/list: {name}", partial(client.post, "/reads/list", data=data, headers=auditor))
    person = {"subject": SUBJECT, "purpose": "đo thời gian"}
    for path in ("/reads", "/reads/slip"):
        yield Asked(f"{path}: a person", partial(client.post, path, data=person, headers=auditor))


def _batch(office: Office, client: TestClient) -> Iterator[Asked]:
    """Yield the page of the largest batch, the list of its files to read, and what its script asks for."""
    clerk = _signed_in(office, Role.CLERK)
    batch_id = fill_large_batch(office, f"do-{Role.CLERK.value}", PROVINCE)
    view = f"/v1/batches/{batch_id}"
    following = f"{view}?cursor={_get(client, view, clerk).json()['next']}"
    parts = {"first files": view, "files that follow": following, "papers": f"/batches/{batch_id}/papers"}
    for name, path in parts.items():
        yield Asked(f"5,000 files: {name}", partial(_get, client, path, clerk), is_part=True)
    yield Asked("5,000 files: after a start", partial(_look_anew, office, client, view, clerk), is_part=True)
    for path in ("", "/files", "/files?after=lô 250/"):
        yield Asked(f"5,000 files: page {path}", partial(_get, client, f"/batches/{batch_id}{path}", clerk))


def _look_anew(office: Office, client: TestClient, view: str, clerk: Mapping[str, str]) -> Response:
    office.intake.folds.forget(view.rpartition("/")[2])
    return _get(client, view, clerk)


def _signed_in(office: Office, role: Role, number: str = "", agency: str | None = None) -> dict[str, str]:
    account = f"do-{role.value}{number}"
    if office.accounts.find(account) is None:
        # Who is of no agency sees everything, but for clerks: they see their own batches, or those of their agency.
        agency = PROVINCE if role is Role.CLERK else agency
        kept = Account(account, f"Đo {role.value}", frozenset({role.value}), agency, is_local=False)
        office.accounts.add(kept, None)
    token = office.sessions.begin(account)
    session = office.sessions.find(token)
    if session is None:
        raise RuntimeError("a session that was just begun is not there")
    return {**_AS_A_BROWSER, "Cookie": f"{SESSION_COOKIE}={token}", CSRF_HEADER: session.csrf_token}


def _get(client: TestClient, path: str, headers: Mapping[str, str]) -> Response:
    return client.get(path, headers=dict(headers or _AS_A_BROWSER), follow_redirects=False)


def _times(ask: Callable[[], Response], rounds: int) -> tuple[float, float, float]:
    """Return median and 95th percentile of the time, and the median of this process's own work, in milliseconds."""
    walls, works = [], []
    for _ in range(rounds):
        wall, work = time.perf_counter(), time.process_time()
        ask()
        walls.append(1000 * (time.perf_counter() - wall))
        works.append(1000 * (time.process_time() - work))
    return statistics.median(walls), sorted(walls)[int(rounds * 0.95)], statistics.median(works)


def _kb(client: TestClient, answer: Response) -> float:
    """Return the size of a page with the scripts and styles it loads, in kB."""
    found, to_load = set[str](), set(_LINKED.findall(answer.text))
    total = len(answer.content)
    while to_load:
        name = to_load.pop()
        found.add(name)
        content = client.get(f"/static/{name}").content
        total += len(content)
        imported = _IMPORTED.findall(content.decode(errors="replace")) if name.endswith(".js") else ()
        to_load |= {normpath(join(dirname(name), each)) for each in imported} - found
    return total / 1000


if __name__ == "__main__":
    sys.exit(main())
