"""From pages to papers: every page in exactly one place, fields judged, records made."""

from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from extractors.paper_type_loader import shipped_paper_types
from extractors.papers import DossierPage, Paper, sort_pages
from extractors.record import FieldStatus, Record, RecordState
from extractors.sample import page_from_text
from extractors.wording import DOUBTS, verdict_on
from ocr.page import ReaderInfo
from ocr.problem import Code, Problem

TYPES = shipped_paper_types()
SAMPLES = {one.id: one.samples[0].text for one in TYPES if one.samples}
DECISION = SAMPLES["quyet-dinh"]
CERTIFICATE = SAMPLES["giay-khai-sinh"]
PLAIN = "Điều 2. Trang sau của văn bản.\nĐiều 3. Hết."
ANNEX = "KẾ HOẠCH\nkèm theo Quyết định"
KINDS_OF_PAGE = ("decision", "certificate", "plain", "annex", "blank", "failed")


def dossier_page(kind: str, number: int, scan: str = "a") -> DossierPage:
    texts = {"decision": DECISION, "certificate": CERTIFICATE, "plain": PLAIN, "annex": ANNEX}
    page = page_from_text(texts.get(kind, ""), number, scan * 64)
    if kind == "failed":
        page = page.model_copy(update={"problems": (Problem(code=Code.PAGE_TIMEOUT),), "is_blank": False})
    return DossierPage(f"{scan}.pdf", page)


def only(text: str) -> Paper:
    [paper] = sort_pages([DossierPage("a.pdf", page_from_text(text))], TYPES).papers
    return paper


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.lists(st.tuples(st.sampled_from(KINDS_OF_PAGE), st.sampled_from("ab")), max_size=7))
def test_every_page_is_in_exactly_one_place(kinds: list[tuple[str, str]]) -> None:
    pages = [dossier_page(kind, number, scan) for number, (kind, scan) in enumerate(kinds, 1)]
    sorting = sort_pages(pages, TYPES)
    placed = [*sorting.blank, *sorting.failed, *(page for paper in sorting.papers for page in paper.pages)]
    assert sorted(page.page.page_number for page in placed) == list(range(1, len(pages) + 1))
    assert all(page.page.is_blank for page in sorting.blank)
    assert all(page.page.failed for page in sorting.failed)


@pytest.mark.parametrize(
    ("kinds", "runs"),
    [
        (["decision", "plain", "certificate"], [[1, 2], [3]]),
        (["decision", "annex", "plain"], [[1, 2, 3]]),
        (["decision", "blank", "plain", "certificate", "certificate"], [[1, 3], [4], [5]]),
        (["plain", "decision"], [[1], [2]]),
    ],
)
def test_bundles_are_split_at_headers_and_certificates(kinds: list[str], runs: list[list[int]]) -> None:
    papers = sort_pages([dossier_page(kind, number) for number, kind in enumerate(kinds, 1)], TYPES).papers
    assert [[page.page.page_number for page in paper.pages] for paper in papers] == runs


def test_a_new_file_begins_a_new_paper() -> None:
    assert len(sort_pages([dossier_page("decision", 1, "a"), dossier_page("plain", 1, "b")], TYPES).papers) == 2


def test_unknown_paper_goes_to_a_steward() -> None:
    paper = only("Một tờ giấy không ai biết")
    record = paper.to_record(record_id="r", dossier_id="d", created_at=datetime(2026, 1, 1, tzinfo=UTC), software="s")
    assert (record.paper_type, record.state, record.fields) == ("khong-ro", RecordState.NEEDS_REVIEW, {})


def test_letter_without_title_is_told_by_its_subject() -> None:
    text = DECISION.replace("QUYẾT ĐỊNH", "").replace("Số: 125 /QĐ-UBND", "Số: 125/UBND-VP ")
    letter = text.replace("\n\n", "\n     V/v kiểm tra kho\n\n", 1)
    paper = only(letter)
    assert paper.paper_type is not None and paper.paper_type.id == "cong-van"
    assert paper.fields["subject"].value == "kiểm tra kho"
    assert paper.state is RecordState.NEEDS_REVIEW


def test_certificate_is_judged() -> None:
    fields = only(CERTIFICATE).fields
    accepted = {name: field.decided_by for name, field in fields.items() if field.accepted}
    # The declarer stands in capitals here, as the father does: the same shapes are no second witness.
    assert accepted == {"date_of_birth": "date-in-words", "sex": "sex-of-personal-id"}
    assert fields["number"].reasons == ("single-reading",)
    again = only(CERTIFICATE.replace("đi khai sinh: TRẦN VĂN BÌNH", "đi khai sinh: Trần Văn Bình")).fields
    assert again["father_name"].decided_by == "two-places"


@pytest.mark.parametrize(
    ("printed", "changed", "field", "status"),
    [
        ("12/03/2015 ghi", "13/03/2015 ghi", "date_of_birth", FieldStatus.CONFLICTING),
        ("027315001234", "02731500123O", "personal_id", FieldStatus.INVALID),
        ("027315001234", "027215001234", "sex", FieldStatus.CONFLICTING),
        ("20/03/2015", "20/03/2014", "registration_date", FieldStatus.CONFLICTING),
        ("Giới tính: Nữ", "Giới tính: N", "sex", FieldStatus.INVALID),
        ("Quê quán:", "xxxxxxxx:", "place_of_origin", FieldStatus.MISSING),
    ],
)
def test_doubt_is_never_accepted(printed: str, changed: str, field: str, status: FieldStatus) -> None:
    text = CERTIFICATE.replace(printed, changed, 1)
    judged = only(text).fields[field]
    assert (judged.status, judged.accepted) == (status, False)
    assert judged.reasons
    assert all(reason in DOUBTS for reason in judged.reasons)


def test_field_that_was_not_seen_is_not_the_same_as_one_struck_out() -> None:
    unseen = only(CERTIFICATE.replace("người cha:", "xxxxx xxx:", 1)).fields["father_name"]
    struck = only(CERTIFICATE.replace("người cha: TRẦN VĂN BÌNH", "người cha: -/-", 1)).fields["father_name"]
    assert unseen.needs_person(required=False) and not struck.needs_person(required=False)
    assert struck.needs_person(required=True)
    assert verdict_on(struck, required=False) == "không có"
    assert verdict_on(unseen, required=False) == "cần xem: không thấy"


def test_number_above_the_title_is_found_wherever_the_reader_put_it() -> None:
    page = page_from_text(CERTIFICATE)
    last = max(word.line for word in page.words) + 1
    number = [word for word in page.words if word.text in {"Số:", "143/2015"} and word.line == 0]
    others = tuple(word for word in page.words if word not in number)
    moved = page.model_copy(update={"words": (*others, *(word.model_copy(update={"line": last}) for word in number))})
    [paper] = sort_pages([DossierPage("a.pdf", moved)], TYPES).papers
    assert paper.fields["number"].value == "143/2015"


def test_misread_title_never_makes_an_accepted_record() -> None:
    paper = only(CERTIFICATE.replace("GIẤY KHAI SINH", "GIẤY KHAI SINN", 1))
    assert paper.type_confidence is not None and paper.type_confidence < 1
    assert paper.state is RecordState.NEEDS_REVIEW


def test_record_survives_storing_and_names_each_reader_once() -> None:
    reader = ReaderInfo(name="t", version="1", model="vie", model_sha256="0" * 64)
    pages = [
        DossierPage("a.pdf", page_from_text(text, number).model_copy(update={"readers": (reader,)}))
        for number, text in enumerate((DECISION, PLAIN), 1)
    ]
    [paper] = sort_pages(pages, TYPES).papers
    record = paper.to_record(record_id="r", dossier_id="d", created_at=datetime(2026, 1, 1, tzinfo=UTC), software="s")
    assert Record.from_json(record.to_json()) == record
    assert record.provenance.readers == (reader,)
    assert [source.page_number for source in record.source] == [1, 2]
    assert record.metadata["code_number"] == "125"
    evidence = record.fields["code_number"].evidence
    assert evidence is not None and (evidence.file, evidence.page_number, evidence.reader) == ("a.pdf", 1, "t 1 vie")
