"""Signatures as a clerk and as other programs get them: in the report of a run, with a record, in the dossier."""

import json
from datetime import UTC, datetime

import pytest

from extractors.papers import DossierPage, Paper
from extractors.record import FileSignature, Record, RecordState
from flows.outcome import DossierOutcome, RunOutcome, ToReview
from flows.record_view import print_records
from flows.report import RunReport
from flows.signature_view import signature_line
from ocr.page import PageText
from ocr.signature import PdfSignature, SignatureKind, SignatureState, TimeSource
from storage.dossier import Dossier, DossierScan, DossierState, PagePlace

SHA256 = "a" * 64
NOW = datetime(2025, 1, 7, 3, 26, 15, tzinfo=UTC)
AGENCY = "Ủy ban nhân dân xã Tịnh Điền"
INTACT = PdfSignature(
    field="Signature1",
    state=SignatureState.INTACT,
    covers_whole_file=True,
    signer="Nguyễn Thị Thử",
    organization=AGENCY,
    signed_at=NOW,
    time_source=TimeSource.TIMESTAMP_TOKEN,
    digest="sha256",
)
LINE = f"Chữ ký số: {AGENCY} (Nguyễn Thị Thử), ký lúc 07/01/2025 10:26 (dấu thời gian), nguyên vẹn, chưa xác minh chứng thư"


@pytest.mark.parametrize(
    ("change", "line"),
    [
        ({}, LINE),
        ({"signer": AGENCY}, LINE.replace(" (Nguyễn Thị Thử)", "")),
        ({"signer": None, "organization": None}, LINE.replace(f"{AGENCY} (Nguyễn Thị Thử)", "không rõ người ký")),
        ({"state": SignatureState.ALTERED}, LINE.replace("nguyên vẹn", "nội dung đã bị sửa")),
        ({"state": SignatureState.CHANGED_LATER}, LINE.replace("nguyên vẹn", "tệp bị sửa sau khi ký")),
        ({"time_source": TimeSource.SIGNER}, LINE.replace("dấu thời gian", "theo máy người ký")),
        ({"signed_at": None, "time_source": None}, LINE.replace(" ký lúc 07/01/2025 10:26 (dấu thời gian),", "")),
        ({"kind": SignatureKind.TIMESTAMP}, LINE.replace("Chữ ký số", "Dấu thời gian")),
        ({"weaknesses": ("md5",)}, LINE.replace("nguyên vẹn", "nguyên vẹn, hàm băm MD5 đã lỗi thời")),
        ({"signer": "\x1b[31mBà\n"}, LINE.replace("Nguyễn Thị Thử", "\\x1b[31mBà\\n")),
    ],
)
def test_a_signature_is_one_sentence(change, line):
    assert signature_line(INTACT.model_copy(update=change)) == line


def dossier(signatures: tuple[PdfSignature, ...]) -> Dossier:
    return Dossier(
        dossier_id="hs-1",
        revision=1,
        state=DossierState.FAILED,
        scans=(DossierScan(file="scan.pdf", sha256=SHA256, page_count=1, signatures=signatures),),
        blank_pages=(PagePlace(file="scan.pdf", sha256=SHA256, page_number=1),),
        created_at=NOW,
    )


def test_the_report_of_a_run_names_every_signature(capsys: pytest.CaptureFixture[str]):
    outcome = DossierOutcome("hs-1", DossierState.FAILED, dossier((INTACT,)), ToReview(), ())
    report = RunReport(RunOutcome((outcome,), (), ()))
    report.print()
    assert f"hs-1, scan.pdf: {LINE}" in capsys.readouterr().out.splitlines()
    (listed,) = report.as_json()["dossiers"][0]["signatures"]
    assert (listed["file"], listed["state"], listed["organization"]) == ("scan.pdf", "intact", AGENCY)
    assert json.dumps(report.as_json())


def test_a_dossier_keeps_its_signatures_and_one_stored_before_there_were_any_is_read():
    kept = dossier((INTACT,))
    assert Dossier.from_json(kept.to_json()) == kept
    before = json.loads(dossier(()).to_json())
    del before["scans"][0]["signatures"]
    assert Dossier.from_json(json.dumps(before).encode()) == dossier(())


def test_a_record_keeps_the_signatures_of_its_file_and_shows_them(capsys: pytest.CaptureFixture[str]):
    page = PageText(scan_sha256=SHA256, page_number=1, recipe="0" * 16, width_px=1, height_px=1, dpi=300)
    paper = Paper((DossierPage("scan.pdf", page),), None, None, (), {}, RecordState.NEEDS_REVIEW)
    signature = FileSignature(file="scan.pdf", **INTACT.model_dump())
    record = paper.to_record(
        record_id="r-1", dossier_id="hs-1", created_at=NOW, software="sohoa", signatures=(signature,)
    )
    assert Record.from_json(record.to_json()) == record
    assert print_records([record]) == 1
    assert LINE in capsys.readouterr().out.splitlines()
    before = json.loads(record.to_json())
    del before["provenance"]["signatures"]
    assert Record.from_json(json.dumps(before).encode()).provenance.signatures == ()
