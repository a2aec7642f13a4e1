"""Codes on a page: QR, Micro QR, Data Matrix, PDF417, Aztec and Code 128, found and read with zxing-cpp.

Looking for every kind of code in every pixel of a page costs 100 ms, and still misses small, pale and slanted codes.
So the page is looked at twice: once whole, for QR alone, which is quick; once only in spots that are as dark as a code
(about half ink, where text is a sixth), there thoroughly, larger and straightened if need be. Pixels read are bounded:
a page of noise costs no more than a few hundred milliseconds.
"""

import base64
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np
import zxingcpp
from numpy.typing import NDArray
from zxingcpp import BarcodeFormat, BarcodeFormats, ContentType

from ocr.image import PageImage
from ocr.page import Box, CodeContent, CodeFormat, PageCode
from ocr.vietnamese import to_nfc

# Part of the recipe: raise it when a change here changes what is found.
CODES_VERSION = 1

# Only kinds that carry their own error correction or check digit and start with a pattern that print never forms:
# the others (Code 39, ITF, Codabar) see codes in rows of bold capitals.
_FORMATS = {
    BarcodeFormat.QRCode: CodeFormat.QR,
    BarcodeFormat.QRCodeModel1: CodeFormat.QR,
    BarcodeFormat.QRCodeModel2: CodeFormat.QR,
    BarcodeFormat.MicroQRCode: CodeFormat.MICRO_QR,
    BarcodeFormat.DataMatrix: CodeFormat.DATA_MATRIX,
    BarcodeFormat.PDF417: CodeFormat.PDF417,
    BarcodeFormat.CompactPDF417: CodeFormat.PDF417,
    BarcodeFormat.Aztec: CodeFormat.AZTEC,
    BarcodeFormat.AztecCode: CodeFormat.AZTEC,
    BarcodeFormat.Code128: CodeFormat.CODE_128,
}
_SPOT_FORMATS = [
    BarcodeFormat.QRCode,
    BarcodeFormat.MicroQRCode,
    BarcodeFormat.DataMatrix,
    BarcodeFormat.PDF417,
    BarcodeFormat.Aztec,
    BarcodeFormat.Code128,
]
_PAGE_FORMATS = [BarcodeFormat.QRCode, BarcodeFormat.MicroQRCode]
# GS1 element strings are text with group separators; what names no character set is left as bytes.
_CONTENTS = {
    ContentType.Text: CodeContent.TEXT,
    ContentType.ISO15434: CodeContent.TEXT,
    ContentType.GS1: CodeContent.GS1,
}

# The whole page is looked at like an A4 page at 300 dpi, spots are looked for like at 150 dpi.
_PAGE_LONG_PX, _SPOTS_LONG_PX = 3508, 1754
# A spot is judged in squares of this side at 150 dpi (1.4 mm), each together with its neighbours (4 mm).
_SQUARE_PX = 8
# Ink of a code, as a share between the lightest and the darkest of its neighbourhood: half, less where the window
# reaches over its edge. Text has 0.1 to 0.3.
_LEAST_INK, _MOST_INK = 0.35, 0.75
# A code of the other side that shines through differs from the paper by less than this, a faded one by more.
_MIN_CONTRAST = 40
# Fewer squares are a bold letter; fewer than the second hold no code that can be read by enlarging it, fewer than the
# third no linear one.
_MIN_SQUARES, _MIN_SQUARES_TO_ENLARGE, _MIN_SQUARES_TO_TURN = 2, 10, 30
# Pixels read in all spots of a page together. A faded linear code needs two million, all others far less.
_MAX_SPOT_PIXELS = 8_000_000
# A larger spot is made smaller.
_MAX_CUT_PIXELS = 1_500_000
# Where more of the page than the second share consists of parts with more ink than the first, it is a picture or an
# attack: a page drawn full of the corner marks of QR takes a minute, for each is tried with each. Of text it is 0.03.
_MUCH_INK, _MAX_DARK_SHARE = 0.3, 0.15
# Spots larger than this are codes with large modules: enlarging them brings nothing.
_MAX_ENLARGED_PIXELS = 400_000
# Strokes of a linear code run one way (1.0), those of a matrix code both ways (0.0).
_MIN_COHERENCE = 0.3
# zxing reads linear codes that are level within this.
_LEVEL_DEG = 3.0
_ROWS_AVERAGED = 9
# Red beyond green by so many levels is red ink; on so many pixels it may be a code.
_RED_BEYOND_GREEN, _MIN_RED_SHARE = 60, 0.0005

# Points and matrices.
_Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class _View:
    """A picture to look for codes in, and the 2x3 matrix from its pixels to those of the scan."""

    pixels: NDArray[np.uint8]
    to_scan: _Matrix


@dataclass(frozen=True, slots=True, eq=False)
class _Spot:
    """A place as dark as a code: its box with some paper around it, and the middles of its squares, shape `(n, 2)`."""

    box: Box
    middles: _Matrix


def find_codes(image: PageImage, rotation_deg: int = 0) -> tuple[PageCode, ...]:
    """Return the codes of a page, each once, in reading order.

    Codes are found at any angle and upside down, several on a page, in black or colour, beneath a red stamp.

    Args:
        image: The page as it came.
        rotation_deg: Clockwise quarter turn that makes the page upright; decides the order alone.
    """
    pixels = image.pixels
    # Without red ink, so that a stamp over a code is gone.
    ink = pixels if pixels.ndim == 2 else _channel(pixels, 0)
    found: list[PageCode] = []
    long_px = _SPOTS_LONG_PX if _is_dark(ink) else _PAGE_LONG_PX
    _add(found, ink, _read(_whole(ink, long_px), whole_page=True))
    _read_spots(ink, found)
    if pixels.ndim == 3 and _has_red_ink(pixels):
        # Linear codes are never red: the red light of their scanners would not see them.
        ink = _channel(pixels, 1)
        _add(found, ink, _read(_whole(ink, _SPOTS_LONG_PX), whole_page=True))
    return _in_reading_order(found, rotation_deg)


def _channel(pixels: NDArray[np.uint8], channel: int) -> NDArray[np.uint8]:
    return _pixels(cv2.extractChannel(pixels, channel))


def _pixels(picture: object) -> NDArray[np.uint8]:
    """OpenCV's types do not tell that its pictures are of the kind of those it was given."""
    return cast("NDArray[np.uint8]", picture)


def _has_red_ink(pixels: NDArray[np.uint8]) -> bool:
    sample = pixels[::4, ::4].astype(np.int16)
    return bool((sample[..., 0] - sample[..., 1] > _RED_BEYOND_GREEN).mean() > _MIN_RED_SHARE)


def _is_dark(ink: NDArray[np.uint8]) -> bool:
    """True for a page that is no page of print: then QR is looked for in the whole page at half resolution."""
    # Every seventh pixel: no pattern of a screen or a code repeats with it.
    sample = ink[::7, ::7]
    is_ink = (sample < 0.7 * float(np.percentile(sample, 95))).astype(np.float32)
    parts = cv2.resize(is_ink, (40, 40), interpolation=cv2.INTER_AREA)
    return bool((parts > _MUCH_INK).mean() > _MAX_DARK_SHARE)


def _read_spots(ink: NDArray[np.uint8], found: list[PageCode]) -> None:
    """Add to `found` the codes in the spots of the page, the largest spots first, while there is budget."""
    budget = _MAX_SPOT_PIXELS
    for spot in sorted(_spots(ink), key=lambda spot: -len(spot.middles)):
        for view in _views(ink, spot):
            if _is_explained(spot.box, found):
                break
            if view.pixels.size > budget:
                break
            budget -= view.pixels.size
            _add(found, ink, _read(view, whole_page=False))


def _spots(ink: NDArray[np.uint8]) -> list[_Spot]:
    """Return the places whose share of ink is that of a code."""
    height, width = ink.shape
    whole = _whole(ink, _SPOTS_LONG_PX)
    small, step = whole.pixels, int(whole.to_scan[0, 0])
    rows, columns = small.shape[0] // _SQUARE_PX, small.shape[1] // _SQUARE_PX
    if not rows or not columns:
        return []
    small = small[: rows * _SQUARE_PX, : columns * _SQUARE_PX]
    square, around = np.ones((_SQUARE_PX, _SQUARE_PX), np.uint8), np.ones((3, 3), np.uint8)
    middle = slice(_SQUARE_PX // 2, None, _SQUARE_PX)
    lightest = cv2.dilate(cv2.dilate(small, square)[middle, middle], around).astype(np.float32)
    darkest = cv2.erode(cv2.erode(small, square)[middle, middle], around).astype(np.float32)
    mean = cv2.blur(cv2.resize(small, (columns, rows), interpolation=cv2.INTER_AREA), (3, 3)).astype(np.float32)
    contrast, darkness = lightest - darkest, lightest - mean
    is_dark = (darkness > _LEAST_INK * contrast) & (darkness < _MOST_INK * contrast) & (contrast >= _MIN_CONTRAST)
    # Inside a large module there is no contrast: the squares around it close over it.
    mask = cv2.morphologyEx(is_dark.astype(np.uint8), cv2.MORPH_CLOSE, around)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    side = _SQUARE_PX * step
    spots = []
    for number, (left, top, across, down, squares) in enumerate(stats.tolist()):
        if not number or squares < _MIN_SQUARES:
            continue
        # The tips of a slanted code and the ends of a linear one are lighter than its middle.
        margin_x, margin_y = round((1.5 + 0.1 * across) * side), round((1.5 + 0.1 * down) * side)
        box = Box(
            max(0, left * side - margin_x),
            max(0, top * side - margin_y),
            min(width, (left + across) * side + margin_x),
            min(height, (top + down) * side + margin_y),
        )
        middles = (np.argwhere(labels == number)[:, ::-1].astype(np.float64) + 0.5) * side
        spots.append(_Spot(box, middles))
    return spots


def _views(ink: NDArray[np.uint8], spot: _Spot) -> Iterator[_View]:
    """Yield a spot as it is, then, where that may help, enlarged and straightened."""
    area = spot.box.width * spot.box.height
    cut = _reduced(ink, spot.box, int(np.ceil((area / _MAX_CUT_PIXELS) ** 0.5)))
    yield cut
    if len(spot.middles) < _MIN_SQUARES_TO_ENLARGE:
        return
    if cut.pixels.size <= _MAX_ENLARGED_PIXELS:
        # A little blur takes the grain away that enlarging would turn into modules.
        smooth = _View(_pixels(cv2.GaussianBlur(cut.pixels, (0, 0), 0.8)), cut.to_scan)
        yield _enlarged(smooth)
    if len(spot.middles) < _MIN_SQUARES_TO_TURN:
        return
    angle, coherence = _direction(cut.pixels)
    if coherence < _MIN_COHERENCE:
        return
    level = _turned(cut, spot.middles, angle)
    if abs((angle + 45) % 90 - 45) > _LEVEL_DEG:
        yield level
    # Along its strokes a linear code is the same again and again: the mean of many rows has no grain.
    mean = _View(_pixels(cv2.blur(level.pixels, (1, _ROWS_AVERAGED))), level.to_scan)
    yield _enlarged(mean) if mean.pixels.size <= _MAX_ENLARGED_PIXELS else mean


def _whole(ink: NDArray[np.uint8], long_px: int) -> _View:
    """Return the whole page with a long side of about `long_px`."""
    return _reduced(ink, Box(0, 0, ink.shape[1], ink.shape[0]), max(1, round(max(ink.shape) / long_px)))


def _reduced(ink: NDArray[np.uint8], box: Box, step: int) -> _View:
    """Return the part of `ink` inside `box`, made `step` times smaller."""
    cut = ink[box.top : box.bottom, box.left : box.right]
    to_scan = np.array([[step, 0, box.left], [0, step, box.top]], dtype=np.float64)
    if step > 1:
        # Whole steps are averaged ten times as fast as fractions.
        rows, columns = cut.shape[0] // step, cut.shape[1] // step
        whole_steps = cut[: rows * step, : columns * step]
        cut = _pixels(cv2.resize(whole_steps, (columns, rows), interpolation=cv2.INTER_AREA))
    return _View(np.ascontiguousarray(cut), to_scan)


def _direction(picture: NDArray[np.uint8]) -> tuple[float, float]:
    """Return the turn in degrees that makes the strokes of `picture` upright, and how much they run one way, 0-1.

    Source: Bigün and Granlund 1987, the structure tensor; of clear edges in the middle alone, for grain runs all ways
    and what stands around the code runs its own.
    """
    height, width = picture.shape
    smooth = cv2.GaussianBlur(picture, (0, 0), 1.5)[height // 6 : -height // 6, width // 6 : -width // 6]
    across, down = cv2.Sobel(smooth, cv2.CV_32F, 1, 0), cv2.Sobel(smooth, cv2.CV_32F, 0, 1)
    strength = across * across + down * down
    is_edge = strength > strength.max() / 10
    energy = float(strength[is_edge].sum())
    real = float((across * across - down * down)[is_edge].sum())
    imaginary = float(2 * (across * down)[is_edge].sum())
    return float(np.degrees(np.arctan2(imaginary, real)) / 2), float(np.hypot(real, imaginary)) / max(energy, 1.0)


def _enlarged(view: _View) -> _View:
    """Return `view` at twice its size."""
    pixels = cv2.resize(view.pixels, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC)
    return _View(_pixels(pixels), view.to_scan @ np.diag([0.5, 0.5, 1.0]))


def _turned(view: _View, kept: _Matrix, angle_deg: float) -> _View:
    """Return `view` turned counter-clockwise, as far as the points `kept` of the scan reach.

    A tenth of the long side is kept beyond them: the ends of a linear code are lighter than its middle.
    """
    points = cv2.transform(kept[np.newaxis], cv2.invertAffineTransform(view.to_scan))[0]
    turn = cv2.getRotationMatrix2D((0, 0), angle_deg, 1.0)
    points = points @ turn[:, :2].T
    low, high = points.min(axis=0), points.max(axis=0)
    margin = 0.1 * (high - low).max()
    turn[:, 2] = margin - low
    width, height = np.ceil(high - low + 2 * margin).astype(int).tolist()
    turned = cv2.warpAffine(view.pixels, turn, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    back = np.vstack([cv2.invertAffineTransform(turn), [0, 0, 1]])
    return _View(_pixels(turned), view.to_scan @ back)


def _read(view: _View, *, whole_page: bool) -> list[tuple[zxingcpp.Barcode, _Matrix]]:
    """Return the codes of a view with their corners on the scan, shape `(4, 2)`."""
    codes = zxingcpp.read_barcodes(
        view.pixels,
        formats=BarcodeFormats(_PAGE_FORMATS if whole_page else _SPOT_FORMATS),
        text_mode=zxingcpp.TextMode.Plain,
        # QR is found at any angle without these; they cost as much again each.
        try_rotate=not whole_page,
        try_invert=not whole_page,
        try_downscale=not whole_page,
    )
    placed = [(code, _corners(code.position, view.to_scan)) for code in codes]
    return [(code, corners) for code, corners in placed if not _is_one_line(code, corners)]


def _is_one_line(code: zxingcpp.Barcode, corners: _Matrix) -> bool:
    """True for a linear code seen on a few rows of pixels alone: its one check digit lets a misreading in a hundred by.

    Rows that were averaged, or grain that happens to repeat, must not confirm each other.
    """
    length = float(np.linalg.norm(corners[1] - corners[0]))
    thickness = float(np.linalg.norm(corners[3] - corners[0]))
    return code.format is BarcodeFormat.Code128 and thickness < max(2 * _ROWS_AVERAGED, 0.03 * length)


def _corners(place: zxingcpp.Position, to_scan: _Matrix) -> _Matrix:
    points = (place.top_left, place.top_right, place.bottom_right, place.bottom_left)
    return np.array([to_scan @ (point.x, point.y, 1) for point in points], dtype=np.float64)


def _add(found: list[PageCode], ink: NDArray[np.uint8], codes: Sequence[tuple[zxingcpp.Barcode, _Matrix]]) -> None:
    for code, corners in codes:
        page_code = _page_code(code, corners, ink)
        box = page_code.box
        is_known = any(
            (known.format, known.text, known.payload_base64)
            == (page_code.format, page_code.text, page_code.payload_base64)
            and _shared_area(known.box, box) > 0
            for known in found
        )
        part = ink[box.top : box.bottom, box.left : box.right]
        dark, light = np.percentile(part, (5, 95))
        shines_through = light - dark < _MIN_CONTRAST
        if not is_known and not shines_through:
            found.append(page_code)


def _page_code(code: zxingcpp.Barcode, corners: _Matrix, ink: NDArray[np.uint8]) -> PageCode:
    height, width = ink.shape
    inside = np.clip(corners.round().astype(int), 0, [width - 1, height - 1])
    left, top = inside.min(axis=0).tolist()
    right, bottom = inside.max(axis=0).tolist()
    content = _CONTENTS.get(code.content_type, CodeContent.BINARY)
    payload = bytes(code.bytes)
    text = to_nfc(code.text)
    if content is CodeContent.BINARY:
        # Some software marks UTF-8 as binary.
        text = _utf8(payload)
        content = CodeContent.TEXT if text else content
    return PageCode(
        format=_FORMATS[code.format],
        content=content,
        text=text,
        payload_base64=base64.b64encode(payload).decode() if text.encode() != payload else None,
        box=Box(left, top, right + 1, bottom + 1),
        corners=tuple((int(x), int(y)) for x, y in inside.tolist()),
    )


def _utf8(payload: bytes) -> str:
    """Return the NFC text that `payload` is, or nothing."""
    try:
        text = to_nfc(payload.decode())
    except UnicodeDecodeError:
        return ""
    return text if text.isprintable() else ""


def _shared_area(one: Box, other: Box) -> int:
    width = min(one.right, other.right) - max(one.left, other.left)
    height = min(one.bottom, other.bottom) - max(one.top, other.top)
    return max(0, width) * max(0, height)


def _is_explained(spot: Box, found: Sequence[PageCode]) -> bool:
    """True when codes that were found fill half of the spot: nothing of size is left in it to look for."""
    return 2 * sum(_shared_area(spot, code.box) for code in found) > spot.width * spot.height


def _in_reading_order(codes: Sequence[PageCode], rotation_deg: int) -> tuple[PageCode, ...]:
    """Return the codes row by row as the upright page shows them; codes that stand side by side are one row."""

    def upright(code: PageCode) -> Box:
        left, top, right, bottom = code.box
        for _ in range(rotation_deg // 90 % 4):
            # A quarter turn clockwise; only the order matters, so no edge is moved back into the page.
            left, top, right, bottom = -bottom, left, -top, right
        return Box(left, top, right, bottom)

    rows: list[list[tuple[Box, PageCode]]] = []
    for box, code in sorted(((upright(code), code) for code in codes), key=lambda placed: placed[0].top):
        if rows and box.center_y < max(other.bottom for other, _ in rows[-1]):
            rows[-1].append((box, code))
        else:
            rows.append([(box, code)])
    return tuple(code for row in rows for _, code in sorted(row, key=lambda placed: placed[0].left))
