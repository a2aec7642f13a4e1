"""Writing separator sheets to a file."""

from pathlib import Path

import pytest

from extractors.splitting.separators import Separator
from flows.separator_sheets import write_separators
from ocr.problem import Code, SohoaError


def test_sheets_are_written_as_one_pdf(tmp_path: Path):
    out = tmp_path / "sheets.pdf"
    write_separators(Separator(paper_type="can-cuoc"), 2, out)
    assert out.read_bytes().startswith(b"%PDF") and out.read_bytes().count(b"/Type /Page\n") == 2


@pytest.mark.parametrize(
    ("separator", "file", "code"),
    [
        (Separator(paper_type="khong-co"), "a.pdf", Code.SETTING_INVALID),
        (Separator(dossier_code="12"), "a.pdf", Code.SETTING_INVALID),
        (Separator(), "no/such/folder/a.pdf", Code.STORE_UNWRITABLE),
    ],
)
def test_what_cannot_be_printed_is_said(separator: Separator, file: str, code: Code, tmp_path: Path):
    with pytest.raises(SohoaError) as raised:
        write_separators(separator, 1, tmp_path / file)
    assert raised.value.code is code
