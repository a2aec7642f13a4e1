"""The picture of a page for people: small enough for a slow line, sharp enough to read small print on a screen."""

import io

from PIL import Image

from ocr.image import PageImage

# A4 at 170 dpi: twelve point print has letters of 28 pixels, a colour page takes about 200 kB.
LONGEST_SIDE_PX = 2000
_QUALITY = 70


def make_preview(image: PageImage) -> bytes:
    """Return the page as a WebP file whose longer side has at most `LONGEST_SIDE_PX`. Boxes scale with its width."""
    picture = Image.fromarray(image.pixels)
    picture.thumbnail((LONGEST_SIDE_PX, LONGEST_SIDE_PX), Image.Resampling.BOX)
    written = io.BytesIO()
    picture.save(written, "WEBP", quality=_QUALITY, method=2)
    return written.getvalue()
