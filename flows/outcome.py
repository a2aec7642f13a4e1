"""The nouns of a run's result. Imports nothing of Prefect, so that reports and their tests need none."""

from dataclasses import dataclass

from extractors.record import PoorPage
from ocr.problem import Problem
from storage.dossier import Dossier, DossierState


@dataclass(frozen=True, slots=True)
class ToReview:
    """What of a dossier waits for a steward: records, and the fields of these that somebody must look at."""

    records: int = 0
    fields: int = 0


@dataclass(frozen=True, slots=True)
class Assembly:
    """A dossier as it was stored, what of it waits for a steward, and which of its pages were scanned poorly."""

    dossier: Dossier
    to_review: ToReview
    poor_pages: tuple[PoorPage, ...] = ()


@dataclass(frozen=True, slots=True)
class DossierOutcome:
    """What became of one dossier of the run; `dossier` is None when nothing of it could be stored."""

    dossier_id: str
    state: DossierState
    dossier: Dossier | None
    to_review: ToReview
    problems: tuple[Problem, ...]
    poor_pages: tuple[PoorPage, ...] = ()


@dataclass(frozen=True, slots=True)
class RunOutcome:
    """What became of a run: every dossier, files that were passed over, and what was wrong with the input."""

    dossiers: tuple[DossierOutcome, ...]
    skipped: tuple[Problem, ...]
    problems: tuple[Problem, ...]

    @property
    def complete(self) -> bool:
        """True when there was something to do and nothing is partial, failed or wrong."""
        return (
            bool(self.dossiers)
            and not self.problems
            and all(outcome.state is DossierState.COMPLETE for outcome in self.dossiers)
        )
