"""What checking, mending and copying a store did, for people and for programs."""

import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.progress import Progress as Bar
from rich.table import Table
from rich.text import Text

from flows.record_view import console_for
from ocr.messages import sentence
from ocr.problem import Problem
from storage.integrity.findings import Finding
from storage.integrity.kinds import KINDS
from storage.integrity.pace import BYTES_PER_MIB
from storage.mirror import MirrorReport
from storage.reindex import Progress
from storage.upkeep import CheckUp

_KIND_NAMES = {
    "scans": "bản quét gốc",
    "pages": "chữ của trang",
    "readings": "lần đọc thứ hai",
    "previews": "ảnh trang để xem",
    "records": "bản ghi",
    "papers": "PDF hai lớp",
    "dossiers": "hồ sơ",
    "batches": "đợt nạp",
    "calibration": "hiệu chỉnh",
    "read-log": "nhật ký đọc",
    "procedures": "thủ tục",
    "erasures": "quyết định xóa",
    "holds": "lệnh giữ",
    "requests": "yêu cầu đính chính",
}
_PREFIXES = {kind.name: kind.prefix for kind in KINDS}


@contextmanager
def counted(words: str, *, quiet: bool) -> Iterator[Progress | None]:
    """Show a bar on a terminal until the block ends; gives what is to be called with objects done and in all."""
    console = Console(stderr=True, highlight=False)
    if quiet or not console.is_terminal:
        yield None
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("đối tượng"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Bar(*columns, console=console, transient=True) as bar:
        task = bar.add_task(words, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def check_up_as_json(done: CheckUp) -> dict[str, Any]:
    """Return what was found and mended; `damage` is what is still there."""
    report, mended = done.report, done.repair
    return {
        "objects": report.objects,
        "complete": report.complete,
        "first_seen": report.first_seen,
        "kinds": _kinds_as_json(done),
        "damage": _as_json(done.damage),
        "warnings": _as_json(report.warnings),
        "repaired": list(mended.repaired) if mended else [],
        "impossible": _as_json(mended.impossible) if mended else [],
        "reindexed": mended.reindexed if mended else 0,
        "links_completed": mended.links if mended else 0,
    }


def print_check_up(done: CheckUp) -> None:
    """Print the verdict and a table of kinds on standard output, the findings on standard error."""
    report, mended = done.report, done.repair
    verdict = "nguyên vẹn" if report.is_intact else f"{len(report.damage)} hư hỏng"
    checked = "Đã kiểm" if report.complete else "Mới kiểm"
    if report.objects or report.damage or not report.complete:
        _print(f"{checked} {report.objects} đối tượng: {verdict}, {len(report.warnings)} cảnh báo.")
    else:
        _print("Kho chưa có đối tượng nào: không có gì để kiểm.")
    if report.kinds:
        console_for(sys.stdout).print(_table(done))
    _say((*report.damage, *report.warnings))
    if mended is not None:
        links = f", nối lại {mended.links} liên kết thay thế" if mended.links else ""
        _print(f"Đã phục hồi {len(mended.repaired)} đối tượng từ kho thứ hai{links}; còn {len(done.damage)} hư hỏng.")
        for key in mended.repaired:
            _print(f"  đã phục hồi: {key}")
        _say(mended.impossible)
    if report.first_seen:
        _print(f"{report.first_seen} đối tượng lần đầu được kiểm: từ lần sau, thay đổi nào cũng bị phát hiện.")
    if not report.complete:
        _print("Chưa kiểm hết kho: chạy `sohoa verify --resume` để đi tiếp.")
    elif report.damage and mended is None:
        _print("Phục hồi từ kho thứ hai (SOHOA_SECOND_STORE hoặc --from): `sohoa verify --repair`.")


def mirror_as_json(report: MirrorReport) -> dict[str, Any]:
    """Return what copying did."""
    return {
        "copied": report.copied,
        "copied_bytes": report.copied_bytes,
        "held": report.held,
        "replaced": report.replaced,
        "erased": report.erased,
        "only_there": report.only_there,
        "damage": _as_json(report.damage),
    }


def print_mirror(report: MirrorReport) -> None:
    """Print what was copied on standard output, what could not be on standard error."""
    size = f"{report.copied_bytes / BYTES_PER_MIB:.1f} MiB".replace(".", ",")
    _print(f"Đã chép {report.copied} đối tượng ({size}); {report.held} đối tượng đã có sẵn ở bản sao.")
    if report.replaced:
        _print(f"Đã thay {report.replaced} bản sao hỏng bằng bản nguyên vẹn.")
    if report.erased:
        _print(f"Đã xóa ở bản sao {report.erased} đối tượng theo quyết định xóa.")
    if report.only_there:
        _print(f"Bản sao có {report.only_there} đối tượng mà kho không có: chạy `sohoa verify --repair`.")
    _say(report.damage)


def _table(done: CheckUp) -> Table:
    table = Table(title="Theo loại đối tượng", title_justify="left")
    for heading in ("Loại", "Đối tượng", "MiB", "Hỏng", "Thiếu", "Cảnh báo"):
        table.add_column(heading, justify="left" if heading == "Loại" else "right")
    for row in _kinds_as_json(done):
        style = "red" if row["damaged"] or row["missing"] else "yellow" if row["warnings"] else ""
        table.add_row(
            Text(_KIND_NAMES[row["kind"]], style=style),
            f"{row['objects']:,}".replace(",", "."),
            f"{row['bytes'] / BYTES_PER_MIB:.1f}".replace(".", ","),
            *(str(row[name] or "-") for name in ("damaged", "missing", "warnings")),
        )
    return table


def _kinds_as_json(done: CheckUp) -> list[dict[str, Any]]:
    found = {name: Counter(_sort_of(finding) for finding in of) for name, of in _by_kind(done.report.findings).items()}
    counts = {count.kind: count for count in done.report.kinds}
    return [
        {
            "kind": name,
            "objects": counts[name].objects if name in counts else 0,
            "bytes": counts[name].size_bytes if name in counts else 0,
            **{sort: found.get(name, Counter())[sort] for sort in ("damaged", "missing", "warnings")},
        }
        for name in _PREFIXES
        if name in counts or name in found
    ]


def _by_kind(findings: Iterable[Finding]) -> dict[str, list[Finding]]:
    """Return the findings by the kind of what is wrong: of a page whose scan is lost, the scan; each thing once."""
    found: dict[str, list[Finding]] = {}
    places: set[tuple[str, str]] = set()
    for finding in findings:
        place = finding.wanted or finding.key
        if (place, _sort_of(finding)) in places:
            continue
        places.add((place, _sort_of(finding)))
        name = next((name for name, prefix in _PREFIXES.items() if place.startswith(prefix)), None)
        if name is not None:
            found.setdefault(name, []).append(finding)
    return found


def _sort_of(finding: Finding) -> str:
    if not finding.is_damage:
        return "warnings"
    return "missing" if finding.code.value == "object_missing" else "damaged"


def _as_json(problems: Iterable[Problem]) -> list[dict[str, Any]]:
    return [problem.model_dump(mode="json") for problem in problems]


def _say(problems: Iterable[Problem]) -> None:
    for problem in problems:
        words = f"  {sentence(problem)} [{problem.code}] {problem.detail}"
        console_for(sys.stderr).print(Text(words), soft_wrap=True)


def _print(words: str) -> None:
    console_for(sys.stdout).print(Text(words), soft_wrap=True)
