"""What tests of the service share."""

import time
from collections.abc import Callable

import pytest


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Let time pass without waiting for it; else the clock stands still, in the middle of a minute.

    Limits are counted by minutes: what takes long on a busy machine, or falls on the turn of one, is counted anew.
    """
    now = [time.time() // 60 * 60 + 30]

    def let_pass(seconds: float) -> None:
        now[0] += seconds

    monkeypatch.setattr(time, "time", lambda: now[0])
    return let_pass
