"""Calibrating: gather what is known to be right or wrong, learn from it, tell what it would change, and store it."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from extractors.calibration.known import KnownValue
from extractors.calibration.learning import Learned, TooFewDossiersError, learn
from extractors.calibration.model import ALL, Calibration
from extractors.calibration.report import FieldRow, field_rows
from extractors.calibration.thresholds import fewest_accepted
from flows.calibration_picture import draw_reliability, percent
from flows.record_view import console_for, paper_type_name
from ocr.problem import Code, SohoaError
from storage.calibrations import save_calibration
from storage.known_values import reviewed_values, truth_values
from storage.objects import ObjectStore, error_name


@dataclass(frozen=True, slots=True)
class CalibrationRun:
    """What calibrating gave.

    Attributes:
        learned: The calibration and the values it rests on.
        rows: What it does to each field.
        absent: Dossiers of the truth files that the home does not hold.
    """

    learned: Learned
    rows: tuple[FieldRow, ...]
    absent: int

    @property
    def calibration(self) -> Calibration:
        """The calibration that was learned."""
        return self.learned.calibration


def calibrate(store: ObjectStore, truths: Sequence[Path], target_error: float, note: str = "") -> CalibrationRun:
    """Learn a calibration from truth files and the reviewed records of a store; nothing is stored yet.

    Args:
        store: Holds the digitised dossiers and the records.
        truths: Truth files of dossiers in the store.
        target_error: Share of wrong values among accepted ones to keep below, 0-1.
        note: In the words of who learns; kept with the calibration.

    Raises:
        SohoaError: `TOO_FEW_KNOWN`; `PATH_UNREADABLE`, `SETTING_INVALID` for a truth file; the store cannot be read.
    """
    gathered = [truth_values(store, _bytes_of(path)) for path in truths]
    known_ids = frozenset[str]().union(*(found.record_ids for found in gathered))
    reviewed = reviewed_values(store, known_ids)
    if reviewed.record_ids:
        gathered.append(reviewed)
    values: list[KnownValue] = [value for found in gathered for value in found.values]
    try:
        learned = learn(
            values,
            target_error=target_error,
            created_at=datetime.now(UTC),
            software=f"sohoa {version('sohoa')}",
            note=note,
            sources=tuple(found.source for found in gathered),
            paper_types={name: print_ for found in gathered for name, print_ in found.paper_types.items()},
        )
    except TooFewDossiersError:
        raise SohoaError(Code.TOO_FEW_KNOWN, detail=f"{len(values)} known values") from None
    return CalibrationRun(learned, tuple(field_rows(learned)), sum(found.absent for found in gathered))


def calibrate_and_keep(
    store: ObjectStore,
    truths: Sequence[Path],
    target_error: float,
    note: str,
    picture: Path | None,
    out: Path | None,
    *,
    write: bool,
) -> tuple[CalibrationRun, Calibration | None]:
    """Calibrate, draw the diagram to `picture`, write the calibration to `out`, and store it when `write` says so.

    Returns:
        What calibrating gave, and the calibration as stored, None when it was not.

    Raises:
        SohoaError: See `calibrate`; `PATH_UNREADABLE` when a file cannot be written; the store cannot be written.
    """
    run = calibrate(store, truths, target_error, note)
    if picture is not None:
        draw_reliability(run.calibration.reliability, picture)
    if out is not None:
        write_calibration(run.calibration, out)
    return run, save_calibration(store, run.calibration) if write else None


def write_calibration(calibration: Calibration, path: Path) -> None:
    """Write a calibration to a file, indented: the form in which one ships with the product.

    Raises:
        SohoaError: `PATH_UNREADABLE` when the file cannot be written.
    """
    try:
        path.write_text(calibration.model_dump_json(by_alias=True, indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        raise SohoaError(Code.PATH_UNREADABLE, file=path.name, detail=error_name(error)) from error


def calibration_as_json(run: CalibrationRun, stored: Calibration | None) -> dict[str, Any]:
    """Return what the command answers programs."""
    return {
        "calibration": (stored or run.calibration).model_dump(mode="json", by_alias=True),
        "fingerprint": run.calibration.fingerprint,
        "stored": stored is not None,
        "absent_dossiers": run.absent,
        "fields": [row.model_dump(mode="json") for row in run.rows],
    }


def print_calibration(run: CalibrationRun, stored: Calibration | None) -> None:
    """Print the table of fields, the table of predicted against observed, and what was done with it."""
    console = console_for(sys.stdout)
    calibration = run.calibration
    for source in calibration.sources:
        what = "tệp đáp án" if source.kind == "truth" else "bản ghi đã duyệt"
        left_out = f"; bỏ ra {source.mistyped} giấy tờ nhận nhầm loại" if source.mistyped else ""
        left_out += f"; {source.without_signals} trường của bản ghi cũ" if source.without_signals else ""
        console.print(f"Từ {what}: {source.dossiers} hồ sơ, {source.papers} giấy tờ, {source.fields} trường{left_out}.")
    if run.absent:
        console.print(Text(f"{run.absent} hồ sơ trong tệp đáp án không có trong kho này.", style="yellow"))
    console.print(_field_table(run.rows))
    console.print(_bin_table(calibration))
    _print_summary(console, run, stored)


def _field_table(rows: Sequence[FieldRow]) -> Table:
    table = Table(title="Từng trường", title_justify="left")
    for heading in ("Loại giấy tờ · trường", "Đã biết", "Đúng", "Nhận", "Sai/nhận", "Cận trên", "Ngưỡng", "Dựa vào"):
        table.add_column(heading, justify="left" if heading in {"Loại giấy tờ · trường", "Dựa vào"} else "right")
    for row in rows:
        table.add_row(
            f"{paper_type_name(row.paper_type)} · {row.field}" if row.field else "Tất cả",
            str(row.known),
            percent(row.right / row.known, 1),
            f"{row.accepted} ({percent(row.accepted / row.known, 0)})",
            f"{row.wrong}/{row.accepted}",
            "–" if row.upper_bound is None else percent(row.upper_bound, 2),
            "không nhận" if row.least is None else f"{row.least:g}",
            _basis(row),
            style="yellow" if row.least is None else None,
        )
    return table


def _basis(row: FieldRow) -> str:
    if row.least is None:
        return "đo còn ít" if row.wrong_if_accepted == 0 else f"{row.wrong_if_accepted} sai trong số có căn cứ"
    bases = {"field": "riêng trường này", "kind": f"các trường kiểu {row.kind}", "all": "mọi trường"}
    return bases[row.basis]


def _bin_table(calibration: Calibration) -> Table:
    table = Table(title="Dự đoán so với thực tế (hồ sơ không dùng để học)", title_justify="left")
    for heading in ("Xác suất", "Số trường", "Dự đoán đúng", "Thực tế đúng"):
        table.add_column(heading, justify="right")
    for one in calibration.reliability.bins:
        span = f"{percent(one.lower)} - {percent(one.upper)}"
        table.add_row(span, str(one.count), percent(one.predicted, 2), percent(one.observed, 2))
    return table


def _print_summary(console: Console, run: CalibrationRun, stored: Calibration | None) -> None:
    calibration, reliability = run.calibration, run.calibration.reliability
    console.print(
        f"Điểm Brier {reliability.brier_score:.4f} (đoán mò: {reliability.brier_score_of_base:.4f}); "
        f"lệch trung bình giữa dự đoán và thực tế {percent(reliability.expected_error, 2)}."
    )
    console.print(
        f"Trên hồ sơ không dùng để học (cả trọng số lẫn ngưỡng): nhận {reliability.accepted}/{reliability.samples}, "
        f"sai {reliability.accepted_wrong}."
    )
    of_all = calibration.thresholds[ALL]
    if of_all.least is None:
        console.print(Text(_too_little(run.rows[-1], calibration.target_error), style="yellow"), soft_wrap=True)
    if stored is None:
        console.print("Chưa lưu. Thêm --write để dùng hiệu chỉnh này từ lần `sohoa ingest` sau.")
    else:
        console.print(f"Đã lưu bản {stored.revision} ({stored.fingerprint}), dùng từ lần `sohoa ingest` sau.")


def _too_little(of_all: FieldRow, target_error: float) -> str:
    fewest = fewest_accepted(target_error, of_all.wrong_if_accepted)
    return (
        f"Chưa đủ để tin: có {of_all.supported} giá trị có căn cứ, {of_all.wrong_if_accepted} sai; để chứng tỏ sai "
        f"không quá {percent(target_error, 2)} với chừng ấy lỗi cần khoảng {fewest} giá trị. "
        "Dùng hiệu chỉnh này thì máy không tự nhận gì."
    )


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise SohoaError(Code.PATH_UNREADABLE, file=path.name, detail=error_name(error)) from error
