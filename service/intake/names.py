"""Names that clients give to dossiers and files: checked and normalised once, at the door."""

import unicodedata
from pathlib import PurePosixPath

from extractors.payloads import DOSSIER_CODE
from ocr.problem import Code, SohoaError
from ocr.vietnamese import to_nfc

# Characters. File systems end at 255 bytes, and a Vietnamese letter takes up to three.
LONGEST_NAME = 200
_SEPARATORS = frozenset("/\\")
# Control characters, halves of characters, ends of lines and paragraphs.
_REFUSED = frozenset({"Cc", "Cs", "Zl", "Zp"})
# They turn the direction of what follows: `tờ khai<turn>fdp.exe` is shown with another ending.
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def clean_name(name: str, field: str) -> str:
    """Return the name of a dossier or file in NFC.

    Args:
        name: As the client gave it.
        field: What it is the name of, for the error.

    Raises:
        SohoaError: `FILE_NAME_INVALID`: blank, too long, a path, or with characters that are no text.
    """
    cleaned = to_nfc(name)
    why = _fault(cleaned)
    if why:
        raise SohoaError(Code.FILE_NAME_INVALID, field=field, detail=why)
    return cleaned


def is_clean(name: str) -> bool:
    """True when `clean_name` takes it."""
    return not _fault(to_nfc(name))


def clean_dossier_code(code: str) -> str:
    """Return a dossier code without the spaces around it.

    Raises:
        SohoaError: `DOSSIER_CODE_INVALID`.
    """
    cleaned = code.strip()
    if not DOSSIER_CODE.fullmatch(cleaned):
        raise SohoaError(Code.DOSSIER_CODE_INVALID, field="dossier_code")
    return cleaned


def is_archive(file: str) -> bool:
    """True when a file is to be opened for what is in it."""
    return PurePosixPath(file).suffix.lower() == ".zip"


def _fault(name: str) -> str:
    if not name.strip() or name in {".", ".."}:
        return "blank, or no name"
    if len(name) > LONGEST_NAME:
        return f"longer than {LONGEST_NAME} characters"
    if any(character in _SEPARATORS for character in name):
        return "a path"
    if any(unicodedata.category(character) in _REFUSED or character in _TURNING for character in name):
        return "control characters"
    return ""
