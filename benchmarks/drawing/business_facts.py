"""What an invented certificate of a company says, and numbers of enterprises that pass their check."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

from benchmarks.drawing.addresses import dwelling, older_tones, place_on, tone_style
from benchmarks.drawing.agencies import Agency
from benchmarks.drawing.chance import Generator, happens, pick, pick_day
from benchmarks.drawing.forms import Occasion, Value
from benchmarks.drawing.people import Person, Sex, draw_name, draw_person
from benchmarks.drawing.places import DISTRICTS_END, Place

_WEIGHTS = (31, 29, 23, 19, 17, 13, 7, 5, 3)
_TRADES = ("XÂY DỰNG", "THƯƠNG MẠI VÀ DỊCH VỤ", "VẬN TẢI", "NÔNG SẢN", "MAY MẶC", "CƠ KHÍ", "DƯỢC PHẨM", "NỘI THẤT")
_MARKS = ("AN BÌNH", "HÒA PHÁT TÂM", "MINH KHUÊ", "PHÚ THỊNH", "ĐẠI LỘC", "SƠN TRÀ XANH", "THỦY NGUYÊN", "VIỆT HƯỞNG")
_CAPITALS = (500, 900, 1_000, 1_800, 2_500, 4_500, 6_868, 8_000, 9_900, 12_050, 20_000, 45_000, 120_000)


class Kind(Enum):
    """Kinds of enterprise; `title` is the line below the title of the certificate."""

    SHARES = "CÔNG TY CỔ PHẦN"
    ONE_MEMBER = "CÔNG TY TRÁCH NHIỆM HỮU HẠN MỘT THÀNH VIÊN"
    TWO_MEMBERS = "CÔNG TY TRÁCH NHIỆM HỮU HẠN HAI THÀNH VIÊN TRỞ LÊN"
    PRIVATE = "DOANH NGHIỆP TƯ NHÂN"

    @property
    def title(self) -> str:
        """The line below the title."""
        return self.value


@dataclass(frozen=True, slots=True)
class _Papers:
    """What the form says of a person's paper and dwelling."""

    paper: str
    number: str
    day: str
    organ: str
    dwelling: str


@dataclass(frozen=True, slots=True)
class Company:
    """A registered company; texts are as printed. `papers` go with `owner` and `representative`."""

    kind: Kind
    code: str
    name: str
    foreign_name: str
    short_name: str
    address: str
    telephone: str
    capital: int
    currency: str
    labelled_capital: bool
    owner: Person
    representative: Person
    papers: tuple[_Papers, _Papers]
    position: str
    first_registered: date
    dated_lines: tuple[str, ...]
    agency: Agency
    titles: tuple[str, ...]
    signer: str
    seal_text: str
    older_spelling: bool

    def spelled(self, text: str) -> str:
        """Return `text` in the tone style of the office."""
        return older_tones(text) if self.older_spelling else text

    def paper_of(self, person: Person) -> str:
        """Return the kind of paper the person showed."""
        return self._papers(person).paper

    def number_of(self, person: Person) -> str:
        """Return the number of that paper."""
        return self._papers(person).number

    def paper_day_of(self, person: Person) -> str:
        """Return the day of that paper."""
        return self._papers(person).day

    def paper_organ_of(self, person: Person) -> str:
        """Return who gave that paper."""
        return self._papers(person).organ

    def dwelling_of(self, person: Person) -> str:
        """Return where the person lives."""
        return self._papers(person).dwelling

    @property
    def truth(self) -> dict[str, Value]:
        """The fields of the record."""
        return {
            "enterprise_code": self.code,
            "company_name": self.name,
            "head_office_address": self.address,
            "charter_capital": None if self.kind is Kind.PRIVATE else str(self.capital),
            "representative_name": self.representative.full_name,
            "representative_personal_id": self.number_of(self.representative),
            "first_registration_date": self.first_registered.isoformat(),
        }

    def _papers(self, person: Person) -> _Papers:
        return self.papers[1] if person == self.representative else self.papers[0]


def enterprise_code(generator: Generator) -> str:
    """Return ten digits whose last is their check. Source: Thông tư 105/2020/TT-BTC, Điều 5."""
    while True:
        digits = f"{int(generator.integers(1, 64)):02d}{int(generator.integers(10**7)):07d}"
        check = 10 - sum(int(digit) * weight for digit, weight in zip(digits, _WEIGHTS, strict=True)) % 11
        if check < 10:
            return f"{digits}{check}"


def plain_date(day: date) -> str:
    """Return `05/03/2024`."""
    return f"{day.day:02d}/{day.month:02d}/{day.year}"


def said_date(day: date) -> str:
    """Return `ngày 05 tháng 03 năm 2024`, all padded, as the registers print it."""
    return f"ngày {day.day:02d} tháng {day.month:02d} năm {day.year}"


def registration_office(place: Place, day: date) -> Agency:
    """Return the department that registered companies of the province of `place` on that day."""
    department = "SỞ KẾ HOẠCH VÀ ĐẦU TƯ" if day < date(2025, 3, 1) else "SỞ TÀI CHÍNH"
    province = place.province
    return Agency(
        parent_lines=(f"{department} {province.full_name.upper()}",),
        name_lines=("PHÒNG ĐĂNG KÝ KINH DOANH",),
        full_name="Phòng Đăng ký kinh doanh",
        symbol="ĐKKD",
        units=(),
        place=province.name,
        head="Trưởng phòng",
        deputy="Phó Trưởng phòng",
        collective=None,
        seal_text=f"* PHÒNG ĐĂNG KÝ KINH DOANH {province.name.upper()} *",
        home=place,
    )


def invent_company(generator: Generator, occasion: Occasion, era: tuple[date, date]) -> Company:
    """Invent a company whose present certificate was given in `era`; a parent of the dossier represents it."""
    issued = pick_day(generator, *era)
    kind = pick(generator, tuple(Kind))
    representative, other = grown_up(generator, occasion, issued)
    alone = kind is Kind.PRIVATE or (kind is Kind.ONE_MEMBER and happens(generator, 0.5))
    owner = representative if alone else other
    changes = int(generator.integers(1, 9)) if happens(generator, 0.55) else 0
    first = pick_day(generator, date(2006, 1, 2), date(issued.year - 1, 6, 30)) if changes else issued
    older = tone_style(generator)
    home = place_on(generator, representative.home, issued)
    agency = registration_office(home, issued)
    name = _name(generator, kind)
    address = dwelling(generator, home) + (", Việt Nam" if happens(generator, 0.6) else "")
    initials = "".join(word[0] for word in name.split(" ")[-2:])
    lines = [f"Đăng ký lần đầu: {said_date(first)}"]
    if changes:
        lines.append(f"Đăng ký thay đổi lần thứ: {changes}, {said_date(issued)}")
    titles = ("TRƯỞNG PHÒNG",) if happens(generator, 0.6) else ("KT. TRƯỞNG PHÒNG", "PHÓ TRƯỞNG PHÒNG")
    return Company(
        kind=kind,
        code=enterprise_code(generator),
        name=older_tones(name) if older else name,
        foreign_name=f"{pick(generator, ('SUNRISE', 'GOLDEN RICE', 'BLUE HILL'))} COMPANY"
        if happens(generator, 0.4)
        else "",
        short_name=f"{initials} CO" if happens(generator, 0.4) else "",
        address=older_tones(address) if older else address,
        telephone=f"02{int(generator.integers(10**8, 10**9))}" if happens(generator, 0.6) else "",
        capital=pick(generator, _CAPITALS) * 10**6,
        currency=pick(generator, ("đồng", "đồng", "VNĐ")),
        labelled_capital=happens(generator, 0.8),
        owner=owner,
        representative=representative,
        papers=(_shown_paper(generator, owner, issued), _shown_paper(generator, representative, issued)),
        position=pick(generator, ("Giám đốc", "Tổng giám đốc", "Chủ tịch hội đồng quản trị", "Chủ tịch công ty")),
        first_registered=first,
        dated_lines=tuple(lines),
        agency=agency,
        titles=titles,
        signer=draw_name(generator, pick(generator, tuple(Sex))),
        seal_text=agency.seal_text,
        older_spelling=older,
    )


def grown_up(generator: Generator, occasion: Occasion, day: date) -> tuple[Person, Person]:
    """Return two persons who were of age that day: parents of the dossier first, else invented ones."""
    birth = occasion.birth
    of_age = timedelta(days=18 * 366)
    adults = [person for person in (birth.father, birth.mother) if person and person.date_of_birth + of_age <= day]
    if len(adults) > 1 and happens(generator, 0.5):
        adults.reverse()
    while len(adults) < 2:
        born = pick_day(generator, date(1955, 1, 1), date(1985, 12, 31))
        adults.append(draw_person(generator, born, birth.mother.home))
    return adults[0], adults[1]


def _name(generator: Generator, kind: Kind) -> str:
    starts = {
        Kind.SHARES: ("CÔNG TY CỔ PHẦN",),
        Kind.ONE_MEMBER: ("CÔNG TY TNHH MỘT THÀNH VIÊN", "CÔNG TY TNHH MTV", "CÔNG TY TNHH"),
        Kind.TWO_MEMBERS: ("CÔNG TY TNHH", "CÔNG TY TRÁCH NHIỆM HỮU HẠN"),
        Kind.PRIVATE: ("DOANH NGHIỆP TƯ NHÂN", "DNTN"),
    }
    return f"{pick(generator, starts[kind])} {pick(generator, _TRADES)} {pick(generator, _MARKS)}"


def _shown_paper(generator: Generator, person: Person, issued: date) -> _Papers:
    home = place_on(generator, person.home, issued)
    where = dwelling(generator, home) + (", Việt Nam" if happens(generator, 0.6) else "")
    adult = date(person.date_of_birth.year + 16, 1, 1)
    if issued < date(2016, 6, 1) or (issued < date(2021, 1, 1) and happens(generator, 0.6)):
        day = pick_day(generator, min(adult, date(2014, 12, 31)), date(2015, 6, 30))
        number = f"{int(generator.integers(10**8, 4 * 10**8)):09d}"
        return _Papers("Giấy chứng minh nhân dân", number, plain_date(day), f"Công an {home.province.full_name}", where)
    day = pick_day(generator, min(max(adult, date(2016, 1, 4)), issued), issued)
    organ = "Cục Cảnh sát quản lý hành chính về trật tự xã hội" if issued < DISTRICTS_END else "Bộ Công an"
    return _Papers("Thẻ căn cước công dân", person.personal_id, plain_date(day), organ, where)
