"""Certificates of land-use rights: the form of four pages until 2024 and the form of two pages with a QR.

Sources: Thông tư 17/2009/TT-BTNMT and 23/2014/TT-BTNMT (old), Thông tư 10/2024/TT-BTNMT (new).
"""

from collections.abc import Mapping
from datetime import date

from benchmarks.drawing.acts import act_date
from benchmarks.drawing.amount_words import area_words, decimal_comma
from benchmarks.drawing.blocks import NATION, Signature, national_head, signature_block
from benchmarks.drawing.chance import Generator, generator_for, happens
from benchmarks.drawing.codes import linear_code, qr_code
from benchmarks.drawing.fonts import Style
from benchmarks.drawing.forms import Drawn, Form, Occasion
from benchmarks.drawing.land_facts import EMPTY, Land, invent_land
from benchmarks.drawing.land_sketch import changes_table, parcel_sketch
from benchmarks.drawing.security_print import Area, Colour, emblem, fine_lines
from benchmarks.drawing.sheets import HEIGHT_MM, WIDTH_MM, Margins, Run, Sheets

_RED: Colour = (200, 30, 44)
_PINK: tuple[Colour, Colour] = ((252, 240, 238), (248, 228, 225))
_PALE: tuple[Colour, Colour] = ((250, 246, 236), (243, 231, 218))
_OLD_HEADINGS = (
    "I. Tên người sử dụng đất, chủ sở hữu nhà ở và tài sản khác gắn liền với đất",
    "II. Thửa đất, nhà ở và tài sản khác gắn liền với đất",
    "III. Sơ đồ thửa đất, nhà ở và tài sản khác gắn liền với đất",
    "IV. Những thay đổi sau khi cấp Giấy chứng nhận",
)
_OLD_PT, _NEW_PT = 12.0, 12.0


def four_pages(generator: Generator, occasion: Occasion) -> Drawn:
    """Draw the form of 2014: title page, parcel, sketch, changes; the register number below the parcel."""
    land = invent_land(generator, occasion, (date(2014, 7, 5), date(2024, 7, 30)))
    rest = _apart(generator)
    sheets = _old_sheets(occasion)
    _old_title_page(sheets, generator, land)
    _paper(sheets, generator, _PINK)
    _line(sheets, (_OLD_HEADINGS[1], Style.BOLD), after=1.5)
    _line(sheets, ("1. Thửa đất:", Style.BOLD))
    _line(sheets, (f"a) Thửa đất số: {land.parcel},", Style.REGULAR), (f"tờ bản đồ số: {land.sheet}", Style.REGULAR))
    _old_parcel(sheets, land, ("b)", "c)", "d)", "đ)", "e)", "g)"))
    _old_assets(sheets, land)
    _old_close(sheets, generator, land, occasion)
    _paper(sheets, rest, _PINK)
    _line(sheets, (_OLD_HEADINGS[2], Style.BOLD), after=3)
    parcel_sketch(sheets, rest, Area(30, sheets.y_mm, 150, 105), land)
    sheets.y_mm += 112
    _line(sheets, (_OLD_HEADINGS[3], Style.BOLD), after=2)
    changes_table(sheets, rest, 58, land)
    if happens(rest, 0.7):
        _paper(sheets, rest, _PINK)
        _last_page(sheets, land)
    return Drawn(sheets.pages, land.truth, "four-pages")


def letters_apart(generator: Generator, occasion: Occasion) -> Drawn:
    """Draw the form of 2009: parcel and map sheet on lines of their own, so that the letters shift; two pages."""
    land = invent_land(generator, occasion, (date(2009, 12, 10), date(2014, 7, 4)))
    sheets = _old_sheets(occasion)
    _old_title_page(sheets, generator, land)
    _paper(sheets, generator, _PINK)
    _line(sheets, (_OLD_HEADINGS[1], Style.BOLD), after=1.5)
    _line(sheets, ("1. Thửa đất", Style.BOLD))
    _line(sheets, ("a) Thửa đất số:", Style.REGULAR), (land.parcel, Style.BOLD))
    _line(sheets, ("b) Tờ bản đồ số:", Style.REGULAR), (land.sheet, Style.BOLD))
    _old_parcel(sheets, land, ("c)", "d)", "đ)", "e)", "g)", "h)"), value_style=Style.BOLD)
    _old_assets(sheets, land)
    _old_close(sheets, generator, land, occasion)
    return Drawn(sheets.pages, land.truth, "letters-apart")


def two_pages(generator: Generator, occasion: Occasion) -> Drawn:
    """Draw the form of 2024: items 1 to 3 and the signature on page 1, items 4 to 6 on page 2, QR top right."""
    land = invent_land(generator, occasion, (date(2024, 8, 1), date(2026, 6, 30)))
    sheets = Sheets(occasion.dpi, Margins(left=22, top=18, right=18, bottom=14), spacing=1.15, family=occasion.family)
    register_first, rest = happens(generator, 0.4), _apart(generator)
    _page_tint(sheets, generator, _PALE, Area(7, 7, WIDTH_MM - 14, HEIGHT_MM - 14))
    code = f"{int(generator.integers(10**15)):015d}"
    side = round(sheets.px(26))
    sheets.page.paste(
        qr_code(f"{land.serial}|{code}", side).convert("RGB"), (round(sheets.px(168)), round(sheets.px(12)))
    )
    emblem(sheets, WIDTH_MM / 2, 24, 9)
    y = national_head(sheets, WIDTH_MM / 2, 36, 12.5, land.spelled(NATION)) + 5
    for line, size in (
        ("GIẤY CHỨNG NHẬN", 18.0),
        ("QUYỀN SỬ DỤNG ĐẤT, QUYỀN SỞ HỮU TÀI SẢN GẮN LIỀN VỚI ĐẤT", 12.5),
    ):
        sheets.put(line, WIDTH_MM / 2, y, size, Style.BOLD, "middle", _RED)
        y += sheets.line_height_mm(size) + 0.5
    sheets.put(f"Mã Giấy chứng nhận: {code}", WIDTH_MM / 2, y + 1, 12, align="middle")
    sheets.y_mm = y + 11
    _new_body(sheets, land)
    note = "(Thông tin chi tiết được thể hiện tại mã QR)"
    _line(sheets, (note, Style.ITALIC), after=2)
    _sign(sheets, generator, land, occasion)
    if register_first:
        sheets.put(f"Số vào sổ cấp Giấy chứng nhận: {land.register_number}", 22, 272, 12)
    sheets.put(land.serial, 180, 277, 14, Style.BOLD, "right")
    sheets.new_page(numbered=False)
    _page_tint(sheets, rest, _PALE, Area(7, 7, WIDTH_MM - 14, HEIGHT_MM - 14))
    sheets.y_mm = 18
    _line(sheets, ("4. Sơ đồ thửa đất, tài sản gắn liền với đất:", Style.BOLD), after=2)
    parcel_sketch(sheets, rest, Area(30, sheets.y_mm, 150, 96), land)
    sheets.y_mm += 102
    _line(sheets, ("5. Ghi chú:", Style.BOLD), (land.note, Style.REGULAR), after=2)
    _line(sheets, ("6. Những thay đổi sau khi cấp Giấy chứng nhận:", Style.BOLD), after=2)
    changes_table(sheets, rest, 70, land)
    if not register_first:
        sheets.put(f"Số vào sổ cấp Giấy chứng nhận: {land.register_number}", 22, 272, 12)
    return Drawn(sheets.pages, land.truth, "two-pages-qr")


FORMS: Mapping[str, tuple[Form, ...]] = {"giay-chung-nhan-quyen-su-dung-dat": (four_pages, letters_apart, two_pages)}


def _old_sheets(occasion: Occasion) -> Sheets:
    return Sheets(occasion.dpi, Margins(left=26, top=24, right=26, bottom=24), spacing=1.2, family=occasion.family)


def _apart(generator: Generator) -> Generator:
    """Return a generator for what follows the stamp, whose draws depend on the resolution."""
    return generator_for(int(generator.integers(2**31)))


def _page_tint(sheets: Sheets, generator: Generator, colours: tuple[Colour, Colour], area: Area) -> None:
    fine_lines(sheets, area, generator, *colours)


def _paper(sheets: Sheets, generator: Generator, colours: tuple[Colour, Colour]) -> None:
    """Take the next page, 190 by 265 mm, and print its pattern."""
    sheets.new_page(numbered=False)
    _page_tint(sheets, generator, colours, Area(10, 14, 190, 265))
    sheets.y_mm = 24


def _old_title_page(sheets: Sheets, generator: Generator, land: Land) -> None:
    _page_tint(sheets, generator, _PINK, Area(10, 14, 190, 265))
    y = national_head(sheets, WIDTH_MM / 2, 26, 13, land.spelled(NATION)) + 6
    emblem(sheets, WIDTH_MM / 2, y + 13, 13)
    y += 34
    for line, size in (
        ("GIẤY CHỨNG NHẬN", 23.0),
        ("QUYỀN SỬ DỤNG ĐẤT", 15.0),
        ("QUYỀN SỞ HỮU NHÀ Ở VÀ TÀI SẢN KHÁC GẮN LIỀN VỚI ĐẤT", 13.0),
    ):
        sheets.put(line, WIDTH_MM / 2, y, size, Style.BOLD, "middle", _RED)
        y += sheets.line_height_mm(size) + 1
    sheets.y_mm = y + 10
    _line(sheets, (_OLD_HEADINGS[0], Style.BOLD), after=3)
    for line in land.owner_lines:
        _line(sheets, (line, Style.REGULAR), after=1)
    sheets.put(land.serial, 186, 262, 15, Style.BOLD, "right")  # black. Source: TT 23/2014, Điều 3


def _old_parcel(sheets: Sheets, land: Land, letters: tuple[str, ...], value_style: Style = Style.REGULAR) -> None:
    area = decimal_comma(land.area)
    rows = (
        ("Địa chỉ:" if letters[0] == "c)" else "Địa chỉ thửa đất:", land.address),
        ("Diện tích:", f"{area} m², (bằng chữ: {area_words(land.area, land.words)})"),
        (
            "Hình thức sử dụng:",
            f"riêng: {area} m²; chung: Không" if int(land.parcel) % 2 else f"Sử dụng riêng: {area} m²",
        ),
        ("Mục đích sử dụng:", land.purpose),
        ("Thời hạn sử dụng:", land.term),
        ("Nguồn gốc sử dụng:", land.origin),
    )
    for letter, (label, value) in zip(letters, rows, strict=True):
        _line(sheets, (f"{letter} {label}", Style.REGULAR), (value, value_style))


def _old_assets(sheets: Sheets, land: Land) -> None:
    for number, label in enumerate(
        ("Nhà ở", "Công trình xây dựng khác", "Rừng sản xuất là rừng trồng", "Cây lâu năm"), start=2
    ):
        _line(sheets, (f"{number}. {label}:", Style.BOLD), (EMPTY, Style.REGULAR))
    _line(sheets, ("6. Ghi chú:", Style.BOLD), (land.note, Style.REGULAR), after=3)


def _old_close(sheets: Sheets, generator: Generator, land: Land, occasion: Occasion) -> None:
    _sign(sheets, generator, land, occasion)
    label = "Số vào sổ cấp GCN:" if land.issued.year % 2 else "Số vào sổ cấp giấy chứng nhận:"
    sheets.put(f"{label} {land.register_number}", sheets.left_mm, min(sheets.y_mm + 1, 268), 12)


def _last_page(sheets: Sheets, land: Land) -> None:
    """Write page four: changes go on, the warning, the bar code."""
    _line(sheets, ("IV. Những thay đổi sau khi cấp Giấy chứng nhận (tiếp theo)", Style.BOLD), after=150)
    _line(sheets, ("Người được cấp Giấy chứng nhận cần chú ý:", Style.BOLD))
    warning = (
        "Người được cấp Giấy chứng nhận không được sửa chữa, tẩy xóa hoặc bổ sung bất kỳ nội dung nào trong Giấy "
        "chứng nhận; khi bị mất hoặc hư hỏng Giấy chứng nhận phải khai báo ngay với cơ quan cấp giấy."
    )
    _line(sheets, (warning, Style.ITALIC), after=4)
    bars = linear_code(f"{land.issued:%y%m%d}{land.parcel.zfill(5)}{land.sheet.zfill(3)}", round(sheets.px(70)),
                       round(sheets.px(12)))  # fmt: skip
    sheets.page.paste(bars.convert("RGB"), (round(sheets.px(70)), round(sheets.px(246))))


def _new_body(sheets: Sheets, land: Land) -> None:
    _line(sheets, ("1. Người sử dụng đất, chủ sở hữu tài sản gắn liền với đất:", Style.BOLD))
    for line in land.owner_lines:
        _line(sheets, (line, Style.REGULAR))
    _line(sheets, ("2. Thông tin thửa đất:", Style.BOLD))
    _line(sheets, (f"a) Thửa đất số: {land.parcel};", Style.REGULAR), (f"tờ bản đồ số: {land.sheet}", Style.REGULAR))
    for label, value in (
        ("b) Diện tích:", f"{decimal_comma(land.area)} m²"),
        ("c) Loại đất:", land.purpose),
        ("d) Thời hạn sử dụng:", land.term),
        ("đ) Hình thức sử dụng:", "Sử dụng riêng" if land.spouse is None else "Sử dụng chung của vợ và chồng"),
        ("e) Địa chỉ:", land.address),
    ):
        _line(sheets, (label, Style.REGULAR), (value, Style.REGULAR))
    _line(sheets, ("3. Thông tin tài sản gắn liền với đất:", Style.BOLD), (EMPTY, Style.REGULAR), after=2)


def _sign(sheets: Sheets, generator: Generator, land: Land, occasion: Occasion) -> None:
    middle = WIDTH_MM * 0.66
    dated = f"{land.signed_at}, {act_date(land.issued)}"
    sheets.y_mm = sheets.stack((dated,), middle, sheets.y_mm + 1, 12, Style.ITALIC)
    signature = Signature(land.titles, land.signer, land.seal_text)
    sheets.y_mm = signature_block(sheets, generator, signature, middle, occasion.stamp_over_name)


def _line(sheets: Sheets, *parts: tuple[str, Style], after: float = 0.4) -> None:
    """Write text in the flow from the margin, wrapped."""
    size = _OLD_PT if sheets.left_mm > 24 else _NEW_PT
    sheets.paragraph([Run(*part) for part in parts], size, indent_mm=0, justified=False, after_mm=after)
