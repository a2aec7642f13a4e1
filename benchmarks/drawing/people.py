"""Invented persons: random combinations of common surnames, middle names and given names."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from benchmarks.drawing.chance import Generator, happens, pick
from benchmarks.drawing.places import Place, Province


class Sex(StrEnum):
    """Sex as papers print it."""

    MALE = "Nam"
    FEMALE = "Nữ"


_SURNAMES = ("Nguyễn", "Trần", "Lê", "Phạm", "Huỳnh", "Hoàng", "Phan", "Vũ", "Võ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô",
             "Dương", "Lý", "Đoàn", "Trịnh", "Đinh", "Mai", "Tạ", "Kiều", "Thái", "Lưu")  # fmt: skip
_MIDDLE = {
    Sex.MALE: ("Văn", "Hữu", "Đức", "Quốc", "Minh", "Xuân", "Công", "Đình", "Trọng", "Gia", "Thế", "Ngọc"),
    Sex.FEMALE: ("Thị", "Thị Ngọc", "Thị Thu", "Thùy", "Khánh", "Bảo", "Thị Mỹ", "Hoài", "Phương", "Như"),
}
_GIVEN = {
    Sex.MALE: ("An", "Bình", "Cường", "Dũng", "Hậu", "Hưởng", "Khải", "Kỷ", "Nghĩa", "Phước", "Quyền", "Thưởng",
               "Thủy", "Tuấn", "Vỹ", "Hiếu", "Sĩ", "Trưởng", "Uẩn", "Hòa"),
    Sex.FEMALE: ("Ánh", "Duyên", "Hằng", "Huyền", "Lụa", "Ngà", "Nguyệt", "Nhã", "Oanh", "Quỳnh", "Thảo", "Thúy",
                 "Tuyết", "Uyên", "Vẹn", "Xuyến", "Yến", "Mẫn", "Hỷ", "Diễm"),
}  # fmt: skip
_Parts = dict[Sex, tuple[str, ...]]
# A people's names: first parts by sex, then last parts by sex, freely combined.
_MINORITY_NAMES: dict[str, tuple[_Parts, _Parts]] = {
    "Mông": (
        {Sex.MALE: ("Giàng A", "Sùng A", "Vàng Mí", "Thào A"), Sex.FEMALE: ("Giàng Thị", "Sùng Thị", "Thào Thị")},
        {Sex.MALE: ("Páo", "Chớ", "Sính", "Lử"), Sex.FEMALE: ("Mỷ", "Dợ", "Chía", "Pằng")},
    ),
    "Thái": (
        {Sex.MALE: ("Lò Văn", "Quàng Văn", "Cầm Bá"), Sex.FEMALE: ("Lò Thị", "Quàng Thị", "Cầm Thị")},
        {Sex.MALE: ("Pản", "Ún", "Thoạn"), Sex.FEMALE: ("Ọi", "Piềng", "Hặc")},
    ),
    "Tày": (
        {Sex.MALE: ("Nông Văn", "Hứa Văn", "Ma Đình"), Sex.FEMALE: ("Nông Thị", "Hứa Thị", "Ma Thị")},
        {Sex.MALE: ("Sầm", "Đẩu", "Khoẻn"), Sex.FEMALE: ("Nhình", "Xoạn", "Phẩy")},
    ),
    "Ê Đê": (
        {Sex.MALE: ("Y Bhăm", "Y Thịnh", "Y Khuê"), Sex.FEMALE: ("H'Rin", "H'Lương", "H'Nhật")},
        {Sex.MALE: ("Niê", "Mlô", "Êban"), Sex.FEMALE: ("Niê", "Mlô", "Êban")},
    ),
    "Khmer": (
        {Sex.MALE: ("Thạch Sà", "Danh", "Kim Sô"), Sex.FEMALE: ("Thạch Thị Sa", "Kim Thị", "Danh Thị")},
        {Sex.MALE: ("Rây", "Út", "Phát"), Sex.FEMALE: ("Rết", "Phe", "Quên")},
    ),
}


@dataclass(frozen=True, slots=True)
class Person:
    """An invented person; `personal_id` agrees with sex, year of birth and province of registration."""

    full_name: str
    sex: Sex
    date_of_birth: date
    personal_id: str
    ethnicity: str
    nationality: str
    home: Place


def draw_personal_id(generator: Generator, province: Province, sex: Sex, year_of_birth: int) -> str:
    """Return 12 digits: province, century and sex, last two digits of the year, six random digits.

    Source: Nghị định 137/2015/NĐ-CP, Điều 13.

    Raises:
        ValueError: `year_of_birth` lies outside 1900-2099.
    """
    if not 1900 <= year_of_birth <= 2099:
        raise ValueError(f"no century digit for {year_of_birth}")
    century_and_sex = (0 if year_of_birth < 2000 else 2) + (1 if sex is Sex.FEMALE else 0)
    return f"{province.code}{century_and_sex}{year_of_birth % 100:02d}{int(generator.integers(1_000_000)):06d}"


def draw_name(generator: Generator, sex: Sex, ethnicity: str = "Kinh", surname: str | None = None) -> str:
    """Return an invented full name in title case; `surname` is used for Kinh names only."""
    if ethnicity in _MINORITY_NAMES:
        heads, tails = _MINORITY_NAMES[ethnicity]
        return f"{pick(generator, heads[sex])} {pick(generator, tails[sex])}"
    return f"{surname or pick(generator, _SURNAMES)} {pick(generator, _MIDDLE[sex])} {pick(generator, _GIVEN[sex])}"


def draw_ethnicity(generator: Generator) -> str:
    """Return `Kinh` for about four of five, else one of a few other peoples."""
    return pick(generator, tuple(_MINORITY_NAMES)) if happens(generator, 0.2) else "Kinh"


def draw_person(
    generator: Generator,
    born: date,
    home: Place,
    sex: Sex | None = None,
    ethnicity: str | None = None,
    surname: str | None = None,
) -> Person:
    """Return an invented person born on `born` and registered in the province of `home`."""
    settled_sex = sex or pick(generator, tuple(Sex))
    settled_ethnicity = ethnicity or draw_ethnicity(generator)
    return Person(
        full_name=draw_name(generator, settled_sex, settled_ethnicity, surname),
        sex=settled_sex,
        date_of_birth=born,
        personal_id=draw_personal_id(generator, home.province, settled_sex, born.year),
        ethnicity=settled_ethnicity,
        nationality="Việt Nam",
        home=home,
    )
