"""Drawn papers: the same seed gives the same paper, and the truth is what the contract says."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from benchmarks.drawing.__main__ import main
from benchmarks.drawing.acts import ACT_TYPES, act_date
from benchmarks.drawing.chance import generator_for
from benchmarks.drawing.civil_status import draw_birth
from benchmarks.drawing.dossier import draw_dossier, encode_file, write_dossiers
from benchmarks.drawing.fonts import FontMissingError, font_folder
from benchmarks.drawing.paper import PAPER_TYPES, draw_paper
from benchmarks.drawing.people import Person, Sex, draw_personal_id
from benchmarks.drawing.places import PROVINCES

_DPI = 60
_ACT_FIELDS = {
    "code_number", "code_notation", "issued_date", "place", "organ_name", "subject", "signer_name", "signer_title",
}  # fmt: skip
_CHILD_FIELDS = {
    "number", "full_name", "date_of_birth", "sex", "ethnicity", "nationality", "place_of_birth", "place_of_origin",
    "personal_id", "mother_name", "father_name", "registration_place",
}  # fmt: skip
_FIELDS = {
    **dict.fromkeys(ACT_TYPES, _ACT_FIELDS),
    "giay-khai-sinh": _CHILD_FIELDS | {"registration_date"},
    "trich-luc-khai-sinh": _CHILD_FIELDS | {"original_number", "original_date", "issued_date"},
}


def _font_is_there() -> bool:
    try:
        font_folder()
    except FontMissingError:
        return False
    return True


needs_font = pytest.mark.skipif(not _font_is_there(), reason="Liberation Serif 2 is not installed")


@needs_font
@pytest.mark.parametrize("paper_type", PAPER_TYPES)
def test_truth_has_the_fields_of_the_contract(paper_type: str) -> None:
    drawn = draw_paper(paper_type, 7, _DPI)
    fields = drawn.truth["fields"]
    assert drawn.truth["type"] == paper_type
    assert drawn.truth["pages"] == list(range(1, len(drawn.pages) + 1))
    assert set(fields) == _FIELDS[paper_type]
    for name, value in fields.items():
        assert value or name == "father_name"
        if name.endswith("_date") or name == "date_of_birth":
            date.fromisoformat(value)


@needs_font
@pytest.mark.parametrize("strength", ["clean", "light", "medium", "heavy", "mixed"])
def test_same_seed_gives_same_picture(strength: str) -> None:
    first = draw_paper("giay-khai-sinh", 3, _DPI, strength)
    second = draw_paper("giay-khai-sinh", 3, _DPI, strength)
    other = draw_paper("giay-khai-sinh", 4, _DPI, strength)
    assert first.truth == second.truth != other.truth
    assert [page.tobytes() for page in first.pages] == [page.tobytes() for page in second.pages]


@needs_font
def test_words_depend_neither_on_resolution_nor_on_wear() -> None:
    plain = draw_paper("quyet-dinh", 5, _DPI).truth["fields"]
    assert draw_paper("quyet-dinh", 5, 80, "heavy").truth["fields"] == plain


@needs_font
def test_dossier_truth_names_every_page_once_and_bytes_repeat() -> None:
    for seed in range(6):
        dossier = draw_dossier(seed, "light", 30)
        sizes = {file.name: len(file.pages) for file in dossier.files}
        places = [(paper["file"], page) for paper in dossier.papers for page in paper["pages"]]
        assert len(places) == len(set(places))
        assert all(1 <= page <= sizes[name] for name, page in places)
    again = draw_dossier(seed, "light", 30)
    assert [encode_file(file, 30) for file in again.files] == [encode_file(file, 30) for file in dossier.files]


@needs_font
def test_civil_status_papers_of_a_dossier_are_about_one_child(tmp_path: Path) -> None:
    dossier = draw_dossier(2, "clean", 30, ("giay-khai-sinh", "trich-luc-khai-sinh"), "hs-mau")
    names = {paper["fields"]["full_name"] for paper in dossier.papers}
    assert len(names) == 1
    write_dossiers(tmp_path, [dossier], 30)
    truth: dict[str, Any] = json.loads((tmp_path / "truth.json").read_text(encoding="utf-8"))
    assert truth == {"hs-mau": list(dossier.papers)}
    assert {path.name for path in (tmp_path / "hs-mau").iterdir()} == {file.name for file in dossier.files}


@needs_font
def test_command_writes_dossiers_and_tells(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path), "--seed", "3", "--dossiers", "1", "--strength", "clean", "--dpi", "150"]) == 0
    assert "Đã vẽ 1 hồ sơ" in capsys.readouterr().out
    assert (tmp_path / "truth.json").is_file()


def _check_personal_id(person: Person) -> None:
    century = 0 if person.date_of_birth.year < 2000 else 2
    assert len(person.personal_id) == 12
    assert person.personal_id.isdigit()
    assert person.personal_id[:3] == person.home.province.code
    assert int(person.personal_id[3]) == century + (person.sex is Sex.FEMALE)
    assert person.personal_id[4:6] == f"{person.date_of_birth.year % 100:02d}"


@pytest.mark.parametrize("seed", range(20))
def test_personal_ids_agree_with_the_person(seed: int) -> None:
    birth = draw_birth(generator_for(seed), date(1975, 1, 1), date(2026, 5, 30))
    _check_personal_id(birth.child)
    _check_personal_id(birth.mother)
    if birth.father:
        _check_personal_id(birth.father)
    assert birth.child.date_of_birth < birth.registered


def test_personal_id_needs_a_known_century() -> None:
    with pytest.raises(ValueError, match="century"):
        draw_personal_id(generator_for(1), PROVINCES[0], Sex.MALE, 1850)


def test_dates_of_acts_pad_days_and_only_the_first_months() -> None:
    assert act_date(date(2024, 2, 5)) == "ngày 05 tháng 02 năm 2024"
    assert act_date(date(2024, 3, 15)) == "ngày 15 tháng 3 năm 2024"


def test_unknown_types_and_strengths_are_refused() -> None:
    with pytest.raises(ValueError, match="unknown paper type"):
        draw_paper("so-do", 1)
    with pytest.raises(ValueError, match="soaked"):
        draw_paper("quyet-dinh", 1, strength="soaked")
