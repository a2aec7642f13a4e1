"""A steward's day at the keyboard: real keys in the real page in Chromium, the service's own time for every request.

Two stewards in browsers of their own take one paper after the other. Most fields are confirmed with Enter; some are
typed over, some are said to be blank on the paper (a critical one is then keyed by the other steward, blind), and for
some a region is read again. Times are the service's: from a request's arrival to the last byte of its answer. A field
costs what the page asked while it was open, and its share of what its paper cost beside.
"""

import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from benchmarks.steward_service import Asked
from service.access import SESSION_COOKIE
from tests.services.chromium import OFFICE_SCREEN, OFFICE_ZOOM, REMEDY, find_chromium

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, ViewportSize

# One field in so many is settled so.
_REGION, _BLANK, _TYPED = 12, 10, 4
_OWN = frozenset({"check", "draft"})
# Loaded once, or beside the work.
NOT_COUNTED = frozenset({"page", "next", "picture", "read-region", "static"})
_STANDING = """() => {
  const review = document.querySelector('#review');
  const text = selector => document.querySelector(selector)?.textContent ?? '';
  return {
    record: review.dataset.record,
    mode: review.dataset.mode,
    place: text('.open-head .place'),
    value: document.querySelector('#value')?.value ?? '',
    evidence: document.querySelector('.box.current') !== null,
    ready: document.querySelector('#finish').classList.contains('ready'),
    unknown: !document.querySelector('.finish .split').hidden,
  };
}"""
_MOVED = """place => document.querySelector('#finish').classList.contains('ready')
  || (document.querySelector('.open-head .place')?.textContent ?? place) !== place"""
_ANSWERED = f"place => ({_MOVED})(place) || document.querySelector('#understood.bad, #understood.warn')"
_LAID = "record => { const r = document.querySelector('#review');"
_LAID += " return !r || (r.dataset.record !== record && !r.classList.contains('loading')); }"
_LEFT = f"record => ({_LAID})(record) || !document.querySelector('#finish').classList.contains('ready')"


class Paper(NamedTuple):
    """A paper that was settled: when it was opened, each of its fields, and when the next lay on the desk."""

    begun: float
    opened: list[float]
    ended: float


@dataclass
class KeyboardDay:
    """What was done, and the script's milliseconds from a key to the next open field."""

    papers: list[Paper] = field(default_factory=list)
    key_to_field: list[float] = field(default_factory=list)
    keyed_again: int = 0

    @property
    def settled(self) -> int:
        """How many fields were settled."""
        return sum(len(paper.opened) for paper in self.papers)

    def per_field(self, asked: Sequence[Asked]) -> list[float]:
        """Return what each field cost the service, in milliseconds: its own requests and its share of its paper's."""
        counted = [each for each in asked if each.kind not in NOT_COUNTED]
        return [cost for paper in self.papers for cost in _costs(paper, counted)]


def _costs(paper: Paper, asked: Sequence[Asked]) -> list[float]:
    within = [each for each in asked if paper.begun <= each.at < paper.ended]
    own = [
        sum(each.ms for each in within if each.kind in _OWN and start <= each.at < end)
        for start, end in zip(paper.opened, [*paper.opened[1:], paper.ended], strict=True)
    ]
    shared = sum(each.ms for each in within) - sum(own)
    return [mine + shared / len(own) for mine in own]


def work(address: str, tokens: Mapping[str, str], fields: int) -> KeyboardDay:
    """Let stewards settle papers until so many fields are settled, or none is left; `tokens`: of their sessions."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415  it starts a program of its own

    program = find_chromium()
    if program is None:
        raise SystemExit(REMEDY)
    day = KeyboardDay()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        stewards = [_Steward(_page_of(browser, address, token), address, day) for token in tokens.values()]
        did = True
        while did and day.settled < fields:
            did = False
            for steward in stewards:
                if day.settled < fields:
                    did = steward.do_paper() or did
        browser.close()
    return day


def _page_of(browser: "Browser", address: str, token: str) -> "Page":
    screen: ViewportSize = {"width": OFFICE_SCREEN["width"], "height": OFFICE_SCREEN["height"]}
    context = browser.new_context(viewport=screen, device_scale_factor=OFFICE_ZOOM, locale="vi-VN")
    context.add_cookies([{"name": SESSION_COOKIE, "value": token, "url": address}])
    return context.new_page()


class _Steward:
    """A person with a page open."""

    def __init__(self, page: "Page", address: str, day: KeyboardDay) -> None:
        self.page, self.address, self.day = page, address, day
        self.done = 0

    def do_paper(self) -> bool:
        """Settle the paper on the desk, or the next of the queue; False where there is none."""
        if not self._is_at_desk() and not self._begin():
            return False
        self.page.locator("#review:not(.loading)").wait_for()
        begun, opened = time.perf_counter(), []
        standing = self._standing()
        if standing["unknown"]:
            return self._reject(standing["record"])
        record = standing["record"]
        while not self.page.evaluate(_LAID, record):
            standing = self._standing()
            if standing["ready"]:
                # A value that the service refuses after all brings its field back.
                self.page.keyboard.press("Enter")
                self.page.wait_for_function(_LEFT, arg=record)
            else:
                opened.append(time.perf_counter())
                self._settle_field(standing)
        if opened:
            self.day.papers.append(Paper(begun, opened, time.perf_counter()))
        self.day.keyed_again += len(opened) if standing["mode"] == "second" else 0
        return True

    def _is_at_desk(self) -> bool:
        return self.page.locator("#review").count() == 1

    def _begin(self) -> bool:
        self.page.goto(f"{self.address}/tasks")
        if self.page.locator("#begin").count() == 0:
            return False
        self.page.locator("#begin:focus").wait_for()
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        return self._is_at_desk()

    def _standing(self) -> dict[str, Any]:
        standing: dict[str, Any] = self.page.evaluate(_STANDING)
        return standing

    def _settle_field(self, standing: dict[str, Any]) -> None:
        self.done += 1
        self._enter(standing["value"])
        if standing["mode"] == "review" and standing["evidence"] and self.done % _REGION == 0:
            self._read_region()
        begun = time.perf_counter()
        self.page.keyboard.press("Enter")
        self.page.wait_for_function(_ANSWERED, arg=standing["place"])
        if self._standing()["place"] == standing["place"] and not self._standing()["ready"]:
            # What the machine read is no value of this kind, and the person has to say what is.
            self.page.keyboard.press("Alt+0")
            self.page.keyboard.press("Enter")
            self.page.wait_for_function(_MOVED, arg=standing["place"])
        self.day.key_to_field.append((time.perf_counter() - begun) * 1000)

    def _enter(self, text: str) -> None:
        """Do what is done before Enter."""
        if not text or self.done % _BLANK == 0:
            self.page.keyboard.press("Alt+0")
        elif self.done % _TYPED == 0 and len(text) > 1 and "\n" not in text:
            self.page.keyboard.type(text)

    def _read_region(self) -> None:
        self.page.keyboard.press("Alt+r")
        self.page.locator(".frame").wait_for()
        with self.page.expect_response(re.compile("/read-region")):
            self.page.keyboard.press("Enter")
        self.page.wait_for_function("() => !document.querySelector('#understood').textContent.startsWith('Đang đọc')")

    def _reject(self, record: str) -> bool:
        for keys in ("Alt+l", "1", "Enter"):
            self.page.keyboard.press(keys)
        self.page.wait_for_function(_LAID, arg=record)
        return True
