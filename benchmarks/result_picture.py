"""A picture of a result: the page with a box around each value, and the record beside it.

`python -m benchmarks.result_picture HOME DOSSIER OUT.png`: green is accepted, amber waits for a steward.
"""

import sys
from pathlib import Path

from PIL import Image, ImageDraw

from benchmarks.drawing.fonts import Style, load_font
from extractors.paper_type_loader import shipped_paper_types
from extractors.record import ExtractedField, Record
from extractors.wording import verdict_on
from flows.record_view import paper_type_name
from ocr.scan import inspect_scan, open_page
from storage import keys
from storage.dossiers import load_dossier
from storage.objects import ObjectStore
from storage.records import load_record
from storage.settings import Settings

_PAGE_HEIGHT_PX = 1240
_TABLE_WIDTH_PX = 980
_GREEN, _AMBER, _GREY = (22, 130, 60), (200, 110, 0), (120, 120, 120)


def draw_result(store: ObjectStore, record: Record) -> Image.Image:
    """Return the first page of the record's paper with its evidence, the fields listed beside it."""
    source = record.source[0]
    with store.open(keys.scan_key(source.sha256)) as path:
        page = open_page(path, inspect_scan(path).kind, source.page_number)
    picture = Image.fromarray(page.pixels).convert("RGB")
    factor = _PAGE_HEIGHT_PX / picture.height
    picture = picture.resize((round(picture.width * factor), _PAGE_HEIGHT_PX), Image.Resampling.LANCZOS)
    result = Image.new("RGB", (picture.width + _TABLE_WIDTH_PX, _PAGE_HEIGHT_PX), "white")
    result.paste(picture, (0, 0))
    pen = ImageDraw.Draw(result)
    declared = {paper_type.id: paper_type for paper_type in shipped_paper_types()}[record.paper_type]
    left, row_height = picture.width + 40, 62
    pen.text((left, 40), paper_type_name(record.paper_type), fill="black", font=load_font(Style.BOLD, 34))
    for number, (name, field) in enumerate(record.fields.items()):
        required = declared.fields[name].required
        colour = _colour(field, required=required)
        if field.evidence and field.evidence.page_number == source.page_number:
            box = [round(edge * factor) for edge in field.evidence.box]
            pen.rectangle([box[0] - 4, box[1] - 3, box[2] + 4, box[3] + 3], outline=colour, width=3)
        top = 110 + number * row_height
        value = str(field.value) if field.value is not None else field.raw or "-"
        pen.rectangle([left - 18, top + 4, left - 8, top + 50], fill=colour)
        pen.text(
            (left, top),
            f"{declared.fields[name].label}: {_shorten(value)}",
            fill="black",
            font=load_font(Style.REGULAR, 22),
        )
        pen.text((left, top + 28), verdict_on(field, required=required), fill=colour, font=load_font(Style.ITALIC, 18))
    return result


def _colour(field: ExtractedField, *, required: bool) -> tuple[int, int, int]:
    if field.accepted:
        return _GREEN
    return _AMBER if field.needs_person(required=required) else _GREY


def _shorten(text: str, most: int = 70) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def main() -> int:
    """Draw the first paper of a dossier; returns the exit code."""
    if len(sys.argv) != 4:
        print(__doc__)
        return 2
    home, dossier_id, out = Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3])
    store = Settings.load(home, {}, {}).open_store()
    dossier = load_dossier(store, dossier_id)
    record = load_record(store, dossier.papers[0].record_id) if dossier and dossier.papers else None
    if record is None:
        print(f"không có giấy tờ nào trong hồ sơ {dossier_id}")
        return 2
    draw_result(store, record).quantize(96).save(out, optimize=True)
    print(out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
