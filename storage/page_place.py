"""The noun of a place in a dossier: one page of one file."""

from typing import Annotated

from pydantic import Field

from ocr.stored import Stored

Sha256 = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
Count = Annotated[int, Field(ge=1)]


class PagePlace(Stored):
    """One page of one file of a dossier; pages count from 1."""

    file: str
    sha256: Sha256
    page_number: Count
