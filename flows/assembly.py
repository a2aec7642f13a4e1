"""Steps of digitising without Prefect: receive a scan, read a page, assemble a dossier from stored page text."""

import signal
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version
from pathlib import Path

from extractors.contents import dossier_code_of
from extractors.dossier_page import DossierPage
from extractors.papers import Paper, poor_pages, sort_pages
from extractors.record import FileSignature, Record, RecordState
from flows.dossier_contents import components_of, place_of, questions_of
from flows.intake import DossierInput, display_name, natural_key
from flows.outcome import Assembly, ToReview
from flows.stored_second_reader import StoredSecondReader
from flows.workshop import Workshop
from ocr.page import PageText
from ocr.problem import Code, Problem, SohoaError
from ocr.read_page import read_page_of
from ocr.scan import inspect_scan, kind_of
from ocr.signature import PdfSignature
from storage import keys
from storage.calibrations import load_calibration
from storage.dossier import Dossier, DossierPaper, DossierScan, state_for
from storage.dossiers import dossier_history, load_dossier, save_dossier
from storage.pages import load_page, save_page
from storage.records import load_record, save_draft, withdraw
from storage.scans import receive

PageId = tuple[str, int]


@dataclass(frozen=True, slots=True)
class StoredScan:
    """A scan of a dossier after it reached the store."""

    file: str
    sha256: str
    page_count: int | None
    problems: tuple[Problem, ...] = ()


def receive_scan(shop: Workshop, path: Path) -> StoredScan:
    """Store the original, read it back, and only then look into it.

    Raises:
        SohoaError: The file cannot be read, or the store cannot take it. A scan that is stored but of no use is no
            error: its problems are in the answer.
    """
    file = display_name(path)
    received = receive(shop.store, path)
    try:
        with shop.store.open(keys.scan_key(received.sha256)) as original:
            info = inspect_scan(original)
    except SohoaError as error:
        return StoredScan(file, received.sha256, None, (error.problem.model_copy(update={"file": file}),))
    return StoredScan(file, received.sha256, info.page_count)


def page_is_held(shop: Workshop, sha256: str, page_number: int) -> bool:
    """True when the text of the page is in the store, intact and read by the present recipe."""
    return load_page(shop.store, keys.page_key(sha256, page_number, shop.recipe)) is not None


def read_stored_page(shop: Workshop, sha256: str, page_number: int) -> str:
    """Read one page of a stored scan and store its text; a page already held is not read again.

    Returns:
        The key of the page text.

    Raises:
        SohoaError: A passing failure (time-out, reader crash), which may be tried again.
    """
    key = keys.page_key(sha256, page_number, shop.recipe)
    if load_page(shop.store, key) is not None:
        return key
    with shop.store.open(keys.scan_key(sha256)) as original, _programs_undisturbed():
        page = read_page_of(
            original,
            kind_of(original),
            sha256,
            page_number,
            shop.reader,
            shop.settings.page_timeout_s,
            partial(shop.opened_pages.keep, sha256) if shop.second_reader else None,
        )
    passing = next((problem for problem in page.problems if problem.retryable), None)
    if passing is not None:
        raise SohoaError(passing.code, page_number=page_number, detail=passing.detail, retryable=True)
    save_page(shop.store, page)
    return key


@contextmanager
def _programs_undisturbed() -> Iterator[None]:
    """Keep Ctrl-C and SIGTERM from the programs this thread starts; the main thread gets them all the same.

    Ctrl-C reaches every program on the terminal. A renderer that dies of it leaves half a page, which would be taken
    for a damaged one and stored as such.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def assemble_dossier(
    shop: Workshop, dossier_id: str, scans: Sequence[StoredScan], failures: Mapping[PageId, Problem]
) -> Assembly:
    """Make papers, records and the dossier from stored page text; nothing is read again.

    Args:
        shop: Store, catalogue, paper types.
        dossier_id: Name the clerk gave.
        scans: Every scan of the dossier, those of earlier runs included.
        failures: Pages without stored text, and why.

    Returns:
        The stored dossier, and what of it waits for a steward.
    """
    listed = _listed(scans)
    pages = [page for scan in listed if scan.duplicate_of is None for page in _pages_of(shop, scan, failures)]
    read_again = StoredSecondReader(shop.store, shop.second_reader, shop.opened_pages) if shop.second_reader else None
    with _programs_undisturbed():
        sorting = sort_pages(pages, shop.paper_types, read_again, load_calibration(shop.store))
    shop.opened_pages.drop(scan.sha256 for scan in listed)
    now = datetime.now(UTC)
    signatures = {page.page.scan_sha256: page.page.signatures for page in pages if page.page.signatures}
    listed = tuple(scan.model_copy(update={"signatures": signatures.get(scan.sha256, ())}) for scan in listed)
    code = dossier_code_of(sorting)
    records = [_save_record(shop, dossier_id, code, paper, signatures, now) for paper in sorting.papers]
    _withdraw_others(shop, dossier_id, records, now)
    papers = [_paper(record, paper) for record, paper in zip(records, sorting.papers, strict=True)]
    problems = tuple(problem.model_copy(update={"file": page.file}) for page in pages for problem in page.page.problems)
    if pages and len(sorting.blank) + len(sorting.separators) == len(pages):
        problems = (*problems, Problem(code=Code.DOSSIER_BLANK))
    dossier = save_dossier(
        shop.store,
        Dossier(
            dossier_id=dossier_id,
            revision=1,
            dossier_code=code,
            recipe=shop.recipe,
            state=state_for(listed, papers, [place_of(page) for page in sorting.failed], problems),
            scans=listed,
            papers=tuple(papers),
            blank_pages=tuple(place_of(page) for page in sorting.blank),
            failed_pages=tuple(place_of(page) for page in sorting.failed),
            separator_pages=tuple(place_of(page) for page, _ in sorting.separators),
            questions=questions_of(sorting),
            components=components_of(sorting, records, shop.paper_types),
            problems=problems,
            created_at=now,
        ),
    )
    shop.catalogue.project_dossier(dossier)
    return Assembly(dossier, _to_review(shop, records), poor_pages(pages))


def _withdraw_others(shop: Workshop, dossier_id: str, records: Sequence[Record], now: datetime) -> None:
    """Withdraw the records of papers that any earlier splitting of the dossier found and this one does not."""
    found = {paper.record_id for earlier in dossier_history(shop.store, dossier_id) for paper in earlier.papers}
    for record_id in sorted(found - {record.record_id for record in records}):
        withdraw(shop.store, record_id, now)
        latest = load_record(shop.store, record_id)
        if latest is not None:  # entered also when an earlier run withdrew it and was killed before it could
            shop.catalogue.project_record(latest)


def scans_with_earlier(shop: Workshop, dossier: DossierInput, scans: Sequence[StoredScan]) -> tuple[StoredScan, ...]:
    """Return the scans of this run together with those the dossier holds already, in natural order of their names.

    Raises:
        SohoaError: `dossier_conflict` when a file of the same name but with other bytes already gave papers: it may
            be another citizen's dossier, which must not be mixed in. The new scan is stored all the same.
            `dossier_erased` when papers of it were erased: assembled anew they would come back.
    """
    earlier = load_dossier(shop.store, dossier.dossier_id)
    if earlier is not None and earlier.erasures:
        raise SohoaError(Code.DOSSIER_ERASED, detail=f"erasure {earlier.erasures[-1]}")
    merged = {scan.file: scan for scan in scans}
    for held in earlier.scans if earlier else ():
        present = merged.get(held.file)
        if present is None:
            merged[held.file] = StoredScan(held.file, held.sha256, held.page_count, held.problems)
        elif present.sha256 != held.sha256 and held.page_count is not None:
            detail = "a file of this name with other content is already part of the dossier"
            raise SohoaError(Code.DOSSIER_CONFLICT, file=held.file, detail=detail)
    return tuple(merged[file] for file in sorted(merged, key=natural_key))


def _listed(scans: Sequence[StoredScan]) -> tuple[DossierScan, ...]:
    first_with: dict[str, str] = {}
    listed: list[DossierScan] = []
    for scan in scans:
        duplicate_of = first_with.get(scan.sha256)
        first_with.setdefault(scan.sha256, scan.file)
        listed.append(
            DossierScan(
                file=scan.file,
                sha256=scan.sha256,
                page_count=scan.page_count,
                problems=() if duplicate_of else scan.problems,
                duplicate_of=duplicate_of,
            )
        )
    return tuple(listed)


def _pages_of(shop: Workshop, scan: DossierScan, failures: Mapping[PageId, Problem]) -> list[DossierPage]:
    pages: list[DossierPage] = []
    for number in range(1, (scan.page_count or 0) + 1):
        page = load_page(shop.store, keys.page_key(scan.sha256, number, shop.recipe))
        if page is None:
            page = _unread(scan.sha256, number, shop.recipe, failures.get((scan.sha256, number)))
        pages.append(DossierPage(scan.file, page))
    return pages


def _unread(sha256: str, number: int, recipe: str, problem: Problem | None) -> PageText:
    problem = problem or Problem(code=Code.READER_FAILED, page_number=number, detail="no text stored", retryable=True)
    return PageText(
        scan_sha256=sha256, page_number=number, recipe=recipe, width_px=0, height_px=0, dpi=0, problems=(problem,)
    )


def _save_record(
    shop: Workshop,
    dossier_id: str,
    dossier_code: str | None,
    paper: Paper,
    signatures: Mapping[str, tuple[PdfSignature, ...]],
    now: datetime,
) -> Record:
    first = paper.pages[0].page
    files = {page.page.scan_sha256: page.file for page in paper.pages}
    of_files = tuple(
        FileSignature(file=file, **signature.model_dump())
        for sha256, file in files.items()
        for signature in signatures.get(sha256, ())
    )
    draft = paper.to_record(
        record_id=keys.record_id_for(dossier_id, first.scan_sha256, first.page_number),
        dossier_id=dossier_id,
        dossier_code=dossier_code,
        created_at=now,
        software=f"sohoa {version('sohoa')}",
        signatures=of_files,
    )
    record = save_draft(shop.store, shop.sample.mark(draft) if shop.sample else draft)
    shop.catalogue.project_record(record)
    return record


def _paper(record: Record, paper: Paper) -> DossierPaper:
    pages = tuple(place_of(page) for page in paper.pages)
    return DossierPaper(record_id=record.record_id, paper_type=record.paper_type, pages=pages)


def _to_review(shop: Workshop, records: Sequence[Record]) -> ToReview:
    types = {paper_type.id: paper_type for paper_type in shop.paper_types}
    waiting = [record for record in records if record.state is RecordState.NEEDS_REVIEW]
    fields = 0
    for record in waiting:
        declared = types[record.paper_type].fields if record.paper_type in types else {}
        for name, field in record.fields.items():
            fields += field.needs_person(required=name in declared and declared[name].required)
    return ToReview(len(waiting), fields)
