"""Files inside wheels that are used as data: found by the package's metadata, told by their hash, never imported."""

import hashlib
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from ocr.problem import Code, SohoaError


def located(package: str, name: str, sha256: str | None = None) -> Path:
    """Return the path of a file of an installed package.

    Args:
        package: As on the package index.
        name: Path within the wheel.
        sha256: Hash it must have; None: the caller checks.

    Raises:
        SohoaError: `reader_missing` when the package or the file is not there, or the file is another.
    """
    try:
        path = Path(str(distribution(package).locate_file(name)))
    except PackageNotFoundError as error:
        raise SohoaError(Code.READER_MISSING, detail=f"package {package}") from error
    if not path.is_file():
        raise SohoaError(Code.READER_MISSING, detail=f"{package}: {path.name}")
    if sha256 is not None:
        with path.open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != sha256:
                raise SohoaError(Code.READER_MISSING, detail=f"{package}: {path.name} is not the one expected")
    return path.resolve()
