"""The benchmark of the national list, on invented procedures."""

import json

from benchmarks.procedures_mapping import run, score
from extractors.paper_type_loader import shipped_paper_types

TYPES = shipped_paper_types()
TEXT = "- Đơn đề nghị1 bản chính- Giấy khai sinh1 bản sao- Bản sao thẻ hội viên1 bản sao- Khoảng trời xanh1 bản chính"


def test_rows_are_scored_against_labels(tmp_path) -> None:
    published = {"ma_thu_tuc": "1.009999", "ten_thu_tuc": "Thủ tục thử", "thanh_phan_ho_so": TEXT}
    (tmp_path / "a.json").write_text(json.dumps(published), "utf-8")
    (tmp_path / "b.json").write_text("{}", "utf-8")
    ran = run(tmp_path, TYPES)
    assert len(ran.procedures) == 1 and [problem.field for problem in ran.problems] == ["ma_thu_tuc"]
    truth = {"1.009999#0": "F", "1.009999#1": "P:giay-khai-sinh C?", "1.009999#2": "P:can-cuoc", "1.009999#3": "C"}
    found = score(ran.procedures, TYPES, truth)
    assert (found.rows, found.right, found.left_to_a_person) == (4, 2, 1)
    assert (found.papers_wanted, found.papers_given, found.papers_right) == (2, 1, 1)
