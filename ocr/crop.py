"""A cut of a page for people: what stands around a value, large enough to be read."""

import io

from PIL import Image

from ocr.image import PageImage
from ocr.page import Box, PageText
from ocr.region import cut_region, upright_box_of

# Shares of the box's height that are kept around it: the lines above and below tell what the value belongs to.
MARGIN = 0.75
_LONGEST_SIDE_PX = 1600
_QUALITY = 80


def make_crop(image: PageImage, page: PageText | None, box: Box) -> bytes:
    """Return what is inside a box of the original scan, with a margin, as a WebP file; upright where that is known.

    Args:
        image: The page as it came.
        page: Its text, which tells how it lies on the scan, or None.
        box: Pixels of the original scan.
    """
    if page is not None:
        picture = Image.fromarray(cut_region(image, page, upright_box_of(page, box), MARGIN))
    else:
        margin = round(box.height * MARGIN)
        left, top = max(0, box.left - margin), max(0, box.top - margin)
        right, bottom = min(image.width_px, box.right + margin), min(image.height_px, box.bottom + margin)
        picture = Image.fromarray(image.pixels).crop((left, top, max(right, left + 1), max(bottom, top + 1)))
    picture.thumbnail((_LONGEST_SIDE_PX, _LONGEST_SIDE_PX))
    target = io.BytesIO()
    picture.convert("RGB").save(target, "WEBP", quality=_QUALITY, method=2)
    return target.getvalue()
