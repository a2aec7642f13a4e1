"""Batches as people and systems see them: rows of the desk, what the gate found, how far the runner has got."""

from collections.abc import Iterable, Sequence

from ocr.file_names import natural_key
from ocr.messages import MESSAGES, quality_words
from ocr.problem import Code
from service.errors import problem_body
from service.intake.folding import Fold, FoldedDossier, FoldedFile
from service.intake.intake import Intake
from service.intake.receipts import agency_of, only
from service.intake.shapes import BatchView, DossierView, FileView, PageView, Suggested
from storage.batch import Batch, BatchDossier, BatchState
from storage.batches import load_batch
from storage.desk.batches import BatchRow
from storage.desk.upload import Upload, UploadKind, UploadState

_FINISHED = frozenset({BatchState.DONE, BatchState.FAILED})
_GOOD = "đạt"


def view_of(intake: Intake, batch: BatchRow) -> BatchView:
    """Return a batch as it stands.

    Raises:
        SohoaError: The desk fails; the store fails, or the stored batch is damaged.
    """
    files = [upload for upload in intake.uploads.of_batch(batch.batch_id) if not _is_emptied(upload)]
    stored = load_batch(intake.store, batch.batch_id) if batch.state in _FINISHED else None
    with intake.folds.reading(intake.progress, batch.batch_id) as fold:
        return _view(batch, files, fold, stored)


def _view(batch: BatchRow, files: Sequence[Upload], fold: Fold, stored: Batch | None) -> BatchView:
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
        dossiers=_dossiers(batch.batch_id, files, fold, stored),
        suggested=_suggested(files, fold),
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
        pages=[_page(batch_id, upload.sha256, found, number) for number in sorted(found.verdicts)],
    )


def picture_path(batch_id: str, sha256: str, page_number: int) -> str:
    """Return where the picture of a page of a batch is."""
    return f"/v1/batches/{batch_id}/pictures/{sha256}/{page_number}.webp"


def _is_emptied(upload: Upload) -> bool:
    """True for an archive whose entries are files of the batch themselves."""
    return upload.kind is UploadKind.ARCHIVE and upload.state is UploadState.STORED


def _dossiers(batch_id: str, files: Sequence[Upload], fold: Fold, stored: Batch | None) -> list[DossierView]:
    by_dossier: dict[str, list[Upload]] = {}
    for upload in sorted(files, key=lambda each: natural_key(each.file)):
        by_dossier.setdefault(upload.dossier_id, []).append(upload)
    became = {dossier.dossier_id: dossier for dossier in stored.dossiers} if stored else {}
    views = []
    for dossier_id in sorted({*by_dossier, *became}, key=natural_key):
        uploads = by_dossier.get(dossier_id, [])
        of_files = [file_view(batch_id, upload, fold) for upload in uploads]
        # What was forgotten on the desk, because it was erased, is told as the store tells it.
        of_files = of_files or list(_stored_files(became.get(dossier_id)))
        views.append(_dossier(dossier_id, of_files, fold.dossiers.get(dossier_id), became.get(dossier_id)))
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


def _stored_files(dossier: BatchDossier | None) -> Iterable[FileView]:
    for file in dossier.files if dossier is not None else ():
        yield FileView(
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


def _page(batch_id: str, sha256: str | None, found: FoldedFile, page_number: int) -> PageView:
    verdict, poor = found.verdicts[page_number], found.poor.get(page_number)
    problem = found.problems.get(page_number)
    if problem is not None:
        return PageView(page_number=page_number, verdict=verdict, words=unusable_words(problem.code), picture=None)
    return PageView(
        page_number=page_number,
        verdict=verdict,
        words=quality_words(poor.quality) if poor is not None else _GOOD,
        picture=picture_path(batch_id, sha256, page_number) if sha256 is not None else None,
    )


def unusable_words(code: Code) -> str:
    """Return why a page must be scanned again that could not even be opened."""
    what = MESSAGES[code].what.rstrip(".")
    return f"cần quét lại: {what[0].lower()}{what[1:]}"


def _suggested(files: Iterable[Upload], fold: Fold) -> Suggested | None:
    """Return what the codes of the files say, each where they say one thing."""
    receipts = [
        (upload.file, found)
        for upload in files
        if (found := fold.files.get((upload.dossier_id, upload.file, upload.sha256 or ""))) is not None
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
