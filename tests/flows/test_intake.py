"""What counts as a dossier, by the shape of what the clerk points at."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.intake import as_parameter, as_path, display_text, take_in
from ocr.file_names import natural_key

PDF = b"%PDF-1.4\n"


def make(folder: Path, *names: str) -> Path:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(PDF if name.endswith("pdf") else b"{}")
    return folder


def found(*paths: Path) -> dict[str, list[str]]:
    return {dossier.dossier_id: [file.name for file in dossier.files] for dossier in take_in(paths).dossiers}


def test_a_folder_with_files_is_one_dossier_in_natural_order(tmp_path: Path):
    assert found(make(tmp_path / "hs", "trang 10.pdf", "trang 2.pdf")) == {"hs": ["trang 2.pdf", "trang 10.pdf"]}


def test_a_folder_of_folders_is_a_batch_and_a_file_beside_them_a_dossier(tmp_path: Path):
    folder = make(tmp_path / "lo", "a/1.pdf", "b/1.pdf", "c.pdf", "truth.json")
    assert found(folder) == {"a": ["1.pdf"], "b": ["1.pdf"], "c": ["c.pdf"]}
    assert [problem.file for problem in take_in([folder]).skipped] == ["lo/truth.json"]


def test_what_file_managers_leave_is_passed_over_in_silence(tmp_path: Path):
    intake = take_in([make(tmp_path / "hs", "1.pdf", ".DS_Store", "Thumbs.db")])
    assert (len(intake.dossiers), intake.skipped, intake.problems) == (1, (), ())


def test_a_scan_is_known_by_its_first_bytes_too(tmp_path: Path):
    folder = tmp_path / "hs"
    folder.mkdir()
    (folder / "scan").write_bytes(PDF)
    assert found(folder) == {"hs": ["scan"]}


def test_two_inputs_of_one_name_are_refused_and_the_same_twice_is_not(tmp_path: Path):
    first, second = make(tmp_path / "a", "hs/1.pdf") / "hs", make(tmp_path / "b", "hs/1.pdf") / "hs"
    assert [problem.code for problem in take_in([first, second]).problems] == ["dossier_conflict"]
    assert take_in([first, first]).problems == ()


def test_a_folder_has_its_name_also_when_it_is_given_as_a_dot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(make(tmp_path / "hs-7", "1.pdf"))
    assert found(Path()) == {"hs-7": ["1.pdf"]}


def test_a_link_to_a_folder_keeps_the_name_of_the_link(tmp_path: Path):
    (tmp_path / "hs-9").symlink_to(make(tmp_path / "real", "1.pdf"))
    assert found(tmp_path / "hs-9") == {"hs-9": ["1.pdf"]}


@pytest.mark.parametrize("name", ["hồ sơ.pdf", os.fsdecode(b"h\xe9.pdf"), "100%.pdf", "a b?#.pdf"])
def test_a_path_comes_back_from_a_flow_parameter(tmp_path: Path, name: str):
    parameter = as_parameter(tmp_path / name)
    assert parameter.encode("utf-8")
    assert as_path(parameter) == tmp_path / name


@given(st.text(), st.text())
def test_every_name_sorts_against_every_other(left: str, right: str):
    assert (natural_key(left) < natural_key(right)) or (natural_key(left) >= natural_key(right))


@given(st.binary(min_size=1).filter(lambda name: b"\0" not in name))
def test_every_name_can_be_shown(name: bytes):
    assert display_text(os.fsdecode(name)).encode("utf-8")
