"""Sending a file by tus: where it goes on, what is refused, what is never lost."""

import pytest

from service.intake import uploading
from service.intake.limits import MAX_FILE_BYTES
from service.roles import Role
from storage.desk import upload as upload_nouns
from storage.keys import scan_key
from tests.service.sending import BODY, TUS, Sender, checksum, part_of, pdf, sha_of, until
from tests.services.office import Desk


def test_the_server_tells_what_it_can_do(desk: Desk) -> None:
    answer = desk.client("clerk").options("/v1/uploads")
    assert answer.status_code == 204
    assert answer.headers["tus-version"] == "1.0.0"
    assert set(answer.headers["tus-extension"].split(",")) >= {"creation", "checksum", "termination", "expiration"}
    assert set(answer.headers["tus-checksum-algorithm"].split(",")) == {"sha256", "sha1"}
    assert int(answer.headers["tus-max-size"]) == MAX_FILE_BYTES


def test_a_file_in_pieces_is_stored_when_the_last_one_came(desk: Desk, sender: Sender) -> None:
    data = pdf(11, 5000)
    location = sender.begin(len(data), sha256=sha_of(data))
    assert sender.offset(location) == 0
    assert sender.patch(location, data[:2000]).headers["upload-offset"] == "2000"
    assert not desk.office.store.exists(scan_key(sha_of(data)))
    assert sender.patch(location, data[2000:3000], 2000, **checksum(data[2000:3000])).status_code == 204
    assert sender.patch(location, data[3000:], 3000, **checksum(data[3000:], "sha1")).status_code == 204
    assert desk.office.store.get(scan_key(sha_of(data))) == data
    assert sender.offset(location) == len(data)
    file = sender.files()["hs-001", "trang 1.pdf"]
    assert (file["state"], file["sha256"], file["offset_bytes"]) == ("stored", sha_of(data), len(data))
    assert not part_of(desk, location).exists()


def test_partial_files_are_for_their_owner_only(desk: Desk, sender: Sender) -> None:
    location = sender.begin(100)
    sender.patch(location, b"%PDF-1.7 x")
    folder = desk.office.settings.home / "uploads"
    assert folder.stat().st_mode & 0o777 == 0o700
    assert part_of(desk, location).parent == folder
    assert part_of(desk, location).stat().st_mode & 0o777 == 0o600


def test_a_creation_may_bring_the_first_bytes(desk: Desk, sender: Sender) -> None:
    data = pdf(3)
    said = sender.create(len(data), file="x.pdf").request.headers["upload-metadata"].replace("eC5wZGY=", "eS5wZGY=")
    headers = {**BODY, "Upload-Length": str(len(data)), "Upload-Metadata": said}
    answer = sender.client.post("/v1/uploads", content=data, headers=headers)
    assert (answer.status_code, answer.headers["upload-offset"]) == (201, str(len(data)))
    assert desk.office.store.exists(scan_key(sha_of(data)))


def test_an_empty_file_is_stored_and_told_as_empty(sender: Sender) -> None:
    sender.begin(0, file="rong.pdf")
    problem = until(lambda: sender.files()["hs-001", "rong.pdf"]["problem"])
    assert problem["code"] == "scan_empty"


@pytest.mark.parametrize("offset", [0, 50, 399])
def test_another_offset_is_out_of_step(sender: Sender, offset: int) -> None:
    location = sender.begin(400)
    sender.patch(location, pdf()[:100])
    answer = sender.patch(location, b"x", offset)
    assert (answer.status_code, answer.json()["code"]) == (409, "upload_out_of_step")
    assert sender.offset(location) == 100


def test_bytes_with_another_checksum_do_not_count(sender: Sender) -> None:
    data = pdf()
    location = sender.begin(len(data))
    answer = sender.patch(location, data[:200], 0, **checksum(data[:199]))
    assert (answer.status_code, answer.json()["code"]) == (460, "upload_corrupt")
    assert sender.offset(location) == 0
    assert sender.patch(location, data, 0, **checksum(data)).status_code == 204


@pytest.mark.parametrize("value", ["md5 1B2M2Y8AsgTpgAmY7PhCfg==", "sha256 ????", "sha256", "sha1 AAAA", ""])
def test_a_checksum_that_is_none(sender: Sender, value: str) -> None:
    location = sender.begin(400)
    answer = sender.patch(location, pdf(), 0, **{"Upload-Checksum": value})
    assert (answer.status_code, answer.json()["field"]) == (400, "Upload-Checksum")
    assert sender.offset(location) == 0


def test_a_whole_with_another_hash_is_not_kept(desk: Desk, sender: Sender) -> None:
    data = pdf(12)
    location = sender.begin(len(data), sha256=sha_of(b"another"))
    answer = sender.patch(location, data)
    assert (answer.status_code, answer.json()["code"]) == (460, "upload_corrupt")
    assert not desk.office.store.exists(scan_key(sha_of(data)))
    assert sender.head(location).status_code == 460
    assert sender.files()["hs-001", "trang 1.pdf"]["problem"]["code"] == "upload_corrupt"
    assert not part_of(desk, location).exists()
    assert sender.submit().status_code == 422
    assert sender.send(data).status_code == 204  # of the same name: the failed one makes way
    assert sender.submit().status_code == 202


def test_what_is_no_scan_is_not_stored(desk: Desk, sender: Sender) -> None:
    answer = sender.send(b'{"a": 1}', "hs-002", "truth.json")
    assert (answer.status_code, answer.json()["code"], answer.json()["file"]) == (422, "file_skipped", "truth.json")
    assert not desk.office.store.exists(scan_key(sha_of(b'{"a": 1}')))
    sender.send(pdf(), "hs-002", "khong co duoi")  # told by its first bytes
    assert sender.submit().status_code == 202
    assert sender.files()["hs-002", "truth.json"]["state"] == "failed"


def test_more_bytes_than_were_said_are_refused(sender: Sender) -> None:
    location = sender.begin(10)
    answer = sender.patch(location, pdf())
    assert (answer.status_code, answer.json()["code"]) == (413, "upload_too_large")
    answer = sender.client.patch(location, content=iter([pdf()]), headers={**BODY, "Upload-Offset": "0"})
    assert answer.status_code == 413
    assert sender.offset(location) == 0


def test_too_large_files_and_batches(sender: Sender, monkeypatch: pytest.MonkeyPatch) -> None:
    assert sender.create(MAX_FILE_BYTES + 1).status_code == 413
    monkeypatch.setattr(uploading, "BATCH_LIMITS", upload_nouns.Limits(files=2, size_bytes=1000))
    assert sender.create(800, file="a.pdf").status_code == 201
    assert sender.create(201, file="b.pdf").status_code == 413
    assert sender.create(200, file="b.pdf").status_code == 201
    assert sender.create(0, file="c.pdf").status_code == 413


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Tus-Resumable": "0.2.2"}, 412),
        ({"Tus-Resumable": ""}, 412),
        ({"Upload-Length": "-1"}, 400),
        ({"Upload-Length": "٣"}, 400),
        ({"Upload-Metadata": "file x"}, 400),
        ({"Upload-Metadata": "file ZQ==,file ZQ=="}, 400),
        ({"Upload-Metadata": "file /w=="}, 400),
        ({"Upload-Metadata": ""}, 400),
    ],
)
def test_a_creation_that_is_none(sender: Sender, headers: dict[str, str], status: int) -> None:
    said = sender.create(10).request.headers["upload-metadata"]
    whole = {**TUS, "Upload-Length": "10", "Upload-Metadata": said, **headers}
    answer = sender.client.post("/v1/uploads", headers={name: value.encode() for name, value in whole.items()})
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("name", ["", "  ", ".", "..", "a/b", "a\\b", "a\nb", "a\0b", "x" * 201, "a\u202efdp.exe"])
def test_names_that_are_none(sender: Sender, name: str) -> None:
    for place in ({"file": name}, {"dossier_id": name}):
        answer = sender.create(10, **place)
        assert answer.status_code in {400, 422}, place
        assert len(name) < 3 or name not in answer.text


def test_names_are_kept_in_nfc(sender: Sender) -> None:
    sender.begin(10, dossier_id="Hô\u0300 sơ", file="Gia\u0301y.pdf")
    assert list(sender.files()) == [("Hồ sơ", "Giáy.pdf")]


def test_two_files_of_one_name_are_refused(sender: Sender) -> None:
    data = pdf()
    sender.begin(len(data), sha256=sha_of(data))
    for size, sha256 in ((len(data) + 1, None), (len(data), sha_of(b"another"))):
        answer = sender.create(size, sha256=sha256)
        assert (answer.status_code, answer.json()["code"]) == (409, "file_name_taken")
    assert sender.create(len(data), dossier_id="hs-002").status_code == 201


def test_a_creation_whose_answer_was_lost_gives_the_same_upload(sender: Sender) -> None:
    data = pdf()
    first = sender.begin(len(data), sha256=sha_of(data))
    sender.patch(first, data[:100])
    assert sender.begin(len(data), sha256=sha_of(data)) == first
    assert sender.patch(first, data).status_code == 409
    assert sender.patch(first, data[100:], 100).status_code == 204
    assert sender.begin(len(data), sha256=sha_of(data)) == first
    assert len(sender.files()) == 1


def test_somebody_elses_upload_is_not_there(desk: Desk, sender: Sender) -> None:
    location = sender.begin(400)
    desk.account("lan", Role.CLERK)
    other = Sender(desk.client("lan"))
    for answer in (
        other.head(location),
        other.patch(location, pdf()),
        other.client.delete(location, headers=TUS),
        other.client.delete(f"{other.path}/files/{location.rpartition('/')[2]}"),
        Sender(other.client, sender.batch_id).create(10),
    ):
        assert answer.status_code == 404
    assert other.client.head("/v1/uploads/u%00", headers=TUS).status_code == 404
    assert sender.offset(location) == 0


def test_an_upload_is_ended_by_its_sender(desk: Desk, sender: Sender) -> None:
    location = sender.begin(400)
    sender.patch(location, pdf()[:100])
    assert sender.client.delete(location, headers=TUS).status_code == 204
    assert sender.head(location).status_code == 404
    assert not part_of(desk, location).exists()
    assert sender.files() == {}


def test_a_stored_scan_stays_when_its_file_is_taken_out(desk: Desk, sender: Sender) -> None:
    data = pdf()
    sender.send(data)
    upload_id = sender.files()["hs-001", "trang 1.pdf"]["upload_id"]
    answer = sender.client.delete(f"{sender.path}/files/{upload_id}")
    assert answer.json() == {"kept": [{"dossier_id": "hs-001", "file": "trang 1.pdf", "sha256": sha_of(data)}]}
    assert sender.files() == {}
    assert desk.office.store.get(scan_key(sha_of(data))) == data


def test_methods_that_a_proxy_lets_through_only_as_post(sender: Sender) -> None:
    data = pdf()
    location = sender.begin(len(data))
    as_patch = {**BODY, "Upload-Offset": "0", "X-HTTP-Method-Override": "PATCH"}
    assert sender.client.post(location, content=data, headers=as_patch).status_code == 204
    as_delete = {**TUS, "X-HTTP-Method-Override": "DELETE"}
    assert sender.client.post(location, headers=as_delete).status_code == 204
    assert sender.client.post(location, headers=TUS).status_code == 405


def test_nobody_sends_into_a_batch_that_was_sent_off(sender: Sender) -> None:
    sender.send(pdf(), "hs-003")
    location = sender.files()["hs-003", "trang 1.pdf"]["upload_id"]
    assert sender.submit().status_code == 202
    assert sender.create(10, file="b.pdf").json()["code"] == "batch_closed"
    assert sender.client.delete(f"/v1/uploads/{location}", headers=TUS).json()["code"] == "batch_closed"
    assert sender.client.delete(sender.path).json()["code"] == "batch_closed"
