"""Paper types as an office sees them: which there are, which are its own, and whether each reads its samples."""

import sys
from dataclasses import dataclass
from typing import Any

from rich.table import Table

from extractors.paper_type import PaperType
from extractors.paper_type_loader import shipped_paper_types
from extractors.sample_check import Difference, check_sample
from flows.record_view import console_for


@dataclass(frozen=True, slots=True)
class PaperTypeRow:
    """A paper type; `faults` by name of the sample, empty when all is well or nothing was checked."""

    paper_type: PaperType
    is_own: bool
    faults: dict[str, tuple[Difference, ...]]

    def as_json(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        declared = self.paper_type
        return {
            "id": declared.id,
            "name": declared.name,
            "version": declared.version,
            "family": declared.family,
            "own": self.is_own,
            "fields": {
                name: {"label": field.label, "kind": field.kind, "required": field.required}
                for name, field in declared.fields.items()
                if not field.auxiliary
            },
            "samples": [sample.name for sample in declared.samples],
            "faults": {
                name: [{"what": one.what, "got": one.got, "wanted": one.wanted} for one in differences]
                for name, differences in self.faults.items()
            },
        }


def paper_type_rows(paper_types: tuple[PaperType, ...], *, check: bool) -> tuple[PaperTypeRow, ...]:
    """Return a row for each paper type, with `check` each tried on its samples."""
    shipped = {paper_type.id for paper_type in shipped_paper_types()}
    rows = []
    for paper_type in paper_types:
        samples = paper_type.samples if check else ()
        checked = {sample.name: check_sample(paper_type, sample, paper_types) for sample in samples}
        faults = {name: differences for name, differences in checked.items() if differences}
        rows.append(PaperTypeRow(paper_type, paper_type.id not in shipped, faults))
    return tuple(rows)


def print_paper_types(rows: tuple[PaperTypeRow, ...], *, checked: bool) -> None:
    """Print a table on standard output, and below it what came out of samples otherwise than they say."""
    console = console_for(sys.stdout)
    table = Table("mã", "tên", "trường", "mẫu", "của ai")
    for row in rows:
        fields = [field for field in row.paper_type.fields.values() if not field.auxiliary]
        samples = len(row.paper_type.samples)
        mark = f"{samples - len(row.faults)}/{samples} đúng" if checked else str(samples)
        table.add_row(row.paper_type.id, row.paper_type.name, str(len(fields)), mark, "cơ quan" if row.is_own else "")
    console.print(table)
    for row in rows:
        for name, differences in row.faults.items():
            for one in differences:
                text = f"{row.paper_type.id}, mẫu {name!r}, {one.what}: ra {one.got!r}, phải là {one.wanted!r}"
                console.print(text, style="red", soft_wrap=True)
