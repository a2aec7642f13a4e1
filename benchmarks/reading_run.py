"""Reading a scan with the product's reading engine alone, in this process.

`python -m benchmarks.reading_run SCAN OUT.txt`: OUT gets the text of all pages, parted by form feeds. What is left out
of `sohoa ingest`: receiving, splitting, extraction, storing, the flow.
"""

import sys
from pathlib import Path

from ocr.read_page import read_page_of
from ocr.readers.best import best_reader
from ocr.scan import inspect_scan

_TIMEOUT_S = 120.0


def read_scan(path: Path) -> list[str]:
    """Return the text of every page; a page that failed is empty.

    Raises:
        ocr.problem.SohoaError: The scan cannot be opened, or no reader is installed.
    """
    info, reader = inspect_scan(path), best_reader()
    numbers = range(1, info.page_count + 1)
    return [read_page_of(path, info.kind, "0" * 64, number, reader, _TIMEOUT_S).text for number in numbers]


def main() -> int:
    """Read and write; return the exit code: 0 done, 2 wrong usage."""
    if len(sys.argv) != 3:
        print(__doc__)
        return 2
    Path(sys.argv[2]).write_text("\f".join(read_scan(Path(sys.argv[1]))), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
