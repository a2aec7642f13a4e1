"""A program, started by test_crash_points: die at every write of a run, each in a forked child, and run again.

A program of its own because it forks: the test runner has threads. Prints what it saw as JSON.
"""

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageDraw

from extractors.paper_type_loader import shipped_paper_types
from flows import assembly, reading
from flows.intake import take_in
from flows.opened_pages import OpenedPages
from flows.workshop import Workshop
from ocr.page import Box, ReaderInfo
from ocr.read_page import read_page_of, recipe_of
from ocr.readers.reader import ReadWord
from storage.records import load_record
from storage.settings import Settings
from storage.verify import verify
from tests.drills.children import Dying, in_child

LINES = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "QUYẾT ĐỊNH", "Về việc thử nghiệm")


class OneTextReader:
    """Sees the same few lines on every page."""

    readers = (ReaderInfo(name="double", version="1", model="none", model_sha256="0" * 64),)

    def read(self, picture: Any, dpi: int, timeout_s: float) -> tuple[ReadWord, ...]:
        words = []
        for line, text in enumerate(LINES):
            for place, word in enumerate(text.split()):
                left, top = 10 + 40 * place, 10 + 30 * line
                words.append(ReadWord(word, Box(left, top, left + 35, top + 20), 0.95, line))
        return tuple(words)


def draw(folder: Path) -> None:
    """Two scans, three pages."""
    folder.mkdir()
    pages = []
    for shade in (0, 40, 80):
        page = Image.fromarray(np.full((800, 600), 255, np.uint8))
        for top in range(60, 700, 40):
            for left in range(60, 500, 20):  # marks of the size of letters
                ImageDraw.Draw(page).rectangle((left, top, left + 9, top + 14), fill=shade)
        pages.append(page)
    pages[0].save(folder / "1.tif", save_all=True, append_images=[pages[1]], dpi=(100, 100))
    pages[2].save(folder / "2.png", dpi=(100, 100))


def digitise(home: Path, scans: Path, *, log: Path, fatal: int = 0, after: bool = False) -> None:
    """What the flow does, without Prefect; the pages it reads are written to `log`, one a line."""
    Dying.at(fatal, after=after)

    def noted(path: Path, kind: Any, sha256: str, page_number: int, *rest: Any) -> Any:
        with log.open("a") as lines:
            lines.write(f"{sha256}/{page_number}\n")
        return read_page_of(path, kind, sha256, page_number, *rest)

    reading.read_page_of = noted  # type: ignore[attr-defined]
    settings = Settings.load(home, {}, {})
    reader = OneTextReader()
    shop = Workshop(
        settings,
        Dying(settings.open_store()),  # type: ignore[arg-type]
        Dying(settings.open_catalogue()),  # type: ignore[arg-type]
        reader,
        recipe_of(reader),
        shipped_paper_types(),
        None,
        OpenedPages(home),
    )
    (dossier,) = take_in([scans]).dossiers
    received = [reading.receive_scan(shop, path) for path in dossier.files]
    for scan in received:
        for number in range(1, (scan.page_count or 0) + 1):
            if not reading.page_is_held(shop, scan.sha256, number):
                reading.read_stored_page(shop, scan.sha256, number)
    assembly.assemble_dossier(shop, dossier, received, {})
    log.with_suffix(".writes").write_text(str(Dying.writes))


def look(home: Path) -> dict[str, Any]:
    """What a home holds, times aside."""
    settings = Settings.load(home, {}, {})
    store, catalogue = settings.open_store(), settings.open_catalogue()
    records = [load_record(store, row.record_id) for row in catalogue.records()]
    found = [
        replace_times(record.model_dump(mode="json"))
        for record in sorted(filter(None, records), key=lambda r: r.record_id)
    ]
    report = verify(store, catalogue)
    problems = [problem.detail for problem in (*report.damage, *report.warnings)]
    revisions = [key for prefix in ("records/", "dossiers/") for key in store.list(prefix)]
    return {"records": found, "problems": problems, "revisions": revisions, "pages": list(store.list("pages/"))}


def replace_times(record: dict[str, Any]) -> dict[str, Any]:
    del record["provenance"]["created_at"]
    return record


def lines_of(path: Path) -> list[str]:
    return path.read_text().splitlines() if path.exists() else []


def main(folder: Path) -> None:
    scans = folder / "hs-1"
    draw(scans)
    log = folder / "whole.log"
    ended = in_child(lambda: digitise(folder / "whole", scans, log=log))
    writes = int(log.with_suffix(".writes").read_text())
    answer: dict[str, Any] = {"ended": ended, "writes": writes, "whole": look(folder / "whole"), "points": []}
    for fatal in range(1, writes + 1):
        for after in (False, True):
            home, first, second = (folder / f"{fatal}-{after}{suffix}" for suffix in ("", ".log", ".again.log"))
            crash = in_child(lambda: digitise(home, scans, log=first, fatal=fatal, after=after))  # noqa: B023
            held = (
                [key.removeprefix("pages/").rsplit("/", 1)[0] for key in look(home)["pages"]] if home.exists() else []
            )
            ended = in_child(lambda: digitise(home, scans, log=second))  # noqa: B023
            point = {"fatal": fatal, "after": after, "crash": crash, "ended": ended, "held": held}
            answer["points"].append({**point, "read_again": lines_of(second), "found": look(home)})
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
