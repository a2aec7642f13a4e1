"""The flow `verify-store`: checks the store of a home at night, at a pace that leaves the disk to those who work."""

import json
import os
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from prefect import flow, get_run_logger
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed

from flows.upkeep_report import check_up_as_json
from ocr.problem import Code, SohoaError
from storage.objects import error_name
from storage.settings import Settings
from storage.upkeep import VERIFY_FOLDER, CheckUp, check_up, extend_locks

RATE_MIB_S = 20.0
HOURS = 6.0
_REPORTS = "report-*.json"
_MOST_REPORTS = 60


@flow(name="verify-store", persist_result=False, log_prints=False)
def verify_store(
    home: str | None = None,
    rate_mib_s: float = RATE_MIB_S,
    hours: float = HOURS,
    lock_days: int | None = None,
    *,
    repair: bool = False,
) -> State[None]:
    """Check the store for so many hours, and go on next time where this stopped; fails when something is damaged.

    Args:
        home: Folder of the local data; None takes `SOHOA_HOME` or the default.
        rate_mib_s: How many MiB are read in a second.
        hours: After so long the pass is stopped, to be resumed by the next run.
        lock_days: Keep originals and the read log locked for at least so many days from now, where the store is a
            server that can; None: leave the locks as they are. Needs an account that may.
        repair: Mend what is found from the second store.
    """
    settings = Settings.load(Path(home) if home else None, {}, os.environ)
    deadline = time.monotonic() + hours * 3600
    done = check_up(
        settings, rate_mib_s=rate_mib_s, resume=True, is_over=lambda: time.monotonic() > deadline, mend=repair
    )
    if lock_days is not None:
        extend_locks(settings, lock_days)
    report = keep_report(settings.home, done)
    # For the log of a deployed run: numbers only.
    numbers = _numbers(done)
    get_run_logger().info(", ".join(f"{name}: {count}" for name, count in numbers.items()))
    if done.is_intact:
        return Completed(message=f"{numbers['objects']} objects")
    return Failed(message=f"{numbers['damage']} damaged or missing, see {VERIFY_FOLDER}/{report.name} in the home")


def keep_report(home: Path, done: CheckUp) -> Path:
    """Write what was found into the home, beside the reports of before, and return the file; old ones go.

    Raises:
        SohoaError: `STORE_FULL`, `STORE_UNWRITABLE`.
    """
    folder = home / VERIFY_FOLDER
    path = folder / f"report-{datetime.now(UTC):%Y%m%dT%H%M%S%fZ}.json"
    try:
        temporary = path.with_suffix(".new")
        temporary.write_text(json.dumps(check_up_as_json(done), ensure_ascii=False, indent=1), "utf-8")
        temporary.replace(path)
        for old in sorted(folder.glob(_REPORTS))[:-_MOST_REPORTS]:
            old.unlink(missing_ok=True)
    except OSError as error:
        raise SohoaError(Code.STORE_UNWRITABLE, detail=f"{VERIFY_FOLDER}: {error_name(error)}") from error
    return path


def _numbers(done: CheckUp) -> dict[str, Any]:
    mended = done.repair
    return {
        "objects": done.report.objects,
        "complete": done.report.complete,
        "damage": len(done.damage),
        "warnings": len(done.report.warnings),
        "repaired": len(mended.repaired) if mended else 0,
    }
