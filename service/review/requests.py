"""What pages of stewards send, checked; and what settling answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from extractors.record import FieldValue, Record, RecordState
from ocr.page import Box
from storage.desk.drafts import Draft, FieldEntry, FieldName
from storage.page_place import PagePlace

_LONGEST_PX = 100_000
# Papers that the person passed over in one sitting; the desk names the latest.
_MOST_SKIPPED = 50
Token = Annotated[str, Field(pattern="^[A-Za-z0-9_-]{8,64}$")]
Revision = Annotated[int, Field(ge=1)]
Reason = Annotated[str, Field(max_length=2000)]
Pixels = Annotated[int, Field(ge=0, le=_LONGEST_PX)]


class _Sent(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class LeaseRequest(_Sent):
    """Take a task or keep it; without a token one is made."""

    token: Token | None = None


class TakeRequest(_Sent):
    """Take the next task for the page with this token; those in `skip` are passed over."""

    token: Token
    skip: Annotated[list[str], Field(max_length=_MOST_SKIPPED)] = []


class DraftRequest(_Sent):
    """What was entered so far, by the holder of the lease `token`, on the revision that was looked at."""

    revision: Revision
    token: Token
    fields: Annotated[dict[FieldName, FieldEntry], Field(max_length=200)] = {}

    def draft(self) -> Draft:
        """Return it as the desk keeps it."""
        return Draft(revision=self.revision, fields=self.fields)


class SettleRequest(DraftRequest):
    """Settle the fields named; with `approve` the record as a whole is signed off."""

    approve: bool = True
    reason: Reason = ""


class CheckRequest(_Sent):
    """What does the field's kind make of this value?"""

    field: FieldName
    value: Annotated[str, Field(max_length=4000)] | list[str] | None = None


class RegionRequest(_Sent):
    """Read a region of a page again; `box` in pixels of the scan, as evidence is."""

    index: Annotated[int, Field(ge=0)]
    box: tuple[Pixels, Pixels, Pixels, Pixels]
    field: FieldName

    def as_box(self) -> Box:
        """Return the box with its corners in order."""
        left, top, right, bottom = self.box
        return Box(min(left, right), min(top, bottom), max(left, right), max(top, bottom))


class RejectRequest(_Sent):
    """Reject the record, by the holder of the lease."""

    revision: Revision
    token: Token
    reason: Reason


class ReopenRequest(_Sent):
    """Take back an approval, a rejection or the machine's acceptance."""

    revision: Revision
    reason: Reason


class RevokeRequest(_Sent):
    """Enter that an authority took the paper's force away."""

    revision: Revision
    by_authority: Annotated[str, Field(min_length=1, max_length=200)]
    act_number: Annotated[str, Field(min_length=1, max_length=200)]
    act_date: date
    reason: Reason


class SentPaper(_Sent):
    """One paper of an arrangement; without a type the machine tells it."""

    paper_type: Annotated[str, Field(max_length=100)] | None = None
    pages: Annotated[list[PagePlace], Field(min_length=1, max_length=2000)]


class ArrangeRequest(_Sent):
    """How the pages of a dossier belong together."""

    revision: Revision
    papers: Annotated[list[SentPaper], Field(max_length=2000)] = []
    blank: Annotated[list[PagePlace], Field(max_length=2000)] = []
    reason: Reason = ""


@dataclass(frozen=True, slots=True)
class Settled:
    """What settling led to.

    Attributes:
        record: The latest revision.
        second_keying: Fields another person keys now.
        adjudication: Fields two people keyed differently, for a supervisor.
    """

    record: Record
    second_keying: Sequence[str] = ()
    adjudication: Sequence[str] = ()

    @property
    def state(self) -> RecordState:
        """Where the record stands."""
        return self.record.state


@dataclass(frozen=True, slots=True)
class Conflict:
    """A field that two people made different things of; values as records hold them."""

    field: str
    yours: FieldValue
    theirs: FieldValue
    before: FieldValue
