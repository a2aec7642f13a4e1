"""What an invented certificate of land-use rights says."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from benchmarks.drawing.addresses import dwelling, older_tones, place_on, spot, tone_style
from benchmarks.drawing.chance import Generator, between, happens, pick, pick_day
from benchmarks.drawing.forms import Occasion, Value
from benchmarks.drawing.number_words import WordChoice
from benchmarks.drawing.people import Person, Sex, draw_name, draw_person
from benchmarks.drawing.places import DISTRICTS_END, Place, draw_place

EMPTY = "-/-"  # what the form prints where there is nothing
_NEW_FORM = date(2024, 8, 1)
_PURPOSES = (
    ("Đất ở tại nông thôn", "Lâu dài"),
    ("Đất ở tại đô thị", "Lâu dài"),
    ("Đất trồng cây lâu năm", "Đến ngày 15/10/2063"),
    ("Đất chuyên trồng lúa nước", "Đến ngày 01/7/2064"),
    ("Đất ở", "Lâu dài"),
)
_ORIGINS = (
    "Nhà nước giao đất có thu tiền sử dụng đất",
    "Công nhận quyền sử dụng đất như giao đất có thu tiền sử dụng đất",
    "Nhận chuyển nhượng đất được Công nhận QSDĐ như giao đất có thu tiền sử dụng đất",
    "Nhận thừa kế đất được Nhà nước giao đất không thu tiền sử dụng đất",
)
_SERIAL_LETTERS = "ABCDĐEGHKLMNPQSTUVXY".replace("Đ", "")


@dataclass(frozen=True, slots=True)
class Land:
    """A certificate: its owners, its parcel, its numbers and who signed it; texts are as printed."""

    owner: Person
    owner_id: str | None
    spouse: Person | None
    owner_lines: tuple[str, ...]
    serial: str
    register_number: str
    parcel: str
    sheet: str
    address: str
    area: Decimal
    purpose: str
    term: str
    origin: str
    note: str
    issued: date
    signed_at: str
    titles: tuple[str, ...]
    signer: str
    seal_text: str
    words: WordChoice
    older_spelling: bool

    def spelled(self, text: str) -> str:
        """Return `text` in the tone style of the office."""
        return older_tones(text) if self.older_spelling else text

    @property
    def truth(self) -> dict[str, Value]:
        """The fields of the record."""
        return {
            "serial": self.serial,
            "owner_name": self.owner.full_name,
            "owner_personal_id": self.owner_id,
            "parcel_number": self.parcel,
            "map_sheet_number": self.sheet,
            "parcel_address": self.address,
            "area_m2": str(self.area),
            "land_use_purpose": self.purpose,
            "register_number": self.register_number,
            "issued_date": self.issued.isoformat(),
        }


def invent_land(generator: Generator, occasion: Occasion, era: tuple[date, date]) -> Land:
    """Invent a certificate issued in `era`; its owners are the parents of the dossier or an older relative."""
    issued = pick_day(generator, *era)
    owner, spouse = _owners(generator, occasion, issued)
    older = tone_style(generator)

    def spelled(text: str) -> str:
        return older_tones(text) if older else text

    home = place_on(generator, owner.home, issued)
    parcel_place = home if happens(generator, 0.5) else draw_place(generator, home.province)
    parcel_place = place_on(generator, replace(parcel_place, province=home.province), issued)
    purpose, term = pick(generator, _PURPOSES)
    owner_id = _id_on(generator, owner, issued)
    signed_at, titles, seal_text = _authority(generator, parcel_place, issued)
    parcel_spot = spot(generator) if happens(generator, 0.6) else None
    address = ", ".join(part for part in (parcel_spot, parcel_place.address) if part)
    return Land(
        owner=owner,
        owner_id=owner_id,
        spouse=spouse,
        owner_lines=_owner_lines(generator, owner, owner_id, spouse, spelled(dwelling(generator, home)), issued),
        serial=_serial(generator, new_form=issued >= _NEW_FORM),
        register_number=_register_number(generator, issued),
        parcel=str(int(generator.integers(3, 1600))),
        sheet=str(int(generator.integers(1, 130))),
        address=spelled(address),
        area=_area(generator),
        purpose=purpose,
        term=term,
        origin=pick(generator, _ORIGINS),
        note=_note(generator, issued),
        issued=issued,
        signed_at=spelled(signed_at),
        titles=tuple(spelled(title) for title in titles),
        signer=draw_name(generator, pick(generator, tuple(Sex))),
        seal_text=seal_text,
        words=WordChoice(zero_tens=pick(generator, ("linh", "lẻ")), thousand=pick(generator, ("nghìn", "ngàn"))),
        older_spelling=older,
    )


def _owners(generator: Generator, occasion: Occasion, issued: date) -> tuple[Person, Person | None]:
    birth = occasion.birth
    grown = timedelta(days=20 * 366)
    adults = [person for person in (birth.father, birth.mother) if person and person.date_of_birth + grown <= issued]
    if not adults:
        born = pick_day(generator, date(1950, 1, 1), date(1978, 12, 31))
        owner = draw_person(generator, born, birth.mother.home)
        near = born + timedelta(days=int(between(generator, -1500, 1500)))
        other = Sex.MALE if owner.sex is Sex.FEMALE else Sex.FEMALE
        return owner, draw_person(generator, near, owner.home, other) if happens(generator, 0.4) else None
    owner = adults[0]
    return owner, adults[1] if len(adults) > 1 and happens(generator, 0.6) else None


def _id_on(generator: Generator, person: Person, issued: date) -> str | None:
    """Return the number that stood on the person's card that day: nine digits before 2016, at times none."""
    if happens(generator, 0.06):
        return None
    if issued < date(2016, 1, 1) or (issued < date(2021, 1, 1) and happens(generator, 0.6)):
        return f"{int(generator.integers(10**8, 4 * 10**8)):09d}"
    return person.personal_id


def _owner_lines(
    generator: Generator, owner: Person, owner_id: str | None, spouse: Person | None, address: str, issued: date
) -> tuple[str, ...]:
    new_form = issued >= _NEW_FORM
    capitals = happens(generator, 0.3)

    def numbered(person: Person, number: str | None) -> str:
        name = person.full_name.upper() if capitals else person.full_name
        title = "Ông" if person.sex is Sex.MALE else "Bà"
        label = "CMND số" if number and len(number) == 9 else pick(generator, ("CCCD số", "Căn cước công dân số"))
        if new_form:
            label = "Số định danh cá nhân" if issued.year > 2024 else "CCCD số"
        year = "" if new_form else f"Năm sinh: {person.date_of_birth.year}, "
        return f"{title}: {name}, {year}{label}: {number or EMPTY}"

    lines = [numbered(owner, owner_id)]
    if spouse:
        role = "Và vợ: " if spouse.sex is Sex.FEMALE else "Và chồng: "
        number = _id_on(generator, spouse, issued) if owner_id and len(owner_id) == 9 else spouse.personal_id
        lines.append(role + numbered(spouse, number))
    lines.append(f"{'Địa chỉ' if new_form else 'Địa chỉ thường trú'}: {address}")
    return tuple(lines)


def _serial(generator: Generator, *, new_form: bool) -> str:
    if new_form:
        return f"AA {int(generator.integers(10**6, 10**8)):08d}"
    letters = pick(generator, "BCD") + pick(generator, _SERIAL_LETTERS)
    return f"{letters} {int(generator.integers(100_000, 999_999))}"


def _register_number(generator: Generator, issued: date) -> str:
    number = int(generator.integers(100, 30_000))
    return pick(
        generator, (f"CS {number:05d}", f"CH {number:05d}", f"VP.{number % 900 + 1}.{issued:%y}",
                    f"CN {number:05d}", f"CH{number:05d}")
    )  # fmt: skip


def _area(generator: Generator) -> Decimal:
    whole = int(generator.integers(38, 2600)) if happens(generator, 0.8) else int(generator.integers(40, 160))
    return Decimal(whole) if happens(generator, 0.25) else Decimal(f"{whole}.{int(generator.integers(1, 10))}")


def _note(generator: Generator, issued: date) -> str:
    if happens(generator, 0.45):
        return EMPTY
    earlier = pick_day(generator, date(1996, 1, 1), min(issued - timedelta(days=400), date(2012, 12, 31)))
    serial = f"{pick(generator, 'ADEM')}{pick(generator, _SERIAL_LETTERS)} {int(generator.integers(10**5, 10**6))}"
    day = f"{earlier.day:02d}/{earlier.month:02d}/{earlier.year}"
    return pick(
        generator,
        (
            f"Giấy chứng nhận này được cấp đổi từ giấy chứng nhận số {serial} do UBND huyện cấp ngày {day}.",
            f"Được cấp đổi từ Giấy chứng nhận số phát hành {serial}, số vào sổ 00{int(generator.integers(100, 999))} "
            f"cấp ngày {day}.",
            f"Thửa đất có {int(generator.integers(10, 60))},5 m² đất thuộc hành lang an toàn đường bộ.",
        ),
    )


def _authority(generator: Generator, place: Place, issued: date) -> tuple[str, tuple[str, ...], str]:
    """Return where it was signed, the title lines and the seal of the authority of that day."""
    province = place.province
    if issued >= DISTRICTS_END:
        if happens(generator, 0.5):
            return place.commune, ("TM. ỦY BAN NHÂN DÂN XÃ", "CHỦ TỊCH"), f"* UBND XÃ {place.commune.upper()} *"
        branch = f"CHI NHÁNH {(draw_place(generator).commune).upper()}"
        titles = ("VĂN PHÒNG ĐĂNG KÝ ĐẤT ĐAI", branch, "GIÁM ĐỐC")
        return province.name, titles, f"* VPĐKĐĐ {province.full_name.upper()} *"
    district = place.district or place.commune
    if happens(generator, 0.6):
        head = pick(generator, (("CHỦ TỊCH",), ("KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH")))
        committee = f"TM. ỦY BAN NHÂN DÂN HUYỆN {district.upper()}"
        return district, (committee, *head), f"* UBND HUYỆN {district.upper()} - {province.full_name.upper()} *"
    titles = ("SỞ TÀI NGUYÊN VÀ MÔI TRƯỜNG", "KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC")
    return province.name, titles, f"* SỞ TÀI NGUYÊN VÀ MÔI TRƯỜNG {province.full_name.upper()} *"
