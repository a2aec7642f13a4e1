"""Driving licences copied onto a sheet. Sources: Thông tư 12/2017/TT-BGTVT; Thông tư 12/2025/TT-BCA, Phụ lục X."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from benchmarks.drawing.addresses import place_on, province_on, short_dwelling
from benchmarks.drawing.chance import Generator, between, happens, pick, pick_day
from benchmarks.drawing.fonts import Family, Style
from benchmarks.drawing.forms import Drawn, Form, Occasion, Value
from benchmarks.drawing.people import Person, Sex, draw_name, draw_person
from benchmarks.drawing.places import Place
from benchmarks.drawing.plate import CARD_HEIGHT_MM, CARD_WIDTH_MM, Plate
from benchmarks.drawing.sheets import WIDTH_MM, Margins, Sheets

_TITLE_RED = (200, 34, 40)
_POLICE_ISSUES = date(2025, 3, 1)  # licences pass from the transport departments to the police
# Class, years of validity (None: without end), what may be driven. Sources: Luật Giao thông đường bộ 2008, Điều 59;
# Luật Trật tự, an toàn giao thông đường bộ 2024, Điều 57.
_OLD_CLASSES = (
    ("A1", None, "Xe mô tô hai bánh có dung tích xi lanh từ 50 cm3 đến dưới 175 cm3"),
    ("B2", 10, "Ô tô chở người đến 9 chỗ ngồi; ô tô tải có trọng tải dưới 3.500 kg"),
    ("C", 5, "Ô tô tải, máy kéo có trọng tải từ 3.500 kg trở lên"),
    ("D", 5, "Ô tô chở người từ 10 đến 30 chỗ ngồi"),
)
_NEW_CLASSES = (
    ("A1", None, "Xe mô tô hai bánh có dung tích xi-lanh đến 125 cm3"),
    ("A", None, "Xe mô tô hai bánh có dung tích xi-lanh trên 125 cm3"),
    ("B", 10, "Ô tô chở người đến 08 chỗ; ô tô tải có khối lượng toàn bộ đến 3.500 kg"),
    ("C1", 10, "Ô tô tải có khối lượng toàn bộ trên 3.500 kg đến 7.500 kg"),
    ("D2", 5, "Ô tô chở người trên 16 chỗ đến 29 chỗ"),
)


@dataclass(frozen=True, slots=True)
class _Licence:
    person: Person
    number: str
    home: Place
    residence: str
    license_class: str
    vehicles: str
    issued: date
    expiry: date | None

    @property
    def until(self) -> str:
        return _slashes(self.expiry) if self.expiry else "Không thời hạn"

    @property
    def truth(self) -> dict[str, Value]:
        return {
            "number": self.number,
            "full_name": self.person.full_name,
            "date_of_birth": self.person.date_of_birth.isoformat(),
            "license_class": self.license_class,
            "issued_date": self.issued.isoformat(),
            "expiry_date": self.expiry.isoformat() if self.expiry else None,
        }


def transport_licence(generator: Generator, occasion: Occasion) -> Drawn:
    """Draw a `giay-phep-lai-xe` that a transport department gave, 2014 to February 2025."""
    return _draw(generator, occasion, (date(2014, 1, 2), date(2025, 2, 27)))


def police_licence(generator: Generator, occasion: Occasion) -> Drawn:
    """Draw a `giay-phep-lai-xe` that the police gave, from March 2025."""
    return _draw(generator, occasion, (_POLICE_ISSUES, date(2026, 6, 30)))


FORMS: Mapping[str, tuple[Form, ...]] = {"giay-phep-lai-xe": (transport_licence, police_licence)}


def _draw(generator: Generator, occasion: Occasion, era: tuple[date, date]) -> Drawn:
    licence = _invent(generator, occasion, era)
    by_police = licence.issued >= _POLICE_ISSUES
    sheets = Sheets(occasion.dpi, Margins(), family=Family.SANS)
    zoom = between(generator, 1.35, 1.55)
    left, top = (WIDTH_MM - CARD_WIDTH_MM * zoom) / 2 + between(generator, -10, 10), between(generator, 24, 40)
    if happens(generator, 0.85):
        back = Plate(sheets, left + between(generator, -4, 4), top + CARD_HEIGHT_MM * zoom + 20, zoom)
        _back(back, generator, licence)
    # The stamp comes last: what it draws depends on the resolution.
    _front(Plate(sheets, left, top, zoom), generator, licence, by_police=by_police)
    return Drawn(sheets.pages, licence.truth, "police-licence" if by_police else "transport-licence")


def _front(plate: Plate, generator: Generator, licence: _Licence, *, by_police: bool) -> None:
    tint, lines = ((246, 240, 206), (236, 226, 178)) if not by_police else ((236, 240, 220), (220, 228, 196))
    plate.surface(generator, tint, lines)
    person, day = licence.person, licence.issued
    organ = ("BỘ CÔNG AN", "MPS") if by_police else ("BỘ GTVT", "MOT")
    for line, y, size in ((organ[0], 3.4, 5.8), (organ[1], 6.2, 5)):
        plate.put(line, 12, y, size, Style.BOLD, "middle")
    plate.put("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 53, 2.8, 6, Style.BOLD, "middle")
    plate.put("Độc lập - Tự do - Hạnh phúc", 53, 5.6, 5.8, Style.BOLD, "middle")
    plate.put("GIẤY PHÉP LÁI XE/ DRIVER'S LICENSE", 53, 9.4, 7.6, Style.BOLD, "middle", _TITLE_RED)
    plate.portrait(generator, 3.5, 13, 17.5, 23)
    plate.put("Số/No:", 38, 13.6, 6.6, ink=_TITLE_RED)
    plate.put(licence.number, 47, 13.3, 7.4, Style.BOLD, ink=_TITLE_RED)
    y = 17.8
    for label, value, style in (
        ("Họ tên/Full name:", person.full_name.upper(), Style.BOLD),
        ("Ngày sinh/Date of Birth:", _slashes(person.date_of_birth), Style.BOLD),
        ("Quốc tịch/Nationality:", person.nationality.upper(), Style.BOLD),
        ("Nơi cư trú/Address:", licence.residence, Style.REGULAR),
    ):
        plate.put(label, 24, y, 5.8)
        y = plate.value(value, 24, y, 83, 6, style, first_x=24 + plate.width(label, 5.8) + 1) + 0.7
    dated = f"{licence.home.province.name}, ngày/date {day.day:02d} tháng/month {day.month:02d} năm/year {day.year}"
    plate.put(dated, 57, y + 0.2, 5, Style.ITALIC, "middle")
    titles: tuple[str, ...] = ("TRƯỞNG PHÒNG CẢNH SÁT GIAO THÔNG",)
    if not by_police:
        titles = pick(generator, (("GIÁM ĐỐC", "DIRECTOR"), ("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC")))
    for number, title in enumerate(titles):
        plate.put(title, 62, y + 2.6 + number * 2.3, 5, Style.BOLD, "middle")
    plate.put(draw_name(generator, Sex.MALE), 62, min(y + 14.6, 50.6), 5.6, Style.BOLD, "middle")
    plate.put("Hạng/Class:", 3.5, 38.4, 5.8)
    plate.put(licence.license_class, 16.5, 37.7, 8, Style.BOLD, ink=_TITLE_RED)
    plate.put("Có giá trị đến/Expires:", 3.5, 43, 5.2)
    plate.put(licence.until, 3.5, 46, 6, Style.BOLD)
    plate.sign_and_stamp(generator, 62, y + 6.4, "* CÔNG AN TỈNH *" if by_police else "* SỞ GIAO THÔNG VẬN TẢI *")


def _back(plate: Plate, generator: Generator, licence: _Licence) -> None:
    plate.surface(generator, (246, 244, 226), (236, 231, 203))
    plate.put("CÁC LOẠI XE CƠ GIỚI ĐƯỜNG BỘ ĐƯỢC ĐIỀU KHIỂN/", 43, 4, 6, Style.BOLD, "middle")
    plate.put("Classification of motor vehicles", 43, 7, 5.4, align="middle")
    plate.put("Hạng/Class", 4.6, 12, 5, Style.BOLD)
    plate.put("Loại xe/Vehicles", 18, 12, 5, Style.BOLD)
    plate.put("Ngày trúng tuyển/Beginning date:", 52, 12, 5, Style.BOLD)
    plate.put(licence.license_class, 6, 17, 6.4, Style.BOLD)
    plate.value(licence.vehicles, 18, 17, 51, 5.4)
    passed = licence.issued - timedelta(days=int(between(generator, 8, 900)))
    plate.put(_slashes(passed), 56, 17, 6)


def _invent(generator: Generator, occasion: Occasion, era: tuple[date, date]) -> _Licence:
    issued = pick_day(generator, *era)
    grown = timedelta(days=19 * 366)
    birth = occasion.birth
    adults = [person for person in (birth.father, birth.mother) if person and person.date_of_birth + grown <= issued]
    person = (
        pick(generator, adults)
        if adults
        else draw_person(generator, pick_day(generator, date(1966, 1, 1), date(1990, 12, 31)), birth.mother.home)
    )
    home = place_on(generator, person.home, issued)
    home = replace(home, province=province_on(home.province, issued))
    name, years, vehicles = pick(generator, _OLD_CLASSES if issued < date(2025, 1, 1) else _NEW_CLASSES)
    expiry = date(issued.year + years, issued.month, min(issued.day, 28)) if years else None
    number = f"{person.home.province.code[1:]}{int(generator.integers(10**10)):010d}"
    return _Licence(person, number, home, short_dwelling(generator, home), name, vehicles, issued, expiry)


def _slashes(day: date) -> str:
    return f"{day.day:02d}/{day.month:02d}/{day.year}"
