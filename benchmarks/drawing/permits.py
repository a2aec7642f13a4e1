"""Building permits. Source of labels: Nghị định 15/2021/NĐ-CP, Mẫu số 03 (works not along a line) and for houses."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from benchmarks.drawing.acts import act_date
from benchmarks.drawing.agencies import Agency
from benchmarks.drawing.blocks import Signature, agency_head, head_columns, signature_block
from benchmarks.drawing.chance import Generator, between, happens, pick, pick_day
from benchmarks.drawing.civil_layout import (
    Blank,
    Entry,
    Leaders,
    Look,
    entry,
    nation,
    respell,
    row,
    sentence,
    slashed,
    typed_family,
)
from benchmarks.drawing.civil_people import LAST_DAY, adult_of, home_on, office, residence
from benchmarks.drawing.fonts import Style
from benchmarks.drawing.forms import Drawn, Form, Occasion
from benchmarks.drawing.people import Person, Sex, draw_name
from benchmarks.drawing.places import DISTRICTS_END, Place
from benchmarks.drawing.sheets import Margins, Sheets

_HOUSES = ("Nhà ở riêng lẻ", "Nhà ở gia đình", "Nhà ở kết hợp kinh doanh")
_WORKS = (*_HOUSES, "Nhà xưởng sản xuất", "Nhà trọ cho thuê", "Trường mầm non tư thục")
_FIRMS = ("Công ty TNHH Tư vấn thiết kế xây dựng Hưng Thịnh", "Công ty cổ phần Kiến trúc Đại Phúc")
_DUTIES = (
    "Chủ đầu tư phải thực hiện các nội dung sau đây:",
    "1. Phải hoàn toàn chịu trách nhiệm trước pháp luật nếu xâm phạm các quyền hợp pháp của các chủ sở hữu liền kề.",
    "2. Phải thực hiện đúng các quy định của pháp luật về đất đai, về đầu tư xây dựng và Giấy phép xây dựng này.",
    "3. Phải thông báo bằng văn bản về ngày khởi công cho cơ quan cấp phép xây dựng trước khi khởi công xây dựng công "
    "trình.",
    "4. Xuất trình Giấy phép xây dựng cho cơ quan có thẩm quyền khi được yêu cầu theo quy định của pháp luật và treo "
    "biển báo tại địa điểm xây dựng theo quy định.",
    "5. Khi điều chỉnh thiết kế làm thay đổi nội dung Giấy phép xây dựng thì phải đề nghị điều chỉnh và chờ quyết định "
    "của cơ quan cấp giấy phép.",
)


@dataclass(frozen=True, slots=True)
class _Permit:
    """What a permit says; areas in square metres, as printed and as a record carries them."""

    grantee: Person
    number: str
    issued: date
    agency: Agency
    parcel: str
    sheet: str
    site: str
    work: str
    floors: int
    ground_area: float
    floor_area: float

    def drawn(self, sheets: Sheets, layout: str, address: str) -> Drawn:
        """Return the drawn form with its truth; `address` is the place of building as this layout prints it."""
        truth = {
            "number": self.number,
            "grantee_name": self.grantee.full_name,
            "parcel_number": self.parcel,
            "construction_address": address,
            "work_type": self.work,
            "floor_area_m2": f"{self.floor_area:g}",
            "issued_date": self.issued.isoformat(),
            "organ_name": self.agency.printed_name,
        }
        return Drawn(sheets.pages, {**truth}, layout)


def permit_of_2021(generator: Generator, occasion: Occasion) -> Drawn:
    """Draw the form of 2021 with the date above the signature; the developer's duties fill a second page."""
    said, newer_tone = _permit(generator, occasion, _WORKS)
    sheets = Sheets(occasion.dpi, Margins(left=29, top=18, right=17, bottom=18), 1.15, occasion.family)
    columns = head_columns(sheets, 12)
    below = max(agency_head(sheets, said.agency, columns, 18, 12), nation(sheets, columns.right_middle, 18, 12,
                newer_tone))  # fmt: skip
    sheets.y_mm = below + 8
    sheets.headline("GIẤY PHÉP XÂY DỰNG", 15)
    sheets.headline(f"Số: {said.number}", 13, Style.REGULAR)
    house = said.work.startswith("Nhà ở")
    use = "(Sử dụng cho nhà ở riêng lẻ)" if house else "(Sử dụng cho công trình không theo tuyến)"
    sheets.headline(use, 12.5, Style.ITALIC)
    sheets.y_mm += 4
    look = Look(size_pt=13, spacing=between(generator, 1.12, 1.25), blank=pick(generator, tuple(Blank)),
                value=pick(generator, (Style.REGULAR, Style.REGULAR, Style.BOLD)),
                strong=pick(generator, (Style.REGULAR, Style.BOLD)))  # fmt: skip
    _grantee(sheets, look, generator, said)
    entry(sheets, look, Entry("2. Được phép xây dựng công trình", said.work, strong=True))
    entry(sheets, look, Entry("- Theo thiết kế", f"Hồ sơ thiết kế số {int(generator.integers(1, 99)):02d}/TKBVTC"))
    entry(sheets, look, Entry("- Do", f"{pick(generator, _FIRMS)} lập"))
    designer = draw_name(generator, Sex.MALE)
    entry(sheets, look, Entry("- Chủ nhiệm, chủ trì thiết kế", designer))
    entry(sheets, look, Entry("- Đơn vị thẩm định, thẩm tra (nếu có)", None))
    sentence(sheets, look, "- Gồm các nội dung sau:")
    address = f"Thửa đất số {said.parcel}, tờ bản đồ số {said.sheet}, {said.site[0].lower()}{said.site[1:]}"
    entry(sheets, look, Entry("+ Vị trí xây dựng (ghi rõ lô đất, địa chỉ)", address))
    _figures(sheets, look, generator, said)
    entry(sheets, look, Entry("3. Giấy tờ về đất đai", _land_paper(generator, said)))
    validity = (
        "4. Giấy phép này có hiệu lực khởi công xây dựng trong thời hạn 12 tháng kể từ ngày cấp; quá thời hạn trên thì "
        "phải đề nghị gia hạn giấy phép xây dựng."
    )
    sentence(sheets, look, validity)
    _sign(sheets, generator, occasion, said, dated=True)
    if len(sheets.pages) == 1:
        sheets.new_page()
    sheets.y_mm += 4
    sentence(sheets, look, _DUTIES[0], Style.BOLD, indent_mm=10)
    for duty in _DUTIES[1:]:
        sentence(sheets, look, duty, indent_mm=10)
    sheets.y_mm += 6
    sheets.headline("ĐIỀU CHỈNH/GIA HẠN GIẤY PHÉP", 13.5)
    for label in ("1. Nội dung điều chỉnh/gia hạn", "2. Thời gian có hiệu lực của giấy phép"):
        entry(sheets, replace(look, blank=Blank.DOTS), Entry(label, None))
    return said.drawn(sheets, "nd15-hai-trang", address)


def permit_on_one_page(generator: Generator, occasion: Occasion) -> Drawn:
    """Draw the shorter form: number and date in the head, parcel and address on lines of their own."""
    said, newer_tone = _permit(generator, occasion, _HOUSES)
    sheets = Sheets(occasion.dpi, Margins(left=28, top=17, right=17, bottom=12), 1.1, occasion.family)
    columns = head_columns(sheets, 11.5)
    left = agency_head(sheets, said.agency, columns, 17, 11.5)
    right = nation(sheets, columns.right_middle, 17, 11.5, newer_tone)
    line_y = max(left, right) + 2
    sheets.stack((f"Số: {said.number}",), columns.left_middle, line_y, 12.5)
    dated = f"{said.agency.place}, {act_date(said.issued)}"
    sheets.y_mm = sheets.stack((dated,), columns.right_middle, line_y, 12.5, Style.ITALIC) + 5
    sheets.headline("GIẤY PHÉP XÂY DỰNG", 16)
    sheets.headline("(Sử dụng cho nhà ở riêng lẻ)", 12, Style.ITALIC)
    sheets.y_mm += 3
    look = Look(size_pt=12.5, spacing=between(generator, 1.05, 1.15), blank=pick(generator, tuple(Blank)),
                typed=typed_family(generator, occasion.family), gap_mm=0.4,
                leaders=pick(generator, tuple(Leaders)), value=pick(generator, (Style.REGULAR, Style.ITALIC)),
                strong=pick(generator, (Style.REGULAR, Style.BOLD)))  # fmt: skip
    _grantee(sheets, look, generator, said)
    sentence(sheets, look, "2. Được phép xây dựng công trình theo những nội dung sau:")
    entry(sheets, look, Entry("- Tên công trình", said.work, strong=True))
    entry(sheets, look, Entry("- Theo thiết kế do", f"{pick(generator, _FIRMS)} lập"))
    row(sheets, look, Entry("- Lô đất số", said.parcel), Entry("Tờ bản đồ số", said.sheet))
    entry(sheets, look, Entry("- Địa chỉ xây dựng", said.site))
    _figures(sheets, look, generator, said)
    entry(sheets, look, Entry("3. Giấy tờ về quyền sử dụng đất", _land_paper(generator, said)))
    ended = "4. Giấy phép có hiệu lực khởi công xây dựng trong thời hạn 12 tháng kể từ ngày cấp."
    sentence(sheets, look, ended)
    _sign(sheets, generator, occasion, said, dated=False)
    return said.drawn(sheets, "mot-trang", said.site)


FORMS: Mapping[str, tuple[Form, ...]] = {"giay-phep-xay-dung": (permit_of_2021, permit_on_one_page)}


def _grantee(sheets: Sheets, look: Look, generator: Generator, said: _Permit) -> None:
    title = "Ông" if said.grantee.sex is Sex.MALE else "Bà"
    name = said.grantee.full_name.upper() if happens(generator, 0.6) else said.grantee.full_name
    label = pick(generator, ("1. Cấp cho", f"1. Cấp cho: {title}", "1. Cấp cho ông (bà)"))
    entry(sheets, look, Entry(label, name, strong=True))
    home = home_on(generator, said.grantee.home, said.issued)
    entry(sheets, look, Entry("Địa chỉ", residence(generator, home)))


def _figures(sheets: Sheets, look: Look, generator: Generator, said: _Permit) -> None:
    ground = pick(generator, ("±0,00 cao hơn mặt đường 0,30m", "+0,45m so với vỉa hè hiện trạng"))
    entry(sheets, look, Entry("+ Cốt nền xây dựng công trình", ground))
    density = f"{int(generator.integers(55, 95))}%"
    row(sheets, look, Entry("+ Mật độ xây dựng", density), Entry("hệ số sử dụng đất", _decimal(said.floors * 0.8)))
    lines = (Entry("+ Chỉ giới đường đỏ", "theo quy hoạch"), Entry("chỉ giới xây dựng", "trùng chỉ giới đường đỏ"))
    row(sheets, look, *lines)
    label = "+ Diện tích xây dựng tầng 1 (tầng trệt)"
    entry(sheets, look, Entry(label, f"{_decimal(said.ground_area)} m2"))
    unit = pick(generator, ("m2", "m²"))
    entry(sheets, look, Entry("+ Tổng diện tích sàn", f"{_decimal(said.floor_area)} {unit}"))
    entry(sheets, look, Entry("+ Chiều cao công trình", f"{_decimal(said.floors * 3.6 + 0.6)} m"))
    entry(sheets, look, Entry("+ Số tầng", f"{said.floors:02d} tầng"))


def _decimal(number: float) -> str:
    """Return `1.245,6`."""
    return f"{number:,.1f}".replace(",", " ").replace(".", ",").replace(" ", ".").removesuffix(",0")


def _land_paper(generator: Generator, said: _Permit) -> str:
    serial = f"{pick(generator, ('BS', 'CN', 'DA'))} {int(generator.integers(100_000, 999_999))}"
    day = said.issued - timedelta(days=int(generator.integers(300, 3000)))
    return f"Giấy chứng nhận quyền sử dụng đất số {serial} do cơ quan có thẩm quyền cấp ngày {slashed(day)}"


def _sign(sheets: Sheets, generator: Generator, occasion: Occasion, said: _Permit, dated: bool) -> None:
    sheets.need(72 if dated else 64)
    middle = sheets.left_mm + (sheets.right_mm - sheets.left_mm) * 0.72
    sheets.y_mm += 2
    if dated:
        line = f"{said.agency.place}, {act_date(said.issued)}"
        sheets.y_mm = sheets.stack((line,), middle, sheets.y_mm, 13, Style.ITALIC) + 1
    top = sheets.y_mm
    for number, line in enumerate(("- Chủ đầu tư;", f"- Lưu: VT, {said.agency.units[0]}.")):
        sheets.put(line, sheets.left_mm, top + 6 + number * 5, 11)
    sheets.put("Nơi nhận:", sheets.left_mm, top, 12, Style.BOLD_ITALIC)
    head, deputy = said.agency.head.upper(), said.agency.deputy.upper()
    titles = (f"KT. {head}", deputy) if happens(generator, 0.5) else (head,)
    if said.agency.collective:
        titles = (f"TM. {said.agency.collective}", *titles)
    name = draw_name(generator, pick(generator, tuple(Sex)))
    signature = Signature(titles, name, said.agency.seal_text)
    sheets.y_mm = signature_block(sheets, generator, signature, middle, occasion.stamp_over_name)


def _permit(generator: Generator, occasion: Occasion, works: Sequence[str]) -> tuple[_Permit, bool]:
    grantee = adult_of(generator, occasion.birth)
    issued = pick_day(generator, date(2021, 3, 3), LAST_DAY)
    newer_tone = happens(generator, 0.4)
    home = home_on(generator, grantee.home, issued)
    floors = int(generator.integers(1, 6))
    ground = round(between(generator, 48, 320), 1)
    total = round(ground * floors * between(generator, 0.9, 1.0), 1) if floors > 1 else ground
    number = int(generator.integers(1, 900))
    parcel = str(int(generator.integers(1, 1200)))
    said = _Permit(
        grantee=grantee,
        number=f"{pick(generator, (f'{number:02d}', f'{number:03d}'))}/GPXD",
        issued=issued,
        agency=_issuer(generator, home, issued, newer_tone),
        parcel=parcel,
        sheet=str(int(generator.integers(1, 90))),
        site=residence(generator, home),
        work=pick(generator, works),
        floors=floors,
        ground_area=ground,
        floor_area=total,
    )
    return said, newer_tone


def _issuer(generator: Generator, home: Place, issued: date, newer_tone: bool) -> Agency:
    """Return who permits: the district until June 2025, the commune since then, the department for larger works."""
    commune = office(generator, home, issued, newer_tone)
    if happens(generator, 0.25):
        return replace(
            commune,
            parent_lines=(f"UBND {home.province.full_name.upper()}",),
            name_lines=("SỞ XÂY DỰNG",),
            full_name=f"Sở Xây dựng {home.province.full_name}",
            place=home.province.name,
            head="Giám đốc",
            deputy="Phó Giám đốc",
            collective=None,
            seal_text=f"* SỞ XÂY DỰNG {home.province.full_name.upper()} *",
        )
    if issued >= DISTRICTS_END or home.district is None:
        return commune
    committee = respell("ỦY BAN NHÂN DÂN", newer_tone)
    return replace(
        commune,
        parent_lines=(f"UBND {home.province.full_name.upper()}",) if happens(generator, 0.3) else (),
        name_lines=(committee, f"HUYỆN {home.district.upper()}"),
        full_name=f"Ủy ban nhân dân huyện {home.district}",
        place=home.district,
        seal_text=f"* UBND HUYỆN {home.district.upper()} - {home.province.full_name.upper()} *",
    )
