"""Drawn forms of civil status, judicial records and building permits."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from benchmarks.drawing import civil_forms, permits
from benchmarks.drawing.acts import act_date
from benchmarks.drawing.chance import generator_for
from benchmarks.drawing.civil_status import draw_birth
from benchmarks.drawing.fonts import Family, FontMissingError, Style, font_folder
from benchmarks.drawing.forms import Drawn, Form, Occasion
from benchmarks.drawing.sheets import HEIGHT_MM, WIDTH_MM, Sheets

_DPI = 40
_FORMS = {**civil_forms.FORMS, **permits.FORMS}
_CASES = [(paper_type, form) for paper_type, forms in _FORMS.items() for form in forms]
_NAMES = [f"{paper_type}-{form.__name__}" for paper_type, form in _CASES]  # type: ignore[attr-defined]
_CHILD = (
    "number full_name date_of_birth sex ethnicity nationality place_of_birth place_of_origin personal_id mother_name "
    "father_name registration_place"
)
# Source: design §6; `*` fields are required
_FIELDS = {
    "giay-khai-sinh": f"{_CHILD} registration_date",
    "trich-luc-khai-sinh": f"{_CHILD} original_number original_date issued_date",
    "giay-chung-nhan-ket-hon": (
        "number wife_name wife_date_of_birth wife_personal_id husband_name husband_date_of_birth husband_personal_id "
        "registration_place registration_date"
    ),
    "giay-xac-nhan-tinh-trang-hon-nhan": (
        "number full_name date_of_birth sex personal_id residence marital_status purpose issued_date"
    ),
    "trich-luc-khai-tu": "number full_name date_of_birth sex personal_id date_of_death original_number issued_date",
    "to-khai-dang-ky-khai-sinh": "requester_name full_name date_of_birth sex mother_name father_name",
    "phieu-ly-lich-tu-phap": "number full_name date_of_birth personal_id criminal_status issued_date organ_name",
    "giay-phep-xay-dung": (
        "number grantee_name parcel_number construction_address work_type floor_area_m2 issued_date organ_name"
    ),
}
# Fields that a form may leave empty.
_MAY_BE_EMPTY = {"father_name", "personal_id", "wife_personal_id", "husband_personal_id"}
_REQUIRED_IDS = {"giay-xac-nhan-tinh-trang-hon-nhan"}


def _font_is_there() -> bool:
    try:
        font_folder()
    except FontMissingError:
        return False
    return True


pytestmark = pytest.mark.skipif(not _font_is_there(), reason="Liberation Serif 2 is not installed")


def _draw(form: Form, seed: int, dpi: int = _DPI) -> Drawn:
    family = Family.SANS if seed % 3 == 0 else Family.SERIF
    birth = draw_birth(generator_for(seed, 1))
    return form(generator_for(seed, 2), Occasion(dpi, birth, family, stamp_over_name=seed % 2 == 0))


@pytest.fixture
def printed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Everything that `Sheets` writes; refuses what would run off the sheet."""
    texts: list[str] = []
    put = Sheets.put

    def noting(self: Sheets, text: str, x_mm: float, y_mm: float, *args: Any, **kwargs: Any) -> None:
        style = args[1] if len(args) > 1 else Style.REGULAR
        width = self.text_width_mm(text, args[0], style)
        left = x_mm - {"left": 0.0, "middle": 0.5, "right": 1.0}[kwargs.get("align", "left")] * width
        assert y_mm < HEIGHT_MM - 8 and left > 8 and left + width < WIDTH_MM - 8, f"off the sheet: {text}"
        texts.append(text)
        put(self, text, x_mm, y_mm, *args, **kwargs)

    monkeypatch.setattr(Sheets, "put", noting)
    return texts


def _spellings(field: str, value: str) -> list[str]:
    if "date" in field and len(value) == 10:
        day = date.fromisoformat(value)
        slashed = f"{day.day:02d}/{day.month:02d}/{day.year}"
        return [slashed, slashed.replace("/", "-"), act_date(day).removeprefix("ngày ")]
    if field == "floor_area_m2":
        return [f"{float(value):,.1f}".replace(",", " ").replace(".", ",").replace(" ", ".").removesuffix(",0")]
    return [value]


def _check_truth(paper_type: str, fields: Mapping[str, Any], words: str) -> None:
    assert set(fields) == set(_FIELDS[paper_type].split())
    for field, value in fields.items():
        if value is None:
            assert field in _MAY_BE_EMPTY
            assert field != "personal_id" or paper_type not in _REQUIRED_IDS
            continue
        assert any(spelling.casefold() in words for spelling in _spellings(field, value)), (field, value, words)


@pytest.mark.parametrize(("paper_type", "form"), _CASES, ids=_NAMES)
def test_truth_names_the_fields_of_the_contract_and_is_printed(paper_type: str, form: Form, printed: list[str]) -> None:
    for seed in range(12):
        printed.clear()
        drawn = _draw(form, seed)
        words = " ".join(" ".join(printed).split()).casefold()
        _check_truth(paper_type, drawn.fields, words)
        assert all(page.mode == "RGB" for page in drawn.pages)


@pytest.mark.parametrize(("paper_type", "form"), _CASES, ids=_NAMES)
def test_equal_seeds_draw_equal_pages(paper_type: str, form: Form) -> None:
    first, second, other = _draw(form, 3), _draw(form, 3), _draw(form, 4)
    assert first.fields == second.fields != other.fields
    assert [page.tobytes() for page in first.pages] == [page.tobytes() for page in second.pages]
    assert first.layout == other.layout


@pytest.mark.parametrize(("paper_type", "form"), _CASES, ids=_NAMES)
def test_words_do_not_depend_on_the_resolution(paper_type: str, form: Form) -> None:
    assert _draw(form, 5).fields == _draw(form, 5, dpi=75).fields


@pytest.mark.parametrize("paper_type", _FORMS)
def test_every_type_has_several_layouts(paper_type: str) -> None:
    layouts = [_draw(form, 1).layout for form in _FORMS[paper_type]]
    assert len(set(layouts)) == len(layouts) >= 2


def test_permits_of_2021_have_two_pages() -> None:
    assert len(_draw(permits.permit_of_2021, 2).pages) == 2


def test_only_permits_of_2021_have_several_pages() -> None:
    for _, form in _CASES:
        if form is not permits.permit_of_2021:
            assert {len(_draw(form, seed).pages) for seed in range(8)} == {1}
