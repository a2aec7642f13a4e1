"""Confirmations of marital status and extracts of the death register. Source of labels: Thông tư 04/2020/TT-BTP."""

from dataclasses import dataclass
from datetime import date, timedelta

from benchmarks.drawing.acts import act_date
from benchmarks.drawing.agencies import Agency
from benchmarks.drawing.blocks import agency_head, head_columns
from benchmarks.drawing.chance import Generator, between, happens, pick, pick_day
from benchmarks.drawing.civil_art import frame
from benchmarks.drawing.civil_layout import (
    Blank,
    Entry,
    Leaders,
    Look,
    entry,
    nation,
    row,
    sentence,
    sign,
    slashed,
    typed_family,
)
from benchmarks.drawing.civil_people import (
    LAST_DAY,
    IdentityPaper,
    adult_of,
    draw_death,
    home_on,
    identity_paper,
    office,
    partner_for,
    residence,
    some_date,
)
from benchmarks.drawing.fonts import Style
from benchmarks.drawing.forms import Drawn, Occasion, Value
from benchmarks.drawing.number_words import date_words
from benchmarks.drawing.people import Person, Sex
from benchmarks.drawing.sheets import Margins, Sheets

_VALIDITY = "Giấy này có giá trị sử dụng trong thời hạn 6 tháng, kể từ ngày cấp, được sử dụng để"


@dataclass(frozen=True, slots=True)
class _Confirmation:
    """What a confirmation of marital status says."""

    person: Person
    paper: IdentityPaper
    number: str
    issued: date
    residence: str
    status: str
    purpose: str
    agency: Agency

    @property
    def truth(self) -> dict[str, Value]:
        """Field values as a record has to carry them."""
        return {
            "number": self.number,
            "full_name": self.person.full_name,
            "date_of_birth": self.person.date_of_birth.isoformat(),
            "sex": self.person.sex.value,
            "personal_id": self.paper.number,
            "residence": self.residence,
            "marital_status": self.status,
            "purpose": self.purpose,
            "issued_date": self.issued.isoformat(),
        }


def marital_status(generator: Generator, occasion: Occasion) -> Drawn:
    """Draw the confirmation as the form of 2020 has it, by word processor."""
    said, newer_tone = _confirm(generator, occasion)
    sheets = Sheets(occasion.dpi, Margins(left=29, top=18, right=17, bottom=14), 1.15, occasion.family)
    _dated_head(sheets, said.agency, said.number, said.issued, newer_tone, 12)
    sheets.headline("GIẤY XÁC NHẬN TÌNH TRẠNG HÔN NHÂN", 14.5)
    sheets.y_mm += 2
    sheets.headline(said.agency.full_name.upper(), 13)
    sheets.y_mm += 4
    look = Look(size_pt=13, spacing=between(generator, 1.15, 1.3), blank=Blank.DOTS,
                value=pick(generator, (Style.REGULAR, Style.REGULAR, Style.ITALIC)))  # fmt: skip
    person, name = said.person, said.person.full_name
    asked = (
        f"Xét đề nghị của ông/bà: {name} về việc cấp Giấy xác nhận tình trạng hôn nhân cho {_self(generator, name)},"
    )
    sentence(sheets, look, asked, indent_mm=10)
    sheets.y_mm += 1
    sheets.headline("XÁC NHẬN:", 13.5)
    sheets.y_mm += 2
    entry(sheets, look, Entry("Họ, chữ đệm, tên", name.upper(), strong=True))
    entry(sheets, look, Entry("Ngày, tháng, năm sinh", slashed(person.date_of_birth)))
    row(sheets, look, Entry("Giới tính", person.sex.value), Entry("Dân tộc", person.ethnicity),
        Entry("Quốc tịch", person.nationality))  # fmt: skip
    entry(sheets, look, Entry("Giấy tờ tùy thân", _paper_with_colons(said.paper)))
    entry(sheets, look, Entry("Nơi cư trú", said.residence))
    if happens(generator, 0.5):
        start = person.date_of_birth + timedelta(days=18 * 366)
        home = home_on(generator, person.home, said.issued).address
        sentence(sheets, look, f"Trong thời gian cư trú tại: {home}.")
        sentence(sheets, look, f"Từ ngày {slashed(start)} đến ngày {slashed(said.issued)}.")
    entry(sheets, look, Entry("Tình trạng hôn nhân", f"{said.status}."))
    entry(sheets, look, Entry(_VALIDITY, f"{said.purpose}."))
    sign(sheets, generator, said.agency, "NGƯỜI KÝ GIẤY XÁC NHẬN", occasion.stamp_over_name)
    return Drawn(sheets.pages, said.truth, "tt04-2020")


def marital_status_on_leaders(generator: Generator, occasion: Occasion) -> Drawn:
    """Draw the confirmation typed onto a form with dotted lines, the agency in the head alone."""
    said, newer_tone = _confirm(generator, occasion)
    sheets = Sheets(occasion.dpi, Margins(left=27, top=18, right=18, bottom=14), 1.2, occasion.family)
    frame(sheets)
    _dated_head(sheets, said.agency, said.number, said.issued, newer_tone, 11.5)
    lines = ("GIẤY XÁC NHẬN", "TÌNH TRẠNG HÔN NHÂN")
    sheets.y_mm = sheets.stack(lines, sheets.center_mm, sheets.y_mm, 16, Style.BOLD) + 4
    look = Look(size_pt=12.5, spacing=between(generator, 1.2, 1.35), blank=pick(generator, tuple(Blank)),
                value=pick(generator, (Style.REGULAR, Style.BOLD)), typed=typed_family(generator, occasion.family),
                leaders=pick(generator, (Leaders.UNDER, Leaders.AFTER)), raised_notes=True)  # fmt: skip
    person = said.person
    sentence(sheets, look, f"{said.agency.full_name} xác nhận:", Style.BOLD)
    row(sheets, look, Entry("Họ, chữ đệm, tên", person.full_name.upper(), strong=True),
        Entry("Giới tính", person.sex.value), shares=(2.6, 1))  # fmt: skip
    entry(sheets, look, Entry("Ngày, tháng, năm sinh", slashed(person.date_of_birth)))
    row(sheets, look, Entry("Dân tộc", person.ethnicity), Entry("Quốc tịch", person.nationality))
    entry(sheets, look, Entry("Nơi cư trú", said.residence, note="1"))
    entry(sheets, look, Entry("Giấy tờ tùy thân", said.paper.text, note="2"))
    entry(sheets, look, Entry("Tình trạng hôn nhân", said.status, note="3"))
    entry(sheets, look, Entry(_VALIDITY, said.purpose))
    heading = pick(generator, ("", "NGƯỜI KÝ GIẤY XÁC NHẬN"))
    sign(sheets, generator, said.agency, heading, occasion.stamp_over_name, note="")
    return Drawn(sheets.pages, said.truth, "dong-cham")


def death_extract(generator: Generator, occasion: Occasion) -> Drawn:
    """Draw the extract of the form of 2020: the number and date of the register stand below those of the extract."""
    return _death_extract(generator, occasion, "tt04-2020")


def death_extract_with_words(generator: Generator, occasion: Occasion) -> Drawn:
    """Draw an extract with the day of death in words too, no line for the personal id, dots for the pen."""
    return _death_extract(generator, occasion, "ghi-bang-chu")


def _death_extract(generator: Generator, occasion: Occasion, layout: str) -> Drawn:
    wordy = layout == "ghi-bang-chu"
    death = draw_death(generator, occasion.birth)
    deceased = death.deceased
    newer_tone = happens(generator, 0.5)
    issued = pick_day(generator, death.registered, min(death.registered + timedelta(days=1500), LAST_DAY))
    agency = office(generator, deceased.home, issued, newer_tone, all_levels=wordy)
    number = int(generator.integers(1, 300))
    notation = pick(generator, (f"{number:02d}/TLKT-BS", f"{number}/{issued.year}/TLKT-BS"))
    sheets = Sheets(occasion.dpi, Margins(left=28, top=18, right=18, bottom=14), 1.2, occasion.family)
    _dated_head(sheets, agency, notation, issued, newer_tone, 12)
    sheets.headline("TRÍCH LỤC KHAI TỬ", 16)
    sheets.headline("(BẢN SAO)", 13)
    sheets.y_mm += 4
    look = Look(size_pt=12.5 if wordy else 13, spacing=between(generator, 1.15, 1.35),
                blank=pick(generator, tuple(Blank)), typed=typed_family(generator, occasion.family),
                value=pick(generator, (Style.REGULAR, Style.BOLD if wordy else Style.ITALIC)),
                leaders=pick(generator, (Leaders.UNDER, Leaders.AFTER)) if wordy else Leaders.NONE,
                raised_notes=happens(generator, 0.5))  # fmt: skip
    year_only = happens(generator, 0.2)
    born = str(deceased.date_of_birth.year) if year_only else slashed(deceased.date_of_birth)
    has_id = happens(generator, 0.75)
    known = deceased.personal_id if has_id else None
    paper = f"Căn cước công dân số {deceased.personal_id}" if has_id else None
    entry(sheets, look, Entry("Họ, chữ đệm, tên", deceased.full_name.upper(), strong=True))
    entry(sheets, look, Entry("Ngày, tháng, năm sinh", born))
    row(sheets, look, Entry("Giới tính", deceased.sex.value), Entry("Dân tộc", deceased.ethnicity),
        Entry("Quốc tịch", deceased.nationality))  # fmt: skip
    if not wordy:
        entry(sheets, look, Entry("Số định danh cá nhân", known))
    entry(sheets, look, Entry("Giấy tờ tùy thân", paper, note="1" if wordy else ""))
    in_words = f", ghi bằng chữ: {date_words(death.when, occasion.birth.words)}" if wordy else ""
    entry(sheets, look, Entry("Đã chết vào lúc", f"{death.moment}{in_words}"))
    entry(sheets, look, Entry("Nơi chết", death.place))
    entry(sheets, look, Entry("Đã được đăng ký khai tử tại", death.registrar))
    original = Entry("Số", death.number), Entry("Ngày", some_date(generator, death.registered))
    if happens(generator, 0.6):
        row(sheets, look, *original)
    else:
        entry(sheets, look, Entry("Số", f"{death.number}, ngày {original[1].value}"))
    entry(sheets, look, Entry("Ghi chú", None, note="2" if wordy else ""))
    sign(sheets, generator, agency, "NGƯỜI KÝ TRÍCH LỤC", occasion.stamp_over_name)
    truth: dict[str, Value] = {
        "number": notation,
        "full_name": deceased.full_name,
        "date_of_birth": str(deceased.date_of_birth.year) if year_only else deceased.date_of_birth.isoformat(),
        "sex": deceased.sex.value,
        "personal_id": known,
        "date_of_death": death.when.isoformat(),
        "original_number": death.number,
        "issued_date": issued.isoformat(),
    }
    return Drawn(sheets.pages, truth, layout)


def _dated_head(sheets: Sheets, agency: Agency, number: str, issued: date, newer_tone: bool, size_pt: float) -> None:
    """Write agency, nation, number and date in two columns; the flow goes on below."""
    columns = head_columns(sheets, size_pt)
    left = agency_head(sheets, agency, columns, sheets.margins.top, size_pt)
    right = nation(sheets, columns.right_middle, sheets.margins.top, size_pt, newer_tone)
    line_y = max(left, right) + 2
    sheets.stack((f"Số: {number}",), columns.left_middle, line_y, 12.5)
    dated = f"{agency.place}, {act_date(issued)}"
    sheets.y_mm = sheets.stack((dated,), columns.right_middle, line_y, 13, Style.ITALIC) + 6


def _confirm(generator: Generator, occasion: Occasion) -> tuple[_Confirmation, bool]:
    person = adult_of(generator, occasion.birth)
    of_age = person.date_of_birth + timedelta(days=20 * 366)
    issued = pick_day(generator, max(of_age, date(2016, 3, 1)), LAST_DAY)
    newer_tone = happens(generator, 0.5)
    home = home_on(generator, person.home, issued)
    number = int(generator.integers(1, 500))
    said = _Confirmation(
        person=person,
        paper=identity_paper(generator, person, issued),
        number=f"{pick(generator, (f'{number:02d}', f'{number}'))}/UBND-XNTTHN",
        issued=issued,
        residence=residence(generator, home),
        status=_status(generator, person, issued),
        purpose=_purpose(generator, person),
        agency=office(generator, home, issued, newer_tone),
    )
    return said, newer_tone


def _status(generator: Generator, person: Person, issued: date) -> str:
    single = pick(generator, ("Chưa đăng ký kết hôn với ai", "Hiện tại chưa đăng ký kết hôn với ai"))
    earlier = issued - timedelta(days=int(generator.integers(200, 1500)))
    spouse = "vợ" if person.sex is Sex.MALE else "chồng"
    case = int(generator.integers(3, 200))
    return pick(
        generator,
        (
            single,
            single,
            f"Đã ly hôn theo Quyết định số {case}/{earlier.year}/QĐST-HNGĐ ngày {slashed(earlier)} của Tòa án nhân dân "
            f"{person.home.province.full_name}; hiện tại chưa đăng ký kết hôn với ai",
            f"Đã đăng ký kết hôn, nhưng {spouse} đã chết (Trích lục khai tử số {case}/TLKT-BS ngày {slashed(earlier)})"
            "; hiện tại chưa đăng ký kết hôn với ai",
            f"Hiện tại đang có {spouse} là {partner_for(generator, person).full_name}",
        ),
    )


def _purpose(generator: Generator, person: Person) -> str:
    partner = partner_for(generator, person)
    title = "ông" if partner.sex is Sex.MALE else "bà"
    return pick(
        generator,
        (
            f"Đăng ký kết hôn với {title} {partner.full_name}, sinh ngày {slashed(partner.date_of_birth)}, "
            f"Căn cước công dân số {partner.personal_id}, cư trú tại {partner.home.address}",
            "Làm thủ tục chuyển nhượng quyền sử dụng đất",
            "Vay vốn ngân hàng",
            "Thực hiện thủ tục nhận thừa kế nhà ở và quyền sử dụng đất theo quy định của pháp luật",
            "Bổ sung hồ sơ mua nhà ở xã hội",
        ),
    )


def _paper_with_colons(paper: IdentityPaper) -> str:
    """Return the paper as the software prints it: `<kind>: <number> do <issuer> cấp ngày <day>`."""
    return f"{paper.kind}: {paper.number} do {paper.issuer} cấp ngày {slashed(paper.issued)}"


def _self(generator: Generator, name: str) -> str:
    return pick(generator, ("bản thân", name))
