"""A record as a clerk reads it: each field with its value, and whether a person must look at it."""

import sys
from collections.abc import Iterable

from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from extractors.paper_type import DATE_KINDS, UNKNOWN_PAPER_TYPE, FieldType, PaperType
from extractors.paper_type_loader import shipped_paper_types
from extractors.record import ExtractedField, Record
from extractors.wording import verdict_on
from flows.signature_view import is_sound, signature_line
from flows.standing_view import standing_lines
from ocr.messages import on_one_line, quality_words

# Wide enough that nothing is cut where the output goes to a file or a pipe.
PIPE_WIDTH = 160


def console_for(stream: object) -> Console:
    """Return a console for `stream`: as wide as the terminal, or wide enough where there is none."""
    is_terminal = bool(getattr(stream, "isatty", lambda: False)())
    return Console(file=stream, highlight=False, markup=False, width=None if is_terminal else PIPE_WIDTH)  # type: ignore[arg-type]


def print_records(records: Iterable[Record]) -> int:
    """Print records on standard output, one table each; returns how many there were."""
    console = console_for(sys.stdout)
    types = {paper_type.id: paper_type for paper_type in shipped_paper_types()}
    count = 0
    shown = (record for record in records if not record.withdrawn and not record.is_erased)
    for record in sorted(shown, key=_page_order):
        console.print(_table(record, types.get(record.paper_type)))
        for signature in record.provenance.signatures:
            style = "green" if is_sound(signature) else "yellow"
            console.print(Text(signature_line(signature), style=style), soft_wrap=True)
        for page in record.provenance.poor_pages:
            words = f"{on_one_line(page.file)} trang {page.page_number}: {quality_words(page.quality)}"
            console.print(Text(words, style="yellow"), soft_wrap=True)
        count += 1
    return count


def _page_order(record: Record) -> tuple[str, str, int]:
    return record.dossier_id, record.source[0].file, record.source[0].page_number


def paper_type_name(paper_type_id: str) -> str:
    """Return what people call a paper type."""
    names = {paper_type.id: paper_type.name for paper_type in shipped_paper_types()}
    return {**names, UNKNOWN_PAPER_TYPE: "Không rõ loại"}.get(paper_type_id, paper_type_id)


def _table(record: Record, paper_type: PaperType | None) -> RenderableType:
    pages = ", ".join(f"{page.file} trang {page.page_number}" for page in record.source)
    heading = f"{record.dossier_id} · {paper_type_name(record.paper_type)} · {pages}"
    title = Text.assemble((on_one_line(heading), "bold"), ("\n" + "\n".join(standing_lines(record)), "dim"))
    if not record.fields:
        return Text.assemble(title, ("\ncần xem: chưa nhận ra loại giấy tờ\n", "yellow"))
    table = Table(title=title, title_justify="left", show_lines=False)
    for heading in ("Trường", "Giá trị", "Tin cậy"):
        table.add_column(heading, overflow="fold")
    for name, field in record.fields.items():
        declared = paper_type.fields.get(name) if paper_type else None
        required = bool(declared and declared.required)
        style = "yellow" if field.needs_person(required=required) else "green" if field.accepted else "dim"
        table.add_row(
            declared.label if declared else name,
            Text(_for_people(field, declared)),
            Text(verdict_on(field, required=required), style=style),
        )
    return table


def _for_people(field: ExtractedField, declared: FieldType | None) -> str:
    """Return the value as Vietnamese papers print it: dates day first."""
    if field.value is None:
        return field.raw or "-"
    if declared and declared.kind in DATE_KINDS:
        return "/".join(reversed(str(field.value).split("-")))
    return ", ".join(field.value) if isinstance(field.value, list) else field.value
