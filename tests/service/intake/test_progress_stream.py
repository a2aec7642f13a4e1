"""Following a batch: every event once and in order, to every watcher, whatever the line does."""

import asyncio
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing, contextmanager, suppress
from typing import Any

import httpx
import pytest

from ocr.problem import Code, Problem
from service.intake import watching
from service.v1 import progress as progress_route
from storage.batch import BatchState
from storage.desk.progress import Progress, ProgressKind, ProgressLog
from storage.dossier import DossierState
from tests.service.sending import Sender, drawn_page, pdf, scan_of, until
from tests.services.office import Desk

Event = dict[str, Any]


class Follower:
    """A stream of events that is read in a thread, as a page's EventSource does."""

    def __init__(self, address: str, sender: Sender, last_seen: str | None = None, after: int = 0) -> None:
        self.events: list[Event] = []
        self.beats = 0
        self.status = 0
        self.headers = {"Last-Event-ID": last_seen} if last_seen else {}
        self.address = f"{address}{sender.path}/events?after={after}"
        self.cookies = dict(sender.client.cookies.items())
        self.thread = threading.Thread(target=self._read, daemon=True)
        self.thread.start()

    def _read(self) -> None:
        with suppress(httpx.HTTPError):  # the server ends before the stream does
            self._read_all()

    def _read_all(self) -> None:
        event: Event = {}
        with (
            httpx.Client(cookies=self.cookies, timeout=120) as client,
            client.stream("GET", self.address, headers=self.headers) as answer,
        ):
            self.status = answer.status_code
            for line in answer.iter_lines():
                name, _, value = line.partition(":")
                if line == ":" or (not name and line):
                    self.beats += 1
                elif line and name != "retry":
                    event[name] = value.strip()
                elif event:
                    self.events.append({**event, "data": json.loads(event["data"])})
                    event = {}

    def kinds(self) -> list[str]:
        return [event["event"] for event in list(self.events)]

    def wait_for(self, count: int) -> list[Event]:
        until(lambda: len(self.events) >= count)
        return self.events[:count]

    def ended(self) -> bool:
        self.thread.join(120)
        return not self.thread.is_alive()


def tell(desk: Desk, sender: Sender, kind: ProgressKind, **said: Any) -> None:
    desk.office.progress.tell(sender.batch_id, Progress(kind=kind, **said))


@contextmanager
def counting(monkeypatch: pytest.MonkeyPatch, *batch_ids: str) -> Iterator[dict[str, int]]:
    """How often the desk is asked, and by which question: of these batches, and of all."""
    asked = {"since": 0, "of_all_since": 0}
    with monkeypatch.context() as patched:
        for name in asked:
            question = getattr(ProgressLog, name)

            def counted(*given: Any, name: str = name, question: Any = question, **named: Any) -> Any:
                asked[name] += name == "of_all_since" or given[1] in batch_ids
                return question(*given, **named)

            patched.setattr(ProgressLog, name, counted)
        yield asked


def test_events_come_as_they_happen_and_the_stream_ends(
    desk: Desk, sender: Sender, serve: Callable[[Desk], str]
) -> None:
    tell(desk, sender, ProgressKind.STARTED)
    follower = Follower(serve(desk), sender)
    assert follower.wait_for(1)[0]["event"] == "started"
    tell(desk, sender, ProgressKind.PAGES, dossier_id="hs-1", count=2)
    tell(desk, sender, ProgressKind.PAGE, dossier_id="hs-1")
    told = follower.wait_for(3)
    assert told[1]["data"] == {"kind": "pages", "dossier_id": "hs-1", "count": 2, "problems": []}
    assert [int(event["id"]) for event in told] == sorted({int(event["id"]) for event in told})
    tell(desk, sender, ProgressKind.ASSEMBLED, dossier_id="hs-1", state=DossierState.COMPLETE, papers=1)
    tell(desk, sender, ProgressKind.DONE)
    assert follower.ended()
    assert follower.kinds() == ["started", "pages", "page", "assembled", "done"]
    assert follower.events[3]["data"]["state"] == "complete"


def test_poor_pages_are_told_in_words_with_their_picture(
    desk: Desk, sender: Sender, serve: Callable[[Desk], str]
) -> None:
    follower = Follower(serve(desk), sender)
    sender.send(scan_of(drawn_page(), drawn_page(cut_left=40)), "hs-1", "a.tif")
    good, poor = follower.wait_for(2)
    assert good["event"] == poor["event"] == "checked"
    assert good["data"]["checked"] == [good["data"]["checked"][0] | {"verdict": "accept", "words": "đạt"}]
    page = poor["data"]["poor_pages"][0]
    assert "chữ bị cắt ở mép trái" in page["words"]
    assert sender.client.get(page["picture"]).status_code == 200
    sender.send(pdf(), "hs-1", "hong.pdf")
    problem = follower.wait_for(3)[2]["data"]["problems"][0]
    assert (problem["code"], problem["file"]) == ("scan_damaged", "hong.pdf") and problem["title"]


def test_a_watcher_that_comes_again_goes_on_after_what_it_saw(
    desk: Desk, sender: Sender, serve: Callable[[Desk], str]
) -> None:
    address = serve(desk)
    for _ in range(5):
        tell(desk, sender, ProgressKind.PAGE, dossier_id="hs-1")
    first = Follower(address, sender)
    seen = first.wait_for(5)[2]["id"]
    again = Follower(address, sender, last_seen=seen)
    assert [event["id"] for event in again.wait_for(2)] == [event["id"] for event in first.events[3:5]]
    tell(desk, sender, ProgressKind.FAILED)
    assert first.ended() and again.ended()
    assert again.kinds() == ["page", "page", "failed"]


def test_who_knows_the_batch_is_told_what_happens_later(
    desk: Desk, sender: Sender, serve: Callable[[Desk], str]
) -> None:
    tell(desk, sender, ProgressKind.PAGES, dossier_id="hs-1", count=2)
    tell(desk, sender, ProgressKind.PAGE, dossier_id="hs-1")
    follower = Follower(serve(desk), sender, after=sender.view()["seq"])
    tell(desk, sender, ProgressKind.FAILED)
    assert follower.ended() and follower.kinds() == ["failed"]


def test_what_a_batch_waits_for_is_in_its_view_until_it_goes_on(desk: Desk, sender: Sender) -> None:
    assert sender.view()["problems"] == []
    tell(desk, sender, ProgressKind.DELAYED, problems=(Problem(code=Code.STORE_UNREACHABLE),))
    tell(desk, sender, ProgressKind.CHECKED, dossier_id="hs-1", file="a.tif", sha256="a" * 64)
    assert [problem["code"] for problem in sender.view()["problems"]] == ["store_unreachable"]
    tell(desk, sender, ProgressKind.STARTED)
    assert sender.view()["problems"] == []
    tell(desk, sender, ProgressKind.FAILED, problems=(Problem(code=Code.BATCH_GIVEN_UP),))
    assert [problem["code"] for problem in sender.view()["problems"]] == ["batch_given_up"]


@pytest.mark.parametrize("last_seen", ["", "x", "-1", "9" * 40, "1.5"])
def test_a_last_event_id_that_is_none_begins_at_the_beginning(
    desk: Desk, sender: Sender, serve: Callable[[Desk], str], last_seen: str
) -> None:
    tell(desk, sender, ProgressKind.DONE)
    follower = Follower(serve(desk), sender, last_seen)
    assert follower.ended() and follower.kinds() == ["done"]


def test_who_comes_after_the_end_is_told_not_to_come_again(
    desk: Desk, sender: Sender, serve: Callable[[Desk], str]
) -> None:
    address = serve(desk)
    sender.send(pdf(), "hs-xong")
    until(lambda: desk.office.progress.since(sender.batch_id))  # the file was looked at
    sender.submit()
    tell(desk, sender, ProgressKind.DONE)
    desk.office.batches.finish(sender.batch_id, BatchState.DONE)
    follower = Follower(address, sender)
    assert follower.ended() and follower.kinds() == ["checked", "done"]
    later = Follower(address, sender, follower.events[-1]["id"])
    assert later.ended() and later.status == 204
    # The gate may look at a file after the runner has read it: told too, and no stream is held open for it.
    tell(desk, sender, ProgressKind.CHECKED)
    last = Follower(address, sender, follower.events[-1]["id"])
    assert last.ended() and last.kinds() == ["checked"]
    later = Follower(address, sender, last.events[-1]["id"])
    assert later.ended() and later.status == 204


def test_signs_of_life_and_the_end_of_what_is_given_up(
    desk: Desk, sender: Sender, serve: Callable[[Desk], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress_route, "HEARTBEAT_S", 0.1)
    follower = Follower(serve(desk), sender)
    until(lambda: follower.beats >= 2)
    sender.client.delete(sender.path)
    assert follower.ended()


def test_only_who_may_see_the_batch_may_follow_it(desk: Desk, sender: Sender) -> None:
    desk.account("khac", *desk.office.accounts.find("clerk").roles)  # type: ignore[union-attr,arg-type]
    assert desk.client("khac").get(f"{sender.path}/events").status_code == 404
    assert desk.client("steward").get(f"{sender.path}/events").status_code == 403
    assert desk.client().get(f"{sender.path}/events").status_code == 401


def test_watchers_share_one_look_at_the_desk(
    desk: Desk, sender: Sender, serve: Callable[[Desk], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_every_s, looks = 0.05, 40
    monkeypatch.setattr(watching, "LOOKED_EVERY_S", looked_every_s)
    address, others = serve(desk), [Sender(desk.client("clerk")) for _ in range(8)]
    with counting(monkeypatch, *(other.batch_id for other in others)) as asked:
        begun = time.monotonic()
        followers = [Follower(address, other) for other in others]
        for other, follower in zip(others, followers, strict=True):
            tell(desk, other, ProgressKind.STARTED)
            follower.wait_for(1)
        until(lambda: asked["of_all_since"] >= looks)
        for _ in range(5):
            for other in others:
                tell(desk, other, ProgressKind.PAGE, dossier_id="hs-1")
        for follower in followers:
            follower.wait_for(6)
        told = 6 * len(others)
        # Each for itself when it comes, when the looking begins, and once more after what it found so: however often
        # is looked, and at most once an event however late each comes to it.
        assert asked["since"] <= 2 * len(others) + told < looks * len(others)
        # As often for eight as for one: at every look, and once more after a look that found something.
        assert asked["of_all_since"] <= 1 + (time.monotonic() - begun) / looked_every_s + told
    for other, follower in zip(others, followers, strict=True):
        tell(desk, other, ProgressKind.DONE)
        assert follower.ended()
        assert follower.kinds() == ["started", *["page"] * 5, "done"]
    until(lambda: desk.office.intake.watch._looking is None or desk.office.intake.watch._looking.done())


def test_a_slow_watcher_misses_nothing_and_holds_nobody_up(
    desk: Desk, sender: Sender, serve: Callable[[Desk], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "LOOKED_EVERY_S", 0.05)
    monkeypatch.setattr(watching, "_MOST_WAITING", 20)
    address = serve(desk)
    host, port = address.removeprefix("http://").split(":")
    cookie = "; ".join(f"{name}={value}" for name, value in sender.client.cookies.items())
    with socket.socket() as slow:
        slow.settimeout(120)
        slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        slow.connect((host, int(port)))
        slow.sendall(f"GET {sender.path}/events HTTP/1.1\r\nHost: {host}\r\nCookie: {cookie}\r\n\r\n".encode())
        quick = Follower(address, sender)
        until(lambda: len(desk.office.intake.watch._watchers) >= 2)
        problem = Problem(code=Code.PAGE_DAMAGED, detail="x" * 8000)
        for _ in range(300):
            tell(desk, sender, ProgressKind.PAGE, dossier_id="hs-1", problems=(problem,))
        quick.wait_for(300)
        tell(desk, sender, ProgressKind.DONE)
        assert quick.ended()
        received = b""
        while b"event: done" not in received:
            piece = slow.recv(1 << 16)
            assert piece, "broken off"
            received += piece
        assert received.count(b"event: page") == 300


def test_who_comes_as_the_last_one_leaves_is_told_too(desk: Desk, sender: Sender) -> None:
    watch = watching.Watch(desk.office.progress)
    tell(desk, sender, ProgressKind.STARTED)

    async def told() -> ProgressKind:
        leaving = watch.follow(sender.batch_id, 0, 0.1)
        seq, _ = await anext(leaving)
        await leaving.aclose()
        async with asyncio.timeout(120), aclosing(watch.follow(sender.batch_id, seq, 0.1)) as coming:
            assert await anext(coming) is None
            await asyncio.to_thread(tell, desk, sender, ProgressKind.DONE)
            while (event := await anext(coming)) is None:
                pass
            return event[1].kind

    # In a thread of its own: in this one an event loop runs already where a test with a browser came before.
    with ThreadPoolExecutor(1) as thread:
        assert thread.submit(asyncio.run, told()).result() is ProgressKind.DONE


def test_streams_end_before_the_server_does(
    desk: Desk, sender: Sender, serve: Callable[[Desk], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    follower = Follower(serve(desk), sender)
    until(lambda: desk.office.intake.watch._watchers)
    monkeypatch.setattr(desk.office.intake.watch, "is_closing", lambda: True)
    assert follower.ended()
