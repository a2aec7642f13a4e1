"""Administrative units: printed addresses of either division, read as they stand, never further than they reach."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from extractors.units.normalise import normalise_place
from extractors.units.place import AsOf, NormalisedPlace, Unit
from extractors.units.tables import CONVERTER, DATABASE, PACKAGE, Named, province_codes, tables
from ocr.vietnamese import strip_accents
from ocr.wheel_data import located

OLD, NEW = tables().old, tables().new
OLD_COMMUNES = [
    (province, unit) for (province, _), units in sorted(OLD.communes.items()) for unit in units if province != "46"
]
NEW_COMMUNES = [(province, unit) for (province, _), units in sorted(NEW.communes.items()) for unit in units]
DISTRICTS = {unit.code: unit for units in OLD.districts.values() for unit in units}
ABBREVIATED = {
    "Tỉnh": "T.", "Thành phố": "TP.", "Quận": "Q.", "Huyện": "H.", "Thị xã": "TX.", "Xã": "X.", "Phường": "P.",
    "Thị trấn": "TT.", "Đặc khu": "Đặc khu",
}  # fmt: skip


def shown(place: NormalisedPlace | None) -> tuple[str | None, ...] | None:
    """Return names of province, district, commune, division, and of today's commune."""
    if place is None:
        return None
    units = (place.province, place.district, place.commune)
    names = tuple(unit.name if unit else None for unit in units)
    return (*names, place.as_of, place.current.commune.name if place.current.commune else None)


def three_levels(province: str, commune: Named) -> tuple[Named, Named, Named]:
    return commune, DISTRICTS[commune.parent], OLD.provinces[province]


def test_tables_hold_both_divisions() -> None:
    known = tables()
    assert (len(known.old.provinces), len(known.new.provinces), len(DISTRICTS)) == (63, 34, 696)
    assert (len(OLD_COMMUNES) > 9000, len(NEW_COMMUNES)) == (True, 3321)
    assert set(known.province_today) == province_codes() == set(known.old.provinces)
    assert set(known.province_today.values()) == set(known.new.provinces)
    codes = {unit.code for units in known.old.communes.values() for unit in units}
    assert codes <= set(known.commune_today)
    assert not {"03", "05", "97", "00"} & province_codes()


@settings(deadline=None, max_examples=300)
@given(st.sampled_from(OLD_COMMUNES), st.sampled_from(["full", "capitals", "abbreviated", "heading"]))
def test_old_addresses_come_back(found: tuple[str, Named], style: str) -> None:
    commune, district, province = three_levels(*found)
    units = (commune, district, province)
    if style == "abbreviated":
        printed = ", ".join(f"{ABBREVIATED[unit.kind]} {unit.name}" for unit in units)
    else:
        printed = (" " if style == "heading" else ", ").join(unit.full_name for unit in units)
    place = normalise_place(printed.upper() if style in ("capitals", "heading") else f"số 5, tổ 3, {printed}")
    assert place is not None
    assert (place.province.code, place.district, place.as_of) == (
        province.code, Unit(name=district.full_name, code=district.code), AsOf.OLD,
    )  # fmt: skip
    assert place.commune == Unit(name=commune.full_name, code=commune.code)
    assert place.exact
    today = tables().commune_today[commune.code]
    assert place.current.commune == (Unit(name=today.full_name, code=today.code) if today else None)


@settings(deadline=None, max_examples=200)
@given(st.sampled_from(NEW_COMMUNES))
@example(next(found for found in NEW_COMMUNES if found[1].name == "Xuân Hương - Đà Lạt"))
def test_new_addresses_come_back_or_stay_open(found: tuple[str, Named]) -> None:
    province, commune = NEW.provinces[found[0]], found[1]
    place = normalise_place(f"{commune.full_name}, {province.full_name}")
    assert place is not None
    assert place.district is None
    assert place.current.province == Unit(name=province.full_name, code=province.code)
    assert place.as_of in (AsOf.NEW, AsOf.BOTH)
    if place.as_of is AsOf.NEW:
        assert place.commune == place.current.commune == Unit(name=commune.full_name, code=commune.code)
    if place.current.commune:
        assert place.current.commune.name == commune.full_name


def test_communes_named_after_two_places_lie_in_no_district() -> None:
    joined = [(province, commune) for province, commune in NEW_COMMUNES if " - " in commune.name]
    assert len(joined) == 7
    for code, commune in joined:
        place = normalise_place(f"{commune.full_name}, {NEW.provinces[code].full_name}")
        assert place is not None
        assert place.commune is not None
        assert (place.district, place.commune.name) == (None, commune.full_name)
        assert place.as_of is (AsOf.BOTH if code == "01" else AsOf.NEW)  # Hà Nội had joined wards before


@settings(deadline=None, max_examples=200)
@given(st.sampled_from(OLD_COMMUNES))
def test_lost_marks_never_lead_to_another_place(found: tuple[str, Named]) -> None:
    commune, district, province = three_levels(*found)
    place = normalise_place(strip_accents(f"{commune.full_name}, {district.full_name}, {province.full_name}"))
    assert place is not None
    assert place.province.code == province.code
    assert place.district is None or place.district.code == district.code
    assert place.commune is None or place.commune.code == commune.code


@settings(deadline=None, max_examples=300)
@given(st.one_of(
    st.text(max_size=60),
    st.lists(st.sampled_from(
        ["xã", "huyện", "tỉnh", "TP.", "P.", "Q.1", "Tịnh Khê", "Sơn Tịnh", "Quảng Ngãi", "Huế", ",", "-", "thị xã", "12"]
    ), max_size=8).map(" ".join),
))  # fmt: skip
def test_any_text_gives_a_place_that_hangs_together_or_none(text: str) -> None:
    place = normalise_place(text)
    if place is None:
        return
    assert place.district is None or place.district.name != place.province.name
    assert place.district is None or place.as_of is AsOf.OLD
    assert place.current.province.code in NEW.provinces
    assert NormalisedPlace.model_validate_json(place.model_dump_json()) == place


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("xã Tịnh Khê, huyện Sơn Tịnh, tỉnh Quảng Ngãi",
         ("Tỉnh Quảng Ngãi", "Huyện Sơn Tịnh", "Xã Tịnh Khê", "old", "Xã Tịnh Khê")),
        ("Tịnh Khê, Sơn Tịnh, Quảng Ngãi",
         ("Tỉnh Quảng Ngãi", "Huyện Sơn Tịnh", "Xã Tịnh Khê", "old", "Xã Tịnh Khê")),
        ("UBND xã Hoài Thượng, huyện Thuận Thành, tỉnh Bắc Ninh",
         ("Tỉnh Bắc Ninh", "Thị xã Thuận Thành", "Xã Hoài Thượng", "old", "Phường Mão Điền")),
        ("thôn Đông, xã Không Có Thật, huyện Yên Lạc, tỉnh Vĩnh Phúc",
         ("Tỉnh Vĩnh Phúc", "Huyện Yên Lạc", None, "old", None)),
        ("xã Phú Thượng, huyện Không Có, tỉnh Thái Nguyên", ("Tỉnh Thái Nguyên", None, None, "old", None)),
        ("xã Không Có Thật, huyện Cũng Không, tỉnh Hà Nam", ("Tỉnh Hà Nam", None, None, "old", None)),
        ("Thành phố Đà Nẵng", ("Thành phố Đà Nẵng", None, None, "both", None)),
        ("quận Hải Châu, thành phố Đà Nẵng", ("Thành phố Đà Nẵng", "Quận Hải Châu", None, "old", None)),
        ("phường Thuận Hòa, thành phố Huế, tỉnh Thừa Thiên Huế",
         ("Thành phố Huế", None, "Phường Thuận Hòa", "old", "Phường Phú Xuân")),
        ("P.12, Q.10, TP.HCM", ("Thành phố Hồ Chí Minh", "Quận 10", "Phường 12", "old", "Phường Hòa Hưng")),
        ("Phường 02, Quận 10, TPHCM", ("Thành phố Hồ Chí Minh", "Quận 10", "Phường 2", "old", "Phường Vườn Lài")),
        ("thành phố Vũng Tàu - tỉnh Bà Rịa - Vũng Tàu",
         ("Tỉnh Bà Rịa - Vũng Tàu", "Thành phố Vũng Tàu", None, "old", None)),
        ("thành phố Thanh Hóa, tỉnh Thanh Hóa", ("Tỉnh Thanh Hóa", "Thành phố Thanh Hóa", None, "old", None)),
        ("huyện Quan Hóa, tỉnh Thanh Hoá", ("Tỉnh Thanh Hóa", "Huyện Quan Hóa", None, "old", None)),
        ("huyện Bạch Long Vĩ, TP Hải Phòng",
         ("Thành phố Hải Phòng", "Huyện Bạch Long Vĩ", None, "old", "Đặc khu Bạch Long Vĩ")),
        ("xã Ea Hleo, huyện Ea H’leo, tỉnh Đắk Lắk",
         ("Tỉnh Đắk Lắk", "Huyện Ea H'leo", "Xã Ea H'leo", "old", "Xã Ea H'Leo")),
        ("phường Ngô Thì Nhậm, quận Hai Bà Trưng, Hà Nội, Việt Nam",
         ("Thành phố Hà Nội", "Quận Hai Bà Trưng", None, "old", None)),
        ("huyện Sơn Tịnh", ("Tỉnh Quảng Ngãi", "Huyện Sơn Tịnh", None, "old", None)),
        ("Sơn Tịnh, Quảng Ngãi", ("Tỉnh Quảng Ngãi", None, None, "both", None)),
        ("tỉnh Hà Giang", ("Tỉnh Hà Giang", None, None, "old", None)),
        ("TINH QUANG NGAI", ("Tỉnh Quảng Ngãi", None, None, "both", None)),
        ("Phường Xuân Hương - Đà Lạt, Tỉnh Lâm Đồng",
         ("Tỉnh Lâm Đồng", None, "Phường Xuân Hương - Đà Lạt", "new", "Phường Xuân Hương - Đà Lạt")),
        ("số 5, Lang Biang – Đà Lạt – Lâm Đồng",
         ("Tỉnh Lâm Đồng", None, "Phường Lang Biang - Đà Lạt", "new", "Phường Lang Biang - Đà Lạt")),
        ("xã Chân Mây - Lăng Cô, thành phố Huế",
         ("Thành phố Huế", None, "Xã Chân Mây - Lăng Cô", "new", "Xã Chân Mây - Lăng Cô")),
        ("xã Xuân Trường - Đà Lạt, tỉnh Lâm Đồng",
         ("Tỉnh Lâm Đồng", "Thành phố Đà Lạt", "Xã Xuân Trường", "old", "Phường Xuân Trường - Đà Lạt")),
        ("Xuân Trường - Đà Lạt - Lâm Đồng", ("Tỉnh Lâm Đồng", None, None, "both", None)),
        ("Phường 3 - Đà Lạt - Lâm Đồng",
         ("Tỉnh Lâm Đồng", "Thành phố Đà Lạt", "Phường 3", "old", "Phường Xuân Hương - Đà Lạt")),
        ("huyện Châu Thành", None),
        ("tỉnh Hà Nam Ninh", None),
        ("tỉnh Quảng Nam - Đà Nẵng", None),
        ("xã A, tỉnh Hà Nam và xã B, tỉnh Nam Định", None),
        ("Cục Cảnh sát quản lý hành chính về trật tự xã hội", None),
        ("", None),
    ],
)  # fmt: skip
def test_addresses(printed: str, expected: tuple[str | None, ...] | None) -> None:
    assert shown(normalise_place(printed)) == expected


def test_what_is_not_as_in_the_tables_is_not_exact() -> None:
    for printed in (
        "xã Tịnh Khê, huyện Sơn Tịnh, tỉnh Quảng Ngãi",
        "TINH QUANG NGAI",
        "xã Đăk Pék, huyện Đăk Glei, tỉnh Kon Tum",
    ):
        place = normalise_place(printed)
        assert place is not None
        assert not place.exact


def test_a_province_that_kept_its_name_but_not_its_code_has_none() -> None:
    place = normalise_place("tỉnh Bắc Ninh")
    assert place is not None
    assert place.province == Unit(name="Tỉnh Bắc Ninh", code=None)
    assert place.current.province == Unit(name="Tỉnh Bắc Ninh", code="24")


def test_data_are_the_ones_pinned() -> None:
    for name, sha256 in (DATABASE, CONVERTER):
        assert located(PACKAGE, name, sha256).is_file()
