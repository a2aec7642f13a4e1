"""PDF files made in the test, with real text: Liberation Serif embedded whole, Vietnamese letters, a ToUnicode map.

Only what the tests of text layers need of the format (ISO 32000-1): Type 0 fonts, text, one picture, page boxes.
"""

import struct
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from PIL import Image

from benchmarks.drawing.fonts import Style, font_folder

A4 = (595.28, 841.89)
Spelling = Callable[[str], str]


def as_printed(character: str) -> str:
    return character


@dataclass(frozen=True, slots=True)
class Text:
    """A line of text in points, `baseline` from the top of the page; mode 3 is invisible (ISO 32000-1, 9.3.6)."""

    text: str
    x: float
    baseline: float
    size: float = 13.0
    style: Style = Style.REGULAR
    mode: int = 0
    grey: float = 0.0


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page: its text, a picture under it, drawing operators before and after (PDF coordinates).

    `picture_place`: left, top, width, height in points; None: the picture fills the page.

    `is_landscape`: the text is written up the page, for `rotate=90` to set it level.
    """

    texts: Sequence[Text] = ()
    picture: Image.Image | None = None
    picture_place: tuple[float, float, float, float] | None = None
    size: tuple[float, float] = A4
    media_box: tuple[float, float, float, float] | None = None
    crop_box: tuple[float, float, float, float] | None = None
    rotate: int = 0
    is_landscape: bool = False
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class _Font:
    data: bytes
    units: int
    glyphs: dict[int, int]
    widths: tuple[int, ...]

    def width(self, glyph: int) -> int:
        return round(self.widths[min(glyph, len(self.widths) - 1)] * 1000 / self.units)


@lru_cache(maxsize=4)
def _font(style: Style) -> _Font:
    data = (font_folder() / f"LiberationSerif-{style.value}.ttf").read_bytes()
    tables = {}
    for number in range(struct.unpack_from(">H", data, 4)[0]):
        tag, _, offset, _ = struct.unpack_from(">4sLLL", data, 12 + 16 * number)
        tables[tag] = offset
    units = struct.unpack_from(">H", data, tables[b"head"] + 18)[0]
    count = struct.unpack_from(">H", data, tables[b"hhea"] + 34)[0]
    widths = tuple(struct.unpack_from(">H", data, tables[b"hmtx"] + 4 * glyph)[0] for glyph in range(count))
    return _Font(data, units, _glyphs(data, tables[b"cmap"]), widths)


def _glyphs(data: bytes, cmap: int) -> dict[int, int]:
    """Read the character map of format 4 (OpenType, `cmap`)."""
    for number in range(struct.unpack_from(">H", data, cmap + 2)[0]):
        platform, encoding, offset = struct.unpack_from(">HHL", data, cmap + 4 + 8 * number)
        start = cmap + offset
        if (platform, encoding) == (3, 1) and struct.unpack_from(">H", data, start)[0] == 4:
            break
    segments = struct.unpack_from(">H", data, start + 6)[0] // 2
    ends, starts, deltas, ranges = (start + 14 + part * 2 * segments + (2 if part else 0) for part in range(4))
    glyphs = {}
    for segment in range(segments):
        end, first, delta, reach = (
            struct.unpack_from(">H", data, table + 2 * segment)[0] for table in (ends, starts, deltas, ranges)
        )
        for code in range(first, min(end, 0xFFFE) + 1):
            glyph = code
            if reach:
                glyph = struct.unpack_from(">H", data, ranges + 2 * segment + reach + 2 * (code - first))[0]
            glyphs[code] = (glyph + delta) % 65536
    return glyphs


@dataclass
class _Writer:
    objects: list[bytes] = field(default_factory=list)

    def add(self, body: str | bytes) -> int:
        self.objects.append(body.encode("latin-1") if isinstance(body, str) else body)
        return len(self.objects)

    def stream(self, data: bytes, entries: str = "", *, packed: bool = True) -> int:
        if packed:
            data, entries = zlib.compress(data), f"{entries} /Filter /FlateDecode"
        return self.add(f"<< /Length {len(data)} {entries} >>\nstream\n".encode() + data + b"\nendstream")

    def file(self, root: int) -> bytes:
        out, offsets = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"), []
        for number, body in enumerate(self.objects, start=1):
            offsets.append(len(out))
            out += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
        table = len(out)
        out += f"xref\n0 {len(offsets) + 1}\n0000000000 65535 f \n".encode()
        out += b"".join(f"{offset:010d} 00000 n \n".encode() for offset in offsets)
        identity = "<00112233445566778899aabbccddeeff>"
        out += f"trailer\n<< /Size {len(offsets) + 1} /Root {root} 0 R /ID [{identity} {identity}] >>\n".encode()
        return bytes(out + f"startxref\n{table}\n%%EOF\n".encode())


def write_pdf(path: Path, sheets: Sequence[Sheet], spelling: Spelling = as_printed) -> Path:
    """Write `sheets`; the text layer says `spelling(character)` where the page shows `character`."""
    writer = _Writer()
    pages = writer.add("")
    fonts = {style: _add_font(writer, style, sheets, spelling) for style in {t.style for s in sheets for t in s.texts}}
    resources = " ".join(f"/{style.value} {number} 0 R" for style, number in fonts.items())
    kids = [_add_page(writer, pages, sheet, resources) for sheet in sheets]
    listed = " ".join(f"{kid} 0 R" for kid in kids)
    writer.objects[pages - 1] = f"<< /Type /Pages /Count {len(kids)} /Kids [{listed}] >>".encode()
    path.write_bytes(writer.file(writer.add(f"<< /Type /Catalog /Pages {pages} 0 R >>")))
    return path


def _add_font(writer: _Writer, style: Style, sheets: Sequence[Sheet], spelling: Spelling) -> int:
    font = _font(style)
    used = sorted({c for sheet in sheets for text in sheet.texts if text.style is style for c in text.text})
    glyphs = {character: font.glyphs.get(ord(character), 0) for character in used}
    file = writer.stream(font.data, f"/Length1 {len(font.data)}")
    name = f"LiberationSerif-{style.value}"
    descriptor = writer.add(
        f"<< /Type /FontDescriptor /FontName /{name} /Flags 4 /FontBBox [-200 -300 1200 1000] /ItalicAngle 0 "
        f"/Ascent 891 /Descent -216 /CapHeight 660 /StemV 80 /FontFile2 {file} 0 R >>"
    )
    widths = " ".join(f"{glyph} [{font.width(glyph)}]" for glyph in sorted(set(glyphs.values())))
    descendant = writer.add(
        f"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /{name} /CIDToGIDMap /Identity /FontDescriptor "
        f"{descriptor} 0 R /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /W [{widths}] >>"
    )
    lines = "\n".join(
        f"<{glyph:04x}> <{spelling(character).encode('utf-16-be').hex()}>" for character, glyph in glyphs.items()
    )
    unicode_map = writer.stream(
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def /CMapType 2 def\n"
        "1 begincodespacerange <0000> <ffff> endcodespacerange\n"
        f"{len(glyphs)} beginbfchar\n{lines}\nendbfchar endcmap end end".encode()
    )
    return writer.add(
        f"<< /Type /Font /Subtype /Type0 /BaseFont /{name} /Encoding /Identity-H "
        f"/DescendantFonts [{descendant} 0 R] /ToUnicode {unicode_map} 0 R >>"
    )


def _add_page(writer: _Writer, pages: int, sheet: Sheet, fonts: str) -> int:
    width, height = sheet.size
    left, bottom, right, top = sheet.media_box or (0, 0, width, height)
    box = f"{left} {bottom} {right} {top}"
    content, images = [sheet.before], ""
    if sheet.picture is not None:
        grey = sheet.picture.convert("L")
        picture = writer.stream(
            grey.tobytes(),
            f"/Type /XObject /Subtype /Image /Width {grey.width} /Height {grey.height} "
            "/ColorSpace /DeviceGray /BitsPerComponent 8",
        )
        images = f"/XObject << /Scan {picture} 0 R >>"
        at_left, at_top, wide, high = sheet.picture_place or (0, 0, right - left, top - bottom)
        content.append(f"q {wide} 0 0 {high} {left + at_left} {top - at_top - high} cm /Scan Do Q")
    if sheet.is_landscape:
        content.append(f"0 1 -1 0 {width} 0 cm")
        top = width
    for text in sheet.texts:
        codes = "".join(f"{_font(text.style).glyphs.get(ord(character), 0):04x}" for character in text.text)
        content.append(
            f"BT /{text.style.value} {text.size} Tf {text.mode} Tr {text.grey} g "
            f"1 0 0 1 {text.x:.3f} {top - text.baseline:.3f} Tm <{codes}> Tj ET"
        )
    content.append(sheet.after)
    stream = writer.stream("\n".join(content).encode())
    crop = f"/CropBox [{' '.join(map(str, sheet.crop_box))}]" if sheet.crop_box else ""
    return writer.add(
        f"<< /Type /Page /Parent {pages} 0 R /MediaBox [{box}] {crop} /Rotate {sheet.rotate} "
        f"/Resources << /Font << {fonts} >> {images} >> /Contents {stream} 0 R >>"
    )
