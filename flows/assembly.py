"""From stored page text to a dossier: papers, records, what is open. Without Prefect; nothing is read here."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from extractors.contents import dossier_code_of
from extractors.dossier_page import DossierPage
from extractors.papers import Paper, Sorting, poor_pages, sort_pages
from extractors.record import Record
from flows.dossier_contents import arranged_of, components_of, place_of, questions_of
from flows.drafting import Named, save_drafts, to_review, withdraw_others
from flows.intake import DossierInput
from flows.outcome import Assembly
from flows.reading import PageId, StoredScan, programs_undisturbed
from flows.stored_second_reader import StoredSecondReader
from flows.workshop import Workshop
from ocr.file_names import natural_key
from ocr.page import PageText
from ocr.problem import Code, Problem, SohoaError
from storage import keys
from storage.arrangement import Arrangement
from storage.calibrations import load_calibration
from storage.dossier import Dossier, DossierPaper, DossierScan, state_for
from storage.dossiers import load_dossier, save_dossier
from storage.pages import load_page

# Each lost race means that somebody else changed the dossier; more in a row than this is no coincidence.
_MOST_ATTEMPTS = 20


def assemble_dossier(
    shop: Workshop, dossier: DossierInput, scans: Sequence[StoredScan], failures: Mapping[PageId, Problem]
) -> Assembly:
    """Make papers, records and the dossier from stored page text; nothing is read again.

    Where another writer changes the dossier meanwhile (a person arranges its pages, another batch adds a file), what
    it says then is assembled: nobody's word is lost.

    Args:
        shop: Store, catalogue, paper types.
        dossier: As it was sent.
        scans: What was received of it now; what the dossier holds already is part of it too.
        failures: Pages without stored text, and why.

    Returns:
        The stored dossier, and what of it waits for a steward.

    Raises:
        SohoaError: See `scans_with_earlier`; the store or the catalogue cannot be used.
    """
    for _ in range(_MOST_ATTEMPTS):
        earlier = load_dossier(shop.store, dossier.dossier_id)
        listed = _listed(_merged(shop, dossier, scans, earlier))
        made, records, pages = _assemble(shop, dossier, listed, failures, earlier)
        held = save_dossier(shop.store, made, follows=earlier.revision if earlier else 0)
        shop.catalogue.project_dossier(held)
        if held.same_content_as(made) or held.erasures:
            shop.opened_pages.drop(scan.sha256 for scan in listed)
            return Assembly(held, to_review(shop, records), poor_pages(pages))
    detail = f"others changed the dossier {_MOST_ATTEMPTS} times meanwhile"
    raise SohoaError(Code.STORE_UNWRITABLE, detail=detail, retryable=True)


def scans_with_earlier(shop: Workshop, dossier: DossierInput, scans: Sequence[StoredScan]) -> tuple[StoredScan, ...]:
    """Return the scans of this run together with those the dossier holds already, in natural order of their names.

    Raises:
        SohoaError: `dossier_conflict` when a file of the same name but with other bytes already gave papers, or when
            the dossier is another agency's: it may be another citizen's dossier, which must not be mixed in. The new
            scan is stored all the same. `dossier_erased` when papers of it were erased: assembled anew they would
            come back.
    """
    return _merged(shop, dossier, scans, load_dossier(shop.store, dossier.dossier_id))


def _merged(
    shop: Workshop, dossier: DossierInput, scans: Sequence[StoredScan], earlier: Dossier | None
) -> tuple[StoredScan, ...]:
    if earlier is not None and earlier.erasures:
        raise SohoaError(Code.DOSSIER_ERASED, detail=f"erasure {earlier.erasures[-1]}")
    agency = dossier.stated.agency
    if earlier is not None and agency is not None and agency != (earlier.agency or shop.settings.agency):
        raise SohoaError(Code.DOSSIER_CONFLICT, detail="a dossier of this name belongs to another agency")
    merged = {scan.file: scan for scan in scans}
    for held in earlier.scans if earlier else ():
        present = merged.get(held.file)
        if present is None:
            merged[held.file] = StoredScan(held.file, held.sha256, held.page_count, held.problems)
        elif present.sha256 != held.sha256 and held.page_count is not None:
            detail = "a file of this name with other content is already part of the dossier"
            raise SohoaError(Code.DOSSIER_CONFLICT, file=held.file, detail=detail)
    return tuple(merged[file] for file in sorted(merged, key=natural_key))


def _assemble(
    shop: Workshop,
    dossier: DossierInput,
    listed: tuple[DossierScan, ...],
    failures: Mapping[PageId, Problem],
    earlier: Dossier | None,
) -> tuple[Dossier, list[Record], list[DossierPage]]:
    """Save the records, and return the dossier as it is to be stored, with its records and pages."""
    stated, dossier_id = dossier.stated, dossier.dossier_id
    pages = [page for scan in listed if scan.duplicate_of is None for page in _pages_of(shop, scan, failures)]
    arrangement = earlier.arrangement if earlier else None
    sorting = _sorted(shop, pages, arrangement)
    now = datetime.now(UTC)
    signatures = {page.page.scan_sha256: page.page.signatures for page in pages if page.page.signatures}
    listed = tuple(scan.model_copy(update={"signatures": signatures.get(scan.sha256, ())}) for scan in listed)
    agency = stated.agency or (earlier.agency if earlier else None) or shop.settings.agency
    stated_code = stated.dossier_code or (earlier.stated_code if earlier else None)
    printed_code = dossier_code_of(sorting)
    code = stated_code or printed_code
    records = save_drafts(shop, sorting.papers, Named(dossier_id, code, agency), signatures, now)
    withdraw_others(shop, dossier_id, records, now)
    papers = tuple(_paper(record, paper) for record, paper in zip(records, sorting.papers, strict=True))
    problems = _problems_of(sorting, pages)
    if printed_code is not None and printed_code != code:
        problems = (*problems, Problem(code=Code.DOSSIER_CODE_DIFFERS, detail=f"printed: {printed_code}"))
    made = Dossier(
        dossier_id=dossier_id,
        revision=1,
        dossier_code=code,
        stated_code=stated_code,
        procedure_code=stated.procedure_code or (earlier.procedure_code if earlier else None),
        agency=agency,
        recipe=shop.recipe,
        state=state_for(listed, papers, [place_of(page) for page in sorting.failed], problems),
        scans=listed,
        papers=papers,
        blank_pages=tuple(place_of(page) for page in sorting.blank),
        failed_pages=tuple(place_of(page) for page in sorting.failed),
        separator_pages=tuple(place_of(page) for page, _ in sorting.separators),
        questions=questions_of(sorting),
        components=components_of(sorting, records, shop.paper_types),
        problems=problems,
        arrangement=arrangement,
        created_at=now,
    )
    return made, records, pages


def _sorted(shop: Workshop, pages: Sequence[DossierPage], arrangement: Arrangement | None) -> Sorting:
    read_again = StoredSecondReader(shop.store, shop.second_reader, shop.opened_pages) if shop.second_reader else None
    calibration = load_calibration(shop.store)
    with programs_undisturbed():
        return sort_pages(pages, shop.paper_types, read_again, calibration, arranged_of(arrangement))


def _problems_of(sorting: Sorting, pages: Sequence[DossierPage]) -> tuple[Problem, ...]:
    problems = tuple(problem.model_copy(update={"file": page.file}) for page in pages for problem in page.page.problems)
    if pages and len(sorting.blank) + len(sorting.separators) == len(pages):
        problems = (*problems, Problem(code=Code.DOSSIER_BLANK))
    return problems


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


def _paper(record: Record, paper: Paper) -> DossierPaper:
    pages = tuple(place_of(page) for page in paper.pages)
    return DossierPaper(record_id=record.record_id, paper_type=record.paper_type, pages=pages)
