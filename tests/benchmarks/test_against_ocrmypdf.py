"""Nearest stretch of a text, scoring of pages, tables; what is said without samples."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import Levenshtein

from benchmarks import against_ocrmypdf
from benchmarks.against_ocrmypdf import ENGINE, PEER, Outcome, Stretch, nearest_stretch, score
from benchmarks.product import Cost
from benchmarks.text_errors import Axis, text_errors

_TEXT = st.text(alphabet="abcđ ", max_size=12)


@given(_TEXT, _TEXT)
def test_no_stretch_is_nearer(text: str, value: str) -> None:
    found = nearest_stretch(text, value)
    assert found in text
    if text and value:
        stretches = [text[i:j] for i in range(len(text) + 1) for j in range(i, len(text) + 1)]
        fewest = min(Levenshtein.distance(stretch, value) for stretch in stretches)
        assert Levenshtein.distance(found, value) == fewest


def test_the_stretch_is_found_amid_other_text() -> None:
    text = "cộng hòa số: 01 về viêc miễn nhiệm chức danh ủy viên nơi nhận"
    assert nearest_stretch(text, "về việc miễn nhiệm chức danh") == "về viêc miễn nhiệm chức danh"
    assert nearest_stretch("", "a") == ""


def test_pages_are_scored_by_text_and_by_values() -> None:
    truth = [Stretch(0, 1, "Điều 1", ()), Stretch(1, 3, None, ("Trần Văn Mẫu", "XÃ HÒA BÌNH"))]
    errors = score(["Điêu 1", "xã\nhoà bình", "… Trân Văn Mẫu …"], truth)
    assert errors.characters == 6 + 12 + 11
    assert errors.by_axis == {Axis.TONE: 2}


def test_a_value_that_was_not_read_costs_its_letters() -> None:
    assert score(["zzz"], [Stretch(0, 1, None, ("Nam",))]).cer == 1


def test_tables_and_figures_compare_with_the_peer() -> None:
    rounds = (Cost(2.0, 3.0), Cost(9.0, 9.0), Cost(2.2, 3.0))
    outcomes = [
        Outcome(PEER, rounds, text_errors("Điêu l", "Điều 1")),
        Outcome(ENGINE, (Cost(1.1, 1.0),), text_errors("Điêu 1", "Điều 1")),
        Outcome("sohoa ingest", (Cost(4.4, 2.0),), None),
    ]
    table = against_ocrmypdf._as_tables({"mẫu": outcomes})
    row = next(line for line in table.splitlines() if line.startswith(ENGINE)).split()
    assert row[-6:] == ["1.10", "1.00", "0.50", "16.67%", "50.00%", "0.50"]
    assert '"cpu_ratio": 2.0' in against_ocrmypdf._as_json({"mẫu": outcomes})


@pytest.mark.parametrize("only", ["decree", "acts"])
def test_missing_samples_are_named(only: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert against_ocrmypdf.main(["--samples", str(tmp_path), "--only", only]) == 2
    assert str(tmp_path) in capsys.readouterr().err
