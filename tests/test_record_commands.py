"""`sohoa record …` as it is typed: what is printed, which exit code, what is not."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

import sohoa  # noqa: TID251  the command line is what is tested
from extractors.record import ExtractedField, FieldStatus
from storage.read_log.reading import read_entries
from storage.records import save_draft
from storage.settings import Settings
from tests.storage.deciding import birth_record


class Answer(NamedTuple):
    """How a command ended."""

    returncode: int
    stdout: str
    stderr: str


Typed = Callable[..., Answer]
WHO = ("--by", "lan", "--reason", "đối chiếu bản gốc")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = tmp_path / "home"
    store = Settings.load(home, {}, {}).open_store()
    missing = ExtractedField(status=FieldStatus.MISSING, reasons=("not-seen",))
    save_draft(store, birth_record(1, doubtful=("full_name",), fields={"ethnicity": missing}))
    save_draft(store, birth_record(2))
    return home


@pytest.fixture
def typed(home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Typed:
    """Run a command in this process: a process of its own would spend its time importing."""

    def run(*arguments: str) -> Answer:
        monkeypatch.setattr("sys.argv", ["sohoa", "record", *arguments, "--home", str(home)])
        with pytest.raises(SystemExit) as ended:
            sohoa.main()
        printed = capsys.readouterr()
        return Answer(int(ended.value.code or 0), printed.out, printed.err)

    return run


OLD, NEW = birth_record(1).record_id, birth_record(2).record_id


def test_from_doubt_to_approval_to_a_newer_paper(typed: Typed) -> None:
    refused = typed("approve", OLD, "--by", "lan")
    assert refused.returncode == 7
    assert "[decision_invalid]" in refused.stderr and "full_name, ethnicity" in refused.stderr
    corrected = typed(
        "correct", OLD, *WHO, "--set", "full_name=TRẦN THỊ THỬA", "--set", "ethnicity=Kinh", "--evidence", "trang 1"
    )
    assert (corrected.returncode, corrected.stdout) == (0, f"{OLD}: bản 2, chờ người xem.\n")
    late = typed("approve", OLD, "--by", "mai", "--revision", "1")
    assert late.returncode == 7 and "[record_changed]" in late.stderr
    approved = typed("approve", OLD, "--by", "mai", "--json")
    assert json.loads(approved.stdout)["decision"]["by"] == "mai"
    superseded = typed("supersede", OLD, "--with", NEW, *WHO)
    assert superseded.stdout == f"{OLD}: bản 4, đã được thay thế.\n"
    rows = json.loads(typed("history", OLD, "--json").stdout)["revisions"]
    assert [row["state"] for row in rows] == ["needs_review", "needs_review", "approved", "superseded"]
    name = {"field": "full_name", "before": "Trần Thị Thử", "after": "Trần Thị Thửa", "decided_by": "steward:lan"}
    assert name in rows[1]["fields"]
    assert rows[3]["others"] == {"superseded_by": {"before": None, "after": NEW}}
    history = typed("history", OLD).stdout
    assert "Trần Thị Thử → Trần Thị Thửa" in history and "(không có) → Kinh" in history
    assert "căn cứ: trang 1" in history and "sửa: đối chiếu bản gốc" in history
    shown = typed("show", OLD, "--revision", "2").stdout
    assert "cán bộ lan xác nhận" in shown and "bản 2 · chờ người xem" in shown
    assert f"thay cho {OLD}" in typed("show", NEW).stdout


def test_revoked_and_reinstated(typed: Typed) -> None:
    an_act = ("--authority", "UBND huyện Thử", "--act", "12/QĐ-UBND", "--act-date")
    assert typed("revoke", NEW, *WHO, *an_act, "tháng 3").returncode == 2
    assert typed("revoke", NEW, *WHO, *an_act, "04/03/2024").stdout == f"{NEW}: bản 2, đã bị thu hồi.\n"
    assert "12/QĐ-UBND ngày 04/03/2024 của UBND huyện Thử" in typed("show", NEW).stdout
    assert typed("reinstate", NEW, *WHO).returncode == 2
    back = typed("reinstate", NEW, *WHO, "--evidence", "15/QĐ-UBND")
    assert back.stdout == f"{NEW}: bản 3, máy đã nhận.\n"


def test_rejected_and_reopened(typed: Typed) -> None:
    assert typed("reject", NEW, *WHO).stdout == f"{NEW}: bản 2, đã loại.\n"
    assert typed("reopen", NEW, *WHO).stdout == f"{NEW}: bản 3, chờ người xem.\n"


def test_what_is_typed_wrongly(typed: Typed) -> None:
    assert typed("show", "r" + "0" * 24).returncode == 5
    assert typed("history", "khong-phai-ma").returncode == 5
    assert typed("show", NEW, "--revision", "9").returncode == 5
    assert typed("correct", NEW, *WHO, "--set", "sex").returncode == 2
    wrong = typed("correct", NEW, *WHO, "--set", "date_of_birth=31/02/2019", "--set", "personal_id=0013190")
    assert wrong.returncode == 7
    assert "date_of_birth: no-such-date; personal_id: not-a-personal-id" in wrong.stderr
    assert "31/02" not in wrong.stderr and "0013190" not in wrong.stderr


def test_a_look_is_in_the_read_log(typed: Typed, home: Path) -> None:
    assert typed("show", NEW).returncode == typed("history", NEW).returncode == 0
    entries = list(read_entries(Settings.load(home, {}, {}).open_store()))
    assert [{read.record_id for read in entry.records} for entry in entries] == [{NEW}, {NEW}]
