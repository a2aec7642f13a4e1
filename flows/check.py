"""The clerk's check before uploading: is every page scanned well enough? Nothing is read and nothing is stored."""

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flows.intake import display_name, take_in
from flows.progress import PageRead, PagesFound, tell
from ocr.page_quality import PageQuality, Verdict
from ocr.problem import Code, Problem, SohoaError
from ocr.quality import assess_unread
from ocr.scan import ScanKind, inspect_scan, open_page


@dataclass(frozen=True, slots=True)
class PageCheck:
    """One page: its quality, or None where it could not be opened; and what went wrong with it."""

    page_number: int
    quality: PageQuality | None
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class FileCheck:
    """One file of a dossier: its pages, or the problem for which it could not be opened."""

    dossier_id: str
    file: str
    pages: tuple[PageCheck, ...] = ()
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class CheckOutcome:
    """Every file, files that were passed over, and what is wrong with the input itself."""

    files: tuple[FileCheck, ...]
    skipped: tuple[Problem, ...]
    problems: tuple[Problem, ...]

    @property
    def is_fit(self) -> bool:
        """True when there was something to check, everything opened, and no page should be scanned again."""
        return (
            bool(self.files)
            and not self.problems
            and not any(file.problem for file in self.files)
            and not any(
                page.problems or page.quality is None or page.quality.verdict is Verdict.RESCAN
                for file in self.files
                for page in file.pages
            )
        )

    def count(self, verdict: Verdict) -> int:
        """Return the number of pages with this verdict."""
        return sum(page.quality is not None and page.quality.verdict is verdict for _, page in self.pages())

    def pages(self) -> Iterator[tuple[FileCheck, PageCheck]]:
        """Yield every page with its file."""
        for file in self.files:
            for page in file.pages:
                yield file, page

    def as_json(self) -> dict[str, Any]:
        """Return the result for programs."""
        return {
            "is_fit": self.is_fit,
            "files": [_file_json(file) for file in self.files],
            "skipped": [problem.model_dump(mode="json") for problem in self.skipped],
            "problems": [problem.model_dump(mode="json") for problem in self.problems],
        }


def check_paths(paths: Iterable[Path], workers: int) -> CheckOutcome:
    """Check every page of the scans under `paths`, found as `sohoa ingest` finds them.

    A file or page that cannot be opened is told with its problem; the others go on.

    Args:
        paths: Folders and files.
        workers: Pages checked at the same time.

    Raises:
        SohoaError: `reader_missing` when a program that opens scans is not installed.
    """
    intake = take_in(paths)
    with ThreadPoolExecutor(workers) as pool:
        files = [
            _check_file(pool, dossier.dossier_id, path)
            for dossier in intake.dossiers
            for path in dossier.files
            if isinstance(path, Path)
        ]
    return CheckOutcome(tuple(files), intake.skipped, intake.problems)


def _check_file(pool: ThreadPoolExecutor, dossier_id: str, path: Path) -> FileCheck:
    file = display_name(path)
    try:
        info = inspect_scan(path)
    except OSError:
        return FileCheck(dossier_id, file, problem=Problem(code=Code.PATH_UNREADABLE, file=file))
    except SohoaError as error:
        if error.code is Code.READER_MISSING:
            raise
        return FileCheck(dossier_id, file, problem=error.problem.model_copy(update={"file": file}))
    numbers = range(1, info.page_count + 1)
    tell(PagesFound(len(numbers), held=0))
    pages = pool.map(lambda number: _check_page(path, file, info.kind, number), numbers)
    return FileCheck(dossier_id, file, tuple(pages))


def _check_page(path: Path, file: str, kind: ScanKind, page_number: int) -> PageCheck:
    place = {"file": file, "page_number": page_number}
    try:
        image = open_page(path, kind, page_number)
        problems = tuple(problem.model_copy(update=place) for problem in image.problems)
        return PageCheck(page_number, assess_unread(image), problems)
    except SohoaError as error:
        return PageCheck(page_number, None, (error.problem.model_copy(update=place),))
    finally:
        tell(PageRead())


def _file_json(file: FileCheck) -> dict[str, Any]:
    return {
        "dossier_id": file.dossier_id,
        "file": file.file,
        "problem": file.problem.model_dump(mode="json") if file.problem else None,
        "pages": [
            {
                "page_number": page.page_number,
                "quality": page.quality.model_dump(mode="json") if page.quality else None,
                "problems": [problem.model_dump(mode="json") for problem in page.problems],
            }
            for page in file.pages
        ],
    }
