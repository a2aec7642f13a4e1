"""Clean-up of a page picture before reading: flat, upright, straight, evenly lit, without red ink, at reading height.

Every step is recorded, and the transform from the reading picture back to the original scan is kept, so that each
word can be shown where it stands on the paper.
"""

from ocr.cleanup.cleaning import CLEANUP_VERSION, TARGET_LETTER_HEIGHT_PX, CleanPage, clean_page
from ocr.cleanup.layout import MIN_LETTERS

__all__ = ["CLEANUP_VERSION", "MIN_LETTERS", "TARGET_LETTER_HEIGHT_PX", "CleanPage", "clean_page"]
