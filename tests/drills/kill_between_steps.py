"""A program, started by test_kill_between_steps: die between every two steps of every write path, and do it again.

A program of its own because it forks: the test runner has threads. Prints what it saw as JSON.
"""

import gc
import json
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from pathlib import Path
from typing import Any

import typer
from sqlalchemy import Engine, event

from ocr.problem import SohoaError
from storage.catalogue import Catalogue
from storage.folder_store import FolderStore
from tests.drills.children import KILLED, in_child
from tests.drills.steps import Steps
from tests.drills.world import (
    SECOND_STORE,
    World,
    content_of,
    findings_of,
    form_of,
    rows_after_rebuild,
    rows_of,
)
from tests.drills.write_paths import GROUPS, WritePath


class Drill:
    """One write path, killed everywhere."""

    def __init__(self, path: WritePath, folder: Path, template: Path) -> None:
        """Work in `folder`, which is new; `template` is a catalogue with tables and no rows."""
        self.path = path
        self.folder = folder
        self.template = template
        self.base = folder / "base"
        self.faults: list[str] = []
        # Contents that a check found nothing in: what is the same but for times needs no second look.
        self.intact: list[Any] = []

    def run(self) -> dict[str, Any]:
        """Do the path undisturbed once and twice, then kill it at every point and do it again."""
        path, base = self.path, self.base
        base.mkdir(parents=True)
        (base / "catalogue.sqlite").write_bytes(self.template.read_bytes())
        with second_store(self._second(base)):
            path.prepare(World.at(base))
        self.before = content_of(FolderStore(base / "store"))
        self.names = frozenset(self.before)
        once, twice = self._undisturbed()
        self.allowed = (once, twice) if path.adds else (once,)
        if not path.adds and once != twice:
            self._fault(0, "done twice is not as done once")
        gc.collect()
        gc.freeze()  # so that children do not copy everything only to count it
        steps = self._steps()
        points = range(1, len(steps) + 2)
        every = -(-len(points) // path.most_points)
        # From the end: the last point is after everything was done and before anybody was told.
        chosen = sorted(points[::-every])
        for point in chosen:
            self._kill_at(point, [*steps, "answered"][point - 1])
        return {"steps": len(steps), "points": len(chosen), "faults": self.faults}

    def _undisturbed(self) -> tuple[Any, Any]:
        """In this process, which then has loaded everything that its children need."""
        home = self._copy("whole")
        forms = []
        for _ in range(2):
            self._in_this_process(home)
            forms.append(form_of(home, self.names))
            self._check_end(home, forms[-1], 0)
        shutil.rmtree(home)
        return forms[0], forms[1]

    def _steps(self) -> list[str]:
        home, answer = self._copy("counted"), self.folder / "steps"
        ended = self._in_child(home, told_in=answer)
        if ended:
            raise RuntimeError(f"{self.path.name}: undisturbed, in a child, it ended with {ended}")
        shutil.rmtree(home)
        steps: list[str] = json.loads(answer.read_text())
        return steps

    def _kill_at(self, point: int, step: str) -> None:
        home = self._copy("killed")
        crash = self._in_child(home, fatal=point)
        if crash != KILLED:
            self._fault(point, f"it was not killed at {step} but ended with {crash}")
        held = content_of(FolderStore(home / "store"))
        if not self.path.removes and any(held.get(key) != data for key, data in self.before.items()):
            self._fault(point, f"killed at {step}, something that was held is lost or changed")
        for found in findings_of(home, damage_only=True) if held != self.before else ():
            self._fault(point, f"killed at {step}: {found}")
        ended = self._in_child(home)
        if ended:
            self._fault(point, f"killed at {step}, done again: it ended with {ended}")
        form = form_of(home, self.names)
        if form not in self.allowed:
            self._fault(point, f"killed at {step}, done again: {_difference(form, self.allowed[0])}")
        self._check_end(home, form, point, step)
        shutil.rmtree(home)

    def _check_end(self, home: Path, form: Any, point: int, step: str = "nothing") -> None:
        if form not in self.intact:
            found = findings_of(home, damage_only=False)
            self.faults += [f"{self.path.name}, point {point}: killed at {step}, done again: {each}" for each in found]
            if not found:
                self.intact.append(form)
        if rows_of(home / "catalogue.sqlite") != rows_after_rebuild(home, self.template):
            self._fault(point, f"killed at {step}, done again: the catalogue is not as one made anew")

    def _in_this_process(self, home: Path) -> None:
        with second_store(self._second(home)):
            try:
                self.path.perform(home)
            except typer.Exit as ended:
                if ended.exit_code not in {0, 1}:
                    raise
            except SohoaError as error:
                if error.code not in self.path.refused:
                    raise

    def _in_child(self, home: Path, *, fatal: int = 0, told_in: Path | None = None) -> int:
        """Do the path in a forked child; it dies at the fatal point. Return how the child ended."""
        steps = Steps(fatal)

        def work() -> None:
            steps.install()
            self._in_this_process(home)
            if told_in is not None:
                told_in.write_text(json.dumps(steps.names))
            if fatal:
                steps.take("answered")

        return in_child(work)

    def _second(self, home: Path) -> Path | None:
        return home / SECOND_STORE if self.path.with_second else None

    def _copy(self, name: str) -> Path:
        return Path(shutil.copytree(self.base, self.folder / name))

    def _fault(self, point: int, what: str) -> None:
        self.faults.append(f"{self.path.name}, point {point}: {what}")


@contextmanager
def second_store(folder: Path | None) -> Iterator[None]:
    """Name the second store to the commands, in the environment, while the block runs."""
    if folder is not None:
        os.environ["SOHOA_SECOND_STORE"] = f"file:{folder}"
    yield
    os.environ.pop("SOHOA_SECOND_STORE", None)


def _difference(form: dict[str, Any], expected: dict[str, Any]) -> str:
    parts = []
    for name, value in form.items():
        if value != expected[name]:
            names = lambda each: [one[0] if isinstance(one, tuple) else one for one in each]  # noqa: E731
            parts.append(
                f"{name}: {names(value)} instead of {names(expected[name])}"
                if isinstance(value, list)
                else f"{name}: {value}"
            )
    return "; ".join(parts)


def _never_wait_for_the_disk() -> None:
    """What is cut off here is no power: nothing needs to reach the disk."""
    os.fsync = os.fdatasync = lambda _: None  # type: ignore[assignment]
    event.listen(Engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous = OFF"))


def main(folder: Path, group: str, names: list[str]) -> None:
    for name in [name for name in os.environ if name.startswith("SOHOA_")]:
        del os.environ[name]
    _never_wait_for_the_disk()
    template = folder / "template.sqlite"
    Catalogue(f"sqlite:///{template}").create()
    paths = [path for path in GROUPS[group] if not names or path.name in names]
    with Path(os.devnull).open("w") as nowhere, redirect_stdout(nowhere):  # what the commands print
        answer = {path.name: Drill(path, folder / path.name, template).run() for path in paths}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3:])
