"""Stages are charged what they spent themselves, and every stage names a function that is there."""

import importlib
from pathlib import Path

import pytest

from benchmarks import reading_profile
from benchmarks.drawing.text_pages import Damage, draw_text_page
from benchmarks.drawing.wear import Strength
from benchmarks.reading_profile import STAGES, Profile, Stage, draw_profile, main, profiled


class Clock:
    """The processor's time of this module's work: it goes on when something says that it took so long."""

    now_s = 0.0


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading_profile, "_cpu_s", lambda: Clock.now_s)


def _burn(seconds: float) -> None:
    Clock.now_s += seconds


def inner() -> None:
    _burn(1.5)


def outer() -> None:
    _burn(1)
    inner()
    inner()


class Engine:
    def read(self) -> None:
        _burn(2)

    def read_in_context(self) -> None:
        self.read()


def test_time_goes_to_the_innermost_stage(clock: None) -> None:
    stages = [Stage("ngoài", __name__, "outer"), Stage("trong", __name__, "inner")]
    assert importlib.import_module(__name__).outer is outer
    with profiled(stages) as profile:
        importlib.import_module(__name__).outer()
    assert profile.seconds == pytest.approx({"ngoài": 1, "trong": 3})
    assert importlib.import_module(__name__).outer is outer
    assert profile.reader_share == 0


def test_a_reader_is_named_after_what_it_is_asked_for(clock: None) -> None:
    stages = [
        Stage("máy", __name__, "Engine.read", is_reader=True),
        Stage("dòng bị bỏ sót", __name__, "Engine.read_in_context"),
    ]
    with profiled(stages) as profile:
        Engine().read()
        Engine().read_in_context()
    assert profile.readers == {"máy: cả trang", "máy: dòng bị bỏ sót"}
    assert profile.reader_share == 1


def test_the_product_has_every_stage() -> None:
    with profiled(STAGES) as profile:
        pass
    assert profile.total_s == 0
    assert draw_profile(Profile({"a": 1.0, "b": 3.0}, {"b"}, 2)).height > 44


def test_a_page_is_profiled_from_file_to_record(tmp_path: Path, capsys) -> None:
    page = draw_text_page(5, Strength.CLEAN, Damage.SCANNER, dpi=150)
    scan = tmp_path / "scan.png"
    page.picture.save(scan, dpi=(150, 150))
    picture = tmp_path / "profile.png"
    assert main([str(scan), "--picture", str(picture)]) == 0
    table = capsys.readouterr().out
    for label in ("làm sạch", "mở trang", "lưu trang", "trích xuất", "nhận bản quét", "tổng 1 trang"):
        assert label in table
    assert "Tesseract: cả trang" in table
    assert picture.stat().st_size > 1000


def test_missing_scans_are_named(tmp_path: Path, capsys) -> None:
    assert main([str(tmp_path / "không-có.pdf")]) == 2
    assert "không-có.pdf" in capsys.readouterr().err
