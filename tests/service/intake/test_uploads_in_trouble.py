"""Lines that break, disks that fill, processes that end while a file is sent: nothing that came is lost."""

import errno
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from ocr.problem import Code, Problem, SohoaError
from service.intake import limits, receiving, uploading
from storage.desk.parts import Part
from storage.desk.upload import UploadState
from storage.disk import writing_to_disk
from storage.keys import scan_key
from tests.service.sending import BODY, TUS, Sender, part_of, pdf, sha_of, until
from tests.services.office import Desk, office_at


def size_of(desk: Desk, location: str) -> int:
    return desk.office.intake.parts.size_bytes(location.rpartition("/")[2])


@pytest.fixture
def own_desk(tmp_path: Path) -> Iterator[Desk]:
    """An office of one test: its gate, which is told to remove everything, ends before another test sends anything."""
    with office_at(tmp_path / "home") as opened:
        yield opened


def tidy(desk: Desk) -> None:
    """Have the gate tidy; to be said again until it did: it may be at the end of that just now, or at a page."""
    desk.office.intake.gate._tidied_at = float("-inf")
    desk.office.intake.gate.wake()


def raw_patch(address: str, sender: Sender, location: str, body: bytes, length: int, offset: int = 0) -> socket.socket:
    """Send the head of a PATCH and some of its body, and leave the connection open."""
    host, port = address.removeprefix("http://").split(":")
    line = socket.create_connection((host, int(port)), timeout=240)
    cookie = "; ".join(f"{name}={value}" for name, value in sender.client.cookies.items())
    headers = {**BODY, "Host": host, "Cookie": cookie, "X-CSRF-Token": sender.client.headers["x-csrf-token"]}
    headers |= {"Content-Length": str(length), "Upload-Offset": str(offset)}
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    line.sendall(f"PATCH {location} HTTP/1.1\r\n{head}\r\n".encode() + body)
    return line


def test_what_came_before_the_line_broke_is_kept(
    desk: Desk, sender: Sender, serve: Callable[[Desk], str], caplog: pytest.LogCaptureFixture
) -> None:
    address, data = serve(desk), pdf(1, 3_000_000)
    location = sender.begin(len(data), sha256=sha_of(data))
    line = raw_patch(address, sender, location, data[:1_300_000], len(data))
    until(lambda: size_of(desk, location) >= 1_048_576)
    line.close()
    offset = until(lambda: sender.offset(location))
    assert offset == 1_300_000
    # What came is noted a moment before the broken request lets the upload go.
    statuses: list[int] = []
    until(lambda: statuses.append(sender.patch(location, data[offset:], offset).status_code) or statuses[-1] != 423)
    assert statuses[-1] == 204
    assert desk.office.store.get(scan_key(sha_of(data))) == data
    assert caplog.records == []  # lines that break are a day's work, not faults of the service


def test_of_two_requests_at_once_one_wins(desk: Desk, sender: Sender, serve: Callable[[Desk], str]) -> None:
    address, data = serve(desk), pdf(1, 600_000)
    location = sender.begin(len(data))
    slow = raw_patch(address, sender, location, data[:300_000], len(data))
    until(lambda: size_of(desk, location))
    for answer in (sender.patch(location, data), sender.client.delete(location, headers=TUS)):
        assert (answer.status_code, answer.json()["code"]) == (423, "upload_busy")
    slow.sendall(data[300_000:])
    assert b" 204 " in slow.recv(400)
    slow.close()
    assert desk.office.store.get(scan_key(sha_of(data))) == data


def test_a_line_that_says_nothing_is_given_up(
    desk: Desk, sender: Sender, serve: Callable[[Desk], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receiving, "LONGEST_SILENCE_S", 0.3)
    address, data = serve(desk), pdf(1, 600_000)
    location = sender.begin(len(data))
    silent = raw_patch(address, sender, location, data[:200_000], len(data))
    assert b" 408 " in silent.recv(400)
    silent.close()
    offset = sender.offset(location)
    assert sender.patch(location, data[offset:], offset).status_code == 204


def test_many_threads_one_upload(desk: Desk, sender: Sender) -> None:
    data = pdf(1, 200_000)
    location = sender.begin(len(data))
    clients = [desk.client("clerk") for _ in range(6)]
    answers: list[int] = []

    def send(client: object) -> None:
        answers.append(Sender(client, sender.batch_id).patch(location, data).status_code)

    threads = [threading.Thread(target=send, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers.count(204) == 1
    assert set(answers) <= {204, 409, 423}
    assert desk.office.store.get(scan_key(sha_of(data))) == data


def test_a_full_disk_keeps_what_came(desk: Desk, sender: Sender, monkeypatch: pytest.MonkeyPatch) -> None:
    data = pdf(1, 900_000)
    location = sender.begin(len(data), sha256=sha_of(data))
    sender.patch(location, data[:300_000])
    write = Part.write

    def full(part: Part, piece: bytes) -> None:
        if part.size_bytes + len(piece) > 600_000:
            with writing_to_disk("partial file"):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        write(part, piece)

    with monkeypatch.context() as patched:
        patched.setattr(Part, "write", full)
        answer = sender.patch(location, data[300_000:], 300_000)
    assert (answer.status_code, answer.json()["code"]) == (507, "store_full")
    offset = sender.offset(location)
    assert 300_000 <= offset <= 600_000
    assert sender.patch(location, data[offset:], offset).status_code == 204
    assert desk.office.store.get(scan_key(sha_of(data))) == data


def test_a_store_that_is_full_keeps_the_upload(desk: Desk, sender: Sender, monkeypatch: pytest.MonkeyPatch) -> None:
    data = pdf()
    location = sender.begin(len(data), sha256=sha_of(data))

    def full(*_: object) -> None:
        raise SohoaError(Code.STORE_FULL, retryable=True)

    with monkeypatch.context() as patched:
        patched.setattr(uploading, "receive", full)
        assert sender.patch(location, data).status_code == 507
        assert sender.head(location).status_code == 507  # that all of it came is not said before it is stored
        assert sender.submit().status_code == 507
    assert sender.offset(location) == len(data)
    assert desk.office.store.get(scan_key(sha_of(data))) == data


def test_a_part_that_was_lost_is_asked_for_again(desk: Desk, sender: Sender) -> None:
    data = pdf()
    location = sender.begin(len(data))
    sender.patch(location, data[:300])
    path = part_of(desk, location)
    path.write_bytes(data[:120])
    assert sender.offset(location) == 120
    assert sender.patch(location, data[300:], 300).status_code == 409
    assert sender.patch(location, data[120:], 120).status_code == 204
    assert desk.office.store.get(scan_key(sha_of(data))) == data


def test_bytes_that_were_not_noted_are_dropped(desk: Desk, sender: Sender) -> None:
    data = pdf()
    location = sender.begin(len(data))
    sender.patch(location, data[:300])
    with part_of(desk, location).open("ab") as part:
        part.write(b"half a page of another memory")
    assert sender.offset(location) == 300
    assert sender.patch(location, data[300:], 300).status_code == 204
    assert desk.office.store.get(scan_key(sha_of(data))) == data


def test_abandoned_uploads_expire_and_stored_ones_do_not(own_desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk, sender = own_desk, Sender(own_desk.client("clerk"))
    location = sender.begin(400, file="dở.pdf")
    sender.patch(location, pdf()[:100])
    data = pdf(2)
    sender.send(data, file="xong.pdf")
    monkeypatch.setattr("storage.desk.uploads.LONGEST_WAIT", timedelta(0))
    monkeypatch.setattr("service.intake.gate._STRAY_S", -1.0)
    until(lambda: tidy(desk) or sender.files()["hs-001", "dở.pdf"]["state"] == "failed")
    until(lambda: tidy(desk) or not part_of(desk, location).exists())
    assert sender.head(location).status_code == 410
    assert sender.files()["hs-001", "dở.pdf"]["problem"]["code"] == "upload_expired"
    assert sender.files()["hs-001", "xong.pdf"]["state"] == "stored"
    assert desk.office.store.exists(scan_key(sha_of(data)))


def test_an_upload_that_is_open_says_when_it_expires(sender: Sender) -> None:
    location = sender.begin(400)
    expires = sender.head(location).headers["upload-expires"]
    assert time.mktime(time.strptime(expires, "%a, %d %b %Y %H:%M:%S %Z")) > time.time() + 6 * 86_400
    assert "upload-expires" not in sender.patch(location, pdf()).headers


def test_what_a_killed_process_left_whole_is_stored_at_the_next_start(
    own_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, sender = own_desk, Sender(own_desk.client("clerk"))
    data = pdf(13)
    upload_id = sender.begin(len(data)).rpartition("/")[2]
    intake = desk.office.intake
    with intake.parts.holding(upload_id) as part:
        part.write(data)
    intake.uploads.advance(upload_id, len(data))
    monkeypatch.setattr("storage.desk.uploads._LONGEST_STORING", timedelta(0))
    until(lambda: tidy(desk) or desk.office.store.exists(scan_key(sha_of(data))))


def test_memory_holds_pieces_not_files(
    desk: Desk, sender: Sender, serve: Callable[[Desk], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    size = 24 << 20
    location = sender.begin(size)
    pieces: list[int] = []
    notes: list[int] = []
    write, advance = Part.write, type(desk.office.intake.uploads).advance

    def noted(part: Part, data: bytes) -> None:
        pieces.append(len(data))
        write(part, data)

    def advanced(uploads: object, upload_id: str, offset: int) -> bool:
        notes.append(offset)
        return advance(uploads, upload_id, offset)

    monkeypatch.setattr(Part, "write", noted)
    monkeypatch.setattr(type(desk.office.intake.uploads), "advance", advanced)
    line = raw_patch(serve(desk), sender, location, b"%PDF-1.7".ljust(size, b"."), size)
    assert b" 204 " in line.recv(400)
    line.close()
    # And what the server reads at once, beside what it had already: it stops reading when that is 64 KiB.
    assert max(pieces) <= limits.WRITTEN_EVERY_BYTES + (1 << 18) + (1 << 16)
    assert len(notes) >= size // limits.SETTLED_EVERY_BYTES  # killed, it begins again with the last of these


def test_a_failed_upload_is_told_as_it_failed(desk: Desk, sender: Sender) -> None:
    location = sender.begin(400)
    upload_id = location.rpartition("/")[2]
    desk.office.intake.uploads.fail(upload_id, Problem(code=Code.SCAN_ERASED, file="trang 1.pdf"))
    assert sender.patch(location, pdf()).json()["code"] == "scan_erased"
    found = desk.office.intake.uploads.find(upload_id)
    assert found is not None and found.state is UploadState.FAILED
