"""The noun of an arrangement: which papers a dossier holds, as a person put its pages together."""

from collections import Counter
from typing import Self

from pydantic import AwareDatetime, Field, model_validator

from ocr.stored import Stored
from storage.page_place import PagePlace


class ArrangedPaper(Stored):
    """One paper: its pages in the order they are read, and its type; None leaves telling the type to the machine."""

    paper_type: str | None = None
    pages: tuple[PagePlace, ...] = Field(min_length=1)


class Arrangement(Stored):
    """What a person says of the pages of a dossier. It stands; pages that it does not name are sorted by the machine.

    Attributes:
        by: Account of the person.
        at: When.
        reason: Why, in the person's words; "" where nothing had to be said.
        papers: In the order they are listed.
        blank_pages: Pages that carry nothing that has to be kept as a paper.
    """

    by: str
    at: AwareDatetime
    reason: str = ""
    papers: tuple[ArrangedPaper, ...] = ()
    blank_pages: tuple[PagePlace, ...] = ()

    @model_validator(mode="after")
    def _check(self) -> Self:
        named = Counter((place.sha256, place.page_number) for place in self.places())
        if max(named.values(), default=1) > 1:
            raise ValueError("a page is named twice")
        return self

    def places(self) -> tuple[PagePlace, ...]:
        """Return every page that is named: those of papers, then the blank ones."""
        return tuple(place for paper in self.papers for place in paper.pages) + self.blank_pages
