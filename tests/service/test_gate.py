"""The gate: pages are looked at as soon as they are stored, page by page, whatever happens to the process."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from ocr.page_quality import Verdict
from ocr.problem import Code, SohoaError
from service.intake import gate as gate_module
from storage.desk.progress import CheckedPage, Progress, ProgressKind
from storage.keys import preview_key
from tests.flows.test_broken_inputs import encrypted_pdf
from tests.service.sending import Sender, drawn_page, pdf, scan_of, sha_of, until
from tests.services.office import Desk, office_at

CODE = "H05.12-260102-0001"
PROCEDURE = "1.000894"


def checked(sender: Sender, *place: str) -> Callable[[], Any]:
    """All pages of a file, or its problem; empty until they are looked at."""

    def look() -> Any:
        file = sender.files()[place]
        return file if file["problem"] or len(file["pages"]) == file["page_count"] else None

    return look


def test_a_page_that_is_cut_off_is_told_with_its_picture(desk: Desk) -> None:
    sender = Sender(desk.client("clerk"))
    data = scan_of(drawn_page(), drawn_page(cut_left=40))
    sender.send(data, "hs-001", "to trinh.tif")
    file = until(checked(sender, "hs-001", "to trinh.tif"))
    good, poor = file["pages"]
    assert (good["page_number"], good["verdict"], good["words"]) == (1, "accept", "đạt")
    assert poor["verdict"] == "rescan"
    assert "cần quét lại: " in poor["words"] and "chữ bị cắt ở mép trái" in poor["words"]
    assert sender.client.get(poor["picture"]).content[:4] == b"RIFF"
    assert desk.office.store.exists(preview_key(sha_of(data), 2))


def test_a_page_that_looks_blank_is_told_as_such(desk: Desk) -> None:
    sender = Sender(desk.client("clerk"))
    sender.send(scan_of(drawn_page(), Image.new("L", (1654, 2339), 250)), "hs-001", "hai mat.tif")
    front, back = until(checked(sender, "hs-001", "hai mat.tif"))["pages"]
    assert (front["is_blank"], front["words"]) == (False, "đạt")
    assert (back["is_blank"], back["verdict"], back["words"]) == (True, "accept", "trang trắng")


def test_a_receipt_suggests_what_its_code_says(desk: Desk) -> None:
    sender = Sender(desk.client("clerk"))
    # The second number has the form of a code of a procedure; there is no such procedure.
    qr = f"{CODE}|{PROCEDURE}.000.00.00.H05|9.999999"
    sender.send(scan_of(drawn_page(qr=qr)), "hs-001", "giay tiep nhan.tif")
    sender.send(scan_of(drawn_page(4)), "hs-001", "to khai.tif")
    said = {"procedure_code": PROCEDURE, "agency": "H05.12", "from_file": "giay tiep nhan.tif"}
    assert until(lambda: sender.view()["suggested"]) == {"dossier_code": CODE, **said}
    sender.send(scan_of(drawn_page(5, qr="H05.12-260102-0002")), "hs-002", "giay tiep nhan.tif")
    # Two codes: nobody knows which is meant.
    until(lambda: sender.view()["suggested"] == {"dossier_code": None, **said})


def test_a_code_that_names_its_agency_in_the_old_form(desk: Desk) -> None:
    sender = Sender(desk.client("clerk"))
    sender.send(scan_of(drawn_page(qr="000.00.12.H05-191112-0001")), "hs-001", "giay tiep nhan.tif")
    suggested = until(lambda: sender.view()["suggested"])
    assert (suggested["dossier_code"], suggested["agency"]) == ("000.00.12.H05-191112-0001", None)


def held(monkeypatch: pytest.MonkeyPatch) -> tuple[threading.Event, threading.Event]:
    """Hold the gate at a page: the first event tells that it is there, the second lets it go on."""
    assess, looking, go_on = gate_module.assess_unread, threading.Event(), threading.Event()

    def waits(image: Any) -> Any:
        looking.set()
        assert go_on.wait(120)
        return assess(image)

    monkeypatch.setattr(gate_module, "assess_unread", waits)
    return looking, go_on


def test_a_file_that_comes_while_another_of_its_batch_is_looked_at(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    looking, came = held(monkeypatch)
    sender = Sender(desk.client("clerk"))
    sender.send(scan_of(drawn_page()), "hs-001", "a.tif")
    assert looking.wait(120)
    sender.send(scan_of(drawn_page(4)), "hs-001", "b.tif")
    came.set()
    for file in ("a.tif", "b.tif"):
        until(checked(sender, "hs-001", file))


def test_of_a_file_that_was_taken_out_meanwhile_nothing_is_told(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    looking, again = held(monkeypatch)
    sender, data = Sender(desk.client("clerk")), scan_of(drawn_page(), drawn_page(4))
    sender.send(data, "hs-001", "a.tif")
    assert looking.wait(120)
    upload_id = sender.files()["hs-001", "a.tif"]["upload_id"]
    assert sender.client.delete(f"{sender.path}/files/{upload_id}").status_code == 200
    sender.send(data, "hs-001", "a.tif")
    again.set()
    until(checked(sender, "hs-001", "a.tif"))
    pages = [event.checked[0].page_number for _, event in desk.office.progress.since(sender.batch_id)]
    assert pages == [1, 2]


def test_files_that_cannot_be_used_are_told_in_words(desk: Desk) -> None:
    sender = Sender(desk.client("clerk"))
    sender.send(pdf(), "hs-001", "hong.pdf")
    sender.send(encrypted_pdf(), "hs-001", "mat khau.pdf")
    sender.send(b"no scan at all", "hs-001", "khac.pdf")
    expected = {"hong.pdf": "scan_damaged", "mat khau.pdf": "scan_encrypted", "khac.pdf": "scan_wrong_type"}
    for file, code in expected.items():
        problem = until(checked(sender, "hs-001", file))["problem"]
        assert (problem["code"], problem["file"]) == (code, file)
        assert problem["title"] and problem["action"]
    assert sender.submit().status_code == 202  # as with `sohoa ingest`: the dossier is then partial


def test_after_a_restart_only_what_is_missing_is_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = scan_of(drawn_page(1), drawn_page(2))
    with monkeypatch.context() as asleep, office_at(tmp_path / "home") as desk:
        asleep.setattr(gate_module.Gate, "wake", lambda _: None)
        sender = Sender(desk.client("clerk"))
        sender.send(data, "hs-001", "a.tif")
        batch_id = sender.batch_id
        first = CheckedPage(page_number=1, verdict=Verdict.WARN)
        place = {"dossier_id": "hs-001", "file": "a.tif", "sha256": sha_of(data)}
        desk.office.progress.tell(batch_id, Progress(kind=ProgressKind.CHECKED, count=2, checked=(first,), **place))
    with office_at(tmp_path / "home") as desk:
        sender = Sender(desk.client("clerk"), batch_id)
        pages = until(checked(sender, "hs-001", "a.tif"))["pages"]
        assert [page["verdict"] for page in pages] == ["warn", "accept"]
        assert len(desk.office.progress.since(batch_id)) == 2


def test_a_page_of_each_batch_in_turn(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as asleep:
        asleep.setattr(gate_module.Gate, "wake", lambda _: None)
        long, short = Sender(desk.client("clerk")), Sender(desk.client("clerk"))
        page = drawn_page()
        long.send(scan_of(*[page] * 6), "hs-001", "day.tif")
        short.send(scan_of(page), "hs-002", "mong.tif")
    desk.office.intake.gate.wake()
    until(checked(long, "hs-001", "day.tif"))
    told = [batch_id for _, batch_id, _ in desk.office.progress.of_all_since(0)]
    assert told.index(short.batch_id) <= 2


@pytest.mark.parametrize("failure", [SohoaError(Code.STORE_UNREACHABLE, retryable=True), RuntimeError("of a library")])
def test_the_gate_waits_for_what_passes(desk: Desk, monkeypatch: pytest.MonkeyPatch, failure: Exception) -> None:
    monkeypatch.setattr(gate_module, "_PAUSE_S", 0.05)
    inspect, failures = gate_module.inspect_scan, []

    def fails_twice(original: Path) -> Any:
        if len(failures) < 2:
            failures.append(1)
            raise failure
        return inspect(original)

    monkeypatch.setattr(gate_module, "inspect_scan", fails_twice)
    sender = Sender(desk.client("clerk"))
    sender.send(scan_of(drawn_page()), "hs-001", "a.tif")
    assert until(checked(sender, "hs-001", "a.tif"))["pages"][0]["verdict"] == "accept"
    assert len(failures) == 2


def test_a_picture_that_breaks_the_looking_ends_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    assess = gate_module.assess_unread

    def broken(image: Any) -> Any:
        if image.page_number == 1:
            raise ZeroDivisionError
        return assess(image)

    monkeypatch.setattr(gate_module, "assess_unread", broken)
    sender = Sender(desk.client("clerk"))
    sender.send(scan_of(drawn_page(), drawn_page()), "hs-001", "a.tif")
    first, second = until(checked(sender, "hs-001", "a.tif"))["pages"]
    assert (first["verdict"], first["picture"], second["verdict"]) == ("rescan", None, "accept")


def test_the_gate_stops_with_the_office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate_module, "_LAST_PAGE_S", 240.0)
    with office_at(tmp_path / "home") as desk:
        Sender(desk.client("clerk")).send(scan_of(*[drawn_page()] * 8), "hs-001", "a.tif")
        gate = desk.office.intake.gate
        thread = until(lambda: gate._thread)
    assert not thread.is_alive()
    gate.wake()
    assert gate._thread is thread
