"""What is built and what is loaded: the wheel carries its data, and asking for help loads nothing heavy."""

import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_the_wheel_carries_packages_and_their_data(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    modes = {file.filename: file.external_attr >> 16 for file in zipfile.ZipFile(wheel).infolist()}
    names = set(modes)
    data = {str(path.relative_to(ROOT)) for folder in ("extractors", "ocr") for path in (ROOT / folder).rglob("*.yaml")}
    assert data
    assert data <= names
    assert {"sohoa.py", "flows/digitize.py", "storage/keys.py"} <= names
    migrations = {str(path.relative_to(ROOT)) for path in (ROOT / "storage/catalogue/migrations").rglob("*.py")}
    assert "storage/catalogue/migrations/env.py" in migrations
    assert migrations <= names
    assert "ocr/limited_poppler/limits" in names
    assert all(modes[f"ocr/limited_poppler/{program}"] & 0o111 for program in ("pdfinfo", "pdftoppm"))
    assert not any(name.startswith(("tests/", "benchmarks/", "demo/")) for name in names)


def test_the_command_line_loads_nothing_heavy() -> None:
    heavy = ("prefect", "spacy", "cv2", "numpy", "sqlalchemy", "alembic", "psycopg", "pytesseract", "PIL")
    code = f"import sys, sohoa; print([name for name in {heavy!r} if name in sys.modules])"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert answer.stdout.strip() == "[]"
