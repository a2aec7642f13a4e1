"""Certificates of registration of household businesses: old numbers of the district, new codes like tax codes.

Sources: Thông tư 20/2015/TT-BKHĐT, 01/2021/TT-BKHĐT, 68/2025/TT-BTC.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from benchmarks.drawing.addresses import dwelling, older_tones, place_on, tone_style
from benchmarks.drawing.agencies import Agency
from benchmarks.drawing.amount_words import grouped, money_words
from benchmarks.drawing.blocks import NATION, Signature, agency_head, head_columns, national_head, signature_block
from benchmarks.drawing.business_facts import enterprise_code, grown_up, plain_date, said_date
from benchmarks.drawing.chance import Generator, between, happens, pick, pick_day
from benchmarks.drawing.fonts import Style
from benchmarks.drawing.forms import Drawn, Form, Occasion, Value
from benchmarks.drawing.people import Person, Sex, draw_name
from benchmarks.drawing.places import DISTRICTS_END, Place
from benchmarks.drawing.sheets import Margins, Run, Sheets

_PT = 13.0
_TITLE = "GIẤY CHỨNG NHẬN ĐĂNG KÝ HỘ KINH DOANH"
_TRADES = (
    "Bán lẻ lương thực, thực phẩm, đồ uống trong các cửa hàng chuyên doanh",
    "Dịch vụ ăn uống, giải khát",
    "Sửa chữa mô tô, xe máy; bán phụ tùng và các bộ phận phụ trợ của mô tô, xe máy",
    "May trang phục (trừ trang phục từ da lông thú)",
    "Bán buôn, bán lẻ vật liệu xây dựng",
)
_CAPITALS = (20, 50, 80, 100, 150, 235, 300, 500, 1_200)
_CARDS_BEGIN, _OLD_PAPER_END = date(2016, 1, 4), date(2021, 1, 1)


@dataclass(frozen=True, slots=True)
class _Household:
    code: str
    name: str
    address: str
    capital: int | None
    owner: Person
    owner_number: str
    owner_dwelling: str
    trade: str
    first_registered: date
    issued: date
    changes: int
    place: Place
    older_spelling: bool

    def spelled(self, text: str) -> str:
        return older_tones(text) if self.older_spelling else text

    @property
    def truth(self) -> dict[str, Value]:
        return {
            "household_business_code": self.code,
            "business_name": self.name,
            "address": self.address,
            "capital": str(self.capital) if self.capital is not None else None,
            "owner_name": self.owner.full_name,
            "owner_personal_id": self.owner_number,
            "first_registration_date": self.first_registered.isoformat(),
        }


def district_number(generator: Generator, occasion: Occasion) -> Drawn:
    """Draw the form of the district with its old number (`Số: 41N8033112`)."""
    household = _invent(generator, occasion, (date(2013, 1, 4), date(2023, 6, 30)), old_number=True)
    sheets = _start(generator, occasion, household)
    sheets.headline(_TITLE, 15)
    sheets.headline(f"Số: {household.code}", 13)
    _dated(sheets, household, "Đăng ký lần đầu, {}", "Đăng ký thay đổi lần thứ: {}, {}")
    _line(sheets, "1. Tên hộ kinh doanh", (f"(ghi bằng chữ in hoa): {household.name}", Style.REGULAR))
    _line(sheets, "2. Địa điểm kinh doanh:", (household.address, Style.REGULAR))
    _row(sheets, ("Điện thoại:", _telephone(generator)), ("Fax:", ""))
    _row(sheets, ("Email:", ""), ("Website:", ""))
    _line(sheets, "3. Ngành, nghề kinh doanh:", (household.trade, Style.REGULAR))
    _line(sheets, "4. Vốn kinh doanh:", (_amount(household), Style.REGULAR))
    owner = household.owner
    _line(sheets, "5. Họ và tên đại diện hộ kinh doanh:", (owner.full_name.upper(), Style.BOLD))
    _row(sheets, ("Giới tính:", owner.sex.value), ("Sinh ngày:", plain_date(owner.date_of_birth)))
    _row(sheets, ("Dân tộc:", owner.ethnicity), ("Quốc tịch:", owner.nationality))
    kind = "Giấy chứng minh nhân dân" if len(household.owner_number) == 9 else "Thẻ căn cước công dân"
    _text(sheets, f"Loại giấy tờ chứng thực cá nhân: {kind}")
    _text(sheets, f"Số giấy chứng thực cá nhân: {household.owner_number}")
    _paper_of_owner(sheets, generator, household)
    _text(sheets, f"Nơi đăng ký hộ khẩu thường trú: {household.owner_dwelling}")
    _text(sheets, f"Chỗ ở hiện tại: {household.owner_dwelling}")
    return _close(sheets, generator, household, occasion, "district-number")


def tax_code(generator: Generator, occasion: Occasion) -> Drawn:
    """Draw the newer form: `Mã số hộ kinh doanh` of ten digits, from July 2025 the owner's twelve; table of members."""
    household = _invent(generator, occasion, (date(2023, 7, 3), date(2026, 6, 30)), old_number=False)
    sheets = _start(generator, occasion, household)
    sheets.headline(_TITLE, 15)
    sheets.headline(f"Mã số hộ kinh doanh: {household.code}", 13)
    _dated(sheets, household, "Đăng ký lần đầu: {}", "Đăng ký thay đổi lần thứ {}: {}")
    _line(sheets, "1. Tên hộ kinh doanh:", (household.name, Style.REGULAR))
    _line(sheets, "2. Địa chỉ trụ sở hộ kinh doanh:", (household.address, Style.REGULAR))
    _row(sheets, ("Điện thoại:", _telephone(generator)), ("Fax:", ""))
    _row(sheets, ("Email:", ""), ("Website:", ""))
    _line(sheets, "3. Ngành, nghề kinh doanh:", (household.trade, Style.REGULAR))
    _line(sheets, "4. Vốn kinh doanh:", (_amount(household), Style.REGULAR))
    by_family = happens(generator, 0.3)
    founder = "Hộ gia đình" if by_family else "Cá nhân"
    _line(sheets, "5. Chủ thể thành lập hộ kinh doanh:", (founder, Style.REGULAR))
    _line(sheets, "6. Thông tin về chủ hộ kinh doanh:")
    owner = household.owner
    newest = household.issued >= DISTRICTS_END
    label = "Họ, chữ đệm và tên:" if newest else "Họ và tên:"
    _row(sheets, (label, owner.full_name.upper()), ("Giới tính:", owner.sex.value), share=0.64)
    _text(sheets, f"Sinh ngày: {plain_date(owner.date_of_birth)}   Dân tộc: {owner.ethnicity}   "
          f"Quốc tịch: {owner.nationality}")  # fmt: skip
    if newest:
        _text(sheets, f"Số định danh cá nhân: {household.owner_number}")
    else:
        _text(sheets, "Loại giấy tờ pháp lý của cá nhân: Thẻ căn cước công dân")
        _text(sheets, f"Số giấy tờ pháp lý của cá nhân: {household.owner_number}")
        _paper_of_owner(sheets, generator, household)
    _text(sheets, f"Địa chỉ thường trú: {household.owner_dwelling}")
    _text(sheets, f"Địa chỉ liên lạc: {household.owner_dwelling}")
    heading = "7. Danh sách thành viên hộ gia đình đăng ký thành lập hộ kinh doanh"
    if by_family:
        _line(sheets, f"{heading}:")
        relative = draw_name(generator, pick(generator, tuple(Sex)), surname=owner.full_name.split(" ")[0])
        _text(sheets, f"1   {relative.upper()}   {household.owner_dwelling}")
    else:
        _line(sheets, f"{heading} (nếu có):", ("Không", Style.REGULAR))
    return _close(sheets, generator, household, occasion, "tax-code")


FORMS: Mapping[str, tuple[Form, ...]] = {"giay-chung-nhan-dang-ky-ho-kinh-doanh": (district_number, tax_code)}


def _invent(generator: Generator, occasion: Occasion, era: tuple[date, date], *, old_number: bool) -> _Household:
    issued = pick_day(generator, *era)
    changes = int(generator.integers(1, 4)) if happens(generator, 0.35) else 0
    earliest = date(2010, 1, 4) if old_number else date(2016, 1, 4)
    first = pick_day(generator, earliest, date(issued.year - 1, 12, 20)) if changes else issued
    owner, _ = grown_up(generator, occasion, first)
    place = place_on(generator, owner.home, issued)
    older = tone_style(generator)
    mark = pick(generator, (owner.full_name, f"quán {owner.full_name.rsplit(' ', 1)[-1]}", "Tạp hóa Thu Hà",
                            f"Cửa hàng vật liệu xây dựng {owner.full_name.rsplit(' ', 1)[-1]}"))  # fmt: skip
    name = f"HỘ KINH DOANH {mark.upper()}"
    address = dwelling(generator, place)
    lives = dwelling(generator, place) if happens(generator, 0.7) else address
    number = owner.personal_id
    if issued < _CARDS_BEGIN or (issued < _OLD_PAPER_END and happens(generator, 0.6)):
        number = f"{int(generator.integers(10**8, 4 * 10**8)):09d}"
    return _Household(
        code=_code(generator, owner, issued, old_number=old_number),
        name=older_tones(name) if older else name,
        address=older_tones(address) if older else address,
        capital=pick(generator, _CAPITALS) * 10**6 if happens(generator, 0.95) else None,
        owner=owner,
        owner_number=number,
        owner_dwelling=older_tones(lives) if older else lives,
        trade=pick(generator, _TRADES),
        first_registered=first,
        issued=issued,
        changes=changes,
        place=place,
        older_spelling=older,
    )


def _code(generator: Generator, owner: Person, issued: date, *, old_number: bool) -> str:
    if old_number:
        digits = int(generator.integers(10**6))
        return f"{int(generator.integers(1, 64)):02d}{pick(generator, 'ABCDEGHKNM')}8{digits:06d}"
    return owner.personal_id if issued >= DISTRICTS_END and happens(generator, 0.5) else enterprise_code(generator)


def _office(household: _Household) -> Agency:
    """Return the office of the district that registers, from July 2025 that of the commune."""
    place, province = household.place, household.place.province
    if household.issued >= DISTRICTS_END:
        parent, name = f"ỦY BAN NHÂN DÂN XÃ {place.commune.upper()}", "PHÒNG KINH TẾ"
    else:
        parent, name = f"ỦY BAN NHÂN DÂN HUYỆN {(place.district or '').upper()}", "PHÒNG TÀI CHÍNH - KẾ HOẠCH"
    return Agency((household.spelled(parent),), (name,), name, "TCKH", (), place.commune, "Trưởng phòng",
                  "Phó Trưởng phòng", None, f"* {name} - {province.name.upper()} *", place)  # fmt: skip


def _start(generator: Generator, occasion: Occasion, household: _Household) -> Sheets:
    sheets = Sheets(occasion.dpi, Margins(left=between(generator, 26, 30), top=18, right=18, bottom=18),
                    spacing=between(generator, 1.15, 1.3), family=occasion.family)  # fmt: skip
    columns = head_columns(sheets, 12)
    left = agency_head(sheets, _office(household), columns, 18)
    right = national_head(sheets, columns.right_middle, 18, 12, household.spelled(NATION))
    sheets.y_mm = max(left, right) + 7
    return sheets


def _dated(sheets: Sheets, household: _Household, first: str, change: str) -> None:
    sheets.headline(first.format(said_date(household.first_registered)), 13, Style.ITALIC)
    if household.changes:
        sheets.headline(change.format(household.changes, said_date(household.issued)), 13, Style.ITALIC)
    sheets.y_mm += 4


def _amount(household: _Household) -> str:
    if household.capital is None:
        return "." * 40
    return f"{grouped(household.capital)} đồng (Bằng chữ: {money_words(household.capital)})"


def _telephone(generator: Generator) -> str:
    return f"09{int(generator.integers(10**8)):08d}" if happens(generator, 0.6) else ""


def _paper_of_owner(sheets: Sheets, generator: Generator, household: _Household) -> None:
    nine = len(household.owner_number) == 9
    first = date(2006, 1, 4) if nine else min(date(2016, 1, 4), household.issued)
    day = pick_day(generator, first, date(2012, 12, 30) if nine else household.issued)
    organ = "Công an tỉnh" if nine else "Cục Cảnh sát QLHC về TTXH"
    _row(sheets, ("Ngày cấp:", plain_date(day)), ("Nơi cấp:", organ))


def _close(sheets: Sheets, generator: Generator, household: _Household, occasion: Occasion, layout: str) -> Drawn:
    sheets.need(58)
    sheets.y_mm += 2
    middle = sheets.left_mm + (sheets.right_mm - sheets.left_mm) * 0.74
    name = draw_name(generator, pick(generator, tuple(Sex)))
    signature = Signature(("TRƯỞNG PHÒNG",), name, _office(household).seal_text, "(Ký, ghi rõ họ tên và đóng dấu)")
    sheets.y_mm = signature_block(sheets, generator, signature, middle, occasion.stamp_over_name)
    return Drawn(sheets.pages, household.truth, layout)


def _line(sheets: Sheets, heading: str, *rest: tuple[str, Style]) -> None:
    runs = [Run(heading, Style.BOLD), *(Run(*part) for part in rest)]
    sheets.paragraph(runs, _PT, indent_mm=0, justified=False, after_mm=0.7)


def _text(sheets: Sheets, text: str) -> None:
    sheets.paragraph([Run(text)], _PT, indent_mm=0, justified=False, after_mm=0.7)


def _row(sheets: Sheets, first: tuple[str, str], second: tuple[str, str], share: float = 0.5) -> None:
    """Write two labels with their values on one line."""
    height = sheets.line_height_mm(_PT) * sheets.spacing
    sheets.need(height)
    sheets.put(" ".join(first).strip(), sheets.left_mm, sheets.y_mm, _PT)
    start = sheets.left_mm + (sheets.right_mm - sheets.left_mm) * share
    sheets.put(" ".join(second).strip(), start, sheets.y_mm, _PT)
    sheets.y_mm += height + 0.7
