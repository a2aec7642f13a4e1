"""Debian's Chromium, driven by Playwright. Playwright's own browsers are not used: offices cannot download them."""

import os
import shutil
import warnings
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

REMEDY = "Chromium is missing: apt-get install chromium"
# What an office's small screen shows at 125 %: 1366×768 has 1093×614 of its pixels.
OFFICE_SCREEN = {"width": 1093, "height": 614}
OFFICE_ZOOM = 1.25
# Longer than a busy machine stalls, milliseconds: whoever waits for what comes waits no longer for it.
PATIENCE_MS = 120_000


def find_chromium() -> str | None:
    """Return Chromium's program."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


@pytest.fixture(scope="session")
def browser() -> "Iterator[Browser]":
    """A browser that all tests of a session share; each test opens a context of its own."""
    program = find_chromium()
    if program is None:
        if os.environ.get("CI") == "true":
            pytest.fail(REMEDY)
        warnings.warn(pytest.PytestWarning(REMEDY), stacklevel=1)
        pytest.skip(REMEDY)
    from playwright.sync_api import sync_playwright  # noqa: PLC0415  it starts a program of its own

    with sync_playwright() as playwright:
        # A sandbox needs rights that containers and root do not have; only our own pages are opened.
        arguments = ["--no-sandbox", "--disable-gpu"]
        opened = playwright.chromium.launch(executable_path=program, args=arguments, timeout=PATIENCE_MS)
        yield opened
        opened.close()
