"""Archives: their entries are the scans; nothing in them reaches outside, fills memory or disk, or is passed over silently."""

import io
import stat
import struct
import zipfile
from typing import Any

import pytest

from service.intake import archive as archive_module
from storage.keys import scan_key
from tests.service.sending import Sender, parts_of, pdf, sha_of
from tests.services.office import Desk

Entries = dict[str, bytes]


def zipped(entries: Entries, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", method) as opened:
        for name, data in entries.items():
            opened.writestr(name, data)
    return written.getvalue()


def send(sender: Sender, data: bytes, file: str = "ho so.zip", dossier_id: str | None = None) -> Any:
    location = sender.begin(len(data), dossier_id=dossier_id, file=file, sha256=sha_of(data))
    return sender.patch(location, data)


def found(sender: Sender) -> dict[tuple[str, str], str]:
    """State of every file, or the code of what is wrong with it."""
    return {
        place: file["state"] if file["state"] == "stored" else file["problem"]["code"]
        for place, file in sender.files().items()
    }


def test_folders_are_dossiers_as_ingest_sees_them(desk: Desk, sender: Sender) -> None:
    data = zipped(
        {
            "đợt 1/hs-001/trang 1.pdf": pdf(1),
            "đợt 1/hs-001/trang 2.pdf": pdf(2),
            "đợt 1/hs-001/.DS_Store": b"x",
            "đợt 1/hs-002/truth.json": b"{}",
            "đợt 1/hs-002/a.pdf": pdf(3),
            "đợt 1/hs-002/khac.zip": zipped({"a.pdf": pdf(4)}),
            "đợt 1/le.pdf": pdf(5),
            "__MACOSX/đợt 1/hs-001/._trang 1.pdf": b"x",
            "đợt 1/rong/": b"",
        }
    )
    assert send(sender, data).status_code == 204
    assert found(sender) == {
        ("hs-001", "trang 1.pdf"): "stored",
        ("hs-001", "trang 2.pdf"): "stored",
        ("hs-002", "a.pdf"): "stored",
        ("hs-002", "truth.json"): "file_skipped",
        ("hs-002", "khac.zip"): "file_skipped",
        ("le", "le.pdf"): "stored",
    }
    for number in (1, 2, 3, 5):
        assert desk.office.store.get(scan_key(sha_of(pdf(number)))) == pdf(number)
    # The archive is how they came, no scan.
    assert not desk.office.store.exists(scan_key(sha_of(data)))
    assert parts_of(desk.office.settings.home) == []
    assert sender.submit().status_code == 202


def test_files_without_folders_are_one_dossier_named_after_the_archive(sender: Sender) -> None:
    send(sender, zipped({"a.pdf": pdf(11), "b.pdf": pdf(12)}), "Hồ sơ A.zip")
    send(sender, zipped({"c.pdf": pdf(13)}), "Hồ sơ B.zip", "hs-010")
    assert set(sender.files()) == {("Hồ sơ A", "a.pdf"), ("Hồ sơ A", "b.pdf"), ("hs-010", "c.pdf")}


def test_an_archive_is_sent_like_any_file(sender: Sender) -> None:
    data = zipped({"hs-1/a.pdf": pdf(14)})
    location = sender.begin(len(data), dossier_id="hs-x", file="x.ZIP")
    sender.patch(location, data[:50])
    assert sender.files()["hs-x", "x.ZIP"]["state"] == "open"
    assert sender.patch(location, data[50:], 50).status_code == 204
    assert sender.offset(location) == len(data)
    assert set(sender.files()) == {("hs-1", "a.pdf")}


def cp437(name: str) -> bytes:
    """An archive whose name is UTF-8 without saying so, as many programs write it."""
    data = zipped({"hs/" + "x" * len(name.encode()): pdf(21)})
    return data.replace(b"x" * len(name.encode()), name.encode())


def test_names_in_utf8_and_in_the_old_code_page(sender: Sender) -> None:
    send(sender, cp437("Giấy tờ.pdf"), "a.zip")
    old = zipped({"hs/xx.pdf": pdf(22)}).replace(b"xx.pdf", b"\x82\x8a.pdf")  # é and è of code page 437
    send(sender, old, "b.zip")
    backward = zipped({"hs-7\\b.pdf": pdf(23)})
    send(sender, backward, "c.zip")
    send(sender, zipped({"hs/Gia\u0301y.pdf": pdf(24)}), "d.zip")
    names = {("hs", "Giấy tờ.pdf"), ("hs", "éè.pdf"), ("hs-7", "b.pdf"), ("hs", "Giáy.pdf")}
    assert set(sender.files()) == names


def link() -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as opened:
        info = zipfile.ZipInfo("hs/a.pdf")
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        opened.writestr(info, "/etc/passwd")
    return written.getvalue()


def encrypted() -> bytes:
    data = bytearray(zipped({"hs/a.pdf": pdf()}))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + place] |= 1
    return bytes(data)


def damaged_inside() -> bytes:
    data = bytearray(zipped({"hs/a.pdf": bytes(range(256)) * 40}))
    data[60] ^= 0xFF
    return bytes(data)


def lying_of_its_size() -> bytes:
    """Says that its one entry is small; it unpacks to more, or the check of its bytes fails."""
    data = bytearray(zipped({"hs/a.pdf": bytes(100_000)}))
    place = data.index(b"PK\x01\x02")
    struct.pack_into("<I", data, place + 24, 10)
    return bytes(data)


def endless_contents() -> bytes:
    data = bytearray(zipped({"hs/a.pdf": pdf()}))
    struct.pack_into("<I", data, data.rindex(b"PK\x05\x06") + 12, 0x7FFFFFFF)
    return bytes(data)


UNSAFE = {
    "outside": lambda: zipped({"../a.pdf": pdf()}),
    "outside-inside": lambda: zipped({"hs/../../a.pdf": pdf()}),
    "outside-backward": lambda: zipped({"hs\\..\\a.pdf": pdf()}),
    "absolute": lambda: zipped({"/etc/a.pdf": pdf()}),
    "drive": lambda: zipped({"C:/a.pdf": pdf()}),
    "control": lambda: zipped({"hs/a\x07.pdf": pdf()}),
    "long": lambda: zipped({f"hs/{'x' * 300}.pdf": pdf()}),
    "link": link,
    "encrypted": encrypted,
    "bomb": lambda: zipped({"hs/a.pdf": bytes(250_000_000)}),
    "damaged": damaged_inside,
    "lying": lying_of_its_size,
    "contents": endless_contents,
    "method": lambda: zipped({"hs/a.pdf": pdf()}, zipfile.ZIP_BZIP2),
    "no-archive": pdf,
    "cut-off": lambda: zipped({"hs/a.pdf": pdf()})[:-30],
    "empty": lambda: b"PK",
}


@pytest.mark.parametrize("kind", UNSAFE)
def test_an_archive_that_is_not_safe_is_refused(desk: Desk, sender: Sender, kind: str) -> None:
    before = set(desk.office.store.list("scans/"))
    answer = send(sender, UNSAFE[kind](), "x.zip")
    assert (answer.status_code, answer.json()["code"]) == (422, "archive_invalid"), answer.text
    assert set(found(sender).values()) == {"archive_invalid"}
    assert set(desk.office.store.list("scans/")) == before
    assert parts_of(desk.office.settings.home) == []
    assert sender.submit().status_code == 422


def test_two_entries_of_one_name_are_refused(sender: Sender) -> None:
    twice = zipped({"hs/a.pdf": pdf(1), "hs/b.pdf": pdf(2)}).replace(b"b.pdf", b"a.pdf")
    assert send(sender, twice).status_code == 422


def test_more_entries_than_are_taken(sender: Sender, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive_module, "MAX_ENTRIES", 3)
    assert send(sender, zipped({f"hs/{n}.pdf": pdf(n) for n in range(4)})).status_code == 422


def test_two_folders_of_one_name_are_not_mixed(sender: Sender) -> None:
    data = zipped({"xa A/hs-1/a.pdf": pdf(31), "xa B/hs-1/b.pdf": pdf(32), "xa B/hs-2/c.pdf": pdf(33)})
    assert send(sender, data).status_code == 204
    assert found(sender) == {
        ("hs-1", "a.pdf"): "stored",
        ("hs-1", "b.pdf"): "dossier_conflict",
        ("hs-2", "c.pdf"): "stored",
    }
    problems = sender.submit().json()["problems"]
    assert [(problem["code"], problem["file"]) for problem in problems] == [("dossier_conflict", "b.pdf")]


def test_an_entry_of_a_name_that_was_sent_before(sender: Sender) -> None:
    sender.send(pdf(41), "hs-1", "a.pdf")
    sender.send(pdf(42), "hs-1", "b.pdf")
    send(sender, zipped({"hs-1/a.pdf": pdf(41), "hs-1/b.pdf": pdf(43), "hs-2/c.pdf": pdf(44)}))
    told = [
        (d["dossier_id"], file["file"], file["state"])
        for d in sender.view()["dossiers"]
        for file in d["files"]
        if file["state"] == "stored" or file["problem"]["code"] == "file_name_taken"
    ]
    stored = [("hs-1", "a.pdf"), ("hs-1", "b.pdf"), ("hs-2", "c.pdf")]
    assert sorted(told) == sorted([*((*place, "stored") for place in stored), ("hs-1", "b.pdf", "failed")])
    assert sender.submit().json()["problems"][0]["file"] == "b.pdf"


def test_done_again_it_goes_on_where_it_was_stopped(
    desk: Desk, sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = zipped({f"hs-5/{n}.pdf": pdf(50 + n) for n in range(4)})
    location = sender.begin(len(data), file="x.zip")
    receive, stored = archive_module.receive, []

    def stops(*given: Any) -> Any:
        if len(stored) == 2:
            raise RuntimeError
        stored.append(given)
        return receive(*given)

    with monkeypatch.context() as patched:
        patched.setattr(archive_module, "receive", stops)
        assert sender.patch(location, data).status_code == 500
    assert len([file for file in found_states(sender) if file == "stored"]) == 2
    monkeypatch.setattr(archive_module, "receive", lambda *given: stored.append(given) or receive(*given))
    assert sender.offset(location) == len(data)
    assert len(stored) == 4  # none twice
    assert found(sender) == {("hs-5", f"{n}.pdf"): "stored" for n in range(4)}
    assert parts_of(desk.office.settings.home) == []


def found_states(sender: Sender) -> list[str]:
    return [file["state"] for file in sender.files().values()]
