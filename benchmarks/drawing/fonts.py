"""Liberation 2: free, its Serif as wide as Times New Roman to the unit, and complete for Vietnamese.

Version 1, Debian 12's package `fonts-liberation`, draws boxes for most toned letters; there version 2 is the package
`fonts-liberation2`. Newer Debian and Ubuntu ship version 2 as `fonts-liberation`.
"""

import subprocess
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from PIL import ImageFont

_FOLDERS = (
    Path("/usr/share/fonts/truetype/liberation2"),
    Path("/usr/share/fonts/truetype/liberation"),
    Path("/usr/share/fonts/liberation-serif"),
    Path("/usr/share/fonts/liberation"),
)


class Style(StrEnum):
    """Cut of the typeface; the value is the end of the file name."""

    REGULAR = "Regular"
    BOLD = "Bold"
    ITALIC = "Italic"
    BOLD_ITALIC = "BoldItalic"


class Family(StrEnum):
    """Typeface; the value is the beginning of the file name."""

    SERIF = "LiberationSerif"
    SANS = "LiberationSans"
    MONO = "LiberationMono"


class FontMissingError(RuntimeError):
    """No Liberation Serif with Vietnamese letters is installed."""


def _folders_by_fontconfig() -> list[Path]:
    command = ["fc-list", "Liberation Serif:style=Regular", "--format=%{file}\n"]
    try:
        answer = subprocess.run(command, capture_output=True, text=True, check=True, timeout=20).stdout
    except (OSError, subprocess.SubprocessError):
        return []
    return [Path(line).parent for line in sorted(answer.splitlines())]


def _speaks_vietnamese(path: Path) -> bool:
    """True when the font has a shape of its own for a toned letter; a missing one is drawn like U+FFFE."""
    font = ImageFont.truetype(str(path), 40, layout_engine=ImageFont.Layout.BASIC)
    return bytes(font.getmask("ộ")) != bytes(font.getmask("\ufffe"))


@lru_cache(maxsize=1)
def font_folder() -> Path:
    """Return the folder that holds a `LiberationSerif-Regular.ttf` with Vietnamese letters.

    Raises:
        FontMissingError: There is none; the message says which package brings it.
    """
    for folder in (*_FOLDERS, *_folders_by_fontconfig()):
        path = folder / "LiberationSerif-Regular.ttf"
        if path.is_file() and _speaks_vietnamese(path):
            return folder
    raise FontMissingError(
        "Thiếu phông chữ Liberation Serif 2 (có chữ Việt). Cài đặt: sudo apt-get install fonts-liberation2 "
        "(Debian 12) hoặc fonts-liberation (Debian 13, Ubuntu)"
    )


@lru_cache(maxsize=64)
def load_font(style: Style, size_px: float, family: Family = Family.SERIF) -> ImageFont.FreeTypeFont:
    """Return the font at `size_px` pixels per em.

    Raises:
        FontMissingError: The font is not installed.
    """
    path = font_folder() / f"{family.value}-{style.value}.ttf"
    return ImageFont.truetype(str(path), size_px, layout_engine=ImageFont.Layout.BASIC)
