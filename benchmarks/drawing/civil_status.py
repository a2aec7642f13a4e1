"""Birth certificates and extracts of the birth register. Source of labels: Thông tư 04/2020/TT-BTP."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from PIL import Image

from benchmarks.drawing.acts import act_date
from benchmarks.drawing.agencies import communal_committee
from benchmarks.drawing.blocks import agency_head, head_columns, national_head
from benchmarks.drawing.chance import Generator, between, happens, pick, pick_day
from benchmarks.drawing.civil_art import frame
from benchmarks.drawing.civil_layout import sign, slashed
from benchmarks.drawing.fonts import Family, Style
from benchmarks.drawing.number_words import WordChoice, date_words
from benchmarks.drawing.people import Person, Sex, draw_person
from benchmarks.drawing.places import DISTRICTS_END, Place, draw_place
from benchmarks.drawing.sheets import WIDTH_MM, Margins, Run, Sheets

CIVIL_STATUS_TYPES = ("giay-khai-sinh", "trich-luc-khai-sinh")
_PT = 13.0
_LAST_DAY = date(2026, 6, 30)


@dataclass(frozen=True, slots=True)
class Birth:
    """A registered birth: the child, its parents, where and when it was registered."""

    child: Person
    mother: Person
    father: Person | None
    birthplace: str
    registered: date
    register_number: str
    words: WordChoice

    @property
    def registrar(self) -> str:
        """The registering agency as forms print it."""
        return f"Ủy ban nhân dân {self.child.home.address}"

    @property
    def truth(self) -> dict[str, str | None]:
        """The fields that certificate and extract share."""
        child = self.child
        return {
            "full_name": child.full_name,
            "date_of_birth": child.date_of_birth.isoformat(),
            "sex": child.sex.value,
            "ethnicity": child.ethnicity,
            "nationality": child.nationality,
            "place_of_birth": self.birthplace,
            "place_of_origin": child.home.address,
            "personal_id": child.personal_id,
            "mother_name": self.mother.full_name,
            "father_name": self.father.full_name if self.father else None,
            "registration_place": self.registrar,
        }


def draw_birth(generator: Generator, first: date = date(2016, 1, 1), last: date = date(2026, 5, 30)) -> Birth:
    """Invent a birth between `first` and `last`, registered within three months."""
    born = pick_day(generator, first, last)
    home = draw_place(generator)
    if born >= DISTRICTS_END:
        home = replace(home, district=None)
    mother_born = born - timedelta(days=int(between(generator, 20, 38) * 365))
    mother = draw_person(generator, mother_born, home, Sex.FEMALE)
    father = None
    if happens(generator, 0.9):
        father_born = born - timedelta(days=int(between(generator, 21, 44) * 365))
        father = draw_person(generator, father_born, home, Sex.MALE, mother.ethnicity)
    named_after = father or mother
    family = named_after.full_name.split(" ")[0] if named_after.ethnicity == "Kinh" else None
    child = draw_person(generator, born, home, None, mother.ethnicity, family)
    registered = min(pick_day(generator, born + timedelta(days=2), born + timedelta(days=85)), _LAST_DAY)
    number = str(int(generator.integers(1, 400)))
    return Birth(
        child=child,
        mother=mother,
        father=father,
        birthplace=_birthplace(generator, home),
        registered=registered,
        register_number=number if happens(generator, 0.5) else f"{number}/{registered.year}",
        words=_word_choice(generator),
    )


def draw_birth_certificate(
    generator: Generator,
    dpi: int,
    stamp_over_name: bool,
    birth: Birth | None = None,
    family: Family = Family.SERIF,
) -> tuple[list[Image.Image], dict[str, str | None]]:
    """Draw a `giay-khai-sinh`; return its page and the truth of its fields."""
    known = birth or draw_birth(generator)
    sheets = Sheets(dpi, Margins(left=27, top=27, right=22, bottom=18), 1.32, family)
    frame(sheets)
    if happens(generator, 0.25):  # alone in the corner, where page segmentation loses it
        sheets.put(f"Số: {known.register_number}", sheets.right_mm, 20, _PT, align="right")
    else:
        sheets.put(f"Số: {known.register_number}", sheets.right_mm - 35, 32.5, _PT)
    sheets.y_mm = national_head(sheets, WIDTH_MM / 2, 27, 12.5) + 7
    sheets.stack(("GIẤY KHAI SINH",), WIDTH_MM / 2, sheets.y_mm, 21, Style.BOLD)
    sheets.y_mm += 13
    _person_block(sheets, known)
    declarer = known.father or known.mother
    _line(sheets, ("Họ, chữ đệm, tên người đi khai sinh:", declarer.full_name))
    _line(sheets, ("Giấy tờ tùy thân:", f"Căn cước công dân số {declarer.personal_id}"))
    _line(sheets, ("Nơi đăng ký khai sinh:", known.registrar))
    _line(sheets, ("Ngày, tháng, năm đăng ký:", slashed(known.registered)))
    agency = communal_committee(generator, known.registered, known.child.home)
    sign(sheets, generator, agency, "NGƯỜI KÝ GIẤY KHAI SINH", stamp_over_name)
    truth = {**known.truth, "number": known.register_number, "registration_date": known.registered.isoformat()}
    return sheets.pages, truth


def draw_birth_extract(
    generator: Generator,
    dpi: int,
    stamp_over_name: bool,
    birth: Birth | None = None,
    family: Family = Family.SERIF,
) -> tuple[list[Image.Image], dict[str, str | None]]:
    """Draw a `trich-luc-khai-sinh`; return its page and the truth of its fields."""
    known = birth or draw_birth(generator, date(1975, 1, 1), date(2024, 12, 31))
    earliest = min(max(known.registered + timedelta(days=1), date(2016, 1, 4)), _LAST_DAY)
    issued = pick_day(generator, earliest, _LAST_DAY)
    agency = communal_committee(generator, issued, known.child.home)
    number = f"{int(generator.integers(1, 900))}/TLKS-BS"
    sheets = Sheets(dpi, Margins(left=28, top=18, right=18, bottom=16), 1.22, family)
    columns = head_columns(sheets, 12)
    left = agency_head(sheets, agency, columns, 18)
    right = national_head(sheets, columns.right_middle, 18)
    line_y = max(left, right) + 2
    sheets.stack((f"Số: {number}",), columns.left_middle, line_y, _PT)
    dated = f"{agency.place}, {act_date(issued)}"
    sheets.y_mm = sheets.stack((dated,), columns.right_middle, line_y, _PT, Style.ITALIC) + 6
    sheets.headline("TRÍCH LỤC KHAI SINH", 16)
    sheets.headline("(BẢN SAO)", 13)
    sheets.y_mm += 4
    _person_block(sheets, known)
    _line(sheets, ("Đăng ký khai sinh tại:", known.registrar))
    registered = slashed(known.registered) if happens(generator, 0.5) else act_date(known.registered)[5:]
    _line(sheets, ("Số:", f"{known.register_number}, ngày {registered}"))
    _line(sheets, ("Ghi chú:", "." * 60))
    sign(sheets, generator, agency, "NGƯỜI KÝ TRÍCH LỤC", stamp_over_name)
    truth = {
        **known.truth,
        "number": number,
        "original_number": known.register_number,
        "original_date": known.registered.isoformat(),
        "issued_date": issued.isoformat(),
    }
    return sheets.pages, truth


def _birthplace(generator: Generator, home: Place) -> str:
    clinic = f"Trạm Y tế {home.address}"
    hospital = f"Bệnh viện đa khoa {home.province.full_name}"
    return pick(generator, (clinic, hospital))


def _word_choice(generator: Generator) -> WordChoice:
    return WordChoice(
        early_day=pick(generator, ("", "", "mồng", "mùng")),
        zero_tens=pick(generator, ("linh", "linh", "lẻ")),
        four=pick(generator, ("tư", "bốn")),
        thousand=pick(generator, ("nghìn", "nghìn", "nghìn", "ngàn")),
    )


def _line(sheets: Sheets, *pairs: tuple[str, str], bold: bool = False) -> None:
    """Write labels with their values: the first at the margin, others at equal steps across the page."""
    style = Style.BOLD if bold else Style.REGULAR
    if len(pairs) == 1:
        label, value = pairs[0]
        sheets.paragraph([Run(label), Run(value, style)], _PT, indent_mm=0, justified=False, after_mm=0.6)
        return
    step = (sheets.right_mm - sheets.left_mm) / len(pairs)
    for number, (label, value) in enumerate(pairs):
        sheets.put(f"{label} {value}", sheets.left_mm + number * step, sheets.y_mm, _PT, style)
    sheets.y_mm += sheets.line_height_mm(_PT) * sheets.spacing + 0.6


def _person_block(sheets: Sheets, birth: Birth) -> None:
    child = birth.child
    _line(sheets, ("Họ, chữ đệm, tên:", child.full_name.upper()), bold=True)
    words = f"{slashed(child.date_of_birth)} ghi bằng chữ: {date_words(child.date_of_birth, birth.words)}"
    _line(sheets, ("Ngày, tháng, năm sinh:", words))
    _line(
        sheets,
        ("Giới tính:", child.sex.value),
        ("Dân tộc:", child.ethnicity),
        ("Quốc tịch:", child.nationality),
    )
    _line(sheets, ("Nơi sinh:", birth.birthplace))
    _line(sheets, ("Quê quán:", child.home.address))
    _line(sheets, ("Số định danh cá nhân:", child.personal_id))
    _parent_block(sheets, "mẹ", birth.mother)
    _parent_block(sheets, "cha", birth.father)


def _parent_block(sheets: Sheets, role: str, parent: Person | None) -> None:
    dots = "." * 24
    name = parent.full_name.upper() if parent else "." * 60
    _line(sheets, (f"Họ, chữ đệm, tên người {role}:", name), bold=parent is not None)
    _line(
        sheets,
        ("Năm sinh:", str(parent.date_of_birth.year) if parent else dots),
        ("Dân tộc:", parent.ethnicity if parent else dots),
        ("Quốc tịch:", parent.nationality if parent else dots),
    )
    _line(sheets, ("Nơi cư trú:", parent.home.address if parent else "." * 80))
