"""`sohoa subject` as its user runs it."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from storage.catalogue import Catalogue
from storage.folder_store import FolderStore
from storage.rights.erased import unfinished
from storage.rights.execution import Eraser
from tests.storage.rights.conftest import KEY, XOA, Town, everything, fill, traces_in

Run = Callable[..., "subprocess.CompletedProcess[str]"]
MARRIAGE = "hs-003/ket-hon.pdf/1"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def town(home: Path) -> Town:
    home.mkdir()
    catalogue = Catalogue(f"sqlite:///{home}/catalogue.sqlite", KEY)
    catalogue.create()
    made = Town(FolderStore(home / "store"), catalogue)
    fill(made)
    (home / "retention.yaml").write_text("giay-xac-nhan-tinh-trang-hon-nhan: 0\n")
    return made


@pytest.fixture
def subject(home: Path, town: Town, environment: dict[str, str]) -> Run:
    settings = {"SOHOA_HOME": str(home), "SOHOA_ID_KEY": KEY.secret.decode()}

    def run(*arguments: str | Path, said: str = "") -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [Path(sys.executable).with_name("sohoa"), "subject", *map(str, arguments)],
            env={**environment, **settings}, input=said, capture_output=True, encoding="utf-8", timeout=240, check=False,
        )  # fmt: skip

    return run


def _json(answer: "subprocess.CompletedProcess[str]") -> Any:
    assert answer.stdout, answer.stderr
    return json.loads(answer.stdout)


def test_export_is_read_first_and_tells_who_read(subject: Run, town: Town, tmp_path: Path) -> None:
    out = tmp_path / "xuat.zip"
    options = ("--subject", "-", "--reader", "can-bo-1", "--purpose", "Trả lời", "--out")
    answer = subject("export", *options, out, "--json", said=f"{XOA.personal_id}\n")
    assert answer.returncode == 0, answer.stderr
    assert _json(answer)["records"] == 4
    again = subject("export", *options, tmp_path / "hai", "--json", said=f"{XOA.personal_id}\n")
    data = json.loads((tmp_path / "hai" / "du-lieu.json").read_text("utf-8"))
    assert _json(answer)["read_log_id"] in {read["entry_id"] for read in data["reads"]}
    assert {read["reader"] for read in data["reads"]} == {"can-bo-1"}
    assert again.returncode == 0
    for unfit, code in (
        ("--purpose", "purpose_missing"),
        ("--subject", "subject_invalid"),
        ("--out", "setting_invalid"),
    ):
        given = {"--subject": str(XOA.personal_id), "--reader": "a", "--purpose": "b", "--out": str(tmp_path / "ba")}
        given[unfit] = {"--purpose": " ", "--subject": "12", "--out": str(out)}[unfit]
        refused = subject("export", *(word for pair in given.items() for word in pair))
        assert refused.returncode == 2 and code in refused.stderr
        assert str(XOA.personal_id) not in refused.stderr
        assert not (tmp_path / "ba").exists()


def test_a_request_is_answered(subject: Run, town: Town) -> None:
    record_id = town.id_of("hs-004/chi.pdf/1")
    made = _json(
        subject(
            "request",
            "--record",
            record_id,
            "--field",
            "owner_name",
            "--says",
            "-",
            "--by",
            "cb",
            "--json",
            said="Phạm Thị Chi\n",
        )
    )
    assert [each["case_id"] for each in _json(subject("requests", "--json"))] == [made["case_id"]]
    assert made["says"] == "Phạm Thị Chi"
    assert subject("decide", made["case_id"], "--by", "cb", "--reason", "x").returncode == 2
    answer = subject("decide", made["case_id"], "--by", "cb", "--reason", "Bản chính ghi khác", "--refuse", "--json")
    assert _json(answer)["state"] == "refused"
    assert "Không có yêu cầu nào" in subject("requests").stdout
    assert subject("decide", "f" * 24, "--by", "cb", "--reason", "x", "--refuse").returncode == 5


def test_holds_are_set_and_released(subject: Run, town: Town) -> None:
    hold = _json(subject("hold", "--subject", str(XOA.personal_id), "--by", "cb", "--reason", "Công văn 5", "--json"))
    assert str(XOA.personal_id) not in json.dumps(hold)
    refused = subject(
        "erase", "--subject", str(XOA.personal_id), "--ground", "request", "--by", "cb", "--decision", "1/QĐ"
    )
    assert refused.returncode == 7 and "hold" in refused.stderr
    assert subject("release", hold["case_id"], "--by", "cb", "--reason", "hết").returncode == 0
    assert subject("release", hold["case_id"], "--by", "cb", "--reason", "hết").returncode == 7
    assert subject("hold", "--dossier", "không có", "--by", "cb", "--reason", "x").returncode == 5
    assert subject("hold", "--by", "cb", "--reason", "x").returncode == 2
    assert "hết hiệu lực" in subject("holds").stdout


def test_erasing_is_planned_first_and_leaves_a_proof(subject: Run, town: Town, home: Path) -> None:
    before = everything(town.store)
    told = ("--subject", "-", "--ground", "request", "--by", "cb", "--decision", "1/QĐ ngày 20/11/2026")
    planned = subject("erase", *told, "--dry-run", said=f"{XOA.personal_id}\n")
    assert planned.returncode == 0 and "cũng là giấy tờ của người khác" in planned.stdout
    assert everything(town.store) == before
    plan = _json(subject("erase", *told, "--dry-run", "--json", said=f"{XOA.personal_id}\n"))
    erased = subject("erase", *told, "--json", said=f"{XOA.personal_id}\n")
    assert erased.returncode == 1, erased.stderr  # the marriage stays, and a scan with pages of others
    proof = _json(erased)
    assert sorted(each["key"] for each in proof["objects"]) == sorted(plan["objects"])
    assert [each["case_id"] for each in _json(subject("erasures", "--json"))] == [proof["case_id"]]
    marriage = town.id_of(MARRIAGE)
    last = ("--subject", "-", "--ground", "authority-decision", "--by", "cb", "--decision", "2/QĐ")
    assert subject("erase", *last, "--record", marriage, said=f"{XOA.personal_id}\n").returncode == 0
    assert traces_in({str(path): path.read_bytes() for path in home.rglob("*") if path.is_file()}) == []
    assert subject("erase", *last, said=f"{XOA.personal_id}\n").returncode == 5
    assert subject("erase", "--subject", "1", "--ground", "because").returncode == 2
    assert "nhận lại được" in subject("readmit", proof["case_id"], "--by", "cb", "--reason", "nộp lại").stdout


def test_what_was_begun_is_finished(subject: Run, town: Town) -> None:
    class Stopping(FolderStore):
        def erase(self, key: str) -> None:
            raise KeyboardInterrupt

    begun = Stopping(town.store._root)  # type: ignore[attr-defined]
    with pytest.raises(KeyboardInterrupt):
        Eraser(begun, None, town.catalogue).erase(town.plan(), "cb", "1/QĐ")
    assert "CHƯA XONG" in subject("erasures").stdout
    answer = subject("erase", "--resume")
    assert answer.returncode == 0 and "Đã làm xong" in answer.stdout
    assert unfinished(FolderStore(town.store._root)) == ()  # type: ignore[attr-defined]
    assert "Không có lần xóa nào dở dang" in subject("erase", "--resume").stdout
