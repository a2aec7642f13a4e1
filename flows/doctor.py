"""What the machine has and lacks, and the command that mends it."""

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from importlib.metadata import PackageNotFoundError, version

from extractors.units.tables import province_names
from ocr.problem import SohoaError
from ocr.readers.line_model import LINE_MODELS, LineModel
from ocr.readers.tesseract_model import debian_model, large_net

_PACKAGES = ("opencv-python-headless", "pytesseract", "tesserocr", "pdf2image", "spacy", "prefect", "sqlalchemy")


@dataclass(frozen=True, slots=True)
class Check:
    """One thing the product needs: its version when found, else the command that brings it."""

    name: str
    version: str | None
    remedy: str
    required: bool = True

    @property
    def found(self) -> bool:
        """True when it is there."""
        return self.version is not None

    def as_json(self) -> dict[str, str | bool | None]:
        """Return the check for programs."""
        return {"name": self.name, "found": self.found, "version": self.version, "remedy": self.remedy}


def examine() -> tuple[Check, ...]:
    """Look at everything the product needs on this machine."""
    python = ".".join(str(part) for part in sys.version_info[:3])
    return (
        Check("Python ≥ 3.11", python if sys.version_info >= (3, 11) else None, "cài Python 3.11 trở lên"),
        Check("tesseract", _program_version("tesseract", "--version"), _apt("tesseract-ocr")),
        Check(
            "tesseract, mẫu tiếng Việt (vie)", _attempt(lambda: debian_model().sha256[:12]), _apt("tesseract-ocr-vie")
        ),
        Check(
            "tesseract, mẫu tiếng Việt lớn (best_int)",
            _attempt(lambda: large_net().sha256[:12]),
            "make setup (chưa có thì đọc bằng mẫu vie, sai nhiều hơn một phần ba)",
            required=False,
        ),
        Check(
            "mẫu đọc dòng (PP-OCRv6, AsterNet)",
            _attempt(_line_models),
            "make setup (chưa có thì mọi trường chờ người xem)",
            required=False,
        ),
        Check("bảng đơn vị hành chính", _attempt(_unit_tables), "make setup"),
        Check("poppler (pdftoppm)", _program_version("pdftoppm", "-v"), _apt("poppler-utils")),
        Check("poppler (pdfinfo)", _program_version("pdfinfo", "-v"), _apt("poppler-utils")),
        *(Check(name, _attempt(partial(version, name)), "make setup") for name in _PACKAGES),
    )


def _apt(package: str) -> str:
    return f"sudo apt-get install -y {package}"


def _line_models() -> str:
    return ", ".join(LineModel(file).info.version for file in LINE_MODELS)


def _unit_tables() -> str:
    return f"{len(province_names())} tên tỉnh"


def _attempt(look: Callable[[], str]) -> str | None:
    try:
        return look()
    except (SohoaError, PackageNotFoundError):
        return None


def _program_version(program: str, flag: str) -> str | None:
    path = shutil.which(program)
    if path is None:
        return None
    answer = subprocess.run([path, flag], capture_output=True, text=True, check=False, timeout=30, errors="replace")
    found = re.search(r"\d+(?:\.\d+)+", answer.stdout + answer.stderr)
    return found.group() if found else "?"
