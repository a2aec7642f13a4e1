"""What a clerk reads after a run: one line for a problem, names as they are, nothing that steers the terminal."""

import pytest

from flows.outcome import DossierOutcome, RunOutcome, ToReview
from flows.report import RunReport
from ocr.problem import Code, Problem
from storage.dossier import DossierState


def outcome(dossier_id: str, *problems: Problem, waiting: ToReview | None = None) -> DossierOutcome:
    return DossierOutcome(dossier_id, DossierState.FAILED, None, waiting or ToReview(), problems)


def test_the_table_says_what_waits_for_a_steward(capsys: pytest.CaptureFixture[str]):
    dossiers = (outcome("hs-1", waiting=ToReview(2, 5)), outcome("hs-2", waiting=ToReview(1)), outcome("hs-3"))
    RunReport(RunOutcome(dossiers, (), ())).print()
    shown = capsys.readouterr().out

    assert "Cần xem" in shown and "2 giấy tờ (5 trường)" in shown and "3 cần người xem" in shown
    assert "│ 1 giấy tờ " in shown


def test_a_problem_is_one_line_however_long_and_odd_its_name(capsys: pytest.CaptureFixture[str]):
    name = "[red]" + "dài " * 60 + "\n\x1b[31m.pdf"
    problem = Problem(code=Code.SCAN_EMPTY, file=name)
    RunReport(RunOutcome((outcome(name, problem),), (problem,), (problem,))).print()
    shown = capsys.readouterr()

    assert len(shown.err.splitlines()) == 3
    assert shown.err.count("[scan_empty]") == 2
    assert "\x1b" not in shown.out + shown.err and "[red]dài" in shown.out


def test_nothing_found_is_not_complete():
    assert not RunOutcome((), (), ()).complete
