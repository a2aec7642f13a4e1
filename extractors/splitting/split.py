"""Splitting the pages of a dossier into runs of one paper each, by evidence that is weighed and kept.

Before each page stands the question whether a new paper begins there. Every mark that speaks for a cut or for going on
has a name and a weight; the sum decides. Between two thresholds the likelier choice is made and put to a steward.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from extractors.dossier_page import DossierPage
from extractors.paper_type import PaperType
from extractors.splitting.evidence import Evidence, Surroundings, evidence_between
from extractors.splitting.page_marks import PageMarks
from extractors.splitting.separators import Separator, find_separator
from extractors.splitting.two_papers import two_papers_on

# Nearer to zero than this the choice is put to a steward. Source: drawn bundles; sums of right choices lie beyond it.
UNCERTAIN = 1.6


@dataclass(frozen=True, slots=True)
class Doubt:
    """A choice a steward is asked about.

    Attributes:
        page: Before which page a paper may or may not begin; for `two-papers` the page that bears both.
        kind: `cut`, or `two-papers` where two certificates seem to stand on one page.
        is_cut: What was chosen.
        reasons_for: What speaks for two papers, weightiest first.
        reasons_against: What speaks for one paper, weightiest first.
    """

    page: DossierPage
    kind: str
    is_cut: bool
    reasons_for: tuple[str, ...]
    reasons_against: tuple[str, ...]


@dataclass(slots=True)
class Run:
    """Pages of one paper, in order, and what is known of it before its text is read.

    Attributes:
        pages: At least one page.
        doubts: Choices at its ends or inside it that a steward is asked about.
        separator: The sheet that stood before it.
        paper_type: Type that a person gave it, or None.
    """

    pages: list[DossierPage]
    doubts: list[Doubt] = field(default_factory=list)
    separator: Separator | None = None
    paper_type: str | None = None


def split_pages(
    pages: Sequence[DossierPage], paper_types: tuple[PaperType, ...], expected: frozenset[str] = frozenset()
) -> list[Run]:
    """Cut the pages of a dossier into runs of one paper each.

    Args:
        pages: All pages in scan order; blank and failed ones and separator sheets are in no run, but tell something.
        paper_types: The types whose titles and labels are known.
        expected: Types that a receipt of the dossier lists: their titles are looked for.
    """
    runs: list[Run] = []
    marks_of_run: list[PageMarks] = []
    separator: Separator | None = None
    is_parted, blanks = False, 0
    lengths = Counter(page.page.scan_sha256 for page in pages)

    def around(page: DossierPage, blanks: int) -> Surroundings:
        before, now = runs[-1].pages[-1].page.scan_sha256, page.page.scan_sha256
        return Surroundings(blanks, before != now, lengths[before] == lengths[now] == 1)

    for page in pages:
        sheet = find_separator(page.page)
        if sheet is not None:
            separator, is_parted = sheet, True
        elif page.page.is_blank and not page.page.failed:
            blanks += 1
        elif not page.page.failed:
            marks = PageMarks(page.page, paper_types)
            if is_parted or not runs:
                runs.append(Run([page], separator=separator))
                marks_of_run = [marks]
            elif _decide(runs, page, evidence_between(marks_of_run, marks, around(page, blanks), expected)):
                marks_of_run = [marks]
            else:
                marks_of_run.append(marks)
            signs = two_papers_on(marks)
            if signs:
                runs[-1].doubts.append(Doubt(page, "two-papers", is_cut=False, reasons_for=signs, reasons_against=()))
            separator, is_parted, blanks = None, False, 0
    return runs


def _decide(runs: list[Run], page: DossierPage, evidence: Sequence[Evidence]) -> bool:
    """Add `page` to the last run or begin a new one with it; return whether it begins one."""
    total = sum(one.weight for one in evidence)
    is_cut = total > 0
    if is_cut:
        runs.append(Run([page]))
    else:
        runs[-1].pages.append(page)
    if abs(total) < UNCERTAIN:
        ordered = sorted(evidence, key=lambda one: -abs(one.weight))
        doubt = Doubt(
            page,
            "cut",
            is_cut,
            tuple(one.reason for one in ordered if one.weight > 0),
            tuple(one.reason for one in ordered if one.weight < 0),
        )
        for run in runs[-2:] if is_cut else runs[-1:]:
            run.doubts.append(doubt)
    return is_cut
