"""Certificates of registration of companies. Sources: Thông tư 20/2015/TT-BKHĐT, 01/2021/TT-BKHĐT, 68/2025/TT-BTC."""

from collections.abc import Mapping
from datetime import date

from benchmarks.drawing.amount_words import grouped, money_words
from benchmarks.drawing.blocks import NATION, Signature, agency_head, head_columns, national_head, signature_block
from benchmarks.drawing.business_facts import Company, Kind, invent_company, plain_date
from benchmarks.drawing.chance import Generator, between, happens
from benchmarks.drawing.codes import qr_code
from benchmarks.drawing.fonts import Style
from benchmarks.drawing.forms import Drawn, Form, Occasion
from benchmarks.drawing.household_business import FORMS as _HOUSEHOLDS
from benchmarks.drawing.people import Person
from benchmarks.drawing.security_print import Area, fine_lines
from benchmarks.drawing.sheets import HEIGHT_MM, WIDTH_MM, Margins, Run, Sheets

_PT = 12.5
_TITLE = "GIẤY CHỨNG NHẬN ĐĂNG KÝ DOANH NGHIỆP"
_TINT, _FINE = (253, 250, 240), (243, 232, 204)


def planning_department_2015(generator: Generator, occasion: Occasion) -> Drawn:
    """Draw the form of 2015-2020: `Họ và tên`, `Loại giấy tờ chứng thực cá nhân`, details on lines of their own."""
    return _draw(generator, occasion, (date(2015, 7, 1), date(2021, 4, 29)), "planning-2015")


def planning_department_2021(generator: Generator, occasion: Occasion) -> Drawn:
    """Draw the form of 2021-2025: `Loại giấy tờ pháp lý của cá nhân`, `Địa chỉ liên lạc`."""
    return _draw(generator, occasion, (date(2021, 5, 4), date(2025, 2, 27)), "planning-2021")


def finance_department(generator: Generator, occasion: Occasion) -> Drawn:
    """Draw the form from July 2025: the department of finance, `Họ, chữ đệm và tên`, personal number, at times a QR."""
    return _draw(generator, occasion, (date(2025, 7, 1), date(2026, 6, 30)), "finance-2025")


FORMS: Mapping[str, tuple[Form, ...]] = {
    "giay-chung-nhan-dang-ky-doanh-nghiep": (planning_department_2015, planning_department_2021, finance_department),
    **_HOUSEHOLDS,
}


def _draw(generator: Generator, occasion: Occasion, era: tuple[date, date], layout: str) -> Drawn:
    company = invent_company(generator, occasion, era)
    tinted = happens(generator, 0.4)
    sheets = Sheets(occasion.dpi, Margins(left=between(generator, 25, 29), top=18, right=18, bottom=18),
                    spacing=between(generator, 1.1, 1.25), family=occasion.family)  # fmt: skip
    keeps_together = happens(generator, 0.6)
    if tinted:
        _tint(sheets, generator)
    _head(sheets, generator, company, layout)
    number = _name_block(sheets, company)
    number = _office_block(sheets, company, number)
    if company.kind is not Kind.PRIVATE:
        number = _capital_block(sheets, company, number)
    if company.kind is Kind.ONE_MEMBER:
        _line(sheets, f"{number}. Thông tin về chủ sở hữu", bold=True)
        _person(sheets, generator, company, company.owner, layout, full=False)
        number += 1
    if company.kind is Kind.TWO_MEMBERS:
        _line(sheets, f"{number}. Danh sách thành viên góp vốn", bold=True)
        _members(sheets, company)
        number += 1
    if keeps_together and sheets.y_mm > HEIGHT_MM - 140:
        sheets.new_page()
    if company.kind is Kind.PRIVATE:
        _line(sheets, f"{number}. Chủ doanh nghiệp", bold=True)
    else:
        suffix = "" if layout == "planning-2021" and company.kind is Kind.SHARES else " của công ty"
        _line(sheets, f"{number}. Người đại diện theo pháp luật{suffix}", bold=True)
    _person(sheets, generator, company, company.representative, layout, full=True)
    _close(sheets, generator, company, occasion)
    if tinted and len(sheets.pages) > 1:
        _tint(sheets, generator)
    return Drawn(sheets.pages, company.truth, layout)


def _tint(sheets: Sheets, generator: Generator) -> None:
    fine_lines(sheets, Area(8, 8, WIDTH_MM - 16, HEIGHT_MM - 16), generator, _TINT, _FINE)


def _head(sheets: Sheets, generator: Generator, company: Company, layout: str) -> None:
    columns = head_columns(sheets, 11.5)
    left = agency_head(sheets, company.agency, columns, 18, 11.5)
    right = national_head(sheets, columns.right_middle, 18, 11.5, company.spelled(NATION))
    if layout == "finance-2025" and happens(generator, 0.6):
        side = round(sheets.px(22))
        picture = qr_code(company.code, side).convert("RGB")
        sheets.page.paste(picture, (round(sheets.px(sheets.left_mm)), round(sheets.px(left + 1))))
        left += 22
    sheets.y_mm = max(left, right) + 6
    sheets.headline(_TITLE, 15.5, width_mm=150)
    sheets.headline(company.kind.title, 13.5, width_mm=150)
    sheets.y_mm += 2
    sheets.headline(f"Mã số doanh nghiệp: {company.code}", 13)
    for text in company.dated_lines:
        sheets.headline(text, 12.5, Style.ITALIC)
    sheets.y_mm += 3


def _name_block(sheets: Sheets, company: Company) -> int:
    what = "doanh nghiệp" if company.kind is Kind.PRIVATE else "công ty"
    _line(sheets, f"1. Tên {what}", bold=True)
    _labelled(sheets, f"Tên {what} viết bằng tiếng Việt:", company.name)
    _labelled(sheets, f"Tên {what} viết bằng tiếng nước ngoài:", company.foreign_name)
    _labelled(sheets, f"Tên {what} viết tắt:", company.short_name)
    return 2


def _office_block(sheets: Sheets, company: Company, number: int) -> int:
    _line(sheets, f"{number}. Địa chỉ trụ sở chính", bold=True)
    _line(sheets, company.address)
    _pair(sheets, ("Điện thoại:", company.telephone), ("Fax:", ""))
    _pair(sheets, ("Email:", ""), ("Website:", ""))
    return number + 1


def _capital_block(sheets: Sheets, company: Company, number: int) -> int:
    _line(sheets, f"{number}. Vốn điều lệ", bold=True)
    amount = f"{grouped(company.capital)} {company.currency}"
    words = money_words(company.capital)
    if company.kind is Kind.SHARES:
        _labelled(sheets, "Vốn điều lệ:", amount)
        _labelled(sheets, "Bằng chữ:", words)
        _labelled(sheets, "Mệnh giá cổ phần:", "10.000 đồng")
        _labelled(sheets, "Tổng số cổ phần:", grouped(company.capital // 10_000))
    else:
        _labelled(sheets, "Vốn điều lệ:" if company.labelled_capital else "", f"{amount}.")
        _labelled(sheets, "Bằng chữ:", words)
    return number + 1


def _person(sheets: Sheets, generator: Generator, company: Company, person: Person, layout: str, *, full: bool) -> None:
    """Write what the form says of an owner or (`full`: with the title) of the representative."""
    label = "Họ, chữ đệm và tên:" if layout == "finance-2025" else "Họ và tên:"
    name = person.full_name.upper()
    pairs = [(f"* {label}" if full else label, name), ("Giới tính:", person.sex.value)]
    _pair(sheets, pairs[0], pairs[1], share=0.62)
    if full and company.kind is not Kind.PRIVATE:
        _labelled(sheets, "Chức danh:", company.position)
    born = ("Sinh ngày:", plain_date(person.date_of_birth))
    if layout == "planning-2015":
        _triple(sheets, born, ("Dân tộc:", person.ethnicity), ("Quốc tịch:", person.nationality))
        _labelled(sheets, "Loại giấy tờ chứng thực cá nhân:", company.paper_of(person))
        _labelled(sheets, "Số giấy chứng thực cá nhân:", company.number_of(person))
    elif layout == "planning-2021":
        _triple(sheets, born, ("Dân tộc:", person.ethnicity), ("Quốc tịch:", person.nationality))
        _labelled(sheets, "Loại giấy tờ pháp lý của cá nhân:", "Thẻ căn cước công dân")
        _labelled(sheets, "Số giấy tờ pháp lý của cá nhân:", company.number_of(person))
    else:
        _pair(sheets, born, ("Quốc tịch:", person.nationality))
        _labelled(sheets, "Số định danh cá nhân:", company.number_of(person))
    if layout != "finance-2025":
        _pair(sheets, ("Ngày cấp:", company.paper_day_of(person)), ("Nơi cấp:", company.paper_organ_of(person)))
    first = "Nơi đăng ký hộ khẩu thường trú:" if layout == "planning-2015" else "Địa chỉ thường trú:"
    second = "Chỗ ở hiện tại:" if layout == "planning-2015" else "Địa chỉ liên lạc:"
    if layout != "finance-2025":
        _labelled(sheets, first, company.dwelling_of(person))
    _labelled(sheets, second, company.dwelling_of(person))
    if happens(generator, 0.5):
        sheets.y_mm += 1.5


def _members(sheets: Sheets, company: Company) -> None:
    """Write the table of members: names above one another, their shares of the capital."""
    half = company.capital // 2
    for number, member in enumerate((company.owner, company.representative), start=1):
        share = company.capital - half if number == 1 else half
        text = f"{number}. {member.full_name.upper()} - {company.dwelling_of(member)} - {grouped(share)} đồng (50%)"
        _line(sheets, text)


def _close(sheets: Sheets, generator: Generator, company: Company, occasion: Occasion) -> None:
    sheets.need(62)
    sheets.y_mm += 3
    middle = sheets.left_mm + (sheets.right_mm - sheets.left_mm) * 0.74
    signature = Signature(company.titles, company.signer, company.seal_text)
    sheets.y_mm = signature_block(sheets, generator, signature, middle, occasion.stamp_over_name)


def _line(sheets: Sheets, text: str, *, bold: bool = False) -> None:
    style = Style.BOLD if bold else Style.REGULAR
    if bold:
        sheets.need(14)
    sheets.paragraph([Run(text, style)], _PT, indent_mm=0, justified=False, after_mm=0.5)


def _labelled(sheets: Sheets, label: str, value: str) -> None:
    sheets.paragraph([Run(f"{label} {value}".strip())], _PT, indent_mm=0, justified=False, after_mm=0.5)


def _pair(sheets: Sheets, first: tuple[str, str], second: tuple[str, str], share: float = 0.5) -> None:
    """Write two labels with their values on one line, or on two where the first is too long."""
    start = sheets.left_mm + (sheets.right_mm - sheets.left_mm) * share
    text = " ".join(first).strip()
    if sheets.left_mm + sheets.text_width_mm(text, _PT) + 3 > start or sheets.text_width_mm(
        " ".join(second), _PT
    ) > sheets.right_mm - start:  # fmt: skip
        _labelled(sheets, *first)
        _labelled(sheets, *second)
        return
    height = sheets.line_height_mm(_PT) * sheets.spacing
    sheets.need(height)
    sheets.put(text, sheets.left_mm, sheets.y_mm, _PT)
    sheets.put(" ".join(second).strip(), start, sheets.y_mm, _PT)
    sheets.y_mm += height + 0.5


def _triple(sheets: Sheets, *pairs: tuple[str, str]) -> None:
    height = sheets.line_height_mm(_PT) * sheets.spacing
    sheets.need(height)
    step = (sheets.right_mm - sheets.left_mm) / len(pairs)
    for number, (label, value) in enumerate(pairs):
        sheets.put(f"{label} {value}", sheets.left_mm + number * step, sheets.y_mm, _PT)
    sheets.y_mm += height + 0.5
