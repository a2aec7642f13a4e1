"""Poppler's programs, each run once, alone, and within limits of time and memory.

Poppler runs in a process of its own because a hostile PDF may crash, hang or swell it: the worker lives on. Pages are
drawn through `pdf2image` (see `ocr.pdf_pages`); here is what it has no way to say: how a program ended, what Poppler
complained about, questions other than for a picture. The scripts in `limited_poppler` set the same limits for it.
"""

import shutil
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from subprocess import PIPE, Popen
from typing import IO

import numpy as np
from numpy.typing import NDArray

from ocr.problem import Code, SohoaError

# Rendering an A4 page takes 70 MB; one that holds an A3 JPEG 2000 picture at 600 dpi, the hungriest seen, 900 MB.
MEMORY_LIMIT_BYTES = 1_000_000_000
# An A4 page costs 0.3 s, an A3 JPEG 2000 picture at 600 dpi 3 s. What needs more will need it the next time too,
# unlike a page that waited for a busy machine until its time was up.
CPU_LIMIT_S = 20
# Messages beyond this tell nothing new: a broken file can make Poppler print without end.
_KEPT_MESSAGE_BYTES = 64_000
# How a program ends that was stopped from outside (out of memory, shut-down), not by what it read.
_STOPPED_FROM_OUTSIDE = frozenset({-signal.SIGKILL, -signal.SIGTERM, -signal.SIGINT, -signal.SIGHUP})


@dataclass(frozen=True, slots=True)
class PopplerRun:
    """How a program ended.

    Attributes:
        status: Exit status; negative: the number of the signal that ended it.
        messages: What it complained about, at most 64 kB. May quote the file: never to be logged.
        timed_out: True when it was stopped for taking too long.
    """

    status: int
    messages: str
    timed_out: bool

    @property
    def was_stopped(self) -> bool:
        """True when something outside stopped it: the same file may go well the next time."""
        return self.status in _STOPPED_FROM_OUTSIDE

    @property
    def cost_too_much(self) -> bool:
        """True when it used up its processor time: the same file will do so again."""
        return self.status == -signal.SIGXCPU

    @property
    def found_damage(self) -> bool:
        """True when Poppler met a fault in the file; it still gives what it can."""
        return "Syntax Error" in self.messages or "Internal Error" in self.messages


class _Program:
    """A running program: its output is read by the caller, its messages by a thread."""

    def __init__(self, process: Popen[bytes]) -> None:
        self._process = process
        self._messages = bytearray()
        self._timed_out = False
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    @property
    def output(self) -> IO[bytes]:
        if self._process.stdout is None:
            raise RuntimeError("the program was started without a pipe")
        return self._process.stdout

    def stop_late(self) -> None:
        """Kill the program because its time is up."""
        self._timed_out = True
        self._process.kill()

    def ended(self) -> PopplerRun:
        """Wait for the end and tell how it came."""
        self.output.close()
        status = self._process.wait()
        self._listener.join()
        return PopplerRun(status, self._messages.decode("utf-8", "replace"), self._timed_out)

    def _listen(self) -> None:
        if self._process.stderr is None:
            return
        while chunk := self._process.stderr.read1(8192):  # type: ignore[attr-defined]  # a pipe is a BufferedReader
            self._messages += chunk[: max(0, _KEPT_MESSAGE_BYTES - len(self._messages))]


@contextmanager
def _started(command: list[str], timeout_s: float) -> Iterator[_Program]:
    if shutil.which(command[0]) is None:
        raise SohoaError(Code.READER_MISSING, detail="poppler-utils is not installed")
    # Bounded before it is loaded: by the time that we could bound it, it may have been at work for long.
    limits = [f"--as={MEMORY_LIMIT_BYTES}", f"--cpu={CPU_LIMIT_S}:{CPU_LIMIT_S + 1}", "--core=0"]
    with Popen(["prlimit", *limits, *command], stdout=PIPE, stderr=PIPE) as process:  # noqa: S607  as Poppler, on PATH
        program = _Program(process)
        clock = threading.Timer(timeout_s, program.stop_late)
        clock.start()
        try:
            yield program
        finally:
            clock.cancel()
            process.kill()  # nothing to do for one that has ended


def tell(command: list[str], timeout_s: float) -> tuple[str, PopplerRun]:
    """Run a program that answers in text (`pdfinfo`, `pdfimages -list`).

    Args:
        command: Program and arguments.
        timeout_s: Wall-clock limit.

    Returns:
        What it printed, at most one million characters, and how it ended.

    Raises:
        SohoaError: `reader_missing`.
    """
    with _started(command, timeout_s) as program:
        printed = program.output.read(1_000_000).decode("utf-8", "replace")
        return printed, program.ended()


def draw(command: list[str], timeout_s: float, max_pixels: int) -> tuple[NDArray[np.uint8] | None, PopplerRun]:
    """Run a program that answers with one PPM picture (`pdftoppm`), reading the pixels straight into their array.

    Args:
        command: Program and arguments.
        timeout_s: Wall-clock limit.
        max_pixels: A larger picture is not taken.

    Returns:
        RGB pixels, `uint8`, shape `(height, width, 3)`, or None when no whole picture came; and how the program ended.

    Raises:
        SohoaError: `reader_missing`.
    """
    with _started(command, timeout_s) as program:
        pixels = _read_ppm(program.output, max_pixels)
        return pixels, program.ended()


def _read_ppm(stream: IO[bytes], max_pixels: int) -> NDArray[np.uint8] | None:
    """Read one binary PPM with the three header lines that Poppler writes: mark, size, depth."""
    mark, size, depth = (stream.readline(64) for _ in range(3))
    numbers = size.split()
    if mark != b"P6\n" or depth != b"255\n" or len(numbers) != 2 or not all(part.isdigit() for part in numbers):
        return None
    width, height = (int(part) for part in numbers)
    if not 0 < width * height <= max_pixels:
        return None
    pixels = np.empty((height, width, 3), dtype=np.uint8)
    rest = pixels.data.cast("B")
    while rest:
        count = stream.readinto(rest)  # type: ignore[attr-defined]  # a pipe is a BufferedReader
        if not count:
            return None
        rest = rest[count:]
    return pixels
