"""Two papers on one page: a paper is a run of pages, so such a page stays whole and a steward is asked."""

from extractors.payloads import payloads_of
from extractors.receipt import RECEIPT
from extractors.splitting.evidence import CARDS
from extractors.splitting.page_marks import PageMarks
from extractors.titles import titles_of_first_page


def two_papers_on(marks: PageMarks) -> tuple[str, ...]:
    """Return the marks of two papers on one page; empty when there seems to be one.

    Two cards side by side bear two titles, or the codes of two people. A receipt names other papers, and an act its
    annex: their pages are not asked about.
    """
    found: list[str] = []
    first = marks.title
    if first is None or (first.paper_type.layout != "act" and first.paper_type.id != RECEIPT):
        titles = [
            title
            for title in titles_of_first_page(marks.text, marks.paper_types)
            if title.paper_type.layout != "act" and title.paper_type.id != RECEIPT
        ]
        types = {title.paper_type.id for title in titles}
        cards = sum(title.paper_type.id in CARDS for title in titles)
        if len(types) > 1 or cards > 1:
            found.append("two-titles")
    if len(_people(marks)) > 1:
        found.append("two-codes")
    return tuple(found)


def _people(marks: PageMarks) -> set[str]:
    """Return the personal numbers of the page's identity codes and zones, each on its own."""
    page = marks.page
    parts = [page.model_copy(update={"codes": (code,), "mrz": ()}) for code in page.codes]
    parts += [page.model_copy(update={"codes": (), "mrz": (zone,)}) for zone in page.mrz]
    payloads = (payloads_of((part,)) for part in parts)
    names = ("id_card.personal_id", "mrz.personal_id")
    return {found[name].text for found in payloads for name in names if name in found}
