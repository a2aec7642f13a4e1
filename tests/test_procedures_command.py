"""`sohoa procedures`: list, show, import, report, correct. Every procedure and paper is invented."""

import csv
import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from commands.procedures_view import CODES, FORMS, SOURCES, VERDICTS
from extractors.procedures.mapping_report import Verdict
from extractors.procedures.procedure import CodeBasis, ProcedureSource, SubmissionForm

Run = Callable[..., "subprocess.CompletedProcess[str]"]
TEXT = (
    "* Giấy tờ phải nộp:Tên giấy tờMẫu đơn, tờ khaiSố lượng- Đơn đề nghị theo mẫu;Mau 01.docx1 bản chính"
    "- Bản sao Giấy khai sinh của con;0 bản chính,1 bản sao- Khoảng trời xanh1 bản chính"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "danh-muc"
    folder.mkdir()
    good = {"ma_thu_tuc": "1.009999", "ten_thu_tuc": "Thủ tục thử", "thanh_phan_ho_so": TEXT, "linh_vuc": "Thử"}
    (folder / "tot.json").write_text(json.dumps(good), "utf-8")
    return folder


def test_every_kind_has_words_for_people() -> None:
    assert set(VERDICTS) == set(Verdict) and set(FORMS) == set(SubmissionForm)
    assert set(SOURCES) == set(ProcedureSource) and set(CODES) == set(CodeBasis)


def test_the_built_in_procedures_are_listed_and_shown(sohoa: Run, tmp_path: Path) -> None:
    listed = json.loads(sohoa("procedures", "--home", tmp_path, "--json").stdout)
    assert {"1.001193", "1.000894", "sohoa.cap-doi-giay-chung-nhan"} <= {row["code"] for row in listed}
    shown = sohoa("procedures", "--home", tmp_path, "--show", "1.000894")
    assert shown.returncode == 0
    assert "Giấy xác nhận tình trạng hôn nhân" in shown.stdout
    assert "mã chưa đối chiếu" in shown.stdout
    unknown = sohoa("procedures", "--home", tmp_path, "--show", "1.009999")
    assert unknown.returncode == 5 and "[procedure_unknown]" in unknown.stderr


def test_an_import_goes_on_past_bad_files_and_says_which(sohoa: Run, tmp_path: Path, folder: Path) -> None:
    (folder / "xau.json").write_text('{"ma_thu_tuc": "1.009998", "ten_thu_tuc": "Thử"}', "utf-8")
    done = sohoa("procedures", "--home", tmp_path, "--import", folder)
    assert done.returncode == 1
    assert "Đã nạp 1 thủ tục." in done.stdout
    assert "xau.json" in done.stderr and "thanh_phan_ho_so" in done.stderr and "[procedure_invalid]" in done.stderr
    nowhere = sohoa("procedures", "--home", tmp_path, "--import", tmp_path / "khong-co", "--json")
    assert nowhere.returncode == 1
    assert [one["code"] for one in json.loads(nowhere.stdout)["problems"]] == ["path_unreadable"]


def test_the_report_says_what_was_mapped_and_why(sohoa: Run, tmp_path: Path, folder: Path) -> None:
    sheet = tmp_path / "bao-cao.csv"
    printed = sohoa("procedures", "--home", tmp_path, "--import", folder, "--report", "--csv", sheet)
    assert printed.returncode == 0
    assert "1.009999:2 - Bản sao Giấy khai sinh của con; → giay-khai-sinh" in printed.stdout
    assert "tên giấy tờ: “Giấy khai sinh”" in printed.stdout
    assert "1.009999:3 - Khoảng trời xanh" in printed.stdout.partition("CÁN BỘ QUYẾT ĐỊNH: 1")[2]
    rows = list(csv.DictReader(sheet.read_text("utf-8-sig").splitlines()))
    assert [row["verdict"] for row in rows] == ["form", "paper", "person_decides"]
    # A name that begins with a dash is no formula.
    assert all(row["name"].startswith("'- ") for row in rows)
    later = json.loads(sohoa("procedures", "--home", tmp_path, "--report", "--json").stdout)
    assert later["counts"]["paper"] == 1 and len(later["components"]) == 3
    missing = sohoa("procedures", "--home", tmp_path, "--report", "--csv", tmp_path / "khong-co" / "a.csv")
    assert missing.returncode == 2 and "[path_unreadable]" in missing.stderr


def test_an_agency_corrects_a_procedure_and_takes_it_back(sohoa: Run, tmp_path: Path, folder: Path) -> None:
    sohoa("procedures", "--home", tmp_path, "--import", folder)
    table = sohoa("procedures", "--home", tmp_path, "--table", "1.009999").stdout
    corrected = tmp_path / "sua.yaml"
    corrected.write_text(table.replace("role: child", "role: mother"), "utf-8")
    assert sohoa("procedures", "--home", tmp_path, "--import", corrected).returncode == 0
    shown = json.loads(sohoa("procedures", "--home", tmp_path, "--show", "1.009999", "--json").stdout)
    assert shown["source"] == "agency" and shown["components"][1]["role"] == "mother"
    sohoa("procedures", "--home", tmp_path, "--import", folder)
    assert "bảng của cơ quan" in sohoa("procedures", "--home", tmp_path, "--show", "1.009999").stdout
    assert sohoa("procedures", "--home", tmp_path, "--reset", "1.009999").returncode == 0
    assert "danh mục quốc gia" in sohoa("procedures", "--home", tmp_path, "--show", "1.009999").stdout
