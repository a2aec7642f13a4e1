"""OCRmyPDF in an environment of its own, brought on first use; the product never depends on it.

`.tools/peers` beside the checkout's other tools, pinned with hashes by `benchmarks/peers.lock`. From the system it
needs `tesseract` with the languages `vie` and `osd`; page pictures it draws with its own wheel of PDFium.
"""

import hashlib
import subprocess
import sys
from pathlib import Path
from shutil import which

from benchmarks.product import ProductError

_ROOT = Path(__file__).resolve().parents[1]
_LOCK = Path(__file__).with_name("peers.lock")
_HOME = _ROOT / ".tools" / "peers"
_PACKAGES = {"vie": "tesseract-ocr-vie", "osd": "tesseract-ocr-osd"}


def peer_program(name: str) -> str:
    """Return the path of a program of the peers' environment, `ocrmypdf` or `python`, made first where it is not there.

    Raises:
        ProductError: A system package is missing (the message names it), or the environment could not be made.
    """
    _check_system()
    lock = hashlib.sha256(_LOCK.read_bytes() + sys.version.encode()).hexdigest()
    mark = _HOME / "fingerprint"
    if not mark.is_file() or mark.read_text(encoding="utf-8") != lock:
        _make_environment()
        mark.write_text(lock, encoding="utf-8")
    return str(_HOME / "bin" / name)


def _check_system() -> None:
    if which("tesseract") is None:
        raise ProductError("OCRmyPDF cần gói hệ thống tesseract-ocr (sudo apt-get install tesseract-ocr).")
    listing = subprocess.run(["tesseract", "--list-langs"], capture_output=True, text=True, check=False, timeout=30)
    languages = (listing.stdout or listing.stderr).split()
    missing = [package for language, package in _PACKAGES.items() if language not in languages]
    if missing:
        raise ProductError(f"OCRmyPDF cần gói hệ thống: sudo apt-get install {' '.join(missing)}")


def _make_environment() -> None:
    """Install the lock with uv where there is one, else with the interpreter's own venv and pip."""
    print(f"Đang cài OCRmyPDF vào {_HOME} (một lần)…", file=sys.stderr)
    uv = which("uv") or which("uv", path=str(_ROOT / ".tools" / "bin"))
    python = str(_HOME / "bin" / "python")
    if uv is None:
        commands = [
            [sys.executable, "-m", "venv", "--clear", str(_HOME)],
            [python, "-m", "pip", "install", "--quiet", "--require-hashes", "--requirement", str(_LOCK)],
        ]
    else:
        commands = [
            [uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(_HOME)],
            [uv, "pip", "sync", "--quiet", "--require-hashes", "--python", python, str(_LOCK)],
        ]
    for command in commands:
        if subprocess.run(command, check=False).returncode:
            raise ProductError(f"Không cài được OCRmyPDF: {' '.join(command)}")
