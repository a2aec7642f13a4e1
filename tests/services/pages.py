"""Pages in a browser, signed in, on a screen as offices have them."""

import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

import pytest

from service.access import SESSION_COOKIE
from tests.services.chromium import OFFICE_SCREEN, OFFICE_ZOOM, PATIENCE_MS
from tests.services.office import Desk

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Page

OpenPage = Callable[..., "Page"]

# What stands on a page for a moment: told to the test as it comes, for by the time the test looks it may be gone.
_PASSING = "#said, #told, #heard, #deed-words"
_LISTEN = """
new MutationObserver((records) => {
  for (const { target, addedNodes } of records) {
    const words = Array.from(addedNodes, (node) => node.textContent).join("");
    const place = target instanceof Element && target.closest("PLACES");
    if (place && words) console.debug(`heard ${place.id} ${words}`);
  }
}).observe(document, { subtree: true, childList: true });
""".replace("PLACES", _PASSING)
_heard: "WeakKeyDictionary[Page, list[tuple[str, str]]]" = WeakKeyDictionary()


def complaint(said: "ConsoleMessage") -> str:
    """Return what the browser complains of, and of which address."""
    return f"{said.text} {urlsplit(said.location['url']).path}"


def heard(page: "Page", words: str, place: str = "said", seconds: float = PATIENCE_MS / 1000) -> str:
    """Wait until these words stood in a place of the page where they stand for a moment; return all that stood there."""
    end = time.monotonic() + seconds
    while True:
        for where, said in _heard[page]:
            if where == place and words in said:
                return said
        assert time.monotonic() < end, f"not heard: {words}, but {_heard[page]}"
        page.wait_for_timeout(50)


def sign_in(page: "Page", account: str, password: str) -> None:
    """Sign in by keyboard at a page that asks who it is, up to the page that comes then."""
    # The browser sets the focus with the first frame after loading; a key pressed before it goes nowhere.
    page.locator("#account:focus").wait_for()
    page.keyboard.type(account)
    page.keyboard.press("Tab")
    page.keyboard.type(password)
    with page.expect_navigation():
        page.keyboard.press("Enter")


@pytest.fixture
def open_page(browser: "Browser", serve: Callable[[Desk], str]) -> Iterator[OpenPage]:
    """Open a page of an office as an account, or of an address as a stranger.

    What the browser's console complains of fails the test.
    """
    complaints: list[str] = []
    addresses: dict[int, str] = {}
    contexts = []

    def go(desk: Desk | str, path: str, account: str | None = None, **options: object) -> "Page":
        if isinstance(desk, str):
            address = desk
        else:
            address = addresses.get(id(desk)) or addresses.setdefault(id(desk), serve(desk))
        context = browser.new_context(
            **{"viewport": OFFICE_SCREEN, "device_scale_factor": OFFICE_ZOOM, "locale": "vi-VN", **options}
        )
        contexts.append(context)
        if account is not None:
            token, _ = desk.session(account)
            context.add_cookies([{"name": SESSION_COOKIE, "value": token, "url": address}])
        page = context.new_page()
        told = _heard[page] = []

        def listen(said: "ConsoleMessage") -> None:
            if said.type == "error":
                complaints.append(complaint(said))
            elif said.type == "debug" and said.text.startswith("heard "):
                _, place, words = said.text.split(" ", 2)
                told.append((place, words))

        page.on("console", listen)
        page.add_init_script(_LISTEN)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.set_default_timeout(PATIENCE_MS)
        page.goto(address + path)
        return page

    go.complaints = complaints
    yield go
    for context in contexts:
        context.close()
    assert complaints == []
