"""Separator sheets: a PDF to print and lay between papers before a whole bundle is scanned in one go.

Each sheet carries a QR that the product finds (`extractors.splitting.separators`) and, at head and foot, the bars of
the transfer patch, which scanners that know patch codes take for the end of a paper by themselves. Source: Kodak
A-61599, A-61670, patch T: bars narrow, wide, narrow, wide; narrow bars and spaces 0.08 in, wide bars 0.20 in, at least
2 in long.
"""

import io
import subprocess
from functools import cache
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from extractors.splitting.separators import Separator, separator_payload
from ocr.code_writer import qr_picture
from ocr.problem import Code, SohoaError

_DPI = 300
_WIDTH_MM, _HEIGHT_MM = 210.0, 297.0
_NARROW_MM, _WIDE_MM, _BAR_LENGTH_MM = 2.032, 5.08, 100.0
# Patch T, top to bottom from the leading edge; turned round it is patch 3, so the one at the foot is printed reversed.
_TRANSFER_PATCH = (_NARROW_MM, _WIDE_MM, _NARROW_MM, _WIDE_MM)
# Patches must stand at least 6 mm from the leading edge and within 40 mm of it.
_PATCH_TOP_MM = 12.0
_QR_MM = 70.0
_FONTS = (
    "/usr/share/fonts/truetype/liberation2",
    "/usr/share/fonts/truetype/liberation",
    "/usr/share/fonts/liberation",
)
_REGULAR, _BOLD = "LiberationSans-Regular.ttf", "LiberationSans-Bold.ttf"

TITLE = "TRANG NGĂN CÁCH"
INSTRUCTIONS = (
    "Đặt trang này giữa hai giấy tờ trước khi quét cả tập.",
    "Sau trang này là một giấy tờ khác. Trang này không được lưu vào giấy tờ nào.",
    "In trên giấy A4 trắng, tỷ lệ 100 %, không thu nhỏ. Dùng lại được nhiều lần; bỏ đi khi mã bị bẩn, nhàu.",
)


def separator_pdf(separator: Separator, count: int, type_name: str | None = None) -> bytes:
    """Return a PDF of `count` equal A4 sheets.

    Args:
        separator: What the code of the sheets says.
        count: How many sheets.
        type_name: What people call the paper type; None: its identifier is printed.

    Raises:
        ValueError: The separator's type or dossier code is none, or `count` is less than one.
        SohoaError: `READER_MISSING` when no font with Vietnamese letters is installed.
    """
    if count < 1:
        raise ValueError("at least one sheet")
    sheet = separator_sheet(separator, type_name)
    target = io.BytesIO()
    sheet.save(target, "PDF", resolution=_DPI, save_all=True, append_images=[sheet] * (count - 1), title=TITLE)
    return target.getvalue()


def separator_sheet(separator: Separator, type_name: str | None = None) -> Image.Image:
    """Return one sheet as a bilevel picture, A4 at 300 dpi; see `separator_pdf`."""
    sheet = Image.new("1", (_px(_WIDTH_MM), _px(_HEIGHT_MM)), 1)
    draw = ImageDraw.Draw(sheet)
    height = _patch_height_mm()
    _draw_patch(draw, _PATCH_TOP_MM, _TRANSFER_PATCH)
    _draw_patch(draw, _HEIGHT_MM - _PATCH_TOP_MM - height, _TRANSFER_PATCH[::-1])
    top = _PATCH_TOP_MM + height + 14
    top = _write(draw, TITLE, top, 15.0, _BOLD) + 8
    payload = separator_payload(separator)
    code = Image.fromarray(qr_picture(payload)).resize((_px(_QR_MM), _px(_QR_MM)), Image.Resampling.NEAREST)
    sheet.paste(code.convert("1"), (_px((_WIDTH_MM - _QR_MM) / 2), _px(top)))
    top += _QR_MM + 6
    if separator.paper_type is not None:
        top = _write(draw, f"Tiếp theo: {type_name or separator.paper_type}", top, 8.0, _BOLD) + 3
    if separator.dossier_code is not None:
        top = _write(draw, f"Mã hồ sơ: {separator.dossier_code}", top, 8.0, _BOLD) + 3
    top += 5
    for sentence in INSTRUCTIONS:
        top = _write(draw, sentence, top, 6.5, _REGULAR) + 4
    return sheet


def _draw_patch(draw: ImageDraw.ImageDraw, top_mm: float, bars: tuple[float, ...]) -> None:
    left, right = (_WIDTH_MM - _BAR_LENGTH_MM) / 2, (_WIDTH_MM + _BAR_LENGTH_MM) / 2
    for bar in bars:
        draw.rectangle((_px(left), _px(top_mm), _px(right) - 1, _px(top_mm + bar) - 1), fill=0)
        top_mm += bar + _NARROW_MM


def _patch_height_mm() -> float:
    return sum(_TRANSFER_PATCH) + (len(_TRANSFER_PATCH) - 1) * _NARROW_MM


def _write(draw: ImageDraw.ImageDraw, words: str, top_mm: float, size_mm: float, style: str) -> float:
    """Write `words` centred, over as many lines as it takes; return where they end, in millimetres."""
    font = ImageFont.truetype(str(_font_folder() / style), _px(size_mm), layout_engine=ImageFont.Layout.BASIC)
    widest = _px(_WIDTH_MM - 40)
    lines = [""]
    for word in words.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and draw.textlength(longer, font=font) > widest:
            lines.append(word)
        else:
            lines[-1] = longer
    for line in lines:
        draw.text((_px(_WIDTH_MM / 2), _px(top_mm)), line, font=font, fill=0, anchor="ma")
        top_mm += 1.3 * size_mm
    return top_mm


def _px(millimetres: float) -> int:
    return round(millimetres / 25.4 * _DPI)


@cache
def _font_folder() -> Path:
    """Return the folder of Liberation Sans with Vietnamese letters, which set-up installs."""
    command = ["fc-list", "Liberation Sans:style=Regular", "--format=%{file}\n"]
    try:
        listed = subprocess.run(command, capture_output=True, text=True, check=True, timeout=20).stdout.splitlines()
    except (OSError, subprocess.SubprocessError):
        listed = []
    for folder in (*map(Path, _FONTS), *(Path(line).parent for line in sorted(listed))):
        path = folder / _REGULAR
        if path.is_file() and (folder / _BOLD).is_file() and _speaks_vietnamese(path):
            return folder
    raise SohoaError(Code.READER_MISSING, detail="no font Liberation Sans 2 with Vietnamese letters")


def _speaks_vietnamese(path: Path) -> bool:
    """True when the font has a shape of its own for a toned letter; a missing one is drawn like U+FFFE."""
    font = ImageFont.truetype(str(path), 40, layout_engine=ImageFont.Layout.BASIC)
    shapes = [np.asarray(font.getmask(letter)) for letter in ("ộ", "\ufffe")]
    return shapes[0].shape != shapes[1].shape or bool((shapes[0] != shapes[1]).any())
