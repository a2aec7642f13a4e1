"""Parts that several papers share: the national head, the signature block with its stamp, the laying of columns."""

from dataclasses import dataclass

from benchmarks.drawing.agencies import Agency
from benchmarks.drawing.chance import Generator, between, happens
from benchmarks.drawing.fonts import Style
from benchmarks.drawing.ink import BLUE, RED, STAMP_DIAMETER_MM, lay_ink, signature_mask, stamp_mask
from benchmarks.drawing.sheets import INK, Sheets

NATION = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"


@dataclass(frozen=True, slots=True)
class Columns:
    """The two columns of a head: middles, and the width of the left one, in millimetres."""

    left_middle: float
    left_width: float
    right_middle: float


@dataclass(frozen=True, slots=True)
class Signature:
    """What the right block at the end says; `note` is the small line below the titles, if any."""

    titles: tuple[str, ...]
    name: str
    seal_text: str
    note: str = ""


def head_columns(sheets: Sheets, size_pt: float) -> Columns:
    """Return the columns of a head whose right side is as wide as the national title."""
    width = sheets.text_width_mm(NATION, size_pt, Style.BOLD)
    right_start = sheets.right_mm + 2 - width
    left_start = sheets.left_mm - 8
    return Columns((left_start + right_start) / 2, right_start - left_start - 3, right_start + width / 2)


def national_head(sheets: Sheets, middle_mm: float, y_mm: float, size_pt: float = 12.0, nation: str = NATION) -> float:
    """Write the national title (`nation`: as this office spells it) and motto; return the top of what may follow."""
    below = sheets.stack((nation,), middle_mm, y_mm, size_pt, Style.BOLD)
    below = sheets.stack((MOTTO,), middle_mm, below + 0.4, size_pt + 1, Style.BOLD)
    sheets.rule(middle_mm, sheets.text_width_mm(MOTTO, size_pt + 1, Style.BOLD), below + 0.6)
    return below + 1.2


def agency_head(sheets: Sheets, agency: Agency, columns: Columns, y_mm: float, size_pt: float = 12.0) -> float:
    """Write the governing body and the agency with its rule; return the top of what may follow."""
    below = y_mm
    for lines, style in ((agency.parent_lines, Style.REGULAR), (agency.name_lines, Style.BOLD)):
        for line in lines:
            wrapped = sheets.wrap(line, size_pt, columns.left_width, style)
            below = sheets.stack(wrapped, columns.left_middle, below, size_pt, style)
    sheets.rule(columns.left_middle, sheets.text_width_mm(agency.name_lines[-1], size_pt, Style.BOLD) * 0.42, below + 1)
    return below + 2.2


def signature_block(
    sheets: Sheets, generator: Generator, signature: Signature, middle_mm: float, stamp_over_name: bool
) -> float:
    """Write titles and name around the position of the flow, sign and stamp; return the bottom.

    The stamp covers the left third of the signature; with `stamp_over_name` it also lies on the signer's name.
    """
    top = sheets.y_mm
    below = sheets.stack(signature.titles, middle_mm, top, 13, Style.BOLD)
    if signature.note:
        below = sheets.stack((signature.note,), middle_mm, below, 11, Style.ITALIC)
    name_y = below + (25 if stamp_over_name else STAMP_DIAMETER_MM + 4)
    sheets.put(signature.name, middle_mm, name_y, 13.5, Style.BOLD, align="middle")
    ink = BLUE if happens(generator, 0.7) else INK
    scribble = signature_mask(generator, sheets.dpi)
    left, upper = middle_mm - 17 + between(generator, -3, 3), below + 2 + between(generator, -1, 1.5)
    lay_ink(sheets.page, scribble, round(sheets.px(left)), round(sheets.px(upper)), ink)
    stamp = stamp_mask(generator, sheets.dpi, signature.seal_text)
    stamp_left = left + 12 - STAMP_DIAMETER_MM - 1 + between(generator, -3, 2)
    stamp_top = name_y + 3.5 - STAMP_DIAMETER_MM + between(generator, 0, 5) if stamp_over_name else below + 1
    lay_ink(sheets.page, stamp, round(sheets.px(stamp_left)), round(sheets.px(stamp_top)), RED)
    return name_y + sheets.line_height_mm(13.5)
