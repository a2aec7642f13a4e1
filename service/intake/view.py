"""Batches as people and systems see them: rows of the desk, what the gate found, how far the runner has got."""

from collections.abc import Iterable, Mapping
from itertools import groupby

from ocr.messages import MESSAGES, quality_words
from ocr.page_quality import PageQuality
from ocr.problem import Code
from service.errors import problem_body
from service.intake.folding import Fold, FoldedDossier, FoldedFile
from service.intake.intake import Intake
from service.intake.portions import Line, listed, portion
from service.intake.receipts import agency_of, only
from service.intake.shapes import BatchView, DossierView, FileView, PageView, Suggested
from storage.batch import BatchDossier, BatchFile
from storage.desk.batches import BatchRow
from storage.desk.upload import Upload, UploadState
from storage.desk.uploads import Outline

# So many files are told at a time: an answer stays small and quick however many a batch holds.
FILES_AT_ONCE = 300
_GOOD, _BLANK = "đạt", "trang trắng"


def view_of(intake: Intake, batch: BatchRow, after: str = "", limit: int = FILES_AT_ONCE) -> BatchView:
    """Return a batch as it stands, with a portion of its files.

    Args:
        intake: Where it came in.
        batch: The batch.
        after: The place (`service.intake.portions`) that the portion begins after; "": from the first file.
        limit: At most so many files, but for those of one name.

    Raises:
        SohoaError: The desk fails; the store fails, or the stored batch is damaged.
    """
    # Before anything else: what comes meanwhile is told once more by those who follow, and nothing is left out.
    with intake.folds.reading(intake.progress, batch.batch_id) as fold:
        seq = fold.seq
    held = listed(intake, batch)
    lines, following = portion(held.lines, after, limit)
    wanted = [line.held.upload_id for line in lines if isinstance(line.held, Outline)]
    uploads = {upload.upload_id: upload for upload in intake.uploads.some(wanted)}
    with intake.folds.reading(intake.progress, batch.batch_id) as fold:
        return BatchView(
            batch_id=batch.batch_id,
            state=batch.state,
            account=batch.account,
            agency=batch.agency,
            procedure_code=batch.procedure_code,
            dossier_code=batch.dossier_code,
            created_at=batch.created_at,
            submitted_at=batch.submitted_at,
            finished_at=batch.finished_at,
            seq=seq,
            problems=[problem_body(problem) for problem in fold.problems],
            file_count=sum(bool(line.file) for line in held.lines),
            dossier_count=len({line.dossier_id for line in held.lines}),
            dossiers=_dossiers(batch.batch_id, lines, uploads, fold, held.became),
            next=following,
            suggested=_suggested([line.held for line in held.lines if isinstance(line.held, Outline)], fold),
        )


def file_view(batch_id: str, upload: Upload, fold: Fold) -> FileView:
    """Return one file as it stands."""
    found = fold.files.get((upload.dossier_id, upload.file, upload.sha256 or ""), FoldedFile())
    problem = upload.problem or found.problems.get(None)
    return FileView(
        upload_id=upload.upload_id,
        file=upload.file,
        size_bytes=upload.size_bytes,
        offset_bytes=upload.offset_bytes,
        sha256=upload.sha256,
        state=upload.state,
        problem=problem_body(problem) if problem is not None else None,
        page_count=found.page_count,
        pages=_pages(batch_id, upload, found, fold.dossiers.get(upload.dossier_id, FoldedDossier())),
    )


def picture_path(batch_id: str, sha256: str, page_number: int) -> str:
    """Return where the picture of a page of a batch is."""
    return f"/v1/batches/{batch_id}/pictures/{sha256}/{page_number}.webp"


def _dossiers(
    batch_id: str,
    lines: Iterable[Line],
    uploads: Mapping[str, Upload],
    fold: Fold,
    became: Mapping[str, BatchDossier],
) -> list[DossierView]:
    views = []
    for dossier_id, of_dossier in groupby(lines, key=lambda line: line.dossier_id):
        files = []
        for line in of_dossier:
            held = line.held
            if isinstance(held, BatchFile):
                files.append(_stored_file(held))
            elif held is not None and held.upload_id in uploads:  # it may have been taken out this moment
                files.append(file_view(batch_id, uploads[held.upload_id], fold))
        views.append(_dossier(dossier_id, files, fold.dossiers.get(dossier_id), became.get(dossier_id)))
    return views


def _dossier(
    dossier_id: str, files: list[FileView], folded: FoldedDossier | None, became: BatchDossier | None
) -> DossierView:
    folded = folded or FoldedDossier()
    problems = became.problems if became is not None and became.state is not None else folded.problems
    return DossierView(
        dossier_id=dossier_id,
        files=files,
        state=became.state if became is not None and became.state is not None else folded.state,
        pages=folded.pages,
        pages_read=folded.pages_read,
        papers=folded.papers,
        to_review=folded.to_review,
        problems=[problem_body(problem) for problem in problems],
    )


def _stored_file(file: BatchFile) -> FileView:
    return FileView(
        upload_id=None,
        file=file.file,
        size_bytes=file.size_bytes,
        offset_bytes=file.size_bytes,
        sha256=file.sha256,
        state=UploadState.STORED,
        problem=None,
        page_count=None,
        pages=[],
    )


def _pages(batch_id: str, upload: Upload, found: FoldedFile, read: FoldedDossier) -> list[PageView]:
    """Return the pages that were looked at before reading, and those that reading itself found poor."""
    pages = {number: _page(batch_id, upload.sha256, found, number) for number in found.verdicts}
    for poor in read.poor:
        if poor.file == upload.file and poor.page_number not in pages:
            pages[poor.page_number] = _looked_at(batch_id, upload.sha256, poor.page_number, poor.quality)
    return [pages[number] for number in sorted(pages)]


def _page(batch_id: str, sha256: str | None, found: FoldedFile, page_number: int) -> PageView:
    verdict, poor = found.verdicts[page_number], found.poor.get(page_number)
    problem = found.problems.get(page_number)
    if problem is not None:
        words = unusable_words(problem.code)
        return PageView(page_number=page_number, verdict=verdict, is_blank=False, words=words, sides=[], picture=None)
    quality = poor.quality if poor is not None else PageQuality(verdict=verdict)
    return _looked_at(batch_id, sha256, page_number, quality, is_blank=page_number in found.blank)


def _looked_at(
    batch_id: str, sha256: str | None, page_number: int, quality: PageQuality, *, is_blank: bool = False
) -> PageView:
    return PageView(
        page_number=page_number,
        verdict=quality.verdict,
        is_blank=is_blank,
        words=quality_words(quality) if quality.reasons else words_of_good(is_blank=is_blank),
        sides=sorted({reason.side for reason in quality.reasons if reason.side is not None}),
        picture=picture_path(batch_id, sha256, page_number) if sha256 is not None else None,
    )


def words_of_good(*, is_blank: bool) -> str:
    """Return what is said of a page with nothing to object to."""
    return _BLANK if is_blank else _GOOD


def unusable_words(code: Code) -> str:
    """Return why a page must be scanned again that could not even be opened."""
    what = MESSAGES[code].what.rstrip(".")
    return f"cần quét lại: {what[0].lower()}{what[1:]}"


def _suggested(files: Iterable[Outline], fold: Fold) -> Suggested | None:
    """Return what the codes of the files say, each where they say one thing."""
    receipts = [
        (file.file, found)
        for file in files
        if (found := fold.files.get((file.dossier_id, file.file, file.sha256 or ""))) is not None
        and (found.dossier_code or found.procedure_code)
    ]
    if not receipts:
        return None
    codes = {found.dossier_code for _, found in receipts if found.dossier_code is not None}
    return Suggested(
        dossier_code=only(codes),
        procedure_code=only(found.procedure_code for _, found in receipts if found.procedure_code is not None),
        agency=only(agency for code in codes if (agency := agency_of(code)) is not None),
        from_file=receipts[0][0],
    )
