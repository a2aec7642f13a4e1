"""What the machine has and lacks, and the command that mends it."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

from extractors.units.tables import province_names
from ocr.messages import sentence
from ocr.problem import SohoaError
from ocr.readers.line_model import LINE_MODELS, LineModel
from ocr.readers.tesseract_model import debian_model, large_net
from storage.settings import Settings

if TYPE_CHECKING:
    from storage.s3.examination import Finding

# Name, and what its absence means, of each thing that `storage.s3.examination` looks at.
_STORE_FEATURES: Mapping[str, tuple[str, str]] = {
    "server": ("máy chủ", ""),
    "buckets": ("bucket", "chạy `sohoa store init`; chưa có"),
    "conditional-put": ("ghi một lần (If-None-Match)", "máy chủ này không dùng làm kho được"),
    "versioning": ("giữ phiên bản", "chạy `sohoa store init`; thiếu thì ghi đè là mất bản cũ"),
    "object-lock": ("khóa đối tượng", "máy chủ không khóa: ai có quyền xóa là xóa được bản gốc"),
    "encryption": ("mã hóa phía máy chủ", "chưa bật: `sohoa store init --encrypt`, hoặc mã hóa ổ đĩa"),
}
_STORE_NEEDS = frozenset({"server", "buckets", "conditional-put"})

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


def examine_store(settings: Settings) -> tuple[Check, ...]:
    """Look at the store and the catalogue that the settings name; makes nothing on this machine for it."""
    if settings.store.startswith("file:"):
        found: tuple[Check, ...] = (_folder(Path(settings.store.removeprefix("file:"))),)
    else:
        found = _server(settings)
    return (*found, _catalogue(settings))


def _folder(root: Path) -> Check:
    held = next(path for path in (root, *root.parents) if path.exists())
    is_usable = held.is_dir() and os.access(held, os.W_OK | os.X_OK)
    words = "thư mục" if held == root else "thư mục, sẽ tạo khi nạp lần đầu"
    return Check("kho", words if is_usable else None, "sửa quyền của thư mục kho, hoặc đặt SOHOA_STORE")


def _server(settings: Settings) -> tuple[Check, ...]:
    # The SDK takes a while to load, which offices without a server need not pay.
    from storage.s3 import S3Store  # noqa: PLC0415
    from storage.s3.examination import examine_server  # noqa: PLC0415

    try:
        store = settings.open_store()
        findings = examine_server(store.connection) if isinstance(store, S3Store) else ()
    except SohoaError as error:
        return (Check("kho", None, f"{sentence(error.problem)} ({error.problem.detail})"),)
    return tuple(_store_check(finding) for finding in findings)


def _store_check(finding: "Finding") -> Check:
    name, lack = _STORE_FEATURES[finding.feature]
    remedy = f"{lack} ({finding.problem})" if finding.problem else lack
    return Check(f"kho: {name}", finding.value, remedy, required=finding.feature in _STORE_NEEDS)


def _catalogue(settings: Settings) -> Check:
    file = re.match("sqlite[^:]*:///([^?]+)", settings.catalogue)
    if file is not None and not Path(unquote(file[1])).exists():
        return Check("danh mục", "SQLite, sẽ tạo khi cần", "")
    try:
        settings.open_catalogue()
    except SohoaError as error:
        return Check("danh mục", None, f"{sentence(error.problem)} ({error.problem.detail})")
    return Check("danh mục", "SQLite" if file is not None else "PostgreSQL", "")


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
