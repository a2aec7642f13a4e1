"""After a run the clerk reads which pages were scanned poorly, and programs get the same."""

import pytest

from extractors.record import PoorPage
from flows.outcome import DossierOutcome, RunOutcome, ToReview
from flows.report import RunReport
from ocr.page_quality import PageQuality, QualityReason, Side, Verdict
from ocr.problem import Code
from storage.dossier import DossierState


def test_a_poor_page_is_told_with_its_reason(capsys: pytest.CaptureFixture[str]):
    reasons = (QualityReason(code=Code.TEXT_CUT_OFF, verdict=Verdict.RESCAN, side=Side.LEFT, measured=5),)
    poor = PoorPage(file="a.pdf", page_number=3, quality=PageQuality(verdict=Verdict.RESCAN, reasons=reasons))
    outcome = DossierOutcome("hs-1", DossierState.FAILED, None, ToReview(), (), (poor,))
    report = RunReport(RunOutcome((outcome,), (), ()))
    report.print()

    assert "hs-1: a.pdf, trang 3: cần quét lại: chữ bị cắt ở mép trái" in capsys.readouterr().out
    [told] = report.as_json()["dossiers"][0]["poor_pages"]
    assert (told["file"], told["page_number"], told["quality"]["reasons"][0]["side"]) == ("a.pdf", 3, "left")
