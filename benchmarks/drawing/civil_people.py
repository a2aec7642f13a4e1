"""What civil-status papers say about people besides their names: homes of a day, identity papers, deaths, marriages."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from benchmarks.drawing.acts import act_date
from benchmarks.drawing.agencies import Agency, communal_committee
from benchmarks.drawing.chance import Generator, between, happens, pick, pick_day
from benchmarks.drawing.civil_layout import respell, slashed
from benchmarks.drawing.civil_status import Birth
from benchmarks.drawing.people import Person, Sex, draw_person
from benchmarks.drawing.places import DISTRICTS_END, Place, draw_place

LAST_DAY = date(2026, 6, 30)
_CHIP_CARD_START = date(2016, 1, 1)  # Source: Luật Căn cước công dân 2014, Điều 38
_IDENTITY_CARD_START = date(2024, 7, 1)  # Source: Luật Căn cước 2023, Điều 46
_STREETS = ("Nguyễn Trãi", "Lý Thường Kiệt", "Trần Hưng Đạo", "Hoàng Hoa Thám", "Lê Lợi", "Điện Biên Phủ")


@dataclass(frozen=True, slots=True)
class IdentityPaper:
    """An identity paper: what forms print about it, its number, kind, issuer and day of issue."""

    kind: str
    number: str
    issuer: str
    issued: date

    @property
    def text(self) -> str:
        """For example `Căn cước công dân số 0… do … cấp ngày 01/02/2021`."""
        return f"{self.kind} số {self.number} do {self.issuer} cấp ngày {slashed(self.issued)}"


@dataclass(frozen=True, slots=True)
class Marriage:
    """A registered marriage; `book` numbers the register it stands in."""

    wife: Person
    husband: Person
    registered: date
    number: str
    book: str
    registrar: str


@dataclass(frozen=True, slots=True)
class Death:
    """A registered death: when to the minute, where, in which register."""

    deceased: Person
    when: date
    hour: int
    minute: int
    place: str
    registered: date
    number: str
    registrar: str

    @property
    def moment(self) -> str:
        """For example `03 giờ 15 phút, ngày 05 tháng 3 năm 2023`."""
        return f"{self.hour:02d} giờ {self.minute:02d} phút, {act_date(self.when)}"


def some_date(generator: Generator, day: date) -> str:
    """Return `day` in one of the ways that forms print it, without `ngày` before it."""
    return pick(generator, (slashed(day), f"{day.day:02d}-{day.month:02d}-{day.year}", act_date(day)[5:]))


def home_on(generator: Generator, home: Place, day: date) -> Place:
    """Return `home` as papers of `day` name it: with a district before July 2025, without one since then."""
    if day >= DISTRICTS_END:
        return replace(home, district=None)
    return home if home.district else replace(home, district=draw_place(generator).district)


def residence(generator: Generator, home: Place) -> str:
    """Return an address in `home`, often with hamlet or street: long enough to wrap."""
    number = int(generator.integers(1, 400))
    street = pick(generator, _STREETS)
    heads = (
        "",
        f"Thôn {int(generator.integers(1, 12))}, ",
        f"Số nhà {number}, đường {street}, ",
        f"Số {number}/{int(generator.integers(1, 60))}, đường {street}, tổ {int(generator.integers(1, 30))}, "
        f"khu phố {int(generator.integers(1, 9))}, ",
        f"Tổ dân phố {int(generator.integers(1, 15))}, ",
    )
    return f"{pick(generator, heads)}{home.address}"


def registrar_of(generator: Generator, home: Place) -> str:
    """Return the registering agency in one of its spellings."""
    words = pick(generator, ("Ủy ban nhân dân", "Uỷ ban nhân dân", "UBND"))
    return f"{words} {home.address}"


def office(generator: Generator, home: Place, issued: date, newer_tone: bool, all_levels: bool = False) -> Agency:
    """Return the committee of the commune; `all_levels` prints province and district above it as lines."""
    agency = communal_committee(generator, issued, home_on(generator, home, issued))
    if all_levels:
        district = (f"HUYỆN {agency.home.district.upper()}",) if agency.home.district else ()
        parents = (agency.home.province.full_name.upper(), *district)
        return replace(agency, parent_lines=parents, name_lines=_respelled(agency.name_lines, newer_tone))
    return replace(
        agency,
        name_lines=_respelled(agency.name_lines, newer_tone),
        collective=respell(agency.collective or "", newer_tone) or None,
    )


def identity_paper(generator: Generator, person: Person, day: date) -> IdentityPaper:
    """Return the identity paper that `person` shows on `day`: a 9-digit card before 2016, 12 digits since."""
    earliest = max(person.date_of_birth + timedelta(days=14 * 366), day - timedelta(days=3200))
    issued = pick_day(generator, min(earliest, day - timedelta(days=20)), day - timedelta(days=10))
    if issued < _CHIP_CARD_START:
        digits = f"{int(generator.integers(10_000_000, 400_000_000)):09d}"
        return IdentityPaper("Chứng minh nhân dân", digits, f"Công an {person.home.province.full_name}", issued)
    if issued >= _IDENTITY_CARD_START:
        return IdentityPaper("Căn cước", person.personal_id, "Bộ Công an", issued)
    kind = pick(generator, ("Căn cước công dân", "Căn cước công dân", "CCCD"))
    issuer = pick(generator, ("Cục Cảnh sát quản lý hành chính về trật tự xã hội", "Cục Cảnh sát QLHC về TTXH"))
    return IdentityPaper(kind, person.personal_id, issuer, issued)


def adult_of(generator: Generator, birth: Birth) -> Person:
    """Return the father or the mother of the dossier."""
    return birth.father if birth.father and happens(generator, 0.5) else birth.mother


def partner_for(generator: Generator, person: Person) -> Person:
    """Return an invented adult of the other sex, a few years older or younger than `person`."""
    sex = Sex.MALE if person.sex is Sex.FEMALE else Sex.FEMALE
    born = person.date_of_birth + timedelta(days=int(between(generator, -5, 4) * 365))
    return draw_person(generator, born, draw_place(generator, person.home.province), sex)


def draw_marriage(generator: Generator, birth: Birth, old_form: bool) -> Marriage:
    """Marry the parents of the dossier, before 2016 for the old form when their ages allow it."""
    wife, husband = birth.mother, birth.father or partner_for(generator, birth.mother)
    of_age = max(wife.date_of_birth + timedelta(days=18 * 366), husband.date_of_birth + timedelta(days=20 * 366))
    first = of_age if old_form else max(of_age, date(2016, 1, 4))
    latest = date(2015, 12, 25) if old_form else birth.child.date_of_birth
    registered = pick_day(generator, first, max(latest, first + timedelta(days=40)))
    registered = min(registered, LAST_DAY)
    number = int(generator.integers(1, 300))
    return Marriage(
        wife=wife,
        husband=husband,
        registered=registered,
        number=pick(generator, (str(number), f"{number:02d}", f"{number}/{registered.year}")),
        book=f"{int(generator.integers(1, 4)):02d}/{registered.year}",
        registrar=registrar_of(generator, home_on(generator, wife.home, registered)),
    )


def draw_death(generator: Generator, birth: Birth) -> Death:
    """Invent the death of an old relative of the dossier's father (or mother)."""
    child = birth.father or birth.mother
    born = child.date_of_birth - timedelta(days=int(between(generator, 20, 42) * 365))
    surname = child.full_name.split(" ")[0] if child.ethnicity == "Kinh" else None
    deceased = draw_person(generator, born, child.home, None, child.ethnicity, surname)
    when = pick_day(generator, date(2016, 2, 1), date(2026, 4, 30))
    registered = when + timedelta(days=int(generator.integers(1, 16)))
    home = home_on(generator, child.home, when)
    number = int(generator.integers(1, 120))
    places = ("Tại nhà", f"Tại nhà riêng, {home.address}", f"Bệnh viện đa khoa {home.province.full_name}")
    return Death(
        deceased=replace(deceased, home=home),
        when=when,
        hour=int(generator.integers(0, 24)),
        minute=int(generator.integers(0, 12)) * 5,
        place=pick(generator, places),
        registered=registered,
        number=pick(generator, (str(number), f"{number:02d}/{registered.year}")),
        registrar=registrar_of(generator, home_on(generator, home, registered)),
    )


def _respelled(lines: tuple[str, ...], newer_tone: bool) -> tuple[str, ...]:
    return tuple(respell(line, newer_tone) for line in lines)
