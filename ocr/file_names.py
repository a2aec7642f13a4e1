"""What names of files tell: which are named like scans, which are litter, and the order people see them in."""

import re
from pathlib import PurePath

from ocr.vietnamese import to_nfc

# A file named like a scan is treated as one, so that a broken one is reported instead of being passed over.
SCAN_SUFFIXES = frozenset({".pdf", ".tif", ".tiff", ".jpg", ".jpeg", ".png"})
# What file managers leave behind; nobody wants to hear of it.
_LITTER = frozenset({"thumbs.db", "desktop.ini"})


def is_named_like_a_scan(name: str) -> bool:
    """True when the ending is that of a scan."""
    return PurePath(name).suffix.lower() in SCAN_SUFFIXES


def is_litter(name: str) -> bool:
    """True for the name of a file or folder that nobody put there on purpose."""
    return name.startswith(".") or name.lower() in _LITTER


def natural_key(name: str) -> tuple[tuple[int, int, str], ...]:
    """Return a sort key in which `trang 2` comes before `trang 10`."""
    parts = re.split(r"([0-9]+)", to_nfc(name).lower())
    return tuple((0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts if part)
