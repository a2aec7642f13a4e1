"""Invented families for tests of the once-only question, as rows of the catalogue. No person in it exists."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from extractors.procedures.procedure import Component, ComponentKind, Procedure, ProcedureSource
from extractors.record import RecordState
from ocr.problem import SohoaError
from storage.catalogue import HoldingRow
from storage.identity import IdentityKey
from storage.lookup import lookup
from storage.lookup_answer import LookupAnswer, LookupRequest
from storage.read_log.entry import ReadEntry

KEY = IdentityKey(b"k" * 32)
MOTHER, CHILD, FATHER = "001190012345", "001224012345", "001088012345"
ON = date(2026, 11, 22)
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
CARD, BIRTH, EXTRACT = "can-cuoc", "giay-khai-sinh", "trich-luc-khai-sinh"
MARRIED, SINGLE = "giay-chung-nhan-ket-hon", "giay-xac-nhan-tinh-trang-hon-nhan"
LAND, COMPANY, DEATH = (
    "giay-chung-nhan-quyen-su-dung-dat",
    "giay-chung-nhan-dang-ky-doanh-nghiep",
    "trich-luc-khai-tu",
)


def record_id(number: int) -> str:
    return f"r{number:024x}"


def holding(number: int, paper_type: str, **changes: Any) -> HoldingRow:
    """A record of Trần Thị Thử, born 6 May 1990."""
    name, birth = changes.pop("name", "Trần Thị Thử"), changes.pop("birth", "1990-05-06")
    values: dict[str, Any] = {
        "record_id": record_id(number),
        "revision": 1,
        "state": RecordState.ACCEPTED,
        "dossier_segment": "hs-001",
        "paper_type": paper_type,
        "paper_type_version": 1,
        "doubtful_fields": 0,
        "created_at": NOON + timedelta(minutes=number),
        "trust_level": "02",
        "role": "owner",
        "name_key": name and KEY.name(name),
        "birth_key": birth and KEY.date_of_birth(birth),
    }
    return HoldingRow(**{**values, **changes})


def paper(*paper_types: str, **changes: Any) -> Component:
    values = {"name": f"Bản sao {paper_types[0]}", "kind": ComponentKind.PAPER, "paper_types": paper_types}
    return Component(**{**values, **changes})


def procedure(*components: Component, **changes: Any) -> Procedure:
    values: dict[str, Any] = {
        "code": "1.001193",
        "name": "Thủ tục thử",
        "source": ProcedureSource.BUILT_IN,
        "components": components,
    }
    return Procedure(**{**values, **changes})


@dataclass
class World:
    """A catalogue and a read log in memory; `events` tells the order in which they were used."""

    held: dict[str, Sequence[HoldingRow]] = field(default_factory=dict)
    entries: list[ReadEntry] = field(default_factory=list)
    events: list[str] = field(default_factory=list)
    log_fault: SohoaError | None = None

    def holdings_of(self, subject_key: str) -> Sequence[HoldingRow]:
        self.events.append("holdings")
        found = [rows for identifier, rows in self.held.items() if KEY.subject(identifier) == subject_key]
        return found[0] if found else ()

    def append(self, *entries: ReadEntry) -> str:
        self.events.append("log")
        if self.log_fault is not None:
            raise self.log_fault
        self.entries.extend(entries)
        return entries[0].entry_id

    def ask(self, asked: Procedure, **changes: Any) -> LookupAnswer:
        values: dict[str, Any] = {
            "subject": MOTHER,
            "procedure": asked.code,
            "on": ON,
            "purpose": "giải quyết hồ sơ",
            "reader": "can-bo-1",
        }
        request = LookupRequest(**{**values, **changes})
        return lookup(self, lambda code: asked if code == asked.code else None, self, KEY, request)


def ask(component: Component, *rows: HoldingRow, purpose: str | None = None, **changes: Any) -> LookupAnswer:
    return World({MOTHER: rows}).ask(procedure(component, purpose=purpose), **changes)


def held(answer: LookupAnswer) -> list[str]:
    return [one.record_id for one in answer.held]


def refused(answer: LookupAnswer) -> list[tuple[str, list[str]]]:
    return [(one.record_id, [reason.value for reason in one.reasons]) for one in answer.refused]


def why(answer: LookupAnswer) -> list[str]:
    return [one.why.value for one in answer.missing]
