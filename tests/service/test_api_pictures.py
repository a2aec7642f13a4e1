"""What a record rests on, as pictures and as a PDF that can be searched: of papers that were really read."""

import io
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient
from PIL import Image

from extractors.record import Record
from ocr.image import PageImage
from ocr.page import Box, PageText, Word
from ocr.searchable_pdf import PdfPage, placed_words, searchable_pdf
from service.roles import Role
from service.v1.pictures import Bounded
from storage.dossier import Question, QuestionKind
from storage.dossiers import load_dossier, save_dossier
from storage.keys import paper_pdf_key
from storage.records import load_record
from tests.service.api_world import OTHER_AGENCY, PURPOSE, logged, person, system
from tests.services.office import Desk


@pytest.fixture
def papers(filled_desk: Desk) -> dict[str, Record]:
    """The drawn papers by type. They are of no agency: who acts for all agencies sees them as the own."""
    rows = list(filled_desk.office.catalogue.records())
    records = [load_record(filled_desk.office.store, row.record_id) for row in rows]
    return {record.paper_type: record for record in records if record is not None}


def of_all(desk: Desk) -> TestClient:
    return system(desk, "ca-tinh", None)


def get(client: TestClient, record: Record, what: str) -> Any:
    return client.get(f"/v1/records/{record.record_id}/{what}", headers=PURPOSE)


def test_the_place_where_a_value_was_seen(filled_desk: Desk, papers: dict[str, Record]) -> None:
    record, client = papers["giay-khai-sinh"], of_all(filled_desk)
    seen = {name: field.evidence for name, field in record.fields.items() if field.evidence is not None}
    name, evidence = next(iter(seen.items()))
    answer = get(client, record, f"fields/{name}/evidence.webp")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/webp"), answer.text
    picture = Image.open(io.BytesIO(answer.content))
    assert picture.width > evidence.box.width and picture.height > evidence.box.height
    # There is ink on it.
    assert np.asarray(picture.convert("L")).min() < 128
    assert answer.content == get(client, record, f"fields/{name}/evidence.webp").content
    assert len(logged(filled_desk)) == 2
    unseen = next((name for name, field in record.fields.items() if field.evidence is None), "strange")
    assert get(client, record, f"fields/{unseen}/evidence.webp").status_code == 404
    assert get(client, record, "fields/strange/evidence.webp").json()["code"] == "nothing_here"


def test_pages_as_the_scanner_saw_them(filled_desk: Desk, papers: dict[str, Record]) -> None:
    record, client = papers["quyet-dinh"], of_all(filled_desk)
    for index in range(len(record.source)):
        answer = get(client, record, f"pages/{index}.webp")
        assert Image.open(io.BytesIO(answer.content)).format == "WEBP"
    assert get(client, record, f"pages/{len(record.source)}.webp").status_code == 404
    assert get(client, record, "pages/-1.webp").status_code == 422


def text_of(data: bytes, tmp_path: Path) -> str:
    path = tmp_path / "paper.pdf"
    path.write_bytes(data)
    return subprocess.run(["pdftotext", path, "-"], capture_output=True, check=True, encoding="utf-8").stdout


def test_a_paper_can_be_searched(filled_desk: Desk, papers: dict[str, Record], tmp_path: Path) -> None:
    record, client = papers["giay-khai-sinh"], of_all(filled_desk)
    answer = get(client, record, "paper.pdf")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    text = text_of(answer.content, tmp_path)
    assert "GIẤY KHAI SINH" in text
    name = record.fields["full_name"].raw
    assert name is not None and name in " ".join(text.split())
    told = subprocess.run(["pdfinfo", tmp_path / "paper.pdf"], capture_output=True, check=True, encoding="utf-8").stdout
    assert "Giấy khai sinh" in told and record.dossier_id not in told and record.record_id not in told
    assert f"Pages:           {len(record.source)}" in told
    assert len(answer.content) < 600_000 * len(record.source)


def test_a_pdf_is_made_once_and_again_where_its_pages_change(filled_desk: Desk, papers: dict[str, Record]) -> None:
    record, client, store = papers["quyet-dinh"], of_all(filled_desk), filled_desk.office.store
    first = get(client, record, "paper.pdf").content
    kept = paper_pdf_key(record.record_id)
    assert store.get(kept) == first
    store.put(kept, first + b"% kept\n")
    assert get(client, record, "paper.pdf").content.endswith(b"% kept\n")
    for stale in (first.replace(b"sohoa-pages:", b"sohoa-older:"), b"damaged"):
        store.put(kept, stale)
        again = get(client, record, "paper.pdf").content
        # Not byte by byte: the font in it says when it was put together.
        assert (again[:5], store.get(kept)) == (b"%PDF-", again)
        assert b"sohoa-pages:" in again and abs(len(again) - len(first)) < 100


def test_another_agency_gets_no_page_that_may_be_somebody_elses(filled_desk: Desk, papers: dict[str, Record]) -> None:
    record, office = papers["quyet-dinh"], filled_desk.office
    asker = system(filled_desk, "khac", OTHER_AGENCY)
    from storage.desk.offers import Offers  # noqa: PLC0415

    Offers(office.desk).make("client:khac", [record.record_id])
    pages = len(record.source)
    assert [get(asker, record, f"pages/{index}.webp").status_code for index in range(pages)] == [200] * pages
    dossier = load_dossier(office.store, record.dossier_id)
    assert dossier is not None
    place = next(paper for paper in dossier.papers if paper.record_id == record.record_id).pages[-1]
    asked = Question(kind=QuestionKind.TWO_PAPERS, page=place, is_cut=False)
    save_dossier(office.store, dossier.model_copy(update={"questions": (*dossier.questions, asked)}))
    assert [get(asker, record, f"pages/{index}.webp").status_code for index in range(pages)] == [
        *([200] * (pages - 1)), 404,
    ]  # fmt: skip
    assert get(of_all(filled_desk), record, f"pages/{pages - 1}.webp").status_code == 200
    whole, part = get(of_all(filled_desk), record, "paper.pdf"), get(asker, record, "paper.pdf")
    if pages > 1:
        assert part.status_code == 200 and len(part.content) < len(whole.content)
        # What is kept is the whole.
        assert office.store.get(paper_pdf_key(record.record_id)) == whole.content
    else:
        assert part.status_code == 404


def test_pictures_and_papers_are_for_who_may_read(filled_desk: Desk, papers: dict[str, Record]) -> None:
    record = papers["giay-khai-sinh"]
    for what in ("fields/full_name/evidence.webp", "pages/0.webp", "paper.pdf"):
        assert get(system(filled_desk, "khac", OTHER_AGENCY), record, what).status_code == 404
        assert get(person(filled_desk, "kiem", Role.AUDITOR), record, what).status_code == 403
        assert of_all(filled_desk).get(f"/v1/records/{record.record_id}/{what}").json()["code"] == "purpose_missing"
    assert logged(filled_desk) == []


# --- drawing ---

SIDES = {"width_px": 400, "height_px": 600}


def page(rotation: int, *words: tuple[str, Box]) -> PageText:
    turned = tuple(
        Word(text=text, box=box, upright_box=box, confidence=None, line=line) for line, (text, box) in enumerate(words)
    )
    return PageText(
        scan_sha256="0" * 64, page_number=1, recipe="r", dpi=100, rotation_deg=rotation, words=turned, **SIDES
    )


@pytest.mark.parametrize(
    ("rotation", "box"),
    [
        (0, Box(10, 20, 110, 50)),
        (90, Box(550, 10, 580, 110)),
        (180, Box(290, 550, 390, 580)),
        (270, Box(20, 290, 50, 390)),
    ],
)
def test_words_turn_with_their_page(rotation: int, box: Box) -> None:
    (placed,) = placed_words(page(rotation, ("Ẩn", Box(10, 20, 110, 50))))
    assert placed.box == box


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_a_turned_page_stands_upright_and_is_found(rotation: int, tmp_path: Path) -> None:
    """What is black on the scan lies under the word, whichever way the page was scanned."""
    box = Box(40, 60, 240, 90) if rotation in {0, 180} else Box(60, 40, 90, 240)
    pixels = np.full((600, 400), 255, np.uint8)
    pixels[box.top : box.bottom, box.left : box.right] = 0
    text = page(rotation, ("Nguyễn", box))
    data = searchable_pdf([PdfPage(text, lambda: PageImage(pixels, 100, 1))], "Giấy khai sinh", "mark:1")
    assert "Nguyễn" in text_of(data, tmp_path) and b"mark:1" in data
    bbox = subprocess.run(
        ["pdftotext", "-bbox", tmp_path / "paper.pdf", "-"], capture_output=True, check=True, encoding="utf-8"
    ).stdout
    left, top, right, bottom = (
        float(bbox.split(f'{name}="')[1].split('"')[0]) for name in ("xMin", "yMin", "xMax", "yMax")
    )
    subprocess.run(["pdftoppm", "-r", "72", "-gray", tmp_path / "paper.pdf", tmp_path / "seen"], check=True)
    seen = np.asarray(Image.open(next(tmp_path.glob("seen*.pgm"))))
    rows, columns = np.nonzero(seen < 128)
    assert seen.shape == ((432, 288) if rotation in {0, 180} else (288, 432))
    assert abs(columns.min() - left) < 4 and abs(columns.max() - right) < 4
    assert top - 6 < rows.min() < rows.max() < bottom + 6


def test_pages_without_text_or_resolution_are_drawn(tmp_path: Path) -> None:
    pixels = np.zeros((1000, 700, 3), np.uint8)
    data = searchable_pdf([PdfPage(None, lambda: PageImage(pixels, 0, 1))], "Không rõ loại")
    assert text_of(data, tmp_path).strip() == ""
    told = subprocess.run(["pdfinfo", tmp_path / "paper.pdf"], capture_output=True, check=True, encoding="utf-8").stdout
    assert "841.89" in told


def test_what_is_kept_in_memory_is_bounded() -> None:
    kept: Bounded[bytes] = Bounded(10, len)
    made: list[str] = []

    def make(name: str, size: int) -> bytes:
        made.append(name)
        return b"x" * size

    for name, size in (("a", 4), ("b", 4), ("a", 4), ("c", 4), ("b", 4), ("d", 11), ("d", 11)):
        assert len(kept.get(name, lambda name=name, size=size: make(name, size))) == size
    assert made == ["a", "b", "c", "b", "d", "d"]
