"""What a dossier should hold by its receipts against what was found, and the dossier's code."""

from collections.abc import Sequence
from dataclasses import dataclass

from extractors.paper_names import component_types
from extractors.paper_text import PaperText
from extractors.paper_type import PaperType
from extractors.papers import Paper, Sorting
from extractors.payloads import DOSSIER_CODE, payloads_of
from extractors.receipt import RECEIPT, component_names

_CODE_FIELD = "dossier_code"


@dataclass(frozen=True, slots=True)
class ListedPaper:
    """A line of a receipt: its name, the type it names, and the place among the dossier's papers of the one it is."""

    name: str
    paper_type: str | None
    paper_index: int | None


def listed_papers(papers: Sequence[Paper], paper_types: Sequence[PaperType]) -> tuple[ListedPaper, ...]:
    """Return what the receipts among `papers` list; each paper of the dossier stands for one line at most."""
    left = [index for index, paper in enumerate(papers) if paper.paper_type and paper.paper_type.id != RECEIPT]
    listed: list[ListedPaper] = []
    for receipt in papers:
        if receipt.paper_type is None or receipt.paper_type.id != RECEIPT:
            continue
        for name in component_names(PaperText(tuple(page.page for page in receipt.pages))):
            types = component_types(name, paper_types)
            found = next((index for index in left if _type_id(papers[index]) in types), None)
            if found is not None:
                left.remove(found)
            named = _type_id(papers[found]) if found is not None else next(iter(types), None)
            listed.append(ListedPaper(name, named, found))
    return tuple(listed)


def dossier_code_of(sorting: Sorting) -> str | None:
    """Return the code of the dossier, when that is sure.

    Sure is what a code on a receipt or separator sheet carries, for it checks itself; and what a receipt prints where
    something independent supports it. A code on any other paper may be that of the dossier the paper came from.
    Two different codes are none.
    """
    said = {sheet.dossier_code for _, sheet in sorting.separators if sheet.dossier_code}
    for paper in sorting.papers:
        if _type_id(paper) != RECEIPT:
            continue
        payload = payloads_of(tuple(page.page for page in paper.pages)).get("dossier.code")
        field = paper.fields.get(_CODE_FIELD)
        printed = field.value if field is not None and isinstance(field.value, str) else None
        if payload is not None:
            said.add(payload.text)
        if printed and DOSSIER_CODE.fullmatch(printed) and (payload is not None or (field and field.accepted)):
            said.add(printed)
    return said.pop() if len(said) == 1 else None


def _type_id(paper: Paper) -> str | None:
    return paper.paper_type.id if paper.paper_type else None
