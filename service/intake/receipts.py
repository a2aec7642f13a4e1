"""What the codes on a receipt say of the batch it came with.

Source: domain, QR of TT 01/2023: mã số hồ sơ and mã TTHC are among the least it says; how they are put together is not
laid down, so that each is looked for in the text by its own form.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from extractors.payloads import DOSSIER_CODE
from extractors.procedures.procedure import normal_code
from ocr.codes import find_codes
from ocr.image import PageImage
from ocr.problem import Code, SohoaError
from storage.objects import ObjectStore
from storage.procedures import load_procedure
from storage.setting_values import is_agency

# Like a national code of a procedure; whether it is one, the list of procedures says.
_LIKE_A_PROCEDURE = re.compile(r"(?<![\w.])[1-9]\.\d{6}(?:\.\d{3}\.\d{2}\.\d{2}\.[A-Z]\d{2})?(?![\w.])", re.ASCII)


@dataclass(frozen=True, slots=True)
class Said:
    """What the codes of a page say; two different codes of one kind say nothing."""

    dossier_code: str | None = None
    procedure_code: str | None = None


def said_on(store: ObjectStore, image: PageImage) -> Said:
    """Read the codes of a page.

    Raises:
        SohoaError: The store fails.
    """
    texts = [code.text for code in find_codes(image)]
    dossier_codes = {match.group() for text in texts if (match := DOSSIER_CODE.search(text))}
    like_procedures = {match.group() for text in texts for match in _LIKE_A_PROCEDURE.finditer(text)}
    return Said(only(dossier_codes), only(filter(None, (_known(store, code) for code in sorted(like_procedures)))))


def agency_of(dossier_code: str) -> str | None:
    """Return the agency that gave a dossier its code, or None where the code names it in the form of before 2020."""
    agency = dossier_code.rsplit("-", 2)[0]
    return agency if is_agency(agency) else None


def only(said: Iterable[str]) -> str | None:
    """Return what all say, or None where they say different things or nothing."""
    each = set(said)
    return each.pop() if len(each) == 1 else None


def _known(store: ObjectStore, code: str) -> str | None:
    try:
        return normal_code(code) if load_procedure(store, code) is not None else None
    except SohoaError as error:
        # A damaged procedure is told of where somebody asks for it; here it is none.
        if error.code is Code.OBJECT_DAMAGED:
            return None
        raise
