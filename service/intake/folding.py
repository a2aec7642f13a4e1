"""How far a batch has got: its events, folded into figures; folded once, and gone on from when more come."""

import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from extractors.record import PoorPage
from ocr.page_quality import Verdict
from ocr.problem import Problem
from storage.desk.progress import Progress, ProgressKind, ProgressLog
from storage.dossier import DossierState

# Batches that people look at on one day; an older one is folded anew when it is asked for.
_MOST_KEPT = 500

# Events whose problems are the whole batch's.
_OF_ALL = frozenset({ProgressKind.DELAYED, ProgressKind.FAILED})

# Dossier, file, SHA-256: a file that was taken out and sent again may have other bytes.
FileKey = tuple[str, str, str]


@dataclass(slots=True)
class FoldedFile:
    """What is known of one file before it is read.

    Attributes:
        page_count: Number of its pages; None where that is not known (yet).
        verdicts: What each page that was looked at is good for.
        blank: Pages that look as if nothing were on them.
        poor: Of the poor ones, why.
        problems: What cannot be used, of the file (page number None) or a page of it.
        dossier_code: What a code on it says.
        procedure_code: What a code on it says.
    """

    page_count: int | None = None
    verdicts: dict[int, Verdict] = field(default_factory=dict)
    blank: set[int] = field(default_factory=set)
    poor: dict[int, PoorPage] = field(default_factory=dict)
    problems: dict[int | None, Problem] = field(default_factory=dict)
    dossier_code: str | None = None
    procedure_code: str | None = None


@dataclass(slots=True)
class FoldedDossier:
    """How far the digitising of one dossier has got; `poor`: pages that reading found poor."""

    state: DossierState | None = None
    pages: int = 0
    pages_read: int = 0
    papers: int = 0
    to_review: int = 0
    problems: tuple[Problem, ...] = ()
    poor: tuple[PoorPage, ...] = ()


@dataclass(slots=True)
class Fold:
    """One batch; `seq` is the number of the last event that is in it, `problems` what digitising it waits for."""

    seq: int = 0
    problems: tuple[Problem, ...] = ()
    files: dict[FileKey, FoldedFile] = field(default_factory=dict)
    dossiers: dict[str, FoldedDossier] = field(default_factory=dict)

    def add(self, event: Progress) -> None:
        """Add one more event."""
        if event.kind is ProgressKind.CHECKED:
            self._check(event)
            return
        # Whatever else happens to it, it no longer waits.
        self.problems = event.problems if event.kind in _OF_ALL else ()
        if event.dossier_id is not None:
            self._go_on(self.dossiers.setdefault(event.dossier_id, FoldedDossier()), event)

    def _check(self, event: Progress) -> None:
        key = (event.dossier_id or "", event.file or "", event.sha256 or "")
        found = self.files.setdefault(key, FoldedFile())
        found.page_count = event.count or found.page_count
        found.verdicts |= {page.page_number: page.verdict for page in event.checked}
        found.blank |= {page.page_number for page in event.checked if page.is_blank}
        found.poor |= {page.page_number: page for page in event.poor_pages}
        found.problems |= {problem.page_number: problem for problem in event.problems}
        found.dossier_code = found.dossier_code or event.dossier_code
        found.procedure_code = found.procedure_code or event.procedure_code

    def _go_on(self, dossier: FoldedDossier, event: Progress) -> None:
        if event.kind is ProgressKind.PAGES:
            # Told anew when a runner that was killed begins again.
            dossier.pages, dossier.pages_read = event.count, event.held
        elif event.kind is ProgressKind.PAGE:
            dossier.pages_read = min(dossier.pages, dossier.pages_read + max(event.count, 1))
        elif event.kind is ProgressKind.ASSEMBLED:
            dossier.state, dossier.papers, dossier.to_review = event.state, event.papers, event.to_review
            dossier.problems, dossier.poor = event.problems, event.poor_pages


class Folds:
    """The batches that were asked for lately."""

    def __init__(self) -> None:
        """Know of none yet."""
        self._kept: OrderedDict[str, Fold] = OrderedDict()
        self._folding = threading.Lock()

    @contextmanager
    def reading(self, progress: ProgressLog, batch_id: str) -> Iterator[Fold]:
        """Lend a batch with all its events; it does not change until the block ends.

        Raises:
            SohoaError: `DESK_FAILED`.
        """
        with self._folding:
            kept = self._kept.pop(batch_id, None) or Fold()
            while events := progress.since(batch_id, kept.seq):
                for seq, event in events:
                    kept.add(event)
                    kept.seq = seq
            self._kept[batch_id] = kept
            while len(self._kept) > _MOST_KEPT:
                self._kept.popitem(last=False)
            yield kept

    def forget(self, batch_id: str) -> None:
        """Drop what is known of a batch."""
        with self._folding:
            self._kept.pop(batch_id, None)
