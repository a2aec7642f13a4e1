"""Judicial record certificates no. 1, by the justice department or, since March 2025, by the provincial police.

Source of content: Luật Lý lịch tư pháp 2009, Điều 42; label wording as printed by software, not an official blank.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from benchmarks.drawing.acts import act_date
from benchmarks.drawing.agencies import Agency
from benchmarks.drawing.blocks import agency_head, head_columns
from benchmarks.drawing.chance import Generator, between, happens, pick, pick_day
from benchmarks.drawing.civil_layout import Blank, Entry, Leaders, Look, entry, nation, row, sentence, sign, slashed
from benchmarks.drawing.civil_people import LAST_DAY, IdentityPaper, adult_of, home_on, identity_paper, residence
from benchmarks.drawing.fonts import Style
from benchmarks.drawing.forms import Drawn, Occasion
from benchmarks.drawing.people import Person
from benchmarks.drawing.places import Place
from benchmarks.drawing.sheets import Margins, Sheets

_POLICE_START = date(2025, 3, 1)  # Source: the police took judicial records over from the justice departments
_NO_RECORD = ("Không có án tích", "không có án tích")
_RECORD = (
    "Có án tích: Tội trộm cắp tài sản, 09 tháng tù, theo Bản án số {case}/{year}/HS-ST ngày {day} của Tòa án nhân dân "
    "{province}"
)


@dataclass(frozen=True, slots=True)
class _Certificate:
    """What a certificate says."""

    person: Person
    paper: IdentityPaper
    number: str
    issued: date
    agency: Agency
    status: str
    home: Place

    def drawn(self, sheets: Sheets, layout: str) -> Drawn:
        """Return the drawn form with its truth."""
        truth = {
            "number": self.number,
            "full_name": self.person.full_name,
            "date_of_birth": self.person.date_of_birth.isoformat(),
            "personal_id": self.paper.number,
            "criminal_status": self.status,
            "issued_date": self.issued.isoformat(),
            "organ_name": self.agency.printed_name,
        }
        return Drawn(sheets.pages, {**truth}, layout)


def by_justice_department(generator: Generator, occasion: Occasion) -> Drawn:
    """Draw the numbered list of the justice department, marks after labels."""
    said = _certify(generator, occasion, police=False)
    sheets = _headed(generator, occasion, said, 12.0)
    look = Look(size_pt=13, spacing=between(generator, 1.2, 1.35), value=pick(generator, tuple(Style)[:2]),
                raised_notes=happens(generator, 0.5), note_first=happens(generator, 0.5))  # fmt: skip
    bases = "Căn cứ Luật Lý lịch tư pháp ngày 17 tháng 6 năm 2009;"
    sentence(sheets, look, bases, Style.ITALIC, indent_mm=10)
    sheets.headline("XÁC NHẬN:", 13.5)
    sheets.y_mm += 2
    person = said.person
    entry(sheets, look, Entry("1. Họ và tên", person.full_name.upper(), note="1", strong=True))
    entry(sheets, look, Entry("2. Giới tính", person.sex.value))
    entry(sheets, look, Entry("3. Ngày, tháng, năm sinh", slashed(person.date_of_birth)))
    entry(sheets, look, Entry("4. Nơi sinh", said.home.province.full_name, note="2"))
    entry(sheets, look, Entry("5. Quốc tịch", person.nationality))
    entry(sheets, look, Entry("6. Nơi thường trú", residence(generator, said.home), note="3"))
    temporary = residence(generator, said.home) if happens(generator, 0.3) else None
    entry(sheets, look, Entry("7. Nơi tạm trú", temporary, note="4"))
    paper = said.paper
    entry(sheets, look, Entry(f"8. Giấy {pick(generator, ('CMND', 'CMND/Hộ chiếu'))}", paper.kind, note="5"))
    row(sheets, look, Entry("Số", paper.number), Entry("Cấp ngày", slashed(paper.issued)))
    entry(sheets, look, Entry("Tại", paper.issuer))
    entry(sheets, look, Entry("9. Tình trạng án tích", f"{said.status}."))
    label = "10. Thông tin về cấm đảm nhiệm chức vụ, thành lập, quản lý doanh nghiệp, hợp tác xã"
    entry(sheets, look, Entry(label, pick(generator, ("Không.", "Không bị cấm.")), note="6"))
    sign(sheets, generator, said.agency, "", occasion.stamp_over_name, note="")
    return said.drawn(sheets, "so-tu-phap")


def by_police(generator: Generator, occasion: Occasion) -> Drawn:
    """Draw the form of the provincial police: no list numbers, dotted lines."""
    said = _certify(generator, occasion, police=True)
    sheets = _headed(generator, occasion, said, 11.5)
    look = Look(size_pt=12.5, spacing=between(generator, 1.2, 1.4), blank=pick(generator, tuple(Blank)),
                leaders=pick(generator, (Leaders.NONE, Leaders.AFTER, Leaders.UNDER)),
                value=pick(generator, (Style.REGULAR, Style.BOLD)))  # fmt: skip
    sentence(sheets, look, f"{said.agency.full_name} xác nhận:", Style.BOLD, indent_mm=10)
    person = said.person
    row(sheets, look, Entry("Họ, chữ đệm và tên", person.full_name.upper(), strong=True),
        Entry("Giới tính", person.sex.value), shares=(2.6, 1))  # fmt: skip
    row(sheets, look, Entry("Ngày, tháng, năm sinh", slashed(person.date_of_birth)),
        Entry("Quốc tịch", person.nationality), shares=(1.6, 1))  # fmt: skip
    entry(sheets, look, Entry("Nơi sinh", said.home.address))
    entry(sheets, look, Entry("Số định danh cá nhân", said.paper.number))
    entry(sheets, look, Entry("Nơi cư trú", residence(generator, said.home)))
    entry(sheets, look, Entry("Tình trạng án tích", said.status))
    label = "Thông tin về cấm đảm nhiệm chức vụ, thành lập, quản lý doanh nghiệp, hợp tác xã"
    entry(sheets, look, Entry(label, pick(generator, ("Không có", None))))
    sign(sheets, generator, said.agency, "", occasion.stamp_over_name, 0.7, "")
    return said.drawn(sheets, "cong-an-tinh")


def _certify(generator: Generator, occasion: Occasion, police: bool) -> _Certificate:
    person = adult_of(generator, occasion.birth)
    of_age = person.date_of_birth + timedelta(days=18 * 366)
    first, last = (_POLICE_START, LAST_DAY) if police else (max(date(2016, 3, 1), of_age), date(2025, 2, 27))
    issued = pick_day(generator, first, max(first, last))
    home = home_on(generator, person.home, issued)
    paper = identity_paper(generator, person, issued)
    if police and len(paper.number) != len(person.personal_id):
        paper = IdentityPaper("Căn cước", person.personal_id, "Bộ Công an", issued - timedelta(days=90))
    judged = issued - timedelta(days=int(generator.integers(200, 2500)))
    record = _RECORD.format(case=int(generator.integers(2, 200)), year=judged.year, day=slashed(judged),
                            province=home.province.full_name)  # fmt: skip
    number = int(generator.integers(1, 9000))
    agency = _police(home) if police else _justice(home)
    notation = pick(generator, ("PV06-LLTP", "CAT-PV06")) if police else "STP-LLTP"
    return _Certificate(
        person=person,
        paper=paper,
        number=f"{number:02d}/{notation}",
        issued=issued,
        agency=agency,
        status=record if happens(generator, 0.12) else pick(generator, _NO_RECORD),
        home=home,
    )


def _headed(generator: Generator, occasion: Occasion, said: _Certificate, size_pt: float) -> Sheets:
    """Start the sheet with head, number, date and title."""
    sheets = Sheets(occasion.dpi, Margins(left=29, top=18, right=17, bottom=14), 1.2, occasion.family)
    columns = head_columns(sheets, size_pt)
    left = agency_head(sheets, said.agency, columns, 18, size_pt)
    right = nation(sheets, columns.right_middle, 18, size_pt, happens(generator, 0.5))
    line_y = max(left, right) + 2
    sheets.stack((f"Số: {said.number}",), columns.left_middle, line_y, 12.5)
    dated = f"{said.agency.place}, {act_date(said.issued)}"
    sheets.y_mm = sheets.stack((dated,), columns.right_middle, line_y, 13, Style.ITALIC) + 7
    titles = (("PHIẾU LÝ LỊCH TƯ PHÁP SỐ 1",), ("PHIẾU LÝ LỊCH TƯ PHÁP", "(SỐ 1)"))
    sheets.y_mm = sheets.stack(pick(generator, titles), sheets.center_mm, sheets.y_mm, 15, Style.BOLD) + 4
    return sheets


def _justice(home: Place) -> Agency:
    province = home.province
    name = f"Sở Tư pháp {province.full_name}"
    return Agency(
        parent_lines=(f"UBND {province.full_name.upper()}",),
        name_lines=("SỞ TƯ PHÁP",),
        full_name=name,
        symbol="STP",
        units=("HCTP",),
        place=province.name,
        head="Giám đốc",
        deputy="Phó Giám đốc",
        collective=None,
        seal_text=f"* {name.upper()} *",
        home=home,
    )


def _police(home: Place) -> Agency:
    province = home.province
    name = f"Công an {province.full_name}"
    return Agency(
        parent_lines=("BỘ CÔNG AN",),
        name_lines=(name.upper(),),
        full_name=name,
        symbol="CAT",
        units=("PV06",),
        place=province.name,
        head="Giám đốc",
        deputy="Phó Giám đốc",
        collective=None,
        seal_text=f"* {name.upper()} *",
        home=home,
    )
