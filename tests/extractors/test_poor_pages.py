"""A page that should be scanned again keeps its paper from being accepted; the record says which page and why."""

from datetime import UTC, datetime

import pytest

from extractors.paper_type_loader import shipped_paper_types
from extractors.papers import DossierPage, Paper, sort_pages
from extractors.record import FieldStatus, Record, RecordState
from extractors.sample import page_from_text
from ocr.page_quality import PageQuality, QualityReason, Side, Verdict
from ocr.problem import Code

TYPES = shipped_paper_types()
NOW = datetime(2026, 1, 2, tzinfo=UTC)


def quality_of(verdict: Verdict) -> PageQuality:
    reasons = (QualityReason(code=Code.TEXT_CUT_OFF, verdict=verdict, side=Side.LEFT, measured=4),)
    return PageQuality(verdict=verdict, reasons=() if verdict is Verdict.ACCEPT else reasons)


def paper_of(verdict: Verdict) -> Paper:
    text = next(one for one in TYPES if one.id == "quyet-dinh").samples[0].text
    page = page_from_text(text).model_copy(update={"quality": quality_of(verdict)})
    [paper] = sort_pages([DossierPage("a.pdf", page)], TYPES).papers
    return paper


@pytest.mark.parametrize("verdict", list(Verdict))
def test_only_a_page_to_be_scanned_again_stops_the_paper(monkeypatch: pytest.MonkeyPatch, verdict: Verdict) -> None:
    # As if every field of the paper had been supported.
    monkeypatch.setattr("extractors.papers.state_of", lambda *_: RecordState.ACCEPTED)
    expected = RecordState.NEEDS_REVIEW if verdict is Verdict.RESCAN else RecordState.ACCEPTED
    assert paper_of(verdict).state is expected


@pytest.mark.parametrize("verdict", list(Verdict))
def test_the_record_names_poor_pages(verdict: Verdict) -> None:
    paper = paper_of(verdict)
    record = paper.to_record(record_id="r", dossier_id="d", created_at=NOW, software="s")
    again = Record.from_json(record.to_json())

    poor = [(page.file, page.page_number, page.quality.verdict) for page in again.provenance.poor_pages]
    assert poor == ([] if verdict is Verdict.ACCEPT else [("a.pdf", 1, verdict)])
    assert any(field.status is FieldStatus.FOUND for field in again.fields.values())
