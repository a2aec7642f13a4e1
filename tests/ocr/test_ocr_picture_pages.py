"""Picture files: every coding, every turn, colours, resolutions, and what is kept of broken ones."""

import struct
import zlib
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw, TiffImagePlugin

from benchmarks.scan_files import corners, saved, scan_files
from ocr import picture_pages
from ocr.image import PageImage
from ocr.problem import Code, SohoaError
from ocr.scan import ScanKind, inspect_scan, kind_of, open_page

FILES = scan_files()
RED, GREEN, BLUE, PAPER = (200, 0, 0), (0, 160, 0), (0, 0, 200), (255, 255, 255)
UPRIGHT = [RED, GREEN, BLUE, PAPER]


def opened(folder: Path, data: bytes, page_number: int = 1) -> PageImage:
    path = folder / "scan"
    path.write_bytes(data)
    return open_page(path, kind_of(path), page_number)


def refused(folder: Path, data: bytes, page_number: int = 1) -> Code:
    with pytest.raises(SohoaError) as caught:
        opened(folder, data, page_number)
    assert caught.value.problem.page_number in {None, page_number}
    return caught.value.code


def corner_colours(pixels: NDArray[np.uint8]) -> list[NDArray[np.uint8]]:
    """Top left, top right, bottom left, bottom right."""
    return [pixels[20, 20], pixels[20, -20], pixels[-20, 20], pixels[-20, -20]]


def assert_corners(pixels: NDArray[np.uint8], colours: list[tuple[int, int, int]]) -> None:
    for seen, wanted in zip(corner_colours(pixels), colours, strict=True):
        assert np.abs(seen.astype(int) - wanted).max() <= 8


def as_stored(orientation: int) -> Image.Image:
    """The picture as a camera stores it that says `orientation`: turned back by hand, not by the code under test."""
    methods = {
        1: [], 2: [Image.Transpose.FLIP_LEFT_RIGHT], 3: [Image.Transpose.ROTATE_180],
        4: [Image.Transpose.FLIP_TOP_BOTTOM], 5: [Image.Transpose.TRANSPOSE], 6: [Image.Transpose.ROTATE_90],
        7: [Image.Transpose.TRANSVERSE], 8: [Image.Transpose.ROTATE_270],
    }  # fmt: skip
    image = corners()
    for method in methods[orientation]:
        image = image.transpose(method)
    return image


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("pillow_format", ["JPEG", "TIFF", "PNG", "WEBP"])
def test_exif_orientation_is_applied_once(tmp_path: Path, pillow_format: str, orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    options = {"exif": exif} | ({"lossless": True} if pillow_format == "WEBP" else {})
    page = opened(tmp_path, saved(as_stored(orientation), pillow_format, **options))
    assert (page.width_px, page.height_px) == (400, 300)
    assert_corners(page.pixels, UPRIGHT)


def test_orientation_of_heic_is_applied_once(tmp_path: Path) -> None:
    page = opened(tmp_path, FILES["corners-turned.heic"])
    assert_corners(page.pixels, [BLUE, RED, PAPER, GREEN])  # a quarter turn clockwise, as its container and EXIF say


@pytest.mark.parametrize("orientation", [0, 9, 255])
def test_senseless_orientation_turns_nothing(tmp_path: Path, orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    assert_corners(opened(tmp_path, saved(corners(), "JPEG", exif=exif)).pixels, UPRIGHT)


@pytest.mark.parametrize(
    "name",
    ["RGB.jpg", "CMYK.jpg", "RGB.png", "RGBA.png", "lossless.webp", "moving.webp", "RGB.bmp", "two.jpg", "big.tif"]
    + [f"RGB-{coding}.tif" for coding in ("raw", "tiff_lzw", "tiff_adobe_deflate", "jpeg")]
    + ["CMYK-tiff_lzw.tif", "P-tiff_lzw.tif", "RGBA-tiff_lzw.tif"],
)
def test_colours_are_kept(tmp_path: Path, name: str) -> None:
    assert_corners(opened(tmp_path, FILES[name]).pixels, UPRIGHT)


def test_inverted_cmyk_of_adobe_is_put_right(tmp_path: Path) -> None:
    data = FILES["CMYK.jpg"]
    assert b"Adobe" in data  # Pillow writes it as Adobe's programs do: inverted, with their mark
    assert_corners(opened(tmp_path, data).pixels, UPRIGHT)


@pytest.mark.parametrize("name", ["L.jpg", "L.png", "LA.png", "1.bmp", "1-group3.tif", "1-group4.tif", "I;16-raw.tif"])
def test_grey_stays_grey(tmp_path: Path, name: str) -> None:
    page = opened(tmp_path, FILES[name])
    assert page.pixels.shape == (300, 400)
    assert page.pixels[150, 200] == 255 and page.pixels[20, 20] < 100


def test_grey_page_stored_in_colour_becomes_grey(tmp_path: Path) -> None:
    page = opened(tmp_path, saved(corners("L").convert("RGB"), "PNG"))
    assert page.pixels.ndim == 2


def test_one_coloured_pixel_keeps_the_colour(tmp_path: Path) -> None:
    image = corners("L").convert("RGB")
    image.putpixel((201, 151), (255, 254, 255))
    assert opened(tmp_path, saved(image, "PNG")).pixels.ndim == 3


def test_transparent_is_paper(tmp_path: Path) -> None:
    clear = Image.new("RGBA", (400, 300), (0, 0, 0, 0))
    for data in (saved(clear, "PNG"), saved(clear, "WEBP", lossless=True), saved(clear, "TIFF")):
        assert opened(tmp_path, data).pixels.min() == 255


def test_transparent_palette_entry_is_paper(tmp_path: Path) -> None:
    image = Image.new("P", (400, 300), 3)
    image.putpalette([0, 0, 0] * 256)
    assert opened(tmp_path, saved(image, "PNG", transparency=3)).pixels.min() == 255


def test_half_transparent_heic_lies_on_paper(tmp_path: Path) -> None:
    page = opened(tmp_path, FILES["corners-alpha.heic"])
    top, bottom = page.pixels[20, 20].astype(int), page.pixels[-20, 20].astype(int)
    assert top[1] > 200  # nearly clear at the top: pale
    assert bottom[2] > 180 and bottom[0] < 40  # nearly opaque at the bottom: blue


@pytest.mark.parametrize("deepest", [1023, 4095, 65535])
@pytest.mark.parametrize("pillow_format", ["PNG", "TIFF"])
def test_deep_grey_keeps_its_levels(tmp_path: Path, pillow_format: str, deepest: int) -> None:
    levels = np.linspace(0, deepest, 120_000).astype(np.uint16).reshape(300, 400)
    page = opened(tmp_path, saved(Image.fromarray(levels), pillow_format))
    assert page.pixels.dtype == np.uint8
    assert (page.pixels.min(), page.pixels.max()) == (0, 255)
    assert 120 < page.pixels[150, 0] < 135


@pytest.mark.parametrize("levels", [np.zeros((300, 400), np.float32), np.full((300, 400), np.nan, np.float32)])
def test_grey_without_levels_is_a_page(tmp_path: Path, levels: NDArray[np.float32]) -> None:
    assert opened(tmp_path, saved(Image.fromarray(levels), "TIFF")).pixels.max() == 0


def tiff(tags: dict[int, tuple[int, ...]], strips: list[bytes]) -> bytes:
    """A TIFF written by hand, for codings that Pillow reads and does not write. All values are stored as LONG."""
    tags = tags | {273: tuple(0 for _ in strips), 279: tuple(len(strip) for strip in strips)}
    out = bytearray(b"II*\0" + struct.pack("<I", 8) + struct.pack("<H", len(tags)))
    extra_at = 8 + 2 + 12 * len(tags) + 4
    extra = bytearray()
    data_at = extra_at + sum(4 * len(values) for values in tags.values() if len(values) > 1)
    places = [data_at + sum(len(strip) for strip in strips[:index]) for index in range(len(strips))]
    for tag, values in sorted((tags | {273: tuple(places)}).items()):
        out += struct.pack("<HHI", tag, 4, len(values))
        out += struct.pack("<I", values[0] if len(values) == 1 else extra_at + len(extra))
        extra += b"" if len(values) == 1 else struct.pack(f"<{len(values)}I", *values)
    return bytes(out + struct.pack("<I", 0) + extra) + b"".join(strips)


def test_white_is_zero(tmp_path: Path) -> None:
    levels = (255 - np.asarray(corners("L"))).astype(np.uint8)
    page = opened(tmp_path, tiff({256: (400,), 257: (300,), 258: (8,), 262: (0,), 278: (300,)}, [levels.tobytes()]))
    assert page.pixels[-20, -20] == 255 and page.pixels[20, 20] < 100


def test_planes_stored_one_after_the_other(tmp_path: Path) -> None:
    planes = [np.asarray(corners())[..., index].tobytes() for index in range(3)]
    tags = {256: (400,), 257: (300,), 258: (8, 8, 8), 262: (2,), 277: (3,), 278: (300,), 284: (2,)}
    assert_corners(opened(tmp_path, tiff(tags, planes)).pixels, UPRIGHT)


def test_tiles(tmp_path: Path) -> None:
    padded = np.full((512, 512, 3), 255, np.uint8)
    padded[:300, :400] = np.asarray(corners())
    tiles = [padded[y : y + 256, x : x + 256].tobytes() for y in (0, 256) for x in (0, 256)]
    data = tiff({256: (400,), 257: (300,), 258: (8, 8, 8), 262: (2,), 277: (3,), 322: (256,), 323: (256,)}, tiles)
    # StripOffsets and StripByteCounts become TileOffsets and TileByteCounts.
    for strip_tag, tile_tag in ((273, 324), (279, 325)):
        data = data.replace(struct.pack("<HH", strip_tag, 4), struct.pack("<HH", tile_tag, 4))
    assert_corners(opened(tmp_path, data).pixels, UPRIGHT)


def test_16_bit_colour(tmp_path: Path) -> None:
    deep = (np.asarray(corners()).astype("<u2") * 257).tobytes()
    tags = {256: (400,), 257: (300,), 258: (16, 16, 16), 262: (2,), 277: (3,), 278: (300,)}
    assert_corners(opened(tmp_path, tiff(tags, [deep])).pixels, UPRIGHT)


def test_tiles_far_larger_than_the_page(tmp_path: Path) -> None:
    tags = {256: (400,), 257: (300,), 258: (8,), 262: (1,), 259: (8,), 322: (100_000,), 323: (100_000,)}
    data = tiff(tags, [zlib.compress(bytes(10_000))])
    for strip_tag, tile_tag in ((273, 324), (279, 325)):
        data = data.replace(struct.pack("<HH", strip_tag, 4), struct.pack("<HH", tile_tag, 4))
    assert refused(tmp_path, data) is Code.PAGE_TOO_LARGE


def test_interlaced_png(tmp_path: Path) -> None:
    # One row of 400 grey pixels cannot tell; Pillow does not write Adam7, so the passes are cut by hand.
    grey = np.asarray(corners("L"))
    starts = ((0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2), (1, 0, 2, 1))
    raw = b"".join(
        b"\0" + row.tobytes() for top, left, down, right in starts for row in grey[top::down, left::right]
    )  # fmt: skip

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", 400, 300, 8, 0, 0, 0, 1)
    data = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(raw)) + chunk(b"IEND", b"")
    assert np.array_equal(opened(tmp_path, data).pixels, grey)


@pytest.mark.parametrize(("stated", "dpi"), [((200, 200), 200), ((72, 72), 0), (None, 0), ((5000, 5000), 0)])
@pytest.mark.parametrize("pillow_format", ["JPEG", "PNG", "TIFF", "BMP"])
def test_dpi_is_believed_only_when_it_can_be_true(
    tmp_path: Path, pillow_format: str, stated: tuple[int, int] | None, dpi: int
) -> None:
    options = {"dpi": stated} if stated else {}
    assert opened(tmp_path, saved(corners(), pillow_format, **options)).dpi == dpi


def test_thumbnails_and_masks_are_no_pages(tmp_path: Path) -> None:
    kinds = []
    buffer = BytesIO()
    with TiffImagePlugin.AppendingTiffWriter(buffer, new=True) as writer:
        for kind, mode in ((1, "L"), (0, "RGB"), (4, "1"), (0, "L")):
            info = TiffImagePlugin.ImageFileDirectory_v2()
            info[254] = kind
            corners(mode).save(writer, "TIFF", tiffinfo=info)
            writer.newFrame()
            kinds.append(kind)
    path = tmp_path / "scan"
    path.write_bytes(buffer.getvalue())
    assert inspect_scan(path).page_count == 2
    assert open_page(path, ScanKind.TIFF, 1).pixels.ndim == 3
    assert open_page(path, ScanKind.TIFF, 2).pixels.ndim == 2


def noisy_page() -> Image.Image:
    image = Image.fromarray(np.random.default_rng(1).integers(100, 255, (600, 400, 3), dtype=np.uint8))
    ImageDraw.Draw(image).rectangle((0, 0, 400, 20), fill=RED)
    return image


@pytest.mark.parametrize(
    ("pillow_format", "options"),
    [
        ("JPEG", {}),
        ("JPEG", {"progressive": True}),
        ("PNG", {}),
        ("BMP", {}),
        ("TIFF", {}),
    ],
)
def test_what_is_there_of_a_cut_off_picture_is_kept(tmp_path: Path, pillow_format: str, options: dict) -> None:
    data = saved(noisy_page(), pillow_format, **options)
    page = opened(tmp_path, data[: len(data) * 6 // 10])
    assert [problem.code for problem in page.problems] == [Code.PAGE_DAMAGED]
    assert page.pixels.shape == (600, 400, 3)
    assert page.pixels.std() > 20


def test_strips_before_the_broken_one_are_kept(tmp_path: Path) -> None:
    data = bytearray(saved(noisy_page(), "TIFF", compression="tiff_lzw", tiffinfo={278: 20}))
    with Image.open(BytesIO(data)) as image:
        starts = image.tag_v2[TiffImagePlugin.STRIPOFFSETS]
    assert len(starts) == 30
    data[starts[20] : starts[21]] = b"\xff" * (starts[21] - starts[20])
    page = opened(tmp_path, bytes(data))
    assert [problem.code for problem in page.problems] == [Code.PAGE_DAMAGED]
    assert page.pixels[5, 200, 0] > 190 and page.pixels[300].std() > 20


@pytest.mark.parametrize("pillow_format", ["JPEG", "PNG"])
def test_missing_rows_are_paper(tmp_path: Path, pillow_format: str) -> None:
    data = saved(noisy_page(), pillow_format)
    page = opened(tmp_path, data[: len(data) // 2])
    assert page.pixels[-20:].min() == 255
    assert page.pixels[5, 200, 0] > 190


@pytest.mark.parametrize("name", ["RGB.jpg", "RGB.png", "lossy.webp", "corners-turned.heic"])
def test_hardly_anything_left_is_a_damaged_page_or_scan(tmp_path: Path, name: str) -> None:
    data = FILES[name]
    assert refused(tmp_path, data[:200]) in {Code.PAGE_DAMAGED, Code.SCAN_DAMAGED}


@pytest.mark.parametrize("compression", ["group3", "group4"])
def test_broken_fax_page_does_not_pass_for_a_whole_one(
    tmp_path: Path, compression: str, capfd: pytest.CaptureFixture[str]
) -> None:
    image = Image.new("1", (1200, 800), 1)
    draw = ImageDraw.Draw(image)
    for row in range(40, 760, 20):
        draw.text((40, row), "so 123 ngay 04 thang 02 " * 8, fill=0)
    data = bytearray(saved(image, "TIFF", compression=compression))
    assert opened(tmp_path, bytes(data)).problems == ()
    data[len(data) // 3 : len(data) // 3 + 6] = b"\x00\xff\x5a\xa5\x01\x80"
    page = opened(tmp_path, bytes(data))
    assert [problem.code for problem in page.problems] == [Code.PAGE_DAMAGED]
    assert capfd.readouterr().err == ""  # libtiff writes nothing on the clerk's terminal


def test_damaged_page_does_not_hide_the_next_one(tmp_path: Path) -> None:
    options = {"save_all": True, "append_images": [corners("L")], "compression": "tiff_adobe_deflate"}
    data = bytearray(saved(Image.new("L", (400, 300), 0), "TIFF", **options))
    with Image.open(BytesIO(data)) as image:
        start, length = image.tag_v2[TiffImagePlugin.STRIPOFFSETS][0], image.tag_v2[TiffImagePlugin.STRIPBYTECOUNTS][0]
    data[start : start + length] = b"\xff" * length
    assert refused(tmp_path, bytes(data), 1) is Code.PAGE_DAMAGED
    assert opened(tmp_path, bytes(data), 2).problems == ()


def test_broken_directory_counts_as_a_page_that_fails(tmp_path: Path) -> None:
    options = {"save_all": True, "append_images": [corners("L")] * 2, "compression": "tiff_lzw"}
    data = saved(corners("L"), "TIFF", **options)
    path = tmp_path / "scan"
    with Image.open(BytesIO(data)) as image:
        image.seek(2)
        third = image.tag_v2.offset
    assert data.count(struct.pack("<I", third)) == 1
    path.write_bytes(data.replace(struct.pack("<I", third), struct.pack("<I", 0x7FFFFFF0)))
    assert inspect_scan(path).page_count == 3
    assert open_page(path, ScanKind.TIFF, 2).problems == ()
    assert refused(tmp_path, path.read_bytes(), 3) is Code.PAGE_DAMAGED


def test_jpeg_of_endless_scans_is_refused(tmp_path: Path) -> None:
    data = saved(corners("L"), "JPEG", progressive=True)
    start = data.rindex(b"\xff\xda")
    assert refused(tmp_path, data[:start] + data[start:-2] * 200 + data[-2:]) is Code.PAGE_DAMAGED


def test_scans_of_a_plain_progressive_jpeg_are_few(tmp_path: Path) -> None:
    assert FILES["progressive.jpg"].count(b"\xff\xda") < picture_pages.MAX_JPEG_SCANS / 5


@pytest.mark.parametrize(("mode", "size"), [("RGB", (40_000, 40_000)), ("L", (65_000, 65_000))])
def test_header_of_a_bomb_is_enough_to_refuse_it(tmp_path: Path, mode: str, size: tuple[int, int]) -> None:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", *size, 8, 2 if mode == "RGB" else 0, 0, 0, 0)
    data = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(1000)))
    assert refused(tmp_path, data) is Code.PAGE_TOO_LARGE
