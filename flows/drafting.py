"""The records of a dossier's papers: drafts of the machine, saved, and withdrawn where a paper is no longer found."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version

from extractors.papers import Paper
from extractors.record import FileSignature, Record, RecordState
from flows.outcome import ToReview
from flows.workshop import Workshop
from ocr.signature import PdfSignature
from storage import keys
from storage.dossiers import dossier_history
from storage.records import load_record, save_draft, withdraw

# Where the metadata of a record say whose it is: the identifier of an agency.
AGENCY_KEY = "agency"


@dataclass(frozen=True, slots=True)
class Named:
    """Whose the papers of a dossier are: its id, its code when known, the agency it was sent for or None."""

    dossier_id: str
    dossier_code: str | None
    agency: str | None


def save_drafts(
    shop: Workshop,
    papers: Sequence[Paper],
    named: Named,
    signatures: Mapping[str, tuple[PdfSignature, ...]],
    now: datetime,
) -> list[Record]:
    """Save what the machine makes of each paper and return what now holds for it: a person's decision stands.

    Args:
        shop: Store and catalogue.
        papers: Of one dossier.
        named: Whose they are.
        signatures: Of each file, by the SHA-256 of the scan.
        now: When the drafts were made.
    """
    records: list[Record] = []
    for paper in papers:
        draft = _draft(paper, named, signatures, now)
        record = save_draft(shop.store, shop.sample.mark(draft) if shop.sample else draft)
        shop.catalogue.project_record(record)
        records.append(record)
    return records


def withdraw_others(shop: Workshop, dossier_id: str, records: Sequence[Record], now: datetime) -> None:
    """Withdraw the records of papers that an earlier splitting of the dossier found and this one does not.

    The catalogue knows also those of a splitting that was never finished.
    """
    found = {paper.record_id for earlier in dossier_history(shop.store, dossier_id) for paper in earlier.papers}
    found |= {row.record_id for row in shop.catalogue.records(dossier_id)}
    for record_id in sorted(found - {record.record_id for record in records}):
        withdraw(shop.store, record_id, now)
        latest = load_record(shop.store, record_id)
        if latest is not None:  # entered also when an earlier run withdrew it and was killed before it could
            shop.catalogue.project_record(latest)


def to_review(shop: Workshop, records: Sequence[Record]) -> ToReview:
    """Return what of `records` waits for a steward."""
    types = {paper_type.id: paper_type for paper_type in shop.paper_types}
    waiting = [record for record in records if record.state is RecordState.NEEDS_REVIEW]
    fields = 0
    for record in waiting:
        declared = types[record.paper_type].fields if record.paper_type in types else {}
        for name, field in record.fields.items():
            fields += field.needs_person(required=name in declared and declared[name].required)
    return ToReview(len(waiting), fields)


def _draft(paper: Paper, named: Named, signatures: Mapping[str, tuple[PdfSignature, ...]], now: datetime) -> Record:
    first = paper.pages[0].page
    files = {page.page.scan_sha256: page.file for page in paper.pages}
    of_files = tuple(
        FileSignature(file=file, **signature.model_dump())
        for sha256, file in files.items()
        for signature in signatures.get(sha256, ())
    )
    draft = paper.to_record(
        record_id=keys.record_id_for(named.dossier_id, first.scan_sha256, first.page_number),
        dossier_id=named.dossier_id,
        dossier_code=named.dossier_code,
        created_at=now,
        software=f"sohoa {version('sohoa')}",
        signatures=of_files,
    )
    if named.agency is None:
        return draft
    return draft.model_copy(update={"metadata": {**draft.metadata, AGENCY_KEY: named.agency}})
