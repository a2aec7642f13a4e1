"""The command line as programs and clerks use it: exit codes, outputs, settings, and no traceback anywhere."""

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., "subprocess.CompletedProcess[str]"]
NOBODY = "không-có-hồ-sơ-này"


def objects(home: Path) -> dict[str, tuple[int, int]]:
    files = ((path, path.stat()) for path in (home / "store").rglob("*") if path.is_file())
    return {str(path): (found.st_ino, found.st_mtime_ns) for path, found in files}


def records(done: "subprocess.CompletedProcess[str]") -> list[dict]:
    assert (done.returncode, done.stderr) == (0, "")
    return [json.loads(line) for line in done.stdout.splitlines()]


# --- ingest ------------------------------------------------------------------------------------------------------


def test_ingest_answers_programs_in_json_and_touches_nothing_that_is_held(sohoa: Run, drawn: Path, filled_home: Path):
    before = objects(filled_home)
    done = sohoa("ingest", drawn, "--home", filled_home, "--json")
    answer = json.loads(done.stdout)

    assert (done.returncode, done.stderr) == (0, "")
    assert [(found["dossier_id"], found["state"]) for found in answer["dossiers"]] == [
        ("hs-101", "complete"),
        ("hs-102", "complete"),
    ]
    assert [paper["paper_type"] for paper in answer["dossiers"][0]["papers"]] == ["quyet-dinh", "giay-khai-sinh"]
    assert [problem["code"] for problem in answer["skipped"]] == ["file_skipped"] * 2  # truth.json, pages.json
    assert objects(filled_home) == before


def test_ingest_tells_what_waits_for_a_steward(sohoa: Run, drawn: Path, filled_home: Path):
    waiting = records(sohoa("export", "--home", filled_home, "--state", "needs_review", "--dossier", "hs-101"))
    answer = json.loads(sohoa("ingest", drawn / "hs-101", "--home", filled_home, "--json").stdout)

    assert answer["dossiers"][0]["to_review"]["records"] == len(waiting)


def test_ingest_of_what_is_not_there(sohoa: Run, tmp_path: Path):
    (tmp_path / "trống").mkdir()
    done = sohoa("ingest", tmp_path / "không có", tmp_path / "trống", "x" * 300, "--home", tmp_path / "home")

    assert done.returncode == 1
    assert [line.rsplit("[")[-1] for line in done.stderr.splitlines()] == [
        "path_not_found]",
        "folder_empty]",
        "path_not_found]",
    ]
    assert done.stdout == "0 hồ sơ, 0 giấy tờ, 0 cần người xem.\n"


def test_ingest_of_a_name_that_is_no_unicode(sohoa: Run, small_scan: Path, tmp_path: Path):
    strange = os.fsencode(tmp_path) + b"/h\xe9.pdf"
    shutil.copy(small_scan, strange)
    done = sohoa("ingest", os.fsdecode(strange), "--home", tmp_path / "home", "--json")

    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["dossiers"][0]["dossier_id"] == "h\\xe9"


def test_a_damaged_page_text_is_read_anew_from_the_scan(sohoa: Run, drawn: Path, filled_home: Path):
    page = next((filled_home / "store" / "pages").glob("*/1/*.json"))
    whole = page.read_bytes()
    page.write_bytes(whole[:100])
    done = sohoa("ingest", drawn, "--home", filled_home)

    assert (done.returncode, page.read_bytes()) == (0, whole)


def test_the_same_name_with_other_content_is_refused(sohoa: Run, drawn: Path, filled_home: Path, tmp_path: Path):
    other = tmp_path / "hs-102"
    shutil.copytree(drawn / "hs-101", other)
    done = sohoa("ingest", other, "--home", filled_home)

    assert done.returncode == 1
    assert done.stderr.count("[dossier_conflict]") == 1


# --- export, text ------------------------------------------------------------------------------------------------


def test_export_chooses_by_dossier_and_state(sohoa: Run, filled_home: Path):
    everything = records(sohoa("export", "--home", filled_home))
    by_dossier = records(sohoa("export", "--home", filled_home, "--dossier", "hs-101", "--json"))
    by_state = records(sohoa("export", "--home", filled_home, "--state", "needs_review"))

    assert {record["schema"] for record in everything} == {"sohoa.record/1"}
    assert by_dossier == [record for record in everything if record["dossier_id"] == "hs-101"] != []
    assert by_state == [record for record in everything if record["state"] == "needs_review"]


def test_export_of_an_empty_home_is_empty(sohoa: Run, tmp_path: Path):
    assert records(sohoa("export", "--home", tmp_path)) == []


def test_text_gives_pages_between_form_feeds(sohoa: Run, filled_home: Path):
    plain = sohoa("text", "hs-101", "--home", filled_home)
    pages = json.loads(sohoa("text", "hs-101", "--home", filled_home, "--json").stdout)

    assert [page["page_number"] for page in pages] == [1, 2, 3]
    assert plain.stdout == "\f".join(page["text"] for page in pages) + "\n"
    assert "QUYẾT ĐỊNH" in pages[0]["text"]


# --- exit codes --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ((), 2),
        (("no-such-command",), 2),
        (("ingest",), 2),
        (("export", "--state", "nonsense"), 2),
        (("export", "--no-such-option"), 2),
        (("export", "--dossier", NOBODY), 5),
        (("text", NOBODY), 5),
        (("text", " "), 5),
        (("export", "--dossier", " "), 5),
    ],
)
def test_exit_codes_of_mistakes(sohoa: Run, filled_home: Path, arguments: tuple[str, ...], code: int):
    done = sohoa(*arguments, env={"SOHOA_HOME": str(filled_home)})
    assert done.returncode == code
    assert "Traceback" not in done.stderr


def test_a_setting_that_is_wrong_is_named(sohoa: Run, tmp_path: Path):
    done = sohoa("export", "--home", tmp_path, env={"SOHOA_WORKERS": "many"})
    assert done.returncode == 2
    assert done.stderr.startswith("sohoa: SOHOA_WORKERS: ") and len(done.stderr.splitlines()) == 1


def test_a_home_that_cannot_be_made(sohoa: Run, tmp_path: Path):
    (tmp_path / "file").write_text("")
    for arguments in (("export",), ("verify",), ("ingest", tmp_path), ("doctor",)):
        done = sohoa(*arguments, "--home", tmp_path / "file" / "home")
        assert done.returncode in {2, 4}
        assert "Traceback" not in done.stderr and len(done.stderr.splitlines()) == 1


def test_without_the_reading_program_the_remedy_is_named(sohoa: Run, small_scan: Path, tmp_path: Path):
    without = {"PATH": str(tmp_path)}
    done = sohoa("ingest", small_scan, "--home", tmp_path / "home", env=without)
    looked = sohoa("doctor", "--home", tmp_path / "home", "--json", env=without)

    assert looked.returncode == 3
    remedies = {check["name"]: check["remedy"] for check in json.loads(looked.stdout)["checks"] if not check["found"]}
    assert "poppler (pdftoppm)" in remedies and "apt-get install" in remedies["poppler (pdftoppm)"]
    assert done.returncode in {1, 3} and "[reader_missing]" in done.stderr
    assert "Traceback" not in done.stderr


# --- settings ----------------------------------------------------------------------------------------------------


def test_the_flag_goes_before_the_environment(sohoa: Run, filled_home: Path, tmp_path: Path):
    by_environment = sohoa("export", env={"SOHOA_HOME": str(filled_home)})
    by_flag = sohoa("export", "--home", tmp_path, env={"SOHOA_HOME": str(filled_home)})

    assert by_environment.stdout == sohoa("export", "--home", filled_home).stdout != ""
    assert by_flag.stdout == ""


def test_doctor_names_every_setting_and_its_source(sohoa: Run, filled_home: Path):
    done = sohoa("doctor", "--home", filled_home, "--json", env={"SOHOA_WORKERS": "2"})
    answer = json.loads(done.stdout)

    assert done.returncode == 0
    assert all(check["found"] for check in answer["checks"])
    sources = {row["name"]: row["source"] for row in answer["settings"]}
    assert (sources["SOHOA_HOME"], sources["SOHOA_WORKERS"]) == ("flag", "environment")
    told = sohoa("doctor", "--home", filled_home, env={"SOHOA_WORKERS": "2"}).stdout
    assert f"SOHOA_HOME = {filled_home}  (cờ lệnh)" in told
    assert "SOHOA_WORKERS = 2  (biến môi trường)" in told


# --- reindex, verify ---------------------------------------------------------------------------------------------


def test_without_its_catalogue_a_home_loses_nothing(sohoa: Run, filled_home: Path):
    before = sohoa("export", "--home", filled_home).stdout
    for path in filled_home.glob("catalogue.sqlite*"):
        path.unlink()
    rebuilt = sohoa("reindex", "--home", filled_home, "--json")

    assert (rebuilt.returncode, json.loads(rebuilt.stdout)["dossiers"]) == (0, 2)
    assert sohoa("export", "--home", filled_home).stdout == before != ""
    assert "2 hồ sơ" in sohoa("reindex", "--home", filled_home).stdout


def test_verify_finds_a_whole_store_intact(sohoa: Run, filled_home: Path):
    answer = json.loads(sohoa("verify", "--home", filled_home, "--json").stdout)
    assert (answer["damage"], answer["warnings"]) == ([], [])


@pytest.mark.parametrize("folder", ["scans", "records", "dossiers"])
def test_verify_names_the_damaged_object(sohoa: Run, filled_home: Path, folder: str):
    damaged = next(path for path in sorted((filled_home / "store" / folder).rglob("*")) if path.is_file())
    content = bytearray(damaged.read_bytes())
    content[len(content) // 2] ^= 0x40
    damaged.write_bytes(content[:-1])
    done = sohoa("verify", "--home", filled_home)

    assert done.returncode == 4
    assert str(damaged.relative_to(filled_home / "store")) in done.stderr
    assert "Traceback" not in done.stderr
    assert json.loads(sohoa("verify", "--home", filled_home, "--json").stdout)["damage"]


def test_export_of_a_damaged_record_is_one_sentence(sohoa: Run, filled_home: Path):
    next((filled_home / "store" / "records").rglob("*.json")).write_bytes(b"{")
    done = sohoa("export", "--home", filled_home)
    assert done.returncode == 4
    assert "[object_damaged]" in done.stderr and "Traceback" not in done.stderr


# --- terminals and pipes -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["export", "text hs-101", "doctor", "verify"])
def test_a_reader_that_goes_away_is_no_error(
    environment: dict[str, str], program: list[str], filled_home: Path, command: str
):
    line = f"{program[0]} {command} --home {filled_home} | head -c 1 >/dev/null"
    done = subprocess.run(["bash", "-c", line], env=environment, capture_output=True, text=True, check=False)
    assert done.stderr == ""


def test_vietnamese_comes_through_without_a_locale(sohoa: Run, filled_home: Path):
    plain = {"LANG": "C", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    done = sohoa("text", "hs-101", "--home", filled_home, env=plain)
    assert (done.returncode, done.stderr) == (0, "")
    assert "QUYẾT ĐỊNH" in done.stdout


def test_help_names_every_command(sohoa: Run):
    shown = sohoa("--help").stdout
    for command in ("ingest", "export", "text", "reindex", "verify", "doctor", "deploy", "worker"):
        assert command in shown
