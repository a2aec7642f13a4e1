"""An office's calibrations: the latest holds, none is lost, and a damaged one is never passed over."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from extractors.calibration.model import ALL, Calibration, Threshold, shipped_calibration
from ocr.problem import Code, SohoaError
from storage.calibrations import load_calibration, save_calibration
from storage.catalogue import Catalogue
from storage.folder_store import FolderStore
from storage.key_parsing import parse_calibration_key
from storage.keys import calibration_key
from storage.sample_key import SAMPLE_KEY_FILE, load_sample_key
from storage.verify import verify


def made(base: float) -> Calibration:
    return Calibration(
        revision=0,
        created_at=datetime(2026, 11, 22, tzinfo=UTC),
        software="test",
        target_error=0.005,
        confidence_level=0.95,
        base=base,
        weights={"supported": 1.0},
        thresholds={ALL: Threshold(group=ALL, least=0.5)},
    )


def test_the_latest_holds_and_before_there_is_one_the_shipped(store: FolderStore) -> None:
    assert load_calibration(store) == shipped_calibration()
    assert [save_calibration(store, made(base)).revision for base in (1.0, 2.0)] == [1, 2]
    assert (load_calibration(store).revision, load_calibration(store).base) == (2, 2.0)
    assert list(store.list("calibration/")) == ["calibration/r1.json", "calibration/r2.json"]


def test_a_damaged_one_is_reported_and_can_be_followed(store: FolderStore, catalogue: Catalogue) -> None:
    save_calibration(store, made(1.0))
    store.put(calibration_key(2), b"{}")
    with pytest.raises(SohoaError) as raised:
        load_calibration(store)
    assert raised.value.code is Code.OBJECT_DAMAGED
    assert [problem.detail.split(":")[0] for problem in verify(store, catalogue).damage] == ["calibration/r2.json"]
    assert save_calibration(store, made(3.0)).revision == 3
    assert load_calibration(store).base == 3.0


def test_names_of_calibrations() -> None:
    assert parse_calibration_key(calibration_key(12)) == 12
    assert [parse_calibration_key(key) for key in ("calibration/r0.json", "calibration/x", "records/r1.json")] == [
        None
    ] * 3
    with pytest.raises(ValueError):
        calibration_key(0)


def test_the_sample_key_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    key = load_sample_key(tmp_path)
    assert len(key) == 32 and load_sample_key(tmp_path) == key
    assert [(path.name, path.stat().st_mode & 0o777) for path in tmp_path.iterdir()] == [(SAMPLE_KEY_FILE, 0o600)]


@pytest.mark.parametrize("content", ["", "zz", "00"])
def test_what_is_no_key_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / SAMPLE_KEY_FILE).write_text(content)
    with pytest.raises(SohoaError) as raised:
        load_sample_key(tmp_path)
    assert raised.value.code is Code.STORE_UNWRITABLE
