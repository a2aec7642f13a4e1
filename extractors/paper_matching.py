"""Which record is about which paper of a dossier whose truth is known."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PaperPlace:
    """What tells a paper from the others of its dossier.

    Attributes:
        paper_type: Id of its type.
        file: The file it came in, as the clerk named it; None where the truth does not say.
        first_page: Its first page in that file; None where the truth does not say.
    """

    paper_type: str
    file: str | None = None
    first_page: int | None = None


def match_papers(papers: Sequence[PaperPlace], records: Sequence[PaperPlace]) -> list[int | None]:
    """Return for each paper of one dossier the index of the record about it, or None.

    A record belongs to the paper that begins on its first page of the same file; what is left is matched by type, and
    a single paper with a single record left belong together whatever their types.
    """
    left = list(range(len(records)))
    matched: list[int | None] = [None] * len(papers)

    def take(index: int, record: int | None) -> None:
        if record is not None:
            matched[index] = record
            left.remove(record)

    for index, paper in enumerate(papers):
        if paper.first_page is not None:
            take(index, next((one for one in left if _begins_at(records[one], paper)), None))
    for index, paper in enumerate(papers):
        if matched[index] is None:
            take(index, next((one for one in left if records[one].paper_type == paper.paper_type), None))
    unmatched = [index for index, one in enumerate(matched) if one is None and papers[index].first_page is None]
    if len(unmatched) == 1 and left:
        take(unmatched[0], min(left, key=lambda one: (records[one].file or "", records[one].first_page or 0)))
    return matched


def _begins_at(record: PaperPlace, paper: PaperPlace) -> bool:
    return (record.file, record.first_page) == (paper.file, paper.first_page)
