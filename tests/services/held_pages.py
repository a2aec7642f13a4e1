"""Programs of ours that stop at a page: what a test does meanwhile is done in time, however slow the machine is."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

# Python runs it in every program that is started with its folder on the path. Who stores the text of a page links or
# moves it to its name.
_STOP = """
import os, sys, threading, time

_stored, _counting = 0, threading.Lock()

def _stop(event, arguments):
    global _stored
    if event not in ("os.link", "os.rename") or "/store/pages/" not in os.fsdecode(arguments[1]):
        return
    with _counting:
        _stored += 1
        is_held = _stored > {first}
    while is_held and os.path.exists({held!r}):
        time.sleep(0.05)

sys.addaudithook(_stop)
"""


class HeldPages:
    """Lets each program store the text of so many pages, and of no more before `let_go`."""

    def __init__(self, folder: Path, first: int) -> None:
        folder.mkdir()
        self._held = folder / "held"
        self._held.touch()
        site = folder / "site"
        site.mkdir()
        (site / "sitecustomize.py").write_text(_STOP.format(first=first, held=str(self._held)))
        self.environment = {"PYTHONPATH": os.pathsep.join([str(site), *filter(None, [os.environ.get("PYTHONPATH")])])}
        """What is added to the environment of the programs."""

    def let_go(self) -> None:
        """Let all of them go on."""
        self._held.unlink(missing_ok=True)


@pytest.fixture
def hold_pages(tmp_path: Path) -> Iterator[Callable[[int], HeldPages]]:
    """Make programs stop after so many pages each; at the end of the test they may go on."""
    made: list[HeldPages] = []

    def hold(first: int) -> HeldPages:
        made.append(HeldPages(tmp_path / f"held-pages-{len(made)}", first))
        return made[-1]

    yield hold
    for held in made:
        held.let_go()
