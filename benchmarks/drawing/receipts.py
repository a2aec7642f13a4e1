"""Receipts of dossiers at the one-stop shop: today's form, the older `PHIẾU BIÊN NHẬN HỒ SƠ`.

Sources: Thông tư 03/2025/TT-VPCP, Phụ lục I, Mẫu 01; Thông tư 01/2018/TT-VPCP.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from PIL import ImageDraw

from benchmarks.drawing.acts import act_date
from benchmarks.drawing.addresses import dwelling, older_tones, place_on, tone_style
from benchmarks.drawing.agencies import Agency
from benchmarks.drawing.blocks import NATION, agency_head, head_columns, national_head
from benchmarks.drawing.chance import Generator, between, happens, pick, pick_day
from benchmarks.drawing.codes import linear_code, qr_code
from benchmarks.drawing.fonts import Style
from benchmarks.drawing.forms import Drawn, Form, Occasion, Value
from benchmarks.drawing.ink import BLUE, lay_ink, signature_mask
from benchmarks.drawing.people import Person, Sex, draw_name
from benchmarks.drawing.places import DISTRICTS_END, Place
from benchmarks.drawing.sheets import INK, Margins, Run, Sheets

_PT = 12.5
_DESK = "BỘ PHẬN TIẾP NHẬN VÀ TRẢ KẾT QUẢ"
_TITLE, _OLDER_TITLE = "GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ", "PHIẾU BIÊN NHẬN HỒ SƠ"
# Procedures and what they ask for.
_PROCEDURES = (
    ("Đăng ký khai sinh", 3, ("Tờ khai đăng ký khai sinh", "Giấy chứng sinh", "Giấy chứng nhận kết hôn",
                              "Căn cước công dân của cha, mẹ")),
    ("Cấp Giấy xác nhận tình trạng hôn nhân", 3, ("Tờ khai cấp Giấy xác nhận tình trạng hôn nhân",
                                                  "Thẻ căn cước công dân")),
    ("Đăng ký biến động quyền sử dụng đất, quyền sở hữu tài sản gắn liền với đất trong các trường hợp chuyển nhượng, "
     "thừa kế, tặng cho quyền sử dụng đất", 10,
     ("Đơn đăng ký biến động đất đai, tài sản gắn liền với đất theo Mẫu số 11/ĐK",
      "Giấy chứng nhận quyền sử dụng đất, quyền sở hữu nhà ở và tài sản khác gắn liền với đất",
      "Hợp đồng tặng cho quyền sử dụng đất", "Tờ khai thuế thu nhập cá nhân", "Tờ khai lệ phí trước bạ")),
    ("Đăng ký thành lập hộ kinh doanh", 3, ("Giấy đề nghị đăng ký hộ kinh doanh", "Bản sao thẻ căn cước của chủ hộ")),
    ("Cấp giấy phép xây dựng đối với nhà ở riêng lẻ", 15,
     ("Đơn đề nghị cấp giấy phép xây dựng", "Bản sao giấy tờ chứng minh quyền sử dụng đất",
      "Hai bộ bản vẽ thiết kế xây dựng kèm theo Giấy chứng nhận thẩm duyệt thiết kế về phòng cháy, chữa cháy")),
    ("Cấp bản sao trích lục hộ tịch, bản sao Giấy khai sinh", 1, ("Tờ khai cấp bản sao trích lục hộ tịch",)),
)  # fmt: skip
_KINDS = ("Bản chính", "Bản sao", "Bản chụp")


@dataclass(frozen=True, slots=True)
class _Receipt:
    code: str
    applicant: Person
    address: str
    telephone: str
    procedure: str
    days: int
    received: date
    hour: int
    minute: int
    due: date
    components: tuple[str, ...]
    place: Place
    desk_clerk: str
    older_spelling: bool

    def spelled(self, text: str) -> str:
        return older_tones(text) if self.older_spelling else text

    @property
    def truth(self) -> dict[str, Value]:
        return {
            "dossier_code": self.code,
            "applicant_name": self.applicant.full_name,
            "applicant_personal_id": self.applicant.personal_id,
            "procedure_name": self.procedure,
            "received_date": self.received.isoformat(),
            "due_date": self.due.isoformat(),
            "components": list(self.components),
        }


def draw_receipt(
    generator: Generator,
    occasion: Occasion,
    components: Sequence[str] | None = None,
    dossier_code: str | None = None,
) -> Drawn:
    """Draw a `giay-tiep-nhan-ho-so` in one of its layouts.

    Args:
        generator: Source of chance.
        occasion: The dossier; one of its parents hands it in.
        components: Names of the papers it lists; those of a random procedure when None.
        dossier_code: Its code, which also tells the day; invented when None.
    """
    layout = pick(generator, (_with_borders, _with_rules_and_qr, _older))
    return layout(generator, occasion, components, dossier_code)


def bordered_receipt(generator: Generator, occasion: Occasion) -> Drawn:
    """Draw today's form with a bordered table and the bar code of the dossier."""
    return _with_borders(generator, occasion, None, None)


def open_receipt(generator: Generator, occasion: Occasion) -> Drawn:
    """Draw today's form with a table without borders and a QR."""
    return _with_rules_and_qr(generator, occasion, None, None)


def older_receipt(generator: Generator, occasion: Occasion) -> Drawn:
    """Draw the older form `PHIẾU BIÊN NHẬN HỒ SƠ`, papers as a numbered list."""
    return _older(generator, occasion, None, None)


FORMS: Mapping[str, tuple[Form, ...]] = {"giay-tiep-nhan-ho-so": (bordered_receipt, open_receipt, older_receipt)}


def _with_borders(
    generator: Generator, occasion: Occasion, components: Sequence[str] | None, code: str | None
) -> Drawn:
    receipt = _invent(generator, occasion, components, code, (date(2025, 9, 15), date(2026, 6, 30)))
    sheets = _start(generator, occasion, receipt, bars=True)
    _title(sheets, _TITLE)
    _desk_lines(sheets, receipt, "CCCD/MST:", "Nội dung yêu cầu giải quyết:")
    _text(sheets, "1. Thành phần hồ sơ, yêu cầu và số lượng mỗi loại giấy tờ gồm:")
    _table(sheets, generator, receipt, ("STT", "Tên giấy tờ", "Hình thức (bản chính, bản sao hoặc bản chụp)",
                                        "Số lượng"), bordered=True)  # fmt: skip
    _dates(sheets, generator, receipt, first=2)
    return _close(sheets, generator, receipt, "bordered-table-bar-code")


def _with_rules_and_qr(
    generator: Generator, occasion: Occasion, components: Sequence[str] | None, code: str | None
) -> Drawn:
    receipt = _invent(generator, occasion, components, code, (date(2021, 3, 1), date(2026, 6, 30)))
    sheets = _start(generator, occasion, receipt, bars=False)
    _title(sheets, _TITLE)
    _desk_lines(sheets, receipt, "Số CCCD/CMND:", "Thủ tục hành chính cần giải quyết:")
    _text(sheets, "Thành phần hồ sơ nộp gồm:")
    _table(sheets, generator, receipt, ("STT", "Tên giấy tờ", "Loại giấy tờ", "Ghi chú"), bordered=False)
    _dates(sheets, generator, receipt, first=1)
    return _close(sheets, generator, receipt, "open-table-qr")


def _older(generator: Generator, occasion: Occasion, components: Sequence[str] | None, code: str | None) -> Drawn:
    receipt = _invent(generator, occasion, components, code, (date(2018, 12, 10), date(2023, 6, 30)))
    sheets = _start(generator, occasion, receipt, bars=happens(generator, 0.5))
    _title(sheets, _OLDER_TITLE)
    _desk_lines(sheets, receipt, "CMND/CCCD:", f"Nội dung yêu cầu giải quyết{pick(generator, ('', '', ' (1)'))}:")
    _text(sheets, "Thành phần hồ sơ gồm:")
    for number, name in enumerate(receipt.components, start=1):
        text = f"{number}. {name}: 01 {pick(generator, _KINDS).lower()}"
        sheets.paragraph([Run(text)], _PT, indent_mm=6, justified=False, after_mm=0.5)
    sheets.y_mm += 1
    _dates(sheets, generator, receipt, first=2)
    return _close(sheets, generator, receipt, "older-list")


def _invent(
    generator: Generator,
    occasion: Occasion,
    components: Sequence[str] | None,
    code: str | None,
    era: tuple[date, date],
) -> _Receipt:
    birth = occasion.birth
    applicant = birth.father if birth.father and happens(generator, 0.5) else birth.mother
    of_age = applicant.date_of_birth + timedelta(days=18 * 366)
    received = pick_day(generator, min(max(era[0], of_age), era[1]), era[1])
    if code:
        received = _day_of(code) or received
    procedure, days, asked = pick(generator, _PROCEDURES)
    place = place_on(generator, applicant.home, received)
    older = tone_style(generator)
    address = dwelling(generator, place)
    unit = f"H{int(generator.integers(1, 64)):02d}.{int(generator.integers(10, 150))}"
    return _Receipt(
        code=code or f"{unit}-{received:%y%m%d}-{int(generator.integers(1, 400)):04d}",
        applicant=applicant,
        address=older_tones(address) if older else address,
        telephone=f"09{int(generator.integers(10**8)):08d}",
        procedure=procedure,
        days=days,
        received=received,
        hour=int(generator.integers(7, 17)),
        minute=int(generator.integers(0, 60)),
        due=received + timedelta(days=days + days // 5 * 2),
        components=tuple(components if components is not None else asked),
        place=place,
        desk_clerk=draw_name(generator, pick(generator, tuple(Sex))),
        older_spelling=older,
    )


def _day_of(code: str) -> date | None:
    """Return the day that a dossier code names (`H44.100-251112-0012`)."""
    parts = code.split("-")
    if len(parts) != 3 or len(parts[1]) != 6 or not parts[1].isdigit():
        return None
    return date(2000 + int(parts[1][:2]), int(parts[1][2:4]), int(parts[1][4:]))


def _agency(receipt: _Receipt) -> Agency:
    place = receipt.place
    committee = receipt.spelled("ỦY BAN NHÂN DÂN")
    unit = f"HUYỆN {place.district.upper()}" if place.district else f"XÃ {place.commune.upper()}"
    if receipt.received >= DISTRICTS_END:
        unit = f"XÃ {place.commune.upper()}"
    return Agency((f"{committee} {unit}",), (_DESK,), _DESK, "TNTKQ", (), place.district or place.commune, "", "", None,
                  "", place)  # fmt: skip


def _start(generator: Generator, occasion: Occasion, receipt: _Receipt, *, bars: bool) -> Sheets:
    """Write the head with the code of the dossier and its bar code, or its QR."""
    sheets = Sheets(occasion.dpi, Margins(left=between(generator, 24, 30), top=15, right=16, bottom=14),
                    spacing=between(generator, 1.08, 1.2), family=occasion.family)  # fmt: skip
    columns = head_columns(sheets, 11)
    agency = _agency(receipt)
    left = agency_head(sheets, agency, columns, 15, 11)
    right = national_head(sheets, columns.right_middle, 15, 11, receipt.spelled(NATION))
    left = sheets.stack((f"Mã hồ sơ: {receipt.code}",), columns.left_middle, left + 0.5, 11.5)
    if bars:
        picture = linear_code(receipt.code, round(sheets.px(62)), round(sheets.px(11)))
        place = (round(sheets.px(columns.left_middle - 31)), round(sheets.px(left + 0.8)))
        left += 12
    else:
        picture = qr_code(receipt.code, round(sheets.px(21)))
        place = (round(sheets.px(columns.left_middle - 10.5)), round(sheets.px(left + 0.8)))
        left += 21
    sheets.page.paste(picture.convert("RGB"), place)
    dated = f"{agency.place}, {act_date(receipt.received)}"
    right = sheets.stack((dated,), columns.right_middle, right + 1, 12, Style.ITALIC)
    sheets.y_mm = max(left, right) + 5
    return sheets


def _title(sheets: Sheets, title: str) -> None:
    sheets.headline(title, 15, width_mm=160)
    sheets.y_mm += 3


def _desk_lines(sheets: Sheets, receipt: _Receipt, id_label: str, procedure_label: str) -> None:
    _text(sheets, f"Bộ phận tiếp nhận và trả kết quả: {_agency(receipt).parent_lines[0]}")
    capitals = receipt.minute % 2 == 0
    name = receipt.applicant.full_name
    _text(sheets, f"Tiếp nhận hồ sơ của: {name.upper() if capitals else name}")
    _text(sheets, f"{id_label} {receipt.applicant.personal_id}")
    _text(sheets, f"Địa chỉ: {receipt.address}")
    _text(sheets, f"Số điện thoại: {receipt.telephone}      Email: {'.' * 30}")
    _text(sheets, f"{procedure_label} {receipt.procedure}")


def _table(
    sheets: Sheets, generator: Generator, receipt: _Receipt, headings: tuple[str, ...], *, bordered: bool
) -> None:
    """Write the table of papers: number, name, form, quantity; names and headings wrap inside their columns."""
    room = sheets.right_mm - sheets.left_mm
    edges = [sheets.left_mm + room * share for share in (0.0, 0.08, 0.62, 0.84, 1.0)]
    rows = [(str(number), name, pick(generator, _KINDS), "01" if bordered else "")
            for number, name in enumerate(receipt.components, start=1)]  # fmt: skip
    top = sheets.y_mm
    tops = [top]
    line = sheets.line_height_mm(_PT - 0.5)
    for number, row in enumerate((headings, *rows)):
        style = Style.BOLD if number == 0 else Style.REGULAR
        cells = [
            sheets.wrap(text, _PT - 0.5, right - left - 3, style)
            for text, left, right in zip(row, edges, edges[1:], strict=False)
        ]
        height = max(len(cell) for cell in cells) * line + 2
        sheets.need(height)
        if sheets.y_mm < tops[-1]:
            _borders(sheets, -2, edges, tops, bordered=bordered)
            tops = [sheets.y_mm]
        for column, (cell, left, right) in enumerate(zip(cells, edges, edges[1:], strict=False)):
            centred = number == 0 or column != 1
            for count, text in enumerate(cell):
                x = (left + right) / 2 if centred else left + 1.5
                align = "middle" if centred else "left"
                sheets.put(text, x, sheets.y_mm + 0.8 + count * line, _PT - 0.5, style, align)
        sheets.y_mm += height
        tops.append(sheets.y_mm)
    _borders(sheets, -1, edges, tops, bordered=bordered)
    sheets.y_mm += 2


def _borders(sheets: Sheets, page: int, edges: Sequence[float], tops: Sequence[float], *, bordered: bool) -> None:
    """Rule the rows of a table that lie on `page`, counted from the last."""
    if not bordered:
        return
    draw = ImageDraw.Draw(sheets.pages[page])
    thickness = max(1, round(sheets.px(0.2)))
    for y in tops:
        draw.line([sheets.px(edges[0]), sheets.px(y), sheets.px(edges[-1]), sheets.px(y)], fill=INK, width=thickness)
    for x in edges:
        draw.line([sheets.px(x), sheets.px(tops[0]), sheets.px(x), sheets.px(tops[-1])], fill=INK, width=thickness)


def _dates(sheets: Sheets, generator: Generator, receipt: _Receipt, first: int) -> None:
    received, due = _slashes(receipt.received), _slashes(receipt.due)
    due_hour = f"{pick(generator, (11, 16, 17))} giờ {pick(generator, ('00', '30'))} phút, ngày "
    lines = (
        "Số lượng hồ sơ: 01 (bộ)",
        f"Thời gian giải quyết hồ sơ theo quy định là: {receipt.days:02d} ngày",
        f"Thời gian nhận hồ sơ: {receipt.hour:02d} giờ {receipt.minute:02d} phút, ngày {received}",
        f"Thời gian trả kết quả giải quyết hồ sơ: {due_hour if happens(generator, 0.6) else 'ngày '}{due}",
        "Đăng ký nhận (trả) kết quả tại: Bộ phận tiếp nhận và trả kết quả",
    )
    for number, text in enumerate(lines, start=first):
        _text(sheets, f"{number}. {text}")
    book = f"Quyển số: {int(generator.integers(1, 9)):02d}      Số thứ tự: {int(generator.integers(1, 900)):03d}"
    _text(sheets, f"Vào Sổ theo dõi hồ sơ, {book}")


def _close(sheets: Sheets, generator: Generator, receipt: _Receipt, layout: str) -> Drawn:
    sheets.need(40)
    sheets.y_mm += 3
    room = sheets.right_mm - sheets.left_mm
    middles = (sheets.left_mm + room * 0.22, sheets.left_mm + room * 0.76)
    names = (receipt.applicant.full_name, receipt.desk_clerk)
    for middle, heading, name in zip(middles, ("NGƯỜI NỘP HỒ SƠ", "NGƯỜI TIẾP NHẬN HỒ SƠ"), names, strict=True):
        below = sheets.stack((heading,), middle, sheets.y_mm, 12, Style.BOLD)
        sheets.stack(("(Ký và ghi rõ họ tên)",), middle, below, 11, Style.ITALIC)
        scribble = signature_mask(generator, sheets.dpi, 34, 15)
        lay_ink(sheets.page, scribble, round(sheets.px(middle - 15)), round(sheets.px(below + 5)), BLUE)
        sheets.stack((name,), middle, below + 22, 12, Style.BOLD)
    return Drawn(sheets.pages, receipt.truth, layout)


def _text(sheets: Sheets, text: str) -> None:
    sheets.paragraph([Run(text)], _PT, indent_mm=0, justified=False, after_mm=0.7)


def _slashes(day: date) -> str:
    return f"{day.day:02d}/{day.month:02d}/{day.year}"
