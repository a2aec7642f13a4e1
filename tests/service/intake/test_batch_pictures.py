"""Pictures of the pages of a batch: one's own without ado, anybody else's only after the read log says so."""

import pytest

from service.intake.pictures import PURPOSE
from service.roles import Role
from storage.keys import preview_key
from tests.service.sending import Sender, drawn_page, scan_of, sha_of, until
from tests.services.office import AGENCY, Desk
from tests.storage.whole_store import add_dossier, record_id_of, webp
from tests.storage.whole_store import scan_of as scan_bytes


@pytest.fixture(scope="module")
def desk(desk: Desk) -> Desk:
    """Two clerks of an agency, one of another."""
    for account, agency in (("lan", AGENCY), ("hoa", AGENCY), ("xa", "H05.13")):
        desk.account(account, Role.CLERK, agency=agency)
    return desk


def logged(desk: Desk) -> list[str]:
    """The entries of the read log about such pictures."""
    spooled = (desk.office.settings.home / "read-log").glob("*.jsonl")
    return [line for piece in spooled for line in piece.read_text("utf-8").splitlines() if PURPOSE in line]


def reads(desk: Desk) -> int:
    return len(logged(desk))


def test_the_log_names_the_papers_on_the_page(desk: Desk) -> None:
    data = scan_bytes(7)
    sender = Sender(desk.client("lan"))
    sender.send(data, "hs-007", "scan.pdf")
    add_dossier(desk.office.store, None, 7)
    desk.office.store.put(preview_key(sha_of(data), 1), webp(b"page"))
    path = f"{sender.path}/pictures/{sha_of(data)}/1.webp"
    before = reads(desk)
    assert desk.client("hoa").get(path).status_code == 200
    assert reads(desk) == before + 1
    assert record_id_of(7) in logged(desk)[-1]


def test_pictures_of_colleagues_scans_are_logged_before_they_leave(desk: Desk) -> None:
    sender = Sender(desk.client("lan"))
    data = scan_of(drawn_page())
    sender.send(data, "hs-001")
    path = until(lambda: next(iter(sender.files().values()))["pages"])[0]["picture"]

    before = reads(desk)
    assert sender.client.get(path).status_code == 200
    assert reads(desk) == before
    assert desk.client("hoa").get(path).status_code == 200
    assert reads(desk) == before + 1
    attached = Sender(desk.client("lan"))
    body = {"dossier_id": "hs", "file": "a.tif", "sha256": sha_of(data)}
    attached.client.post(f"{attached.path}/attach", json=body)
    assert attached.client.get(path.replace(sender.batch_id, attached.batch_id)).status_code == 200
    assert reads(desk) == before + 2
    assert desk.client("xa").get(path).status_code == 404
    for other in ("/1.webp", "/2.webp", "/0.webp", "/9999999999999.webp", "/x.webp"):
        answer = sender.client.get(path.replace("/1.webp", other))
        assert answer.status_code == (200 if other == "/1.webp" else answer.status_code)
        assert answer.status_code in {200, 404, 422}, other
    assert sender.client.get(path.replace(sha_of(data), "0" * 64)).status_code == 404
    assert reads(desk) == before + 2
