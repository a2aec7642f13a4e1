"""Drawn cards, land and business certificates and receipts: truth is what the contract says, codes can be read."""

from datetime import date
from decimal import Decimal

import numpy as np
import pytest

from benchmarks.drawing import business, cards, land, receipts
from benchmarks.drawing.addresses import older_tones
from benchmarks.drawing.amount_words import area_words, decimal_comma, integer_words, money_words
from benchmarks.drawing.business_facts import enterprise_code
from benchmarks.drawing.chance import generator_for
from benchmarks.drawing.civil_status import draw_birth
from benchmarks.drawing.codes import card_zone
from benchmarks.drawing.fonts import Family, FontMissingError, font_folder
from benchmarks.drawing.forms import Occasion
from ocr.codes import find_codes
from ocr.image import PageImage
from ocr.mrz import parse_mrz
from ocr.page import Box, CodeFormat

_CARD = {
    "personal_id", "full_name", "date_of_birth", "sex", "nationality", "place_of_origin", "residence", "issued_date",
    "expiry_date",
}  # fmt: skip
_FIELDS = {
    "can-cuoc-cong-dan": _CARD,
    "can-cuoc": _CARD,
    "giay-phep-lai-xe": {"number", "full_name", "date_of_birth", "license_class", "issued_date", "expiry_date"},
    "giay-chung-nhan-quyen-su-dung-dat": {
        "serial", "owner_name", "owner_personal_id", "parcel_number", "map_sheet_number", "parcel_address", "area_m2",
        "land_use_purpose", "register_number", "issued_date",
    },
    "giay-chung-nhan-dang-ky-doanh-nghiep": {
        "enterprise_code", "company_name", "head_office_address", "charter_capital", "representative_name",
        "representative_personal_id", "first_registration_date",
    },
    "giay-chung-nhan-dang-ky-ho-kinh-doanh": {
        "household_business_code", "business_name", "address", "capital", "owner_name", "owner_personal_id",
        "first_registration_date",
    },
    "giay-tiep-nhan-ho-so": {
        "dossier_code", "applicant_name", "applicant_personal_id", "procedure_name", "received_date", "due_date",
        "components",
    },
}  # fmt: skip
_MAY_BE_EMPTY = {"place_of_origin", "expiry_date", "owner_personal_id", "charter_capital", "capital"}
_FORMS = {**cards.FORMS, **land.FORMS, **business.FORMS, **receipts.FORMS}
_EVERY_FORM = [(paper_type, form) for paper_type, forms in _FORMS.items() for form in forms]


def _font_is_there():
    try:
        font_folder()
    except FontMissingError:
        return False
    return True


needs_font = pytest.mark.skipif(not _font_is_there(), reason="Liberation 2 is not installed")
every_form = pytest.mark.parametrize(
    ("paper_type", "form"), _EVERY_FORM, ids=[f"{name}-{form.__name__}" for name, form in _EVERY_FORM]
)


def occasion(seed, dpi=60, family=Family.SERIF):
    return Occasion(dpi, draw_birth(generator_for(seed, 4)), family, stamp_over_name=seed % 2 == 1)


def codes_of(drawn):
    pages = [PageImage(np.asarray(page), 200, number) for number, page in enumerate(drawn.pages, start=1)]
    return [code for page in pages for code in find_codes(page)]


def test_every_type_has_its_layouts():
    assert set(_FORMS) == set(_FIELDS)
    assert all(len(forms) >= 2 for forms in _FORMS.values())


@needs_font
@every_form
@pytest.mark.parametrize("seed", range(6))
def test_truth_has_the_fields_of_the_contract(paper_type, form, seed):
    drawn = form(generator_for(seed), occasion(seed))
    assert set(drawn.fields) == _FIELDS[paper_type]
    assert 1 <= len(drawn.pages) <= 4
    assert all(page.mode == "RGB" for page in drawn.pages)
    for name, value in drawn.fields.items():
        assert value or name in _MAY_BE_EMPTY, name
        if value and (name.endswith("_date") or name == "date_of_birth"):
            date.fromisoformat(value)
        if value and name in {"area_m2", "capital", "charter_capital"}:
            assert Decimal(value) > 0
        if name.endswith("_name") and name not in {"company_name", "business_name", "procedure_name"}:
            assert not value.isupper()


@needs_font
@every_form
def test_same_seed_gives_same_pages_and_words_do_not_depend_on_resolution(paper_type, form):
    first = form(generator_for(3), occasion(3))
    again = form(generator_for(3), occasion(3))
    finer = form(generator_for(3), occasion(3, 100))
    other = form(generator_for(4), occasion(4))
    assert [page.tobytes() for page in first.pages] == [page.tobytes() for page in again.pages]
    assert first.fields == again.fields == finer.fields != other.fields
    assert first.layout == again.layout == finer.layout


@needs_font
def test_layouts_of_a_type_have_names_of_their_own():
    for forms in _FORMS.values():
        names = {form(generator_for(1), occasion(1, 40)).layout for form in forms}
        assert len(names) == len(forms)


@needs_font
@pytest.mark.parametrize("form", [*cards.FORMS["can-cuoc-cong-dan"][:2], *cards.FORMS["can-cuoc"]])
def test_qr_of_a_card_says_what_the_card_says(form):
    drawn = form(generator_for(5), occasion(5, 200))
    fields = drawn.fields
    (code,) = [code for code in codes_of(drawn) if code.format is CodeFormat.QR]
    number, old, name, born, sex, residence, issued = code.text.split("|")
    assert (number, name, sex, residence) == tuple(fields[n] for n in ("personal_id", "full_name", "sex", "residence"))
    assert (len(old) in {0, 9}) and born == "".join(reversed(fields["date_of_birth"].split("-")))
    assert issued == "".join(reversed(fields["issued_date"].split("-")))


@pytest.mark.parametrize("seed", range(25))
def test_zone_of_a_card_holds(seed):
    birth = draw_birth(generator_for(seed))
    for person, expiry in ((birth.mother, date(2040, 5, 6)), (birth.child, None)):
        lines = card_zone(person, expiry)
        zone = parse_mrz(lines, "written", Box(0, 0, 10, 10))
        assert zone is not None and zone.valid and not zone.repaired
        assert zone.lines == lines
        assert (zone.personal_id, zone.date_of_birth) == (person.personal_id, person.date_of_birth.isoformat())
        assert zone.expiry == ("2040-05-06" if expiry else "2099-12-31")


@needs_font
def test_receipt_lists_the_papers_of_its_bundle_and_its_code_can_be_read():
    names = ["Tờ khai đăng ký khai sinh", "Giấy chứng nhận kết hôn", "Căn cước công dân"]
    layouts = set()
    for seed in range(12):
        drawn = receipts.draw_receipt(generator_for(seed), occasion(seed, 200), names, "H44.100-251112-0012")
        layouts.add(drawn.layout)
        assert drawn.fields["components"] == names
        assert drawn.fields["received_date"] == "2025-11-12"
        assert [code.text for code in codes_of(drawn)] == ["H44.100-251112-0012"]
    assert len(layouts) == 3


@needs_font
def test_qr_of_a_new_land_certificate_names_its_serial():
    drawn = land.two_pages(generator_for(2), occasion(2, 200))
    (code,) = codes_of(drawn)
    assert code.text.split("|")[0] == drawn.fields["serial"]


@pytest.mark.parametrize("seed", range(30))
def test_enterprise_codes_pass_their_check(seed):
    code = enterprise_code(generator_for(seed))
    weighted = sum(int(digit) * weight for digit, weight in zip(code, (31, 29, 23, 19, 17, 13, 7, 5, 3), strict=False))
    assert len(code) == 10 and int(code[9]) == 10 - weighted % 11


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "không"),
        (15, "mười lăm"),
        (104, "một trăm linh tư"),
        (1_005, "một nghìn không trăm linh năm"),
        (6_868_000_000, "sáu tỷ tám trăm sáu mươi tám triệu"),
        (12_050_000_000, "mười hai tỷ không trăm năm mươi triệu"),
        (1_000_001, "một triệu không trăm linh một"),
    ],
)
def test_words_of_numbers(number, words):
    assert integer_words(number) == words


def test_words_of_money_and_areas():
    assert money_words(8_000_000_000) == "Tám tỷ đồng"
    assert area_words(Decimal("99.7")) == "Chín mươi chín phẩy bảy mét vuông"
    assert area_words(Decimal("120.05")) == "Một trăm hai mươi phẩy không năm mét vuông"
    assert decimal_comma(Decimal("1234.5")) == "1.234,5"
    with pytest.raises(ValueError, match="not from 0"):
        integer_words(10**12)


def test_tones_move_to_the_second_vowel():
    assert older_tones("CỘNG HÒA, ỦY BAN, thúy, Hòa Bình, Thụy, tòa") == "CỘNG HOÀ, UỶ BAN, thuý, Hoà Bình, Thuỵ, toà"
    assert older_tones("Hoàng, quý, hoà, xã Tịnh Khê, của, mùa") == "Hoàng, quý, hoà, xã Tịnh Khê, của, mùa"
