"""Drawn papers: the same seed gives the same paper, and the truth is what the contract says."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from benchmarks.drawing.__main__ import main
from benchmarks.drawing.acts import act_date
from benchmarks.drawing.chance import generator_for
from benchmarks.drawing.civil_status import draw_birth
from benchmarks.drawing.dossier import draw_dossier, encode_file, write_dossiers
from benchmarks.drawing.fonts import FontMissingError, font_folder
from benchmarks.drawing.forms import Form
from benchmarks.drawing.origin import Origin, choose_origin
from benchmarks.drawing.paper import draw_paper
from benchmarks.drawing.people import Person, Sex, draw_personal_id
from benchmarks.drawing.places import PROVINCES
from benchmarks.drawing.registry import FORMS, RECEIPT
from benchmarks.drawing.wear import Strength
from extractors.paper_type_loader import shipped_paper_types

_DPI = 60
_TYPES = {paper_type.id: paper_type for paper_type in shipped_paper_types()}


def _font_is_there() -> bool:
    try:
        font_folder()
    except FontMissingError:
        return False
    return True


needs_font = pytest.mark.skipif(not _font_is_there(), reason="Liberation Serif 2 is not installed")


@needs_font
@pytest.mark.parametrize(("paper_type", "form"), [(name, form) for name, forms in FORMS.items() for form in forms])
def test_truth_has_the_fields_of_the_product(paper_type: str, form: Form) -> None:
    drawn = draw_paper(paper_type, 7, _DPI, form=form)
    fields = drawn.truth["fields"]
    assert drawn.truth["type"] == paper_type
    assert drawn.truth["pages"] == list(range(1, len(drawn.pages) + 1))
    assert drawn.truth["layout"]
    declared = {name: field for name, field in _TYPES[paper_type].fields.items() if not field.auxiliary}
    assert set(fields) == set(declared)
    for name, value in fields.items():
        # Forms for applicants may be left blank; what an office issues says all that is required.
        assert value or not declared[name].required or paper_type.startswith("to-khai")
        if value and declared[name].kind == "date":
            date.fromisoformat(value if len(value) > 4 else f"{value}-01-01")


@needs_font
def test_layouts_of_a_type_have_names_of_their_own() -> None:
    for paper_type, forms in FORMS.items():
        names = {draw_paper(paper_type, 7, 20, form=form).truth["layout"] for form in forms}
        assert len(names) == len(forms)


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
@pytest.mark.parametrize("origin", Origin)
@pytest.mark.parametrize("strength", ["light", "medium", "heavy"])
def test_every_way_to_us_changes_the_picture_and_repeats(origin: Origin, strength: str) -> None:
    papers = [draw_paper("giay-khai-sinh", 3, _DPI, strength, choose=lambda _g, _s: origin) for _ in range(2)]
    first, second = (paper.pages[0] for paper in papers)
    assert first.tobytes() == second.tobytes() != papers[0].printed[0].tobytes()
    assert papers[0].truth["origin"] == origin.value
    assert 0.9 < first.width / papers[0].printed[0].width < 1.4
    assert (first.mode == "1") >= (origin is Origin.FAX)


@needs_font
def test_clean_papers_are_as_printed() -> None:
    assert {choose_origin(generator_for(seed), Strength.CLEAN) for seed in range(50)} == {Origin.SCANNER}
    paper = draw_paper("can-cuoc", 3, _DPI)
    assert paper.pages[0].tobytes() == paper.printed[0].tobytes()


def test_copies_become_more_with_wear() -> None:
    shares = []
    for strength in (Strength.LIGHT, Strength.MEDIUM, Strength.HEAVY):
        origins = [choose_origin(generator_for(seed), strength) for seed in range(400)]
        shares.append(sum(origin is not Origin.SCANNER for origin in origins) / 400)
    assert 0 < shares[0] < shares[1] < shares[2] < 0.7


@needs_font
def test_dossier_truth_names_every_page_once_and_bytes_repeat() -> None:
    for seed in range(12):
        dossier = draw_dossier(seed, "light", 30)
        everything = [(file.name, page) for file in dossier.files for page in range(1, len(file.pages) + 1)]
        places = [(paper["file"], page) for paper in dossier.papers for page in paper["pages"]]
        assert sorted([*places, *dossier.blank, *dossier.separators]) == sorted(everything)
    again = draw_dossier(seed, "light", 30)
    assert [encode_file(file, 30) for file in again.files] == [encode_file(file, 30) for file in dossier.files]


@needs_font
def test_two_sided_scans_put_a_back_behind_sheets() -> None:
    backs = [draw_dossier(seed, "clean", 12).blank for seed in range(30)]
    assert max(map(len, backs)) > 2


@needs_font
def test_a_receipt_lists_the_papers_of_its_dossier() -> None:
    dossier = draw_dossier(5, "clean", 20, (RECEIPT, "giay-khai-sinh", "cong-van"))
    receipt, birth, letter = dossier.papers
    assert receipt["type"] == RECEIPT
    first, second, *_ = receipt["fields"]["components"]
    assert "khai sinh" in first
    assert birth["type"] == "giay-khai-sinh"
    assert second.endswith(letter["fields"]["subject"])


@needs_font
def test_separator_sheets_part_half_of_the_piles() -> None:
    sheet = Image.new("RGB", (100, 140), "white")
    papers = ("quyet-dinh", "giay-khai-sinh")
    counts = {len(draw_dossier(seed, "clean", 12, papers, separator=sheet).separators) for seed in range(12)}
    assert counts == {0, 1}


@needs_font
def test_civil_status_papers_of_a_dossier_are_about_one_child(tmp_path: Path) -> None:
    dossier = draw_dossier(2, "clean", 30, ("giay-khai-sinh", "trich-luc-khai-sinh"), "hs-mau")
    names = {paper["fields"]["full_name"] for paper in dossier.papers}
    assert len(names) == 1
    write_dossiers(tmp_path, [dossier], 30)
    truth: dict[str, Any] = json.loads((tmp_path / "truth.json").read_text(encoding="utf-8"))
    assert truth == {"hs-mau": list(dossier.papers)}
    sides = json.loads((tmp_path / "pages.json").read_text(encoding="utf-8"))["hs-mau"]
    assert sides["pages"] == {file.name: len(file.pages) for file in dossier.files}
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
