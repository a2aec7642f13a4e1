"""`sohoa lookup`, `reads`, `reuse`, and the log of what other commands show. Every person is invented."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from commands.lookup_view import KINDS
from storage.lookup_answer import MissingBecause, Reason
from storage.lookup_words import MISSING, REASONS, masked
from storage.read_log.entry import ReadKind
from storage.read_log.reading import read_entries
from storage.settings import Settings
from tests.lookup_papers import HUSBAND, MARRIAGE, WIFE, hold_papers

Run = Callable[..., "subprocess.CompletedProcess[str]"]
ASK = ("--procedure", MARRIAGE, "--on", "22/11/2026", "--purpose", "đăng ký kết hôn")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with the cards of a couple and her confirmation of marital status for a loan."""
    settings = Settings.load(tmp_path / "home", {}, {})
    hold_papers(settings.open_store(), settings.open_catalogue())
    return settings.home


def told(done: "subprocess.CompletedProcess[str]") -> Any:
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_answer_for_programs(sohoa: Run, home: Path) -> None:
    other = ("--other", f"husband={HUSBAND}")
    answer = told(sohoa("lookup", "--home", home, "--subject", WIFE, *ASK, *other, "--json"))
    assert (answer["subject"], answer["procedure"], answer["on"]) == (WIFE, MARRIAGE, "2026-11-22")
    assert [(one["role"], one["paper_type"]) for one in answer["held"]] == [
        ("husband", "can-cuoc"),
        ("wife", "can-cuoc"),
    ]
    assert [one["reasons"] for one in answer["refused"]] == [["wrong_purpose"]]
    missing = {one["component_number"]: one["why"] for one in answer["missing"]}
    assert missing[answer["refused"][0]["component_number"]] == "only_refused"
    entries = list(read_entries(Settings.load(home, {}, {}).open_store()))
    assert [entry.kind for entry in entries] == [ReadKind.LOOKUP, ReadKind.RELATED]
    assert entries[0].entry_id == answer["read_log_id"]
    assert list((home / "read-log").iterdir()) == []


def test_the_answer_for_people_shows_no_whole_number(sohoa: Run, home: Path) -> None:
    done = sohoa("lookup", "--home", home, "--subject", "-", *ASK, "--other", "husband=-", input=f"{WIFE}\n{HUSBAND}\n")
    assert done.returncode == 0, done.stderr
    assert "001******345" in done.stdout
    assert WIFE not in done.stdout and HUSBAND not in done.stdout
    for words in ("ĐÃ CÓ", "CÓ NHƯNG KHÔNG DÙNG ĐƯỢC", "CÒN PHẢI NỘP", "cấp để dùng vào việc khác"):
        assert words in done.stdout


def test_who_read_and_what_was_not_asked_for(sohoa: Run, home: Path) -> None:
    assert sohoa("lookup", "--home", home, "--subject", WIFE, *ASK, "--agency", "H05.12").returncode == 0
    assert sohoa("export", "--home", home).returncode == 0
    seen = told(sohoa("reads", "--home", home, "--subject", WIFE, "--json"))
    assert [(one["kind"], one["purpose"]) for one in seen] == [("lookup", "đăng ký kết hôn"), ("export", "quản trị")]
    assert all("subject_key" not in one for one in seen)
    # Looking at the log is written in the log.
    again = told(sohoa("reads", "--home", home, "--record", seen[0]["records"][0]["record_id"], "--json"))
    assert [one["kind"] for one in again] == ["lookup", "export"]
    assert "xem theo người" in sohoa("reads", "--home", home, "--subject", WIFE).stdout
    counted = told(sohoa("reuse", "--home", home, "--agency", "H05.12", "--json"))
    [row] = counted["rows"]
    assert (row["procedure"], row["lookups"], row["not_asked"], row["refused"]) == (MARRIAGE, 1, 1, 1)
    assert "H05.12" in sohoa("reuse", "--home", home).stdout


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("lookup", "--subject", WIFE, "--procedure", MARRIAGE), 2, "purpose_missing"),
        (("lookup", "--subject", "12", *ASK), 2, "subject_invalid"),
        (("lookup", "--subject", WIFE, "--procedure", "9.999999", "--purpose", "thử"), 5, "procedure_unknown"),
        (("lookup", "--subject", WIFE, *ASK, "--birth", "hôm qua"), 2, "setting_invalid"),
        (
            ("lookup", "--subject", WIFE, "--procedure", MARRIAGE, "--purpose", "x", "--on", "2026"),
            2,
            "setting_invalid",
        ),
        (("lookup", "--subject", WIFE, *ASK, "--other", HUSBAND), 2, "setting_invalid"),
        (("reads",), 2, "setting_invalid"),
        (("reads", "--record", "r" + "f" * 24), 5, "record_unknown"),
        (("reads", "--subject", WIFE, "--purpose", " "), 2, "purpose_missing"),
        (("reuse", "--from", "tháng trước"), 2, "setting_invalid"),
    ],
)
def test_a_wrong_question_is_one_sentence(
    sohoa: Run, home: Path, arguments: tuple[str, ...], code: int, says: str
) -> None:
    done = sohoa(*arguments, "--home", home)
    assert (done.returncode, done.stdout) == (code, "")
    assert says in done.stderr and WIFE not in done.stderr and HUSBAND not in done.stderr
    assert not list(read_entries(Settings.load(home, {}, {}).open_store()))


def test_what_cannot_be_logged_is_not_shown(sohoa: Run, home: Path) -> None:
    (home / "read-log").write_bytes(b"")
    for arguments in (("lookup", "--subject", WIFE, *ASK, "--json"), ("export",), ("show",)):
        done = sohoa(*arguments, "--home", home)
        assert (done.returncode, done.stdout) == (4, "")
        assert "read_log_failed" in done.stderr


def test_every_word_of_the_contract_has_words_for_people() -> None:
    assert set(REASONS) == set(Reason)
    assert set(MISSING) == set(MissingBecause)
    assert set(KINDS) == set(ReadKind)


def test_a_masked_number_keeps_three_digits_at_each_end() -> None:
    assert masked(WIFE) == "001******345"
