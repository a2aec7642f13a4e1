"""Data in wheels: found, told by their hash, and named when they are missing or others."""

import pytest

from ocr.problem import Code, SohoaError
from ocr.wheel_data import located

PACKAGE, NAME = "pyyaml", "yaml/__init__.py"


def test_a_file_of_a_package_is_found() -> None:
    assert located(PACKAGE, NAME).name == "__init__.py"


@pytest.mark.parametrize(
    ("package", "name", "sha256", "words"),
    [
        ("no-such-package", NAME, None, "package no-such-package"),
        (PACKAGE, "yaml/no-such-file", None, "no-such-file"),
        (PACKAGE, NAME, "0" * 64, "is not the one expected"),
    ],
)
def test_what_is_missing_or_another_is_named(package: str, name: str, sha256: str | None, words: str) -> None:
    with pytest.raises(SohoaError) as raised:
        located(package, name, sha256)
    assert raised.value.problem.code is Code.READER_MISSING
    assert words in (raised.value.problem.detail or "")
