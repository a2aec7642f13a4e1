"""Child processes that die, for programs that fork: the test runner itself has threads, and never does."""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

KILLED = -signal.SIGKILL
_WRITES = {"put", "create", "put_file", "erase", "project_record", "project_dossier"}


def in_child(work: Callable[[], None], kill_after_s: float | None = None) -> int:
    """Run `work` in a forked child, killed after so long; return how it ended: 0, `KILLED`, or 1 for an error."""
    child = os.fork()
    if child == 0:
        try:
            work()
        except BaseException as error:  # a child must not go on with its parent's work
            sys.stderr.write(f"{error!r}\n")
            os._exit(1)
        os._exit(0)
    if kill_after_s is not None:
        time.sleep(kill_after_s)
        os.kill(child, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


class Dying:
    """Passes everything on to a store or catalogue, and kills the process before or after the n-th write of all."""

    writes = 0
    fatal = 0
    after = False
    counting = threading.Lock()

    def __init__(self, inner: Any) -> None:
        self._inner = inner

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._inner, name)
        if name not in _WRITES:
            return method

        def write(*arguments: Any) -> Any:
            with Dying.counting:
                Dying.writes += 1
                is_fatal = Dying.writes == Dying.fatal
            if is_fatal and not Dying.after:
                os.kill(os.getpid(), signal.SIGKILL)
            answer = method(*arguments)
            if is_fatal:
                os.kill(os.getpid(), signal.SIGKILL)
            return answer

        return write

    @classmethod
    def at(cls, fatal: int, *, after: bool) -> None:
        """Begin to count anew; die before or after the write of this number, from 1; 0: never."""
        cls.writes, cls.fatal, cls.after = 0, fatal, after
