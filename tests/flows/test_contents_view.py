"""What a clerk is told of cuts to confirm and of listed papers that were not seen."""

from datetime import UTC, datetime

import pytest

from extractors.dossier_page import DossierPage
from extractors.paper_type_loader import shipped_paper_types
from extractors.papers import sort_pages
from extractors.sample import page_from_text, pages_from_sample
from flows.contents_view import contents_lines, print_contents
from flows.dossier_contents import components_of, place_of, questions_of
from flows.outcome import DossierOutcome, RunOutcome, ToReview
from flows.report import RunReport
from storage.dossier import Dossier, DossierPaper, DossierScan, DossierState
from storage.dossiers import save_dossier
from storage.folder_store import FolderStore

TYPES = shipped_paper_types()
BY_ID = {one.id: one for one in TYPES}
SHA = "0" * 64


@pytest.fixture
def dossier() -> Dossier:
    texts = [
        pages_from_sample(BY_ID["giay-tiep-nhan-ho-so"].samples[0])[0],
        pages_from_sample(BY_ID["to-khai-dang-ky-khai-sinh"].samples[0])[0],
        page_from_text(""),
        page_from_text("Đơn viết tay không đầu đề\nTôi xin trình bày việc sau đây"),
    ]
    pages = [DossierPage("a.pdf", text.model_copy(update={"page_number": n})) for n, text in enumerate(texts, 1)]
    sorting = sort_pages(pages, TYPES)
    now = datetime(2026, 1, 1, tzinfo=UTC)
    records = [
        paper.to_record(record_id=f"r{n}", dossier_id="hs", created_at=now, software="s")
        for n, paper in enumerate(sorting.papers)
    ]
    papers = tuple(
        DossierPaper(record_id=record.record_id, paper_type=record.paper_type, pages=tuple(map(place_of, paper.pages)))
        for record, paper in zip(records, sorting.papers, strict=True)
    )
    return Dossier(
        dossier_id="hs",
        revision=1,
        state=DossierState.COMPLETE,
        scans=(DossierScan(file="a.pdf", sha256=SHA, page_count=4),),
        papers=papers,
        blank_pages=tuple(map(place_of, sorting.blank)),
        questions=questions_of(sorting),
        components=components_of(sorting, records, TYPES),
        created_at=now,
    )


def test_open_matters_are_said_in_words(dossier: Dossier):
    question, missing = contents_lines(dossier)
    assert question.startswith("cần xem: a.pdf trang 4 có phải giấy tờ khác không? tạm")
    assert "không có Quốc hiệu và tên loại" in question and "trước đó có trang trống" in question
    assert missing == "“Giấy chứng nhận kết hôn” (Giấy chứng nhận kết hôn): chưa thấy trong tập quét"
    assert [one.record_id for one in dossier.components] == ["r1", None]


def test_the_report_and_show_say_them(dossier: Dossier, capsys: pytest.CaptureFixture[str], tmp_path):
    outcome = DossierOutcome("hs", DossierState.COMPLETE, dossier, ToReview(), ())
    report = RunReport(RunOutcome((outcome,), (), ()))
    report.print()
    assert "hs: “Giấy chứng nhận kết hôn”" in capsys.readouterr().out
    [told] = report.as_json()["dossiers"]
    assert told["components"][1]["record_id"] is None and told["questions"][0]["kind"] == "cut"

    store = FolderStore(tmp_path / "store")
    save_dossier(store, dossier)
    print_contents(store, ["hs", "hs", "unknown"])
    assert capsys.readouterr().out.count("chưa thấy trong tập quét") == 1
