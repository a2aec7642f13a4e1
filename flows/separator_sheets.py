"""Writing separator sheets to a file, as `sohoa separators` does."""

from pathlib import Path

from extractors.paper_type_loader import shipped_paper_types
from extractors.splitting.separator_sheets import separator_pdf
from extractors.splitting.separators import Separator
from ocr.problem import Code, SohoaError


def write_separators(separator: Separator, count: int, out: Path) -> None:
    """Write a PDF of `count` sheets to `out`.

    Raises:
        SohoaError: `SETTING_INVALID` for a paper type or dossier code that is none, `READER_MISSING` without a font,
            `STORE_UNWRITABLE` when the file cannot be written.
    """
    known = {paper_type.id: paper_type.name for paper_type in shipped_paper_types()}
    if separator.paper_type is not None and separator.paper_type not in known:
        raise SohoaError(Code.SETTING_INVALID, field="--paper-type", detail=f"one of {', '.join(sorted(known))}")
    try:
        data = separator_pdf(separator, count, known.get(separator.paper_type or ""))
    except ValueError as error:
        raise SohoaError(Code.SETTING_INVALID, field="--dossier-code", detail=str(error)) from error
    try:
        out.write_bytes(data)
    except OSError as error:
        raise SohoaError(Code.STORE_UNWRITABLE, file=out.name, detail=error.strerror or "cannot be written") from error
