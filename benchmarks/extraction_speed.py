"""What extraction alone costs: splitting, types, fields, kinds, rules and acceptance, from stored page text.

`python -m benchmarks.extraction_speed --home HOME`: a home whose dossiers were digitised (`benchmarks.dossiers --home`
leaves one). Nothing is read from pictures, not even a second time. Prints CPU milliseconds a page, best of the rounds,
and the memory of the process before and after; everything is loaded once, as in a worker.
"""

import argparse
import resource
import sys
import time
from pathlib import Path

from benchmarks.scoring import format_table
from extractors.dossier_page import DossierPage
from extractors.paper_type_loader import shipped_paper_types
from extractors.papers import sort_pages
from ocr.read_page import recipe_of
from ocr.readers.best import best_reader
from storage import key_parsing, keys
from storage.dossiers import read_dossier
from storage.objects import ObjectStore
from storage.pages import load_page
from storage.settings import Settings

_ROUNDS = 3


def main(argv: list[str] | None = None) -> int:
    """Run and print; return the exit code: 0 it ran, 2 the home holds no page of the present recipe."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.extraction_speed", description="Đo riêng việc trích.")
    parser.add_argument("--home", type=Path, required=True, help="thư mục dữ liệu đã số hóa")
    given = parser.parse_args(argv)
    store = Settings.load(given.home, {}, {}).open_store()
    dossiers = _pages_by_dossier(store, recipe_of(best_reader()))
    pages = sum(map(len, dossiers))
    if not pages:
        print("Kho không có trang nào đọc bằng công thức hiện tại.", file=sys.stderr)
        return 2
    before = _resident_mib()
    started = time.process_time()
    paper_types = shipped_paper_types()
    sort_pages(dossiers[0], paper_types)
    loading = time.process_time() - started
    after = _resident_mib()
    rounds = [_round(dossiers) for _ in range(_ROUNDS)]
    best = min(rounds)
    rows = [
        ("trang", pages),
        ("hồ sơ", len(dossiers)),
        ("nạp loại giấy tờ, spaCy, bảng đơn vị (một lần), s CPU", f"{loading:.2f}"),
        ("trích, ms CPU một trang", f"{1000 * best / pages:.1f}"),
        ("bộ nhớ thêm sau khi nạp, MiB", f"{after - before:.0f}"),
        ("bộ nhớ thêm sau khi trích hết, MiB", f"{_resident_mib() - after:.0f}"),
    ]
    print(format_table(("đo", "giá trị"), rows))
    return 0


def _round(dossiers: list[list[DossierPage]]) -> float:
    started = time.process_time()
    for pages in dossiers:
        sort_pages(pages, shipped_paper_types())
    return time.process_time() - started


def _pages_by_dossier(store: ObjectStore, recipe: str) -> list[list[DossierPage]]:
    latest: dict[str, tuple[int, str]] = {}
    for key in store.list(keys.DOSSIERS_PREFIX):
        parsed = key_parsing.parse_dossier_key(key)
        if parsed is not None:
            latest[parsed[0]] = max(latest.get(parsed[0], (0, "")), (parsed[1], key))
    found = []
    for _, key in latest.values():
        dossier = read_dossier(store, key)
        pages = [
            DossierPage(scan.file, page)
            for scan in dossier.scans
            for number in range(1, (scan.page_count or 0) + 1)
            if (page := load_page(store, keys.page_key(scan.sha256, number, recipe))) is not None
        ]
        if pages:
            found.append(pages)
    return found


def _resident_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    sys.exit(main())
