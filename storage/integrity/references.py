"""What an object needs others for: the scan a page was read from, the records a dossier names."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from storage.integrity.kinds import Kind
from storage.keys import record_prefix, scan_key


@dataclass(frozen=True, slots=True)
class Reference:
    """One thing an object refers to.

    Attributes:
        wanted: Its name, or what the names of all its revisions start with (ends with a slash); None when there can
            be no such thing.
        owner: The record, where `wanted` is a prefix.
        remark: What is to be said when it is not held.
        may_come: True when it may be on its way into the store, so that its absence is no damage.
    """

    wanted: str | None
    owner: str | None
    remark: str
    may_come: bool = False


def references(kind: Kind, place: Any, document: Any) -> Iterator[Reference]:
    """Yield what an object refers to, each thing once.

    Args:
        kind: Its kind.
        place: What its name says, as `Kind.parse_key` gives it.
        document: What it says, as `Kind.check` gives it; None when it is damaged or is no document.
    """
    match kind.name:
        case "pages" | "readings" | "previews":
            yield _scan(place.scan_sha256)
        case "papers":
            yield _record(place)
        case "records" if document is not None:
            yield from map(_scan, sorted({page.sha256 for page in document.source}))
        case "dossiers" if document is not None:
            yield from map(_scan, sorted({scan.sha256 for scan in document.scans}))
            yield from map(_record, sorted({paper.record_id for paper in document.papers}))
        case "batches" if document is not None:
            yield from map(_scan, sorted({file.sha256 for dossier in document.dossiers for file in dossier.files}))
        case "read-log" if document is not None:
            yield Reference(document, None, f"the piece it follows, {document}, is not held (yet)", may_come=True)


def _scan(sha256: str) -> Reference:
    try:
        return Reference(scan_key(sha256), None, f"scan {sha256} is not held")
    except ValueError:
        return Reference(None, None, "names no scan that can be")


def _record(record_id: str) -> Reference:
    try:
        return Reference(record_prefix(record_id), record_id, f"record {record_id} is not held")
    except ValueError:
        return Reference(None, None, "names no record that can be")
