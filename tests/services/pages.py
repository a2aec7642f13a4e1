"""Pages in a browser, signed in, on a screen as offices have them."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from service.access import SESSION_COOKIE
from tests.services.chromium import OFFICE_SCREEN, OFFICE_ZOOM
from tests.services.office import Desk

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Page

OpenPage = Callable[..., "Page"]


def complaint(said: "ConsoleMessage") -> str:
    """Return what the browser complains of, and of which address."""
    return f"{said.text} {urlsplit(said.location['url']).path}"


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
        page.on("console", lambda said: complaints.append(complaint(said)) if said.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.set_default_timeout(30_000)
        page.goto(address + path)
        return page

    go.complaints = complaints
    yield go
    for context in contexts:
        context.close()
    assert complaints == []
