"""The sketch of a parcel with its numbers, and the table of later changes, on certificates of land-use rights."""

import math

from PIL import ImageDraw

from benchmarks.drawing.amount_words import decimal_comma
from benchmarks.drawing.chance import Generator, between, happens
from benchmarks.drawing.fonts import Style
from benchmarks.drawing.land_facts import Land
from benchmarks.drawing.security_print import Area
from benchmarks.drawing.sheets import INK, Sheets


def parcel_sketch(sheets: Sheets, generator: Generator, area: Area, land: Land) -> None:
    """Draw the parcel with numbered corners, lengths of its sides, its neighbours and an arrow to the north."""
    draw = ImageDraw.Draw(sheets.page)
    thickness = max(1, round(sheets.px(0.3)))
    middle_x, middle_y = area.left + area.width * 0.5, area.top + area.height * 0.52
    reach_x, reach_y = area.width * between(generator, 0.2, 0.3), area.height * between(generator, 0.22, 0.32)
    corners = [
        (middle_x + across * between(generator, 0.8, 1.1), middle_y + down * between(generator, 0.8, 1.1))
        for across, down in ((-reach_x, -reach_y), (reach_x, -reach_y), (reach_x, reach_y), (-reach_x, reach_y))
    ]
    draw.polygon([(sheets.px(x), sheets.px(y)) for x, y in corners], outline=INK, width=thickness)
    side = math.sqrt(float(land.area))
    for number, (x, y) in enumerate(corners, start=1):
        away_x, away_y = (3 if x > middle_x else -3), (1 if y > middle_y else -5)
        sheets.put(str(number), x + away_x, y + away_y, 9, align="middle")
        next_x, next_y = corners[number % 4]
        length = f"{side * between(generator, 0.6, 1.5):.2f}".replace(".", ",")
        along_x, along_y = (x + next_x) / 2, (y + next_y) / 2
        beside = 7 if along_x > middle_x + 5 else (-7 if along_x < middle_x - 5 else 0)
        above = -5 if along_y < middle_y - 5 else 1
        sheets.put(length, along_x + beside, along_y + above, 9, align="middle")
    sheets.put(land.parcel, middle_x, middle_y - 6, 12, Style.BOLD, "middle")
    draw.line([sheets.px(middle_x - 9), sheets.px(middle_y), sheets.px(middle_x + 9), sheets.px(middle_y)], fill=INK,
              width=thickness)  # fmt: skip
    sheets.put(decimal_comma(land.area), middle_x, middle_y + 1, 11, align="middle")
    arrow_x, arrow_y = area.left + area.width * 0.92, area.top + 4
    draw.line([sheets.px(arrow_x), sheets.px(arrow_y + 4), sheets.px(arrow_x), sheets.px(arrow_y + 18)], fill=INK,
              width=thickness)  # fmt: skip
    head = [(arrow_x, arrow_y + 3), (arrow_x - 1.6, arrow_y + 8), (arrow_x + 1.6, arrow_y + 8)]
    draw.polygon([(sheets.px(x), sheets.px(y)) for x, y in head], fill=INK)
    sheets.put("B", arrow_x, arrow_y - 3, 11, Style.BOLD, "middle")
    if happens(generator, 0.6):
        sheets.put("Đường bê tông", middle_x, middle_y + reach_y * 1.1 + 6, 10, Style.ITALIC, "middle")
    sheets.put("Tỷ lệ 1/500", area.left + 12, area.top + area.height - 4, 10, Style.ITALIC, "middle")


def changes_table(sheets: Sheets, generator: Generator, height_mm: float, land: Land) -> None:
    """Draw the table of changes from the position of the flow: empty, or with one mortgage that was noted."""
    draw = ImageDraw.Draw(sheets.page)
    left, right, top = sheets.left_mm, sheets.right_mm, sheets.y_mm
    bottom, middle = top + height_mm, left + (right - left) * 0.62
    thickness = max(1, round(sheets.px(0.25)))
    for x in (left, middle, right):
        draw.line([sheets.px(x), sheets.px(top), sheets.px(x), sheets.px(bottom)], fill=INK, width=thickness)
    for y in (top, top + 11, bottom):
        draw.line([sheets.px(left), sheets.px(y), sheets.px(right), sheets.px(y)], fill=INK, width=thickness)
    sheets.stack(("Nội dung thay đổi và cơ sở pháp lý",), (left + middle) / 2, top + 3, 11, Style.BOLD)
    sheets.stack(("Xác nhận của cơ quan", "có thẩm quyền"), (middle + right) / 2, top + 0.8, 11, Style.BOLD)
    if happens(generator, 0.4):
        day = f"{land.issued.day:02d}/{land.issued.month:02d}/{land.issued.year + 1}"
        text = (
            f"Thế chấp bằng quyền sử dụng đất tại Ngân hàng Nông nghiệp theo hồ sơ số "
            f"{int(generator.integers(1000, 9999)):06d}.TC.001 ngày {day}."
        )
        for number, line in enumerate(sheets.wrap(text, 11, middle - left - 4)):
            sheets.put(line, left + 2, top + 13 + number * 5.2, 11)
    sheets.y_mm = bottom + 3
