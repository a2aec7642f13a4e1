"""Identity cards, front and back copied onto one sheet (or two), as offices do. Labels: see `FORMS` of each layout.

Sources: the chip card, Thông tư 06/2021/TT-BCA; the card of 2016, Thông tư 61/2015/TT-BCA; the card of 2024,
Luật Căn cước 26/2023/QH15.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from benchmarks.drawing.addresses import place_on, short_dwelling, short_place
from benchmarks.drawing.chance import Generator, between, happens, pick, pick_day
from benchmarks.drawing.codes import card_payload, card_zone, qr_code, stacked_code
from benchmarks.drawing.driving import FORMS as _DRIVING
from benchmarks.drawing.fonts import Family, Style
from benchmarks.drawing.forms import Drawn, Form, Occasion, Value
from benchmarks.drawing.people import Person, Sex, draw_name, draw_person
from benchmarks.drawing.places import draw_place
from benchmarks.drawing.plate import CARD_HEIGHT_MM, CARD_WIDTH_MM, Plate
from benchmarks.drawing.sheets import WIDTH_MM, Margins, Sheets

_TITLE_RED = (196, 30, 46)
_TRAITS = (
    "Nốt ruồi C:1cm trên sau mép trái", "Sẹo chấm C:2cm dưới sau đuôi mắt phải", "Nốt ruồi C:3cm sau cánh mũi trái",
    "Sẹo chấm cách 0,5cm dưới trước đầu lông mày phải",
)  # fmt: skip
_CHIP_ERA = (date(2021, 1, 4), date(2024, 6, 28))
_BAR_CODE_ERA = (date(2016, 1, 4), date(2020, 12, 30))
_NEW_ERA = (date(2024, 7, 1), date(2026, 6, 30))
_POLICE_SEAL = "* BỘ CÔNG AN *"


@dataclass(frozen=True, slots=True)
class _Card:
    """What a card says; `expiry` None: without end. `origin` is the printed place of origin."""

    person: Person
    old_id: str | None
    origin: str
    residence: str
    issued: date
    expiry: date | None

    @property
    def until(self) -> str:
        return _slashes(self.expiry) if self.expiry else "Không thời hạn"

    def truth(self, *, with_origin: bool) -> dict[str, Value]:
        return {
            "personal_id": self.person.personal_id,
            "full_name": self.person.full_name,
            "date_of_birth": self.person.date_of_birth.isoformat(),
            "sex": self.person.sex.value,
            "nationality": self.person.nationality,
            "place_of_origin": self.origin if with_origin else None,
            "residence": self.residence,
            "issued_date": self.issued.isoformat(),
            "expiry_date": self.expiry.isoformat() if self.expiry else None,
        }


def chip_card(generator: Generator, occasion: Occasion) -> Drawn:
    """Draw a `can-cuoc-cong-dan` with QR and chip: values of names and places below their labels."""
    return _chip(generator, occasion, below=True)


def chip_card_one_line(generator: Generator, occasion: Occasion) -> Drawn:
    """Draw a `can-cuoc-cong-dan` with QR and chip: every value beside its label."""
    return _chip(generator, occasion, below=False)


def bar_code_card(generator: Generator, occasion: Occasion) -> Drawn:
    """Draw a `can-cuoc-cong-dan` of 2016-2020: Vietnamese alone, no QR, no zone; at times its code is worn away."""
    card = _invent(generator, occasion, _BAR_CODE_ERA)
    front, back = _two_sides(generator, occasion)
    tint, lines = (236, 240, 226), (214, 226, 202)
    front.surface(generator, tint, lines)
    front.emblem(13, 11, 6)
    front.portrait(generator, 3.5, 19.5, 21, 27)
    front.put("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 54, 3, 6.2, Style.BOLD, "middle")
    front.put("Độc lập - Tự do - Hạnh phúc", 54, 5.9, 6, Style.BOLD, "middle")
    front.put("CĂN CƯỚC CÔNG DÂN", 54, 9.8, 10.5, Style.BOLD, "middle", _TITLE_RED)
    front.put("Số:", 33, 15.4, 7)
    front.put(card.person.personal_id, 40, 14.8, 9, Style.BOLD, ink=_TITLE_RED)
    front.put("Họ và tên:", 27, 20, 6)
    front.put(card.person.full_name.upper(), 40, 19.7, 7, Style.BOLD)
    front.put("Ngày, tháng, năm sinh:", 27, 25, 6)
    front.put(_slashes(card.person.date_of_birth), 50, 24.8, 6.6)
    front.put("Giới tính:", 27, 29, 6)
    front.put(card.person.sex.value, 38, 28.8, 6.6)
    front.put("Quốc tịch:", 48, 29, 6)
    front.put(card.person.nationality, 60, 28.8, 6.6)
    y = _labelled(front, "Quê quán:", card.origin, 27, 33, 83, (6, 6.6), below=False)
    _labelled(front, "Nơi thường trú:", card.residence, 27, max(y, 38.2) + 0.6, 83, (6, 6.6), below=False)
    front.put(f"Có giá trị đến: {card.until}", 3.5, 47.8, 5.2)
    back.surface(generator, tint, lines)
    if happens(generator, 0.6):
        back.paste(stacked_code(card.person.personal_id, back.px(60), back.px(8)), 13, 3)
    back.put("Đặc điểm nhận dạng:", 5, 13.5, 6)
    back.value(pick(generator, _TRAITS), 5, 16.8, 50, 6)
    _officer(back, generator, card, y=24, english=False)
    for top, label in ((13, "Ngón trỏ trái"), (32, "Ngón trỏ phải")):
        back.fingerprint(generator, 66, top)
        back.put(label, 72, top + 15, 4.8, align="middle")
    return Drawn(back.sheets.pages, card.truth(with_origin=True), "bar-code-card")


def new_card(generator: Generator, occasion: Occasion) -> Drawn:
    """Draw a `can-cuoc` of 2024: bilingual labels above their values; QR and zone on the back."""
    return _new(generator, occasion, below=True)


def new_card_one_line(generator: Generator, occasion: Occasion) -> Drawn:
    """Draw a `can-cuoc` of 2024 whose values stand beside their labels."""
    return _new(generator, occasion, below=False)


FORMS: Mapping[str, tuple[Form, ...]] = {
    "can-cuoc-cong-dan": (chip_card, chip_card_one_line, bar_code_card),
    "can-cuoc": (new_card, new_card_one_line),
    **_DRIVING,
}


def _chip(generator: Generator, occasion: Occasion, *, below: bool) -> Drawn:
    card = _invent(generator, occasion, _CHIP_ERA)
    person = card.person
    front, back = _two_sides(generator, occasion)
    tint, lines = (232, 240, 238), (208, 226, 222)
    front.surface(generator, tint, lines)
    front.emblem(11, 9.5, 6)
    _nation(front, 46)
    front.put("CĂN CƯỚC CÔNG DÂN", 46, 12, 9.4, Style.BOLD, "middle", _TITLE_RED)
    front.put("Citizen Identity Card", 46, 15.8, 5.8, Style.BOLD, "middle", _TITLE_RED)
    side = front.px(15.5)
    front.paste(qr_code(card_payload(person, card.old_id, card.residence, card.issued), side), 68.4, 2)
    front.portrait(generator, 4, 18.5, 20.5, 26)
    front.put("Số / No.:", 28, 20, 6.2)
    front.put(person.personal_id, 39, 19.1, 9.4, Style.BOLD)
    y = _labelled(front, "Họ và tên / Full name:", person.full_name.upper(), 28, 24, 83, (5.6, 7), below=below)
    y = _beside(front, (("Ngày sinh / Date of birth:", _slashes(person.date_of_birth)),), y)
    pairs = (("Giới tính / Sex:", person.sex.value), ("Quốc tịch / Nationality:", person.nationality))
    y = _beside(front, pairs, y)
    y = _labelled(front, "Quê quán / Place of origin:", card.origin, 28, y, 83, (5.6, 6.2), below=below)
    _labelled(front, "Nơi thường trú / Place of residence:", card.residence, 28, y, 83, (5.6, 6.2), below=False)
    front.put(f"Có giá trị đến: {card.until}", 3, 45.6, 4.9)
    front.put("Date of expiry:", 3, 48, 4.6)
    back.surface(generator, tint, lines)
    y = _labelled(back, "Đặc điểm nhận dạng / Personal identification:", pick(generator, _TRAITS), 4.6, 3, 62,
                  (5.4, 6), below=True)  # fmt: skip
    back.chip(5.5, 15.5)
    _officer(back, generator, card, y, english=True)
    for left, label, english in ((57, "Ngón trỏ trái", "Left index finger"), (71, "Ngón trỏ phải", "Right index")):
        back.fingerprint(generator, left, 12.5)
        back.put(label, left + 6.2, 28, 4.2, align="middle")
        back.put(english, left + 6.2, 30, 3.8, align="middle")
    back.zone(card_zone(person, card.expiry), 38.4)
    layout = "chip-card-below" if below else "chip-card-beside"
    return Drawn(back.sheets.pages, card.truth(with_origin=True), layout)


def _new(generator: Generator, occasion: Occasion, *, below: bool) -> Drawn:
    card = _invent(generator, occasion, _NEW_ERA)
    person = card.person
    front, back = _two_sides(generator, occasion)
    tint, lines = (240, 236, 224), (230, 220, 198)
    front.surface(generator, tint, lines)
    front.emblem(11, 9.5, 6)
    _nation(front, 50)
    front.put("CĂN CƯỚC", 50, 12, 10, Style.BOLD, "middle", _TITLE_RED)
    front.put("IDENTITY CARD", 50, 16, 6, Style.BOLD, "middle", _TITLE_RED)
    front.portrait(generator, 4, 18.5, 21.5, 29)
    sizes = (5.6, 7)
    y = _labelled(front, "Số định danh cá nhân / Personal identification number:", person.personal_id, 29, 20.4, 83,
                  (5.6, 8.6), below=True)  # fmt: skip
    y = _labelled(front, "Họ, chữ đệm và tên khai sinh / Full name:", person.full_name.upper(), 29, y + 0.4, 83,
                  sizes, below=True)  # fmt: skip
    born = _slashes(person.date_of_birth)
    y = _labelled(front, "Ngày, tháng, năm sinh / Date of birth:", born, 29, y + 0.4, 83, sizes, below=below) + 0.4
    if below:
        for label, value, left in (("Giới tính / Sex:", person.sex.value, 29.0),
                                   ("Quốc tịch / Nationality:", person.nationality, 54.0)):  # fmt: skip
            _labelled(front, label, value, left, y, 83, sizes, below=True)
    else:
        y = _beside(front, (("Giới tính / Sex:", person.sex.value),), y, 29)
        _beside(front, (("Quốc tịch / Nationality:", person.nationality),), y, 29)
    back.surface(generator, tint, lines)
    back.chip(4.6, 22)
    y = _labelled(back, "Nơi cư trú / Place of residence:", card.residence, 4.6, 2.6, 62, (5.4, 6), below=below)
    birthplace = short_place(place_on(generator, person.home, card.issued))
    y = _labelled(back, "Nơi đăng ký khai sinh / Place of birth:", birthplace, 4.6, y, 62, (5.4, 6), below=below)
    y = max(y, 17.5)
    issued, until = _slashes(card.issued), card.until
    y = _labelled(back, "Ngày, tháng, năm cấp / Date of issue:", issued, 19, y, 66, (5.2, 6), below=below)
    y = _labelled(back, "Ngày, tháng, năm hết hạn / Date of expiry:", until, 19, y, 66, (5.2, 6), below=below)
    back.put("BỘ CÔNG AN", 42, y + 0.3, 6.2, Style.BOLD, "middle")
    back.put("MINISTRY OF PUBLIC SECURITY", 42, y + 2.9, 5, Style.BOLD, "middle")
    back.paste(qr_code(card_payload(person, card.old_id, card.residence, card.issued), back.px(17)), 66, 3)
    back.zone(card_zone(person, card.expiry), 38.8)
    layout = "card-2024-below" if below else "card-2024-beside"
    return Drawn(back.sheets.pages, card.truth(with_origin=False), layout)


def _invent(generator: Generator, occasion: Occasion, era: tuple[date, date]) -> _Card:
    issued = pick_day(generator, *era)
    person = _holder(generator, occasion, issued)
    home = place_on(generator, person.home, issued)
    origin = home if happens(generator, 0.6) else place_on(generator, draw_place(generator), issued)
    old_id = f"{int(generator.integers(10**8, 4 * 10**8)):09d}" if happens(generator, 0.6) else None
    residence = short_dwelling(generator, home)
    return _Card(person, old_id, short_place(origin), residence, issued, _expiry(person, issued))


def _holder(generator: Generator, occasion: Occasion, issued: date) -> Person:
    """Return one of the dossier's parents who was old enough, else (now and then anyway) an older relative."""
    birth = occasion.birth
    adults = [
        person
        for person in (birth.mother, birth.father)
        if person and person.date_of_birth + timedelta(days=14 * 366) <= issued
    ]
    if adults and not happens(generator, 0.15):
        return pick(generator, adults)
    born = pick_day(generator, date(1938, 1, 1), date(1962, 12, 31))
    return draw_person(generator, born, birth.mother.home)


def _expiry(person: Person, issued: date) -> date | None:
    """Return the birthday at 25, 40 or 60 that ends the card. Source: Luật Căn cước công dân 2014, Điều 21."""
    born = person.date_of_birth
    for age in (25, 40, 60):
        day = min(born.day, 28) if (born.month, born.day) == (2, 29) else born.day
        birthday = date(born.year + age, born.month, day)
        if issued < birthday - timedelta(days=2 * 365):
            return birthday
    return None


def _two_sides(generator: Generator, occasion: Occasion) -> tuple[Plate, Plate]:
    """Return front and back: one above the other on a sheet, now and then each on a sheet of its own."""
    sheets = Sheets(occasion.dpi, Margins(), family=Family.SANS)
    zoom = between(generator, 1.35, 1.55)
    left = (WIDTH_MM - CARD_WIDTH_MM * zoom) / 2 + between(generator, -12, 12)
    top = between(generator, 24, 36)
    front = Plate(sheets, left, top, zoom)
    if happens(generator, 0.12):
        return front, _OverLeaf(sheets, left, top, zoom)
    return front, Plate(sheets, left + between(generator, -5, 5), top + CARD_HEIGHT_MM * zoom + 22, zoom)


class _OverLeaf(Plate):
    """A side that lies on the next sheet, taken when its surface is printed."""

    def surface(self, generator: Generator, tint: tuple[int, int, int], lines: tuple[int, int, int]) -> None:
        self.sheets.new_page(numbered=False)
        Plate.surface(self, generator, tint, lines)


def _nation(plate: Plate, x: float) -> None:
    plate.put("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", x, 2.6, 5.2, Style.BOLD, "middle")
    plate.put("Độc lập - Tự do - Hạnh phúc", x, 5, 5.2, Style.BOLD, "middle")
    plate.put("SOCIALIST REPUBLIC OF VIET NAM", x, 7.3, 4.4, align="middle")
    plate.put("Independence - Freedom - Happiness", x, 9.3, 4.4, align="middle")


def _labelled(
    plate: Plate, label: str, value: str, x: float, y: float, right: float, sizes: tuple[float, float], *, below: bool
) -> float:
    """Write a label and its value, below it or beside it; return what is below."""
    label_pt, value_pt = sizes
    plate.put(label, x, y + (0 if below else (value_pt - label_pt) * 0.3), label_pt)
    if below:
        return plate.value(value, x, y + label_pt * 0.46, right, value_pt) + 0.3
    return plate.value(value, x, y, right, value_pt, first_x=x + plate.width(label, label_pt) + 1) + 0.6


def _beside(plate: Plate, pairs: tuple[tuple[str, str], ...], y: float, x: float = 28) -> float:
    """Write labels with their values on one line; return what is below."""
    for label, value in pairs:
        plate.put(label, x, y, 5.6)
        after = x + plate.width(label, 5.6) + 1
        plate.put(value, after, y - 0.2, 6.2)
        x = after + plate.width(value, 6.2) + 4
    return y + 3.3


def _officer(plate: Plate, generator: Generator, card: _Card, y: float, *, english: bool) -> None:
    """Write the day of issue, the title of who signs, the signature and the name."""
    x = 37.0 if english else 35.0
    label = "Ngày, tháng, năm / Date, month, year:" if english else "Ngày, tháng, năm:"
    if english:
        plate.put(f"{label} {_slashes(card.issued)}", 4.6, y + 0.6, 5.2)
        titles = ("CỤC TRƯỞNG CỤC CẢNH SÁT", "QUẢN LÝ HÀNH CHÍNH VỀ TRẬT TỰ XÃ HỘI")
        y += 4
    else:
        day = card.issued
        plate.put(f"Ngày {day.day:02d} tháng {day.month:02d} năm {day.year}", x, y, 6, Style.ITALIC, "middle")
        titles = ("CỤC TRƯỞNG CỤC CẢNH SÁT", "ĐKQL CƯ TRÚ VÀ DLQG VỀ DÂN CƯ")
        y += 3.2
    for number, title in enumerate(titles):
        plate.put(title, x, y + number * 2.1, 4.5, Style.BOLD, "middle")
    plate.put(draw_name(generator, Sex.MALE), x, y + 13.4, 5.4, Style.BOLD, "middle")
    plate.sign_and_stamp(generator, x, y + 5, _POLICE_SEAL)


def _slashes(day: date) -> str:
    return f"{day.day:02d}/{day.month:02d}/{day.year}"
