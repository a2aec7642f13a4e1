"""Cutting a region of the upright page out of the original scan, in colour and at full resolution."""

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.image import PageImage
from ocr.page import Box, PageText


def cut_region(image: PageImage, page: PageText, box: Box, margin: float) -> NDArray[np.uint8]:
    """Return the picture inside `box` of the upright page.

    Args:
        image: The page as it came.
        page: Its text: tells how it was turned and straightened.
        box: `upright_box` coordinates.
        margin: Paper kept on each side, as a share of the box's height: readers want a little, and a pen's stroke
            leaves the height of print.

    Returns:
        RGB, `uint8`, shape `(height, width, 3)`; white where the box reaches over the edge.
    """
    margin_px = round(box.height * margin)
    left, top = box.left - margin_px, box.top - margin_px
    width, height = box.width + 2 * margin_px, box.height + 2 * margin_px
    pixels = np.ascontiguousarray(np.rot90(image.pixels, k=-(page.rotation_deg // 90) % 4))
    if pixels.ndim == 2:
        pixels = np.repeat(pixels[..., np.newaxis], 3, axis=2)
    angle = next((float(step.parameters["angle_deg"]) for step in page.steps if step.name == "deskew"), 0.0)
    turn = cv2.getRotationMatrix2D((pixels.shape[1] / 2, pixels.shape[0] / 2), angle, 1.0)
    turn[:, 2] -= (left, top)
    flags = cv2.INTER_CUBIC if angle else cv2.INTER_NEAREST
    region = cv2.warpAffine(
        pixels, turn, (width, height), flags=flags, borderMode=cv2.BORDER_CONSTANT, borderValue=(255, 255, 255)
    )
    return np.ascontiguousarray(region, dtype=np.uint8)
