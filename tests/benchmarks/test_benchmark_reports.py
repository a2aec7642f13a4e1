"""Matching of records to papers, figures of the reports, and what is said without samples."""

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks import decree_cer, real_acts
from benchmarks.product import Cost, ProductError, count_pages, parse_json_lines, run_sohoa


def _record(dossier: str, paper_type: str, page: int, **values: str) -> dict[str, Any]:
    return {
        "dossier_id": dossier,
        "paper_type": paper_type,
        "source": [{"file": "scan.pdf", "page_number": page, "sha256": "0"}],
        "fields": {name: {"value": value, "accepted": True} for name, value in values.items()},
    }


def _paper(paper_type: str, pages: list[int] | None = None, **fields: str) -> dict[str, Any]:
    paper: dict[str, Any] = {"type": paper_type, "file": "scan.pdf", "fields": fields}
    return paper if pages is None else {**paper, "pages": pages}


def test_records_are_matched_by_first_page() -> None:
    records = [_record("a", "quyet-dinh", 3), _record("a", "khong-ro", 1)]
    papers = [_paper("quyet-dinh", [1, 2]), _paper("quyet-dinh", [3])]
    assert real_acts.match_papers(papers, records) == [records[1], records[0]]


def test_records_are_matched_by_type_when_pages_are_unknown() -> None:
    records = [_record("a", "khong-ro", 1), _record("a", "cong-van", 2)]
    assert real_acts.match_papers([_paper("cong-van")], records) == [records[1]]
    assert real_acts.match_papers([_paper("to-trinh")], records) == [records[0]]
    assert real_acts.match_papers([_paper("to-trinh", [5])], records) == [None]
    assert real_acts.match_papers([_paper("to-trinh")], []) == [None]


def test_report_counts_and_lists_misses() -> None:
    truth = {"a": [_paper("quyet-dinh", issued_date="2024-05-06", subject="Về việc mẫu", code_number="574")]}
    records = [
        _record("a", "quyet-dinh", 1, issued_date="2024-05-16", subject="Về việc mãu", code_number="574"),
        _record("a", "khong-ro", 2),
    ]
    report = real_acts.score(truth, records, 2, Cost(3.0, 4.0))
    figures = real_acts.summarise(report)
    assert (figures["type_right"], figures["papers"], figures["surplus_records"]) == (1, 1, 1)
    assert (figures["issued_month_right"], figures["issued_dates"]) == (1, 1)
    assert (figures["subject_exact"], figures["subject_mean_cer"]) == (0, pytest.approx(1 / 11))
    assert (figures["cpu_s_per_page"], figures["wall_s_per_page"]) == (1.5, 2.0)
    assert figures["misses"] == [
        "a issued_date: '2024-05-16' ≠ '2024-05-06' (tự nhận!)",
        "a subject: 'Về việc mãu' ≠ 'Về việc mẫu' (tự nhận!)",
    ]
    text = real_acts.format_report(report)
    assert "Đúng loại giấy tờ: 1/1" in text
    assert "a issued_date" in text


def test_a_paper_without_record_misses_every_field() -> None:
    report = real_acts.score({"a": [_paper("quyet-dinh", code_number="574")]}, [], 1, Cost(0.0, 0.0))
    assert real_acts.summarise(report)["misses"] == ["a paper_type: None ≠ quyet-dinh", "a code_number: None ≠ '574'"]


@pytest.mark.parametrize("benchmark", [real_acts.main, decree_cer.main])
def test_missing_samples_are_named(benchmark: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert benchmark(["--samples", str(tmp_path)]) == 2
    assert str(tmp_path) in capsys.readouterr().err


@pytest.fixture
def stub_product(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand a `sohoa` beside the running Python that exports what lies in `records.jsonl`; return its folder."""
    script = '#!/bin/sh\ncd "$(dirname "$0")" || exit 9\n[ "$1" = export ] && cat records.jsonl\n[ "$1" != broken ]\n'
    program = tmp_path / "sohoa"
    program.write_text(script, encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setattr("sys.executable", str(tmp_path / "python"))
    return tmp_path


def test_benchmark_runs_the_product(stub_product: Path, capsys: pytest.CaptureFixture[str]) -> None:
    samples = stub_product / "samples"
    samples.mkdir()
    truth = {"a": [_paper("quyet-dinh", code_number="574")]}
    (samples / "truth.json").write_text(json.dumps(truth), encoding="utf-8")
    line = json.dumps(_record("a", "quyet-dinh", 1, code_number="574"))
    (stub_product / "records.jsonl").write_text(f"{line}\n", encoding="utf-8")
    assert real_acts.main(["--samples", str(samples), "--json"]) == 0
    figures = json.loads(capsys.readouterr().out)
    assert figures["misses"] == []
    assert figures["fields"][0]["right"] == 1


def test_a_product_that_fails_is_an_error(stub_product: Path) -> None:
    (stub_product / "sohoa").write_text("#!/bin/sh\nexit 2\n", encoding="utf-8")
    with pytest.raises(ProductError, match="mã 2"):
        run_sohoa("ingest", "x")
    (stub_product / "sohoa").unlink()
    with pytest.raises(ProductError, match="Không thấy lệnh sohoa"):
        run_sohoa("ingest", "x")


def test_pages_are_parted_by_form_feeds() -> None:
    assert decree_cer.split_pages("a\fb\f", 2) == ("a", "b")
    assert decree_cer.split_pages("a", 3) == ("a", "", "")


def test_json_lines_are_parsed_or_refused() -> None:
    assert parse_json_lines('{"a": 1}\n\n') == [{"a": 1}]
    for text in ("{", "[1]"):
        with pytest.raises(ProductError):
            parse_json_lines(text)


def test_files_that_are_no_scan_have_no_pages(tmp_path: Path) -> None:
    (tmp_path / "truth.json").write_text("{}", encoding="utf-8")
    assert count_pages(tmp_path) == 0
