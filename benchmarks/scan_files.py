"""Small scan files of every kind that is read, made on the spot: seeds of fuzzing and of the tests of loaders.

Each shows the same picture: paper with one coloured block in three of its corners, so that every turn shows.
HEIC cannot be written here (the decoder comes without an encoder): two files of the same picture lie with the tests.
"""

from collections.abc import Iterable
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import copy_into_new_writer

SIZE = (400, 300)
HEIC_SAMPLES = Path(__file__).parents[1] / "tests" / "ocr" / "samples"


def corners(mode: str = "RGB") -> Image.Image:
    """Return the picture: red top left, green top right, blue bottom left, paper elsewhere."""
    image = Image.new("RGB", SIZE, "white")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, 99, 74), fill=(200, 0, 0))
    draw.rectangle((300, 0, 399, 74), fill=(0, 160, 0))
    draw.rectangle((0, 225, 99, 299), fill=(0, 0, 200))
    return image.convert(mode)


def saved(image: Image.Image, pillow_format: str, **options: object) -> bytes:
    """Return the picture as the bytes of a file."""
    buffer = BytesIO()
    image.save(buffer, pillow_format, **options)
    return buffer.getvalue()


def scan_files() -> dict[str, bytes]:
    """Return the files by name; the suffix tells the kind."""
    return dict([*_pdfs(), *_tiffs(), *_other_pictures(), *_heics()])


def _pdfs() -> Iterable[tuple[str, bytes]]:
    for mode in ("1", "L", "RGB", "CMYK", "P", "RGBA"):  # coded as CCITT, JPEG and JPEG 2000
        image = corners(mode)
        yield f"{mode}.pdf", saved(image, "PDF", resolution=72, save_all=True, append_images=[image])
    plain = saved(corners(), "PDF", resolution=72)
    yield "vector.pdf", written_pdf(b"BT /F1 24 Tf 40 200 Td (Giay khai sinh) Tj ET 1 0 0 rg 20 20 100 50 re f")
    yield "locked.pdf", encrypted_pdf(plain, owner="owner", user="user")
    yield "owner-only.pdf", encrypted_pdf(plain, owner="owner", user="")


def written_pdf(content: bytes, *, page_entries: bytes = b"/MediaBox[0 0 400 300]") -> bytes:
    """Return a PDF of one page whose content stream is `content`."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>" + page_entries + b">>",
        b"<</Length %d>>stream\n%b\nendstream" % (len(content), content),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    return pdf_of(objects)


def pdf_of(objects: list[bytes]) -> bytes:
    """Return a PDF of `objects`, numbered from 1; the first is the catalog."""
    out, offsets = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    entries = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    table = b"xref\n0 %d\n0000000000 65535 f \n%b" % (len(objects) + 1, entries)
    return out + table + b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(out))


def encrypted_pdf(plain: bytes, *, owner: str, user: str) -> bytes:
    """Return `plain` encrypted with AES-256; an empty `user` password opens without being asked for."""
    writer = copy_into_new_writer(PdfFileReader(BytesIO(plain), strict=False))
    writer.encrypt(owner_pass=owner, user_pass=user)  # type: ignore[no-untyped-call]
    buffer = BytesIO()
    writer.write(buffer)  # type: ignore[no-untyped-call]
    return buffer.getvalue()


def _tiffs() -> Iterable[tuple[str, bytes]]:
    pages: dict[str, object] = {"save_all": True}
    for mode, codings in {
        "1": ("raw", "group3", "group4", "packbits"),
        "L": ("raw", "tiff_lzw", "tiff_adobe_deflate", "jpeg"),
        "RGB": ("raw", "tiff_lzw", "tiff_adobe_deflate", "jpeg"),
        "P": ("tiff_lzw",),
        "CMYK": ("tiff_lzw",),
        "RGBA": ("tiff_lzw",),
        "I;16": ("raw", "tiff_lzw"),
    }.items():
        image = corners("L").point([level * 257 for level in range(256)], "I").convert(mode) if mode == "I;16" else None
        image = image or corners(mode)
        for coding in codings:
            options = pages | {"append_images": [image], "compression": coding}
            yield f"{mode}-{coding}.tif", saved(image, "TIFF", **options)
    yield "big.tif", saved(corners(), "TIFF", big_tiff=True, compression="tiff_lzw")


def _other_pictures() -> Iterable[tuple[str, bytes]]:
    exif = Image.Exif()
    exif[0x0112] = 6
    for mode in ("L", "RGB", "CMYK"):
        yield f"{mode}.jpg", saved(corners(mode), "JPEG")
    yield "progressive.jpg", saved(corners(), "JPEG", progressive=True, exif=exif)
    yield "two.jpg", saved(corners(), "MPO", save_all=True, append_images=[corners()])
    for mode in ("1", "L", "LA", "P", "RGB", "RGBA"):
        yield f"{mode}.png", saved(corners(mode), "PNG")
    yield "lossy.webp", saved(corners(), "WEBP", exif=exif)
    yield "lossless.webp", saved(corners("RGBA"), "WEBP", lossless=True)
    yield "moving.webp", saved(corners(), "WEBP", save_all=True, append_images=[corners("L").convert("RGB")])
    for mode in ("1", "L", "RGB"):
        yield f"{mode}.bmp", saved(corners(mode), "BMP")


def _heics() -> Iterable[tuple[str, bytes]]:
    for path in sorted(HEIC_SAMPLES.glob("*.heic")):
        yield path.name, path.read_bytes()
