"""A person puts the pages of a dossier together anew: what is checked, what is kept, and what is still to be done."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from ocr.problem import Code, SohoaError
from storage.arrangement import ArrangedPaper, Arrangement
from storage.dossier import Dossier, DossierPaper
from storage.dossiers import arrange_dossier, load_dossier, read_dossier
from storage.key_parsing import parse_dossier_key
from storage.keys import DOSSIERS_PREFIX
from storage.objects import ObjectStore
from storage.records import is_settled, load_record
from storage.revisions import latest_keys

if TYPE_CHECKING:
    from storage.catalogue import Catalogue

_MARK = b'"to_assemble":true'


def arrange(
    store: ObjectStore,
    catalogue: "Catalogue | None",
    dossier_id: str,
    expected_revision: int,
    arrangement: Arrangement,
) -> Dossier:
    """Keep how a person arranged a dossier. Papers and records follow when it is assembled (`Launcher.assemble`).

    Said again by who did not get the answer, it is kept once.

    Args:
        store: Holds the dossier.
        catalogue: Is told the new revision; None: the next reindex finds it.
        dossier_id: Name the clerk gave.
        expected_revision: The revision the person looked at.
        arrangement: Names every page of the papers and every blank one, each once; it may name separator sheets and
            pages that could not be read as well.

    Returns:
        The new revision: papers are still those of before, `to_assemble` is set.

    Raises:
        SohoaError: `DOSSIER_UNKNOWN`, `DOSSIER_ERASED`; `RECORD_CHANGED` where another revision is the latest by now;
            `DECISION_INVALID` where a page is missing or not of the dossier, and, with the record in `field`, where a
            paper would change that a person decided on.
    """
    dossier = load_dossier(store, dossier_id)
    if dossier is None:
        raise SohoaError(Code.DOSSIER_UNKNOWN)
    if dossier.erasures:
        raise SohoaError(Code.DOSSIER_ERASED, detail=f"erasure {dossier.erasures[-1]}")
    if dossier.revision > expected_revision and _says(dossier, arrangement):
        held = dossier
    else:
        _check_pages(dossier, arrangement)
        _check_decided(store, dossier, arrangement)
        after = dossier.model_copy(
            update={"arrangement": arrangement, "to_assemble": True, "created_at": datetime.now(UTC)}
        )
        held = arrange_dossier(store, after, expected_revision)
    if catalogue is not None:
        catalogue.project_dossier(held)
    return held


def unassembled(store: ObjectStore) -> Iterator[str]:
    """Yield the identifiers of the dossiers whose arrangement nobody assembled yet.

    Looks at the latest revision of every dossier: for the start of a service, beside its work.

    Raises:
        SohoaError: The store cannot be used.
    """
    for key in latest_keys(store.list(DOSSIERS_PREFIX), parse_dossier_key):
        # Parsing each would take ten times as long as reading it.
        if _MARK in store.get(key):
            dossier = read_dossier(store, key)
            if dossier.to_assemble and not dossier.erasures:
                yield dossier.dossier_id


def _says(dossier: Dossier, arrangement: Arrangement) -> bool:
    held = dossier.arrangement
    return held is not None and held.model_copy(update={"at": arrangement.at}) == arrangement


def _check_pages(dossier: Dossier, arrangement: Arrangement) -> None:
    named = Counter(arrangement.places())
    known = set(dossier.page_places())
    needed = {place for paper in dossier.papers for place in paper.pages} | set(dossier.blank_pages)
    if set(named) - known:
        raise SohoaError(Code.DECISION_INVALID, field="papers", detail="a page is not of this dossier")
    if max(named.values(), default=1) > 1:
        raise SohoaError(Code.DECISION_INVALID, field="papers", detail="a page is named twice")
    if needed - set(named):
        raise SohoaError(Code.DECISION_INVALID, field="papers", detail="a page is missing")


def _check_decided(store: ObjectStore, dossier: Dossier, arrangement: Arrangement) -> None:
    """Refuse to change what a person decided on: its pages stay together, in their order and of their type."""
    by_first = {paper.pages[0]: paper for paper in arrangement.papers}
    for paper in dossier.papers:
        if _is_kept(paper, by_first.get(paper.pages[0])):
            continue
        record = load_record(store, paper.record_id)
        if record is not None and is_settled(record):
            detail = f"a person decided on record {paper.record_id}, whose pages or type would change"
            raise SohoaError(Code.DECISION_INVALID, field=paper.record_id, detail=detail)


def _is_kept(paper: DossierPaper, arranged: ArrangedPaper | None) -> bool:
    if arranged is None or tuple(arranged.pages) != paper.pages:
        return False
    return arranged.paper_type in {None, paper.paper_type}
