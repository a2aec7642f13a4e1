"""`sohoa verify` and `sohoa store mirror` as an administrator types them, and the nightly flow when something is wrong."""

import hashlib
import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from storage.folder_store import FolderStore
from storage.keys import record_key, scan_key
from tests.storage.whole_store import add_dossier, record_id_of, scan_of, sha_of

Sohoa = Callable[..., "subprocess.CompletedProcess[str]"]
RECORD = record_key(record_id_of(1), 1)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with two dossiers that nobody had to read."""
    home = tmp_path / "home"
    for number in (1, 2):
        add_dossier(FolderStore(home / "store"), None, number)
    return home


@pytest.fixture
def run(program: list[str], environment: dict[str, str], home: Path) -> Sohoa:
    """Run a command on the home, without a Prefect server."""

    def run(*arguments: str, **env: str) -> "subprocess.CompletedProcess[str]":
        command = [*program, *arguments, "--home", str(home)]
        return subprocess.run(
            command, env={**environment, **env}, capture_output=True, encoding="utf-8", timeout=600, check=False
        )

    return run


def test_copy_damage_and_repair(run: Sohoa, home: Path, tmp_path: Path) -> None:
    store, second = FolderStore(home / "store"), f"file:{tmp_path}/second"
    first = run("verify")
    assert (first.returncode, first.stderr) == (0, "")
    assert "Đã kiểm 8 đối tượng: nguyên vẹn, 0 cảnh báo." in first.stdout
    assert "lần đầu được kiểm" in first.stdout

    copied = run("store", "mirror", second)
    assert copied.returncode == 0, copied.stderr
    assert "Đã chép 8 đối tượng" in copied.stdout
    assert json.loads(run("store", "mirror", "--json", SOHOA_SECOND_STORE=second).stdout)["held"] == 8

    store.put(RECORD, store.get(RECORD).replace(b'"12"', b'"13"'))
    (home / "store" / scan_key(sha_of(2))).unlink()
    damaged = run("verify")
    assert damaged.returncode == 4
    assert "[object_damaged]" in damaged.stderr and RECORD in damaged.stderr
    assert "sohoa verify --repair" in damaged.stdout
    alone = run("verify", "--repair", "--json")
    assert alone.returncode == 4
    assert {problem["code"] for problem in json.loads(alone.stdout)["impossible"]} == {"repair_impossible"}

    repaired = run("verify", "--repair", "--from", second)
    assert (repaired.returncode, repaired.stdout.count("đã phục hồi: ")) == (0, 2), repaired.stderr
    assert store.get(scan_key(sha_of(2))) == scan_of(2)
    whole = json.loads(run("verify", "--json").stdout)
    assert (whole["damage"], whole["warnings"], whole["complete"], whole["first_seen"]) == ([], [], True, 0)
    assert {row["kind"]: row["objects"] for row in whole["kinds"]} == dict.fromkeys(
        ("scans", "pages", "records", "dossiers"), 2
    )
    assert [name for name in (damaged.stderr + repaired.stdout).split() if name == "Thử"] == []


def test_a_rate_bounds_how_fast_is_read(run: Sohoa, home: Path) -> None:
    path = home.parent / "big.bin"
    path.write_bytes(b"x" * (3 << 20))
    store = FolderStore(home / "store")
    store.put_file(scan_key(hashlib.sha256(path.read_bytes()).hexdigest()), path)
    started = time.monotonic()
    assert run("verify", "--rate", "1", "--resume").returncode == 0
    assert time.monotonic() - started > 2


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("store", "mirror"), "SOHOA_SECOND_STORE"),
        (("store", "mirror", "ftp://x"), "SOHOA_SECOND_STORE"),
        (("verify", "--repair", "--from", "nowhere"), "SOHOA_SECOND_STORE"),
    ],
)
def test_a_second_store_that_is_none_is_one_sentence(run: Sohoa, arguments: tuple[str, ...], words: str) -> None:
    done = run(*arguments)
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
    assert words in done.stderr and "[setting_invalid]" in done.stderr


@pytest.mark.parametrize("arguments", [("verify",), ("store", "mirror", "file:elsewhere")])
def test_of_a_home_that_is_not_there_nobody_is_told_that_all_is_well(
    program: list[str], environment: dict[str, str], tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    mistyped = tmp_path / "so-hoaa"
    command = [*program, *arguments, "--home", str(mistyped)]
    done = subprocess.run(command, env=environment, capture_output=True, encoding="utf-8", timeout=600, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("sohoa: SOHOA_HOME: ") and not mistyped.exists()


def test_an_empty_store_is_not_called_whole(program: list[str], environment: dict[str, str], tmp_path: Path) -> None:
    command = [*program, "verify", "--home", str(tmp_path)]
    done = subprocess.run(command, env=environment, capture_output=True, encoding="utf-8", timeout=600, check=False)
    assert (done.returncode, done.stdout) == (0, "Kho chưa có đối tượng nào: không có gì để kiểm.\n")


def test_a_store_is_no_copy_of_itself(run: Sohoa, home: Path) -> None:
    assert run("store", "mirror", f"file:{home}/store").returncode == 2


def test_the_nightly_flow_fails_where_something_is_damaged_and_keeps_its_reports(
    home: Path, environment: dict[str, str], flow_api: str
) -> None:
    FolderStore(home / "store").put(scan_key(sha_of(1)), b"scam")
    (home / "verify").mkdir()
    for number in range(70):
        (home / "verify" / f"report-20200101T0000{number:02}000000Z.json").write_text("{}")
    program = (
        "import sys; from flows.verification import verify_store;"
        "print(repr(verify_store(sys.argv[1], return_state=True)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(home)],
        cwd=Path(__file__).parents[1],
        env={**environment, "PREFECT_API_URL": flow_api, "PREFECT_HOME": str(home / "prefect")},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert "1 damaged or missing, see verify/report-" in done.stdout, done.stderr
    assert "Thử" not in done.stdout + done.stderr
    reports = sorted((home / "verify").glob("report-*.json"))
    assert len(reports) == 60
    assert json.loads(reports[-1].read_text())["damage"][0]["code"] == "object_damaged"
