"""Trying a paper type on its own samples: what comes out that should not."""

from dataclasses import dataclass

from extractors.dossier_page import DossierPage
from extractors.paper_type import UNKNOWN_PAPER_TYPE, PaperType, Sample
from extractors.papers import sort_pages
from extractors.record import FieldValue
from extractors.sample import pages_from_sample


@dataclass(frozen=True, slots=True)
class Difference:
    """A value of a sample that came out otherwise; `what` is a field, `paper_type` or `papers`."""

    what: str
    got: FieldValue
    wanted: FieldValue


def check_sample(paper_type: PaperType, sample: Sample, paper_types: tuple[PaperType, ...]) -> tuple[Difference, ...]:
    """Read `sample` as a dossier of its own and return what differs from what it declares."""
    pages = [DossierPage("mau", page) for page in pages_from_sample(sample)]
    papers = sort_pages(pages, paper_types).papers
    if len(papers) != 1:
        return (Difference("papers", str(len(papers)), "1"),)
    (paper,) = papers
    found = paper.paper_type.id if paper.paper_type else UNKNOWN_PAPER_TYPE
    if found != paper_type.id:
        return (Difference("paper_type", found, paper_type.id),)
    values = {name: paper.fields[name].value for name in sample.fields}
    return tuple(
        Difference(name, values[name], wanted) for name, wanted in sample.fields.items() if values[name] != wanted
    )
