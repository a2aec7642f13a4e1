"""What counts as grouped, typed, read and trusted, and the command that says so."""

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks import dossiers
from benchmarks.dossier_scoring import count, grouped, match_by_pages, score_dossiers, wrong_accepted
from benchmarks.product import Cost, ProductError


def _paper(paper_type: str, pages: list[int], file: str = "scan.pdf", **fields: str | None) -> dict[str, Any]:
    return {"type": paper_type, "file": file, "pages": pages, "fields": fields, "profile": "drawn-light"}


def _record(paper_type: str, pages: list[int], accepted: bool = True, **values: str | None) -> dict[str, Any]:
    return {
        "dossier_id": "a",
        "paper_type": paper_type,
        "source": [{"file": "scan.pdf", "page_number": page, "sha256": "0"} for page in pages],
        "fields": {name: {"value": value, "accepted": accepted} for name, value in values.items()},
    }


def test_a_record_is_about_the_paper_it_shares_most_pages_with():
    papers = [_paper("quyet-dinh", [1, 2]), _paper("cong-van", [3, 4]), _paper("giay-moi", [6])]
    wide, rest = _record("quyet-dinh", [1, 2, 3]), _record("cong-van", [4])
    assert match_by_pages(papers, [rest, wide]) == [wide, rest, None]
    assert match_by_pages(papers, []) == [None, None, None]


def test_two_papers_in_one_record_leave_one_without():
    both = _record("quyet-dinh", [1, 2, 3])
    assert match_by_pages([_paper("quyet-dinh", [1]), _paper("cong-van", [2, 3])], [both]) == [None, both]


def test_pages_are_right_when_a_record_holds_exactly_them():
    truth = {"a": [_paper("quyet-dinh", [1, 3]), _paper("cong-van", [4])]}
    records = [_record("quyet-dinh", [1, 2, 3]), _record("cong-van", [4])]
    score = score_dossiers(truth, {"a": [["scan.pdf", 2], ["scan.pdf", 5]]}, records)
    figures = count(score.papers)
    assert (figures.pages, figures.pages_grouped, figures.types_right) == (3, 1, 2)
    assert score.blank == {("a", ("scan.pdf", 2)): False, ("a", ("scan.pdf", 5)): True}


def test_an_empty_field_may_be_right_or_wrong_but_never_counts_in_the_shares():
    truth = {"a": [_paper("giay-khai-sinh", [1], full_name="An", father_name=None, ethnicity=None)]}
    records = [_record("giay-khai-sinh", [1], full_name="An", father_name=None, ethnicity="Kinh")]
    score = score_dossiers(truth, {}, records)
    figures = count(score.papers)
    assert (figures.truths, figures.right, figures.accepted_truths) == (1, 1, 1)
    assert (figures.accepted, figures.wrong, figures.all_right) == (3, 1, 0)


def test_accepted_values_of_wrong_types_and_of_records_nobody_asked_for_are_wrong():
    truth = {"a": [_paper("cong-van", [1], subject="x")]}
    stranger = _record("quyet-dinh", [2], subject="y", place=None)
    score = score_dossiers(truth, {}, [_record("giay-khai-sinh", [1], full_name="An"), stranger])
    figures = count(score.papers, score.strangers)
    assert (score.surplus_records, figures.types_right, figures.accepted, figures.wrong) == (1, 0, 2, 2)
    assert [outcome.field for _, outcome in wrong_accepted(score)] == ["full_name", "subject"]


def test_a_value_left_to_a_person_is_never_wrong_among_accepted():
    truth = {"a": [_paper("cong-van", [1], subject="x")], "b": [_paper("cong-van", [1], subject="x")]}
    score = score_dossiers(truth, {}, [_record("cong-van", [1], accepted=False, subject="z")])
    assert count(score.papers).wrong == 0
    assert {name: figures.papers for name, figures in grouped(score, lambda paper: paper.dossier_id).items()} == {
        "a": 1,
        "b": 1,
    }
    assert score.papers[1].found_type is None


def test_tables_name_what_went_wrong():
    truth = {"a": [_paper("cong-van", [1], subject="x"), _paper("giay-moi", [3], subject="y")]}
    score = score_dossiers(truth, {"a": [["scan.pdf", 2]]}, [_record("cong-van", [1, 2], subject="z")])
    text = dossiers.format_score(score, 3, Cost(6.0, 9.0))
    assert "Tự nhận mà sai: 1" in text
    assert "a scan.pdf:1 cong-van: ? (light, ?) subject: 'z' ≠ 'x' (tự nhận!)" in text
    assert "a scan.pdf:3 giay-moi: ? (light, ?): gom trang sai, loại None" in text
    assert "a scan.pdf trang 2: trang trống hoặc ngăn cách bị coi là giấy tờ" in text
    assert "2.00 s CPU" in text
    figures = dossiers.summarise(score, 3, None)
    assert figures["overall"]["papers"] == 2
    assert (figures["blank_pages"], figures["blank_pages_right"], figures["cpu_s_per_page"]) == (1, 0, None)
    assert set(figures["by_type"]) == {"cong-van", "giay-moi"}


def test_dossiers_of_different_seeds_are_different():
    first = [dossier.papers for dossier in dossiers.draw_until(3, 4, "clean", 20)]
    assert sum(len(papers) for papers in first) >= 4 > sum(len(papers) for papers in first[:-1])
    assert first[0] != next(dossiers.draw_until(4, 1, "clean", 20)).papers


@pytest.fixture
def stub_product(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand a `sohoa` beside the running Python that exports what lies in `records.jsonl`; return its folder."""
    script = '#!/bin/sh\ncd "$(dirname "$0")" || exit 9\necho "$1" >> asked\n[ "$1" != export ] || cat records.jsonl\n'
    program = tmp_path / "sohoa"
    program.write_text(script, encoding="utf-8")
    program.chmod(0o755)
    (tmp_path / "records.jsonl").write_text("", encoding="utf-8")
    monkeypatch.setattr("sys.executable", str(tmp_path / "python"))
    return tmp_path


def test_the_command_draws_reads_scores_and_scores_again(stub_product: Path, capsys: pytest.CaptureFixture[str]):
    out, home, table = stub_product / "drawn", stub_product / "home", stub_product / "table.txt"
    assert dossiers.main(["--seed", "2", "--papers", "1", "--dpi", "20", "--out", str(out), "--json"]) == 0
    figures = json.loads(capsys.readouterr().out)
    assert figures["overall"]["papers"] >= 1 and figures["overall"]["pages_grouped"] == 0
    assert figures["blank_pages_right"] == 0  # a dossier without a record has nothing right
    assert (stub_product / "asked").read_text(encoding="utf-8").split() == ["ingest", "export"]
    again = ["--score-only", "--home", str(home), "--truth", str(out / "truth.json"), "--save-table", str(table)]
    assert dossiers.main(again) == 0
    assert (stub_product / "asked").read_text(encoding="utf-8").split() == ["ingest", "export", "export"]
    assert table.read_text(encoding="utf-8") == capsys.readouterr().out


def test_wrong_usage_and_a_product_that_fails_have_codes_of_their_own(
    stub_product: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    assert dossiers.main(["--score-only", "--home", str(stub_product)]) == 2
    assert dossiers.main(["--truth", str(stub_product / "none.json")]) == 2

    def fail(*_arguments: str) -> None:
        raise ProductError("hỏng")

    monkeypatch.setattr(dossiers, "run_sohoa", fail)
    assert dossiers.main(["--papers", "1", "--dpi", "20"]) == 3
    assert "hỏng" in capsys.readouterr().err
