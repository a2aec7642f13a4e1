"""Batches: who sees them, what is said of them, what is known already, and how they are sent off."""

from pathlib import Path
from typing import Any

import pytest

from ocr.problem import Code, Problem
from service.intake import submitting
from service.roles import Role
from storage.batch import BatchState
from storage.batches import load_batch, save_batch
from storage.desk.progress import Progress, ProgressKind
from storage.dossier import DossierState
from storage.dossiers import load_dossier, save_dossier
from storage.keys import scan_key
from tests.service.sending import Sender, pdf, sha_of
from tests.services.office import AGENCY, Desk, office_at
from tests.storage.whole_store import add_dossier
from tests.storage.whole_store import scan_of as scan_bytes
from tests.storage.whole_store import sha_of as sha_of_number

CODE = "H05.12-260102-0001"


@pytest.fixture(scope="module")
def desk(desk: Desk) -> Desk:
    """Clerks of an agency, of a unit under it, of another."""
    for account, agency in (
        ("lan", AGENCY),
        ("hoa", AGENCY),
        ("tu", f"{AGENCY}.3"),
        ("xa", "H05.13"),
        ("mai", None),
    ):
        desk.account(account, Role.CLERK, agency=agency)
    return desk


def open_as(desk: Desk, account: str, **said: Any) -> Sender:
    return Sender(desk.client(account), said=said)


_next = iter(range(1, 10_000))


def fresh() -> str:
    """A dossier nobody used before."""
    return f"hs-{next(_next):04}"


# --- Whose they are ---


def test_the_agency_is_that_of_the_account_unless_a_unit_under_it_is_named(desk: Desk) -> None:
    assert open_as(desk, "lan").view()["agency"] == AGENCY
    assert open_as(desk, "lan", agency=f"{AGENCY}.7").view()["agency"] == f"{AGENCY}.7"
    assert open_as(desk, "mai").view()["agency"] is None
    assert open_as(desk, "mai", agency="H05.13").view()["agency"] == "H05.13"
    answer = desk.client("lan").post("/v1/batches", json={"agency": "H05.13"})
    assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (403, "not_allowed", "agency")
    assert desk.client("lan").post("/v1/batches", json={"agency": "Sở"}).status_code == 422


def test_the_agency_of_the_office_where_the_account_has_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "sohoa.toml").write_text('agency = "H05.14"\n')
    with office_at(tmp_path / "home") as desk:
        assert open_as(desk, "clerk").view()["agency"] == "H05.14"


def test_who_sees_a_batch_and_who_may_change_it(desk: Desk) -> None:
    sender = open_as(desk, "lan")
    for account, seen, changed in (
        ("lan", 200, 200),
        ("hoa", 200, 403),
        ("tu", 404, 404),
        ("xa", 404, 404),
        ("mai", 404, 404),
    ):
        client = desk.client(account)
        assert client.get(sender.path).status_code == seen, account
        assert client.patch(sender.path, json={"dossier_code": CODE}).status_code == changed, account
        others = 403 if seen == 200 else 404
        if account != "lan":
            for answer in (
                client.post(f"{sender.path}/submit"),
                client.delete(sender.path),
                client.post(f"{sender.path}/known", json={"files": []}),
                client.post(f"{sender.path}/attach", json={"dossier_id": "a", "file": "b", "sha256": "0" * 64}),
                client.delete(f"{sender.path}/files/u{'0' * 24}"),
                Sender(client, sender.batch_id).create(10),
            ):
                assert answer.status_code == others, account
    assert desk.client("hoa").get("/v1/batches/b%00").status_code == 404


def test_the_list_is_that_of_the_agency_the_newest_first(desk: Desk) -> None:
    first, second, third = open_as(desk, "lan"), open_as(desk, "hoa"), open_as(desk, "tu")
    found = desk.client("lan").get("/v1/batches").json()["batches"]
    assert [batch["batch_id"] for batch in found[:3]] == [third.batch_id, second.batch_id, first.batch_id]
    assert third.batch_id not in {batch["batch_id"] for batch in desk.client("xa").get("/v1/batches").json()["batches"]}
    mine = [open_as(desk, "mai").batch_id for _ in range(3)]
    listed, before = [], ""
    while before is not None:
        answer = desk.client("mai").get("/v1/batches", params={"limit": 2, **({"before": before} if before else {})})
        listed += [batch["batch_id"] for batch in answer.json()["batches"]]
        before = answer.json()["next"]
    assert listed[:3] == mine[::-1] and len(listed) == len(set(listed))
    assert desk.client("mai").get("/v1/batches?before=gestern").status_code == 422


def test_what_is_said_of_a_batch_is_checked(desk: Desk) -> None:
    sender = open_as(desk, "lan", procedure_code="1.001193.000.00.00.H05", dossier_code=f" {CODE} ")
    assert (sender.view()["procedure_code"], sender.view()["dossier_code"]) == ("1.001193", CODE)
    for said, status, code in (
        ({"procedure_code": "9.999999"}, 404, "procedure_unknown"),
        ({"procedure_code": "abc"}, 404, "procedure_unknown"),
        ({"dossier_code": "H05-1"}, 422, "dossier_code_invalid"),
        ({"dossier_code": 5}, 422, "request_invalid"),
        ({"khac": "x"}, 422, "request_invalid"),
        ({"agency": "H06"}, 403, "not_allowed"),
    ):
        answer = sender.client.patch(sender.path, json=said)
        assert (answer.status_code, answer.json()["code"]) == (status, code)
    wrong = sender.client.patch(sender.path, json={"dossier_code": "H05-1"}).json()
    assert wrong["field"] == "dossier_code" and "giấy tiếp nhận" in wrong["action"]
    kept = sender.client.patch(sender.path, json={"procedure_code": None}).json()
    assert (kept["procedure_code"], kept["dossier_code"], kept["agency"]) == (None, CODE, AGENCY)
    assert sender.client.patch(sender.path, json={"agency": None}).json()["agency"] == AGENCY


# --- What need not be sent ---


def test_only_what_the_agency_may_know_is_known(desk: Desk) -> None:
    data, dossier = pdf(101), fresh()
    theirs = open_as(desk, "lan")
    theirs.send(data, dossier)
    asked = {"files": [{"sha256": sha_of(data), "size_bytes": len(data)}, {"sha256": "0" * 64, "size_bytes": 1}]}
    for account, knows in (("lan", True), ("hoa", True), ("tu", False), ("xa", False), ("mai", True)):
        sender = open_as(desk, account)
        known = sender.client.post(f"{sender.path}/known", json=asked).json()["known"]
        assert bool(known) is knows, account
        attached = sender.client.post(
            f"{sender.path}/attach", json={"dossier_id": "hs", "file": "a.pdf", "sha256": sha_of(data)}
        )
        assert attached.status_code == (201 if knows else 404), account
        if knows:
            assert known[0]["sha256"] == sha_of(data)
            assert (dossier, dossier) == tuple(known[0]["dossiers"][0][name] for name in ("dossier_id", "segment"))
            assert attached.json()["state"] == "stored"
            assert sender.files()["hs", "a.pdf"]["size_bytes"] == len(data)
    same = theirs.client.post(f"{theirs.path}/known", json=asked).json()["known"]
    assert dossier not in {
        d["dossier_id"] for known in same for d in known["dossiers"]
    }  # that it is in this batch, it knows


def test_another_size_is_another_file(desk: Desk) -> None:
    data = pdf(102)
    open_as(desk, "lan").send(data, fresh())
    sender = open_as(desk, "lan")
    asked = {"files": [{"sha256": sha_of(data), "size_bytes": len(data) + 1}]}
    assert sender.client.post(f"{sender.path}/known", json=asked).json() == {"known": []}


def test_attaching_twice_is_attaching_once(desk: Desk) -> None:
    data = pdf(103)
    sender = open_as(desk, "lan")
    sender.send(data, fresh())
    body = {"dossier_id": "hs", "file": "a.pdf", "sha256": sha_of(data)}
    first, again = (sender.client.post(f"{sender.path}/attach", json=body).json() for _ in range(2))
    assert first["upload_id"] == again["upload_id"]
    for wrong in ({"file": "a/b"}, {"dossier_id": ""}, {"sha256": "x"}):
        assert sender.client.post(f"{sender.path}/attach", json=body | wrong).status_code == 422


# --- Sending off ---


def test_a_batch_is_stored_and_the_runner_asked(desk: Desk) -> None:
    dossier = fresh()
    sender = open_as(desk, "lan", procedure_code="1.001193", dossier_code=CODE)
    for file in ("trang 10.pdf", "trang 2.pdf"):
        sender.send(pdf(size_bytes=500 + len(file)), dossier, file)
    answer = sender.submit()
    assert (answer.status_code, answer.json()["state"]) == (202, "waiting")
    stored = load_batch(desk.office.store, sender.batch_id)
    assert stored is not None
    assert (stored.revision, stored.state, stored.by, stored.agency) == (1, BatchState.WAITING, "lan", AGENCY)
    assert (stored.procedure_code, stored.dossier_code) == ("1.001193", CODE)
    assert [file.file for file in stored.dossiers[0].files] == ["trang 2.pdf", "trang 10.pdf"]
    assert all(desk.office.store.exists(scan_key(file.sha256)) for file in stored.dossiers[0].files)
    assert desk.launcher.batches.count(sender.batch_id) == 1
    assert sender.submit().status_code == 202  # again: asked again, nothing else
    assert desk.launcher.batches.count(sender.batch_id) == 2
    assert load_batch(desk.office.store, sender.batch_id) == stored


def test_sent_off_again_after_a_crash_it_is_one_batch(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    sender = open_as(desk, "lan")
    sender.send(pdf(), fresh())

    def crash(*_: object) -> None:
        raise RuntimeError

    save = submitting.save_batch
    with monkeypatch.context() as patched:
        patched.setattr(submitting, "save_batch", lambda *given: (save(*given), crash()))
        assert sender.submit().status_code == 500
    assert sender.view()["state"] == "open"
    assert sender.submit().status_code == 202
    stored = load_batch(desk.office.store, sender.batch_id)
    assert stored is not None and stored.revision == 1


def test_everything_that_is_in_the_way_is_told_at_once(desk: Desk) -> None:
    sender = open_as(desk, "lan", dossier_code=CODE)
    empty = sender.submit().json()
    assert (empty["status"], empty["code"], [p["code"] for p in empty["problems"]]) == (
        422,
        "batch_invalid",
        ["folder_empty"],
    )
    sender.send(pdf(1), "Nguyễn Văn Thử", "a.pdf")
    sender.send(pdf(2), fresh(), "b.pdf")
    sender.begin(100, "Nguyễn Văn Thử", "c.pdf")
    location = sender.begin(400, "Nguyễn Văn Thử", "d.pdf", sha256="0" * 64)
    sender.patch(location, pdf())
    answer = sender.submit()
    assert answer.headers["content-type"] == "application/problem+json"
    told = [(problem["code"], problem.get("file")) for problem in answer.json()["problems"]]
    assert told == [("upload_out_of_step", "c.pdf"), ("upload_corrupt", "d.pdf"), ("dossier_code_invalid", None)]
    assert sender.view()["state"] == "open"
    assert load_batch(desk.office.store, sender.batch_id) is None
    assert sender.batch_id not in desk.launcher.batches


def held_dossier(desk: Desk, number: int, agency: str | None) -> str:
    """A dossier in the store that was sent for an agency."""
    store = desk.office.store
    add_dossier(store, desk.office.catalogue, number)
    held = load_dossier(store, f"hs-{number:03}")
    assert held is not None
    save_dossier(store, held.model_copy(update={"agency": agency}))
    return held.dossier_id


def test_a_dossier_that_is_held_is_added_to_only_on_purpose(desk: Desk) -> None:
    dossier = held_dossier(desk, 701, AGENCY)
    sender = open_as(desk, "lan")
    sender.send(pdf(), dossier, "bo sung.pdf")
    refused = sender.submit().json()
    assert refused["problems"] == [
        refused["problems"][0] | {"code": "dossier_held", "file": dossier, "field": "add_to"}
    ]
    assert sender.submit("hs-999").status_code == 422
    assert sender.submit(dossier).status_code == 202


def test_another_agencys_dossier_is_never_added_to(desk: Desk) -> None:
    dossier = held_dossier(desk, 702, "H05.13")
    for account, status in (("lan", 422), ("xa", 202)):
        sender = open_as(desk, account)
        sender.send(pdf(), dossier, "bo sung.pdf")
        assert sender.submit(dossier).status_code == status
    of_the_office = held_dossier(desk, 703, None)
    for account, status in (("lan", 422), ("mai", 202)):
        sender = open_as(desk, account)
        sender.send(pdf(), of_the_office, "bo sung.pdf")
        assert sender.submit(of_the_office).status_code == status


def test_a_file_of_a_held_name_with_other_bytes_is_refused(desk: Desk) -> None:
    dossier = held_dossier(desk, 704, AGENCY)
    sender = open_as(desk, "lan")
    sender.send(pdf(), dossier, "scan.pdf")
    problem = sender.submit(dossier).json()["problems"][0]
    assert (problem["code"], problem["file"], problem["field"]) == ("file_name_taken", "scan.pdf", dossier)
    again = open_as(desk, "lan")
    again.send(scan_bytes(704), dossier, "scan.pdf")
    assert sha_of(scan_bytes(704)) == sha_of_number(704)
    assert again.submit(dossier).status_code == 202


def test_an_erased_dossier_takes_nothing(desk: Desk) -> None:
    dossier = held_dossier(desk, 705, AGENCY)
    held = load_dossier(desk.office.store, dossier)
    assert held is not None
    gone = {"papers": (), "blank_pages": held.page_places(), "state": DossierState.ERASED, "erasures": ("0" * 24,)}
    save_dossier(desk.office.store, held.model_copy(update=gone))
    sender = open_as(desk, "lan")
    sender.send(pdf(), dossier, "bo sung.pdf")
    assert sender.submit(dossier).json()["problems"][0]["code"] == "dossier_erased"


def test_two_batches_with_one_dossier_are_not_mixed(desk: Desk) -> None:
    dossier = fresh()
    first, second = open_as(desk, "lan"), open_as(desk, "lan")
    first.send(pdf(1), dossier, "a.pdf")
    second.send(pdf(2), dossier, "b.pdf")
    assert first.submit().status_code == 202
    assert second.submit(dossier).json()["problems"][0]["code"] == "dossier_held"
    desk.office.batches.finish(first.batch_id, BatchState.DONE)
    assert second.submit().status_code == 202  # digitised without a trace in the store: nothing to mix with


# --- Giving up ---


def test_a_batch_that_is_given_up_leaves_its_scans(desk: Desk) -> None:
    data = pdf(900)
    sender = open_as(desk, "lan")
    sender.send(data, "hs-a", "xong.pdf")
    location = sender.begin(400, "hs-a", "do.pdf")
    sender.patch(location, pdf()[:100])
    answer = sender.client.delete(sender.path)
    assert answer.json() == {"kept": [{"dossier_id": "hs-a", "file": "xong.pdf", "sha256": sha_of(data)}]}
    assert desk.office.store.get(scan_key(sha_of(data))) == data
    assert sender.client.get(sender.path).status_code == 404
    assert sender.head(location).status_code == 404
    assert not desk.office.intake.parts.path(location.rpartition("/")[2]).exists()
    assert sender.client.delete(sender.path).status_code == 404


# --- How far it has got ---


def test_the_view_tells_how_far_digitising_is(desk: Desk) -> None:
    dossier = fresh()
    sender = open_as(desk, "lan")
    sender.send(pdf(), dossier)
    sender.submit()
    progress, batches = desk.office.progress, desk.office.batches
    batches.begin(sender.batch_id)

    def tell(kind: ProgressKind, **said: Any) -> dict[str, Any]:
        progress.tell(sender.batch_id, Progress(kind=kind, dossier_id=dossier, **said))
        return sender.view()["dossiers"][0]

    progress.tell(sender.batch_id, Progress(kind=ProgressKind.STARTED))
    assert tell(ProgressKind.PAGES, count=5, held=2)["pages_read"] == 2
    assert tell(ProgressKind.PAGE)["pages_read"] == 3
    assert tell(ProgressKind.PAGES, count=5, held=3)["pages_read"] == 3  # killed and begun again
    tell(ProgressKind.PAGE)
    assert tell(ProgressKind.PAGE)["pages_read"] == 5
    problem = Problem(code=Code.PAGE_DAMAGED, file="trang 1.pdf", page_number=2)
    done = tell(ProgressKind.ASSEMBLED, state=DossierState.PARTIAL, papers=2, to_review=1, problems=(problem,))
    assert (done["state"], done["pages"], done["papers"], done["to_review"]) == ("partial", 5, 2, 1)
    assert done["problems"][0]["code"] == "page_damaged"
    stored = load_batch(desk.office.store, sender.batch_id)
    assert stored is not None
    became = stored.dossiers[0].model_copy(update={"state": DossierState.FAILED, "problems": ()})
    save_batch(desk.office.store, stored.model_copy(update={"state": BatchState.DONE, "dossiers": (became,)}))
    batches.finish(sender.batch_id, BatchState.DONE)
    assert sender.view()["state"] == "done"
    assert sender.view()["dossiers"][0]["state"] == "failed"  # what is stored is what counts
