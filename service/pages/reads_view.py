"""The read log in words: who read, and the lines of the slip that is handed to the person it is about."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from service.office import Office
from service.pages.reads_asked import REFUSED
from service.pages.rendering import masked
from storage.catalogue import RecordRow
from storage.desk.names import SYSTEM_PREFIX, display_names
from storage.read_log.entry import ReadEntry, ReadKind
from storage.read_log.words import KIND_WORDS

KIND_CHOICES = (
    ("", "mọi việc"),
    *((kind.value, words) for kind, words in KIND_WORDS.items()),
    (REFUSED, "tra cứu có giấy không dùng được"),
)
OF_OTHERS = "việc của người khác có tên trên cùng giấy tờ hoặc cùng hồ sơ"
# Numbers that people write into purposes: identifiers of persons have nine digits or more.
_IDENTIFIER = re.compile(r"\d{9,}")
# What the slip calls a look, where the log's own word is for inspectors.
_SLIP_WORDS = {**KIND_WORDS, ReadKind.SUBJECT: "xem mọi dữ liệu hoặc nhật ký đọc về quý vị"}


@dataclass(frozen=True, slots=True)
class SlipLine:
    """One look, as the person it is about is told of it; `papers` are the person's own that were shown."""

    at: datetime
    reader: str
    kind: str
    purpose: str
    procedure: str | None
    papers: tuple[str, ...]


def names_of(office: Office, entries: Iterable[ReadEntry]) -> dict[str, str]:
    """Return what the readers of entries are called; who has no account any more is absent."""
    return display_names(office.desk, {entry.reader for entry in entries})


def slip_lines(
    office: Office, subject_key: str, records: Collection[RecordRow], entries: Iterable[ReadEntry]
) -> tuple[SlipLine, ...]:
    """Return the looks as the person they are about may be told: nothing of anybody else.

    Readers are named by their agency or as a system; who sat at the desk is the agency's business. What a look was for
    is told in its own words where it was about this person; else those words may name somebody else.
    """
    entries = tuple(entries)
    names = names_of(office, (entry for entry in entries if entry.reader.startswith(SYSTEM_PREFIX)))
    types = {paper_type.id: paper_type.name for paper_type in office.paper_types}
    papers = {row.record_id: types.get(row.paper_type, row.paper_type) for row in records}
    return tuple(
        SlipLine(
            at=entry.at,
            reader=_reader(entry, names, office.settings.agency),
            kind=_SLIP_WORDS[entry.kind],
            purpose=_purpose(entry, subject_key, papers),
            procedure=entry.procedure,
            papers=tuple(dict.fromkeys(papers[each.record_id] for each in entry.records if each.record_id in papers)),
        )
        for entry in entries
    )


def _reader(entry: ReadEntry, names: Mapping[str, str], own_agency: str | None) -> str:
    agency = entry.agency or own_agency
    whose = f"Cơ quan {agency}" if agency else "Cơ quan lưu giữ giấy tờ"
    return f"{names.get(entry.reader, 'Hệ thống')} · {whose}" if entry.reader.startswith(SYSTEM_PREFIX) else whose


def _purpose(entry: ReadEntry, subject_key: str, papers: Mapping[str, str]) -> str:
    of_person = entry.subject_key == subject_key or (
        entry.subject_key is None and all(each.record_id in papers for each in entry.records)
    )
    if entry.kind is ReadKind.RELATED or not of_person:
        return OF_OTHERS
    return _IDENTIFIER.sub(lambda found: masked(found[0]), entry.purpose)
