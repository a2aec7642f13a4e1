"""What an erasure by decision takes from a batch that a clerk sent: everything of the person, nothing of others."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from commands.subject_erase import _forget
from storage.batch import BatchState
from storage.batches import load_batch, save_batch
from storage.desk.progress import Progress, ProgressKind
from storage.dossier import DossierState
from storage.rights.execution import Eraser
from tests.service.sending import Sender, sha_of
from tests.services.office import Desk, office_at
from tests.storage.rights.conftest import CHI, KEY, TRACES, XOA, File, Sheet, Town, everything, traces_in

NAME = "Lê Văn Xóa"
THEIRS = File("Xoa-1999.pdf", 2, (Sheet((1,), (XOA,)),))
OTHERS = File("chi.pdf", 1, (Sheet((1,), (CHI,)),))
CODE = "H05.12-240506-0001"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with office_at(tmp_path / "home", {"SOHOA_ID_KEY": KEY.secret.decode()}) as opened:
        yield opened


def digitised(desk: Desk, sender: Sender, town: Town) -> None:
    """Do as the runner does with a batch that was sent off."""
    office = desk.office
    office.batches.begin(sender.batch_id)
    office.progress.tell(sender.batch_id, Progress(kind=ProgressKind.STARTED))
    for name, file in ((NAME, THEIRS), ("hs-004", OTHERS)):
        town.add(name, file)
        done = Progress(kind=ProgressKind.ASSEMBLED, dossier_id=name, state=DossierState.COMPLETE, papers=1)
        office.progress.tell(sender.batch_id, done)
    sent = load_batch(office.store, sender.batch_id)
    assert sent is not None
    became = tuple(each.model_copy(update={"state": DossierState.COMPLETE}) for each in sent.dossiers)
    save_batch(office.store, sent.model_copy(update={"state": BatchState.DONE, "dossiers": became}))
    office.batches.finish(sender.batch_id, BatchState.DONE)
    office.progress.tell(sender.batch_id, Progress(kind=ProgressKind.DONE))


def desk_bytes(desk: Desk) -> bytes:
    """Everything in the tables of the desk, as text."""
    with closing(sqlite3.connect(desk.office.settings.home / "desk.sqlite")) as connection:
        return "\n".join(connection.iterdump()).encode()


def test_an_erasure_reaches_the_batches_that_were_sent(desk: Desk) -> None:
    client = desk.client("clerk")
    done, half = Sender(client), Sender(client, said={"dossier_code": CODE})
    done.send(THEIRS.data, NAME, THEIRS.name)
    done.send(OTHERS.data, "hs-004", OTHERS.name)
    assert done.submit().status_code == 202
    town = Town(desk.office.store, desk.office.catalogue)
    digitised(desk, done, town)
    # More of the person's is on its way, half sent, in a batch that is open.
    location = half.begin(5000, NAME, "them Xoa-1999.pdf")
    half.patch(location, b"%PDF-1.7 " + NAME.encode())
    assert [dossier["dossier_id"] for dossier in done.view()["dossiers"]] == ["hs-004", NAME]
    assert any(trace in desk_bytes(desk) for trace in TRACES)

    eraser = Eraser(desk.office.store, None, desk.office.catalogue, partial(_forget, desk.office.settings))
    eraser.erase(town.plan(), "can-bo-1", "12/QĐ-UBND ngày 20/11/2026")

    assert [trace for trace in TRACES if trace in desk_bytes(desk)] == []
    assert traces_in(everything(desk.office.store)) == []
    assert list((desk.office.settings.home / "uploads").glob("*")) == []
    # The service that runs on shows what is left, and no name out of its memory.
    erased, kept = sorted(done.view()["dossiers"], key=lambda dossier: dossier["state"] == "complete")
    assert (kept["dossier_id"], [file["file"] for file in kept["files"]]) == ("hs-004", ["chi.pdf"])
    assert (erased["state"], erased["files"]) == ("erased", [])
    assert half.view()["dossiers"] == [] and half.view()["dossier_code"] is None
    page = f"/batches/{done.batch_id}"
    assert "đã xóa theo quyết định" in client.get(f"{page}/files").text
    for path in ("/batches", page, f"{page}/files", f"{page}/papers", done.path):
        answer = client.get(path, headers={"accept": "text/html"})
        assert answer.status_code == 200
        assert [trace for trace in TRACES if trace in answer.content] == [], path
    # Nothing comes back by being sent again.
    again = Sender(client)
    refused = again.send(THEIRS.data, "hs-009", "a.pdf")
    assert refused.json()["code"] == "scan_erased"
    known = client.post(f"{again.path}/known", json={"files": [{"sha256": sha_of(THEIRS.data), "size_bytes": 1}]})
    assert known.json() == {"known": []}
    again.send(b"%PDF-1.7 another scan", NAME, "b.pdf")
    problems = again.submit().json()["problems"]
    assert {problem["code"] for problem in problems} == {"scan_erased", "dossier_erased"}
