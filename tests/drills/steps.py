"""What a process does to the disk and to the catalogue, counted; at the fatal step it is killed."""

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from storage.database import Database

# Calls that change what is on the disk. Writing is cut off in the middle, the others are not made at all. Flushing a
# new file changes nothing that a killed process leaves behind: dying before it is dying before what comes next.
_CHANGES = ("link", "rename", "replace", "unlink", "fdatasync")
_HALF = 2


class Steps:
    """Counts the steps of this process from `install` on, and kills it when the fatal one is about to be done."""

    def __init__(self, fatal: int = 0) -> None:
        """Die at the step of this number, from 1; 0: never."""
        self.names: list[str] = []
        self._fatal = fatal
        self._counting = threading.Lock()

    def install(self) -> None:
        """Watch this process, for good: it is a forked child."""
        for name in _CHANGES:
            setattr(os, name, self._watched(name, getattr(os, name)))
        self._watch_files()
        self._watch_catalogue()

    def take(self, name: str, torn: Callable[[], object] = lambda: None) -> None:
        """Do one more step; `torn` is what of it is done when it is the fatal one."""
        with self._counting:
            self.names.append(name)
            if len(self.names) == self._fatal:
                torn()
                os.kill(os.getpid(), signal.SIGKILL)

    def _watched(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def watched(*arguments: Any, **named: Any) -> Any:
            self.take(name)
            return call(*arguments, **named)

        return watched

    def _watch_files(self) -> None:
        real_open, real_write = os.open, os.write

        def opened(path: Any, flags: int, *rest: Any, **named: Any) -> int:
            descriptor = real_open(path, flags, *rest, **named)
            if flags & os.O_CREAT:
                self.take("opened")  # the file is there, and empty
            return descriptor

        def written(descriptor: int, data: Any) -> int:
            half = bytes(data)[: len(data) // _HALF]
            self.take("write", lambda: real_write(descriptor, half))
            return real_write(descriptor, data)

        os.open, os.write = opened, written  # type: ignore[assignment]

    def _watch_catalogue(self) -> None:
        writing = Database.writing

        @contextmanager
        def watched(database: Database) -> Iterator[Any]:
            with writing(database) as connection:
                yield connection
                self.take("commit")
            self.take("committed")

        Database.writing = watched  # type: ignore[method-assign, assignment]
