"""Batches in portions: every file once and in order, whatever comes and goes meanwhile; the list of files to read."""

import re

import pytest

from benchmarks.large_batch import fill_large_batch
from extractors.record import PoorPage
from ocr.page_quality import PageQuality, QualityReason, Side, Verdict
from ocr.problem import Code, Problem
from service.intake.portions import dossier_ids_of, dossiers_after, listed, portion
from service.intake.view import FILES_AT_ONCE
from service.roles import Role
from storage.desk.progress import Progress, ProgressKind
from storage.desk.upload import UploadKind, new_upload_id
from storage.desk.uploads import Coming
from storage.dossier import DossierState
from tests.service.sending import Sender, pdf
from tests.services.office import AGENCY, Desk

HTML = {"accept": "text/html"}
NAMES = [
    ("hs-2", "trang 1.pdf"),
    ("hs-2", "trang 2.pdf"),
    ("hs-2", "trang 10.pdf"),
    ("hs-10", "a.pdf"),
    ("hs-10", "b.pdf"),
]


@pytest.fixture
def sender(desk: Desk) -> Sender:
    desk.account("lan", Role.CLERK, agency=AGENCY)
    made = Sender(desk.client("lan"))
    for number, name in enumerate(reversed(NAMES)):
        made.send(pdf(number), *name)
    return made


def portions(sender: Sender, limit: int, cursor: str | None = None) -> list[dict]:
    """Ask for a batch portion by portion; return the views."""
    found = []
    while not found or cursor:
        asked = {"limit": limit} | ({"cursor": cursor} if cursor else {})
        answer = sender.client.get(sender.path, params=asked)
        assert answer.status_code == 200, answer.text
        found.append(answer.json())
        cursor = found[-1]["next"]
    return found


def files_of(view: dict) -> list[tuple[str, str]]:
    return [(dossier["dossier_id"], file["file"]) for dossier in view["dossiers"] for file in dossier["files"]]


@pytest.mark.parametrize("limit", [1, 2, 3, 5, FILES_AT_ONCE])
def test_every_file_is_told_once_in_natural_order(sender: Sender, limit: int) -> None:
    views = portions(sender, limit)
    assert [name for view in views for name in files_of(view)] == NAMES
    assert all(len(files_of(view)) <= limit for view in views) and len(views) == -(-len(NAMES) // limit)
    assert {(view["file_count"], view["dossier_count"]) for view in views} == {(len(NAMES), 2)}


def test_files_that_go_and_come_move_no_other_over_the_edge(sender: Sender) -> None:
    first = sender.client.get(sender.path, params={"limit": 2}).json()
    for upload_id in [file["upload_id"] for dossier in first["dossiers"] for file in dossier["files"]]:
        sender.client.delete(f"{sender.path}/files/{upload_id}")
    sender.send(pdf(77), "hs-1", "truoc.pdf")
    rest = portions(sender, 2, first["next"])
    assert [name for view in rest for name in files_of(view)] == NAMES[2:]


def test_files_of_one_name_are_told_together(desk: Desk, sender: Sender) -> None:
    failed = Coming(new_upload_id(), sender.batch_id, "lan", UploadKind.ENTRY, "hs-2", "trang 1.pdf", 5)
    desk.office.intake.uploads.add_failed(failed, Problem(code=Code.FILE_SKIPPED, file="trang 1.pdf"))
    views = portions(sender, 1)
    assert files_of(views[0]) == [NAMES[0], NAMES[0]]
    assert [name for view in views for name in files_of(view)] == [NAMES[0], *NAMES]


def test_a_cursor_of_another_batch_is_refused(sender: Sender) -> None:
    following = sender.client.get(sender.path, params={"limit": 2}).json()["next"]
    for path, cursor in ((Sender(sender.client).path, following), (sender.path, "khong-phai")):
        answer = sender.client.get(path, params={"cursor": cursor})
        assert (answer.status_code, answer.json()["field"]) == (422, "cursor")


def test_places_are_found_whether_something_stands_there_or_not(desk: Desk, sender: Sender) -> None:
    batch = desk.office.batches.find(sender.batch_id)
    assert batch is not None
    held = listed(desk.office.intake, batch)
    assert [line.place for line in portion(held.lines, "hs-2/trang 3.pdf", 2)[0]] == [
        "hs-2/trang 10.pdf",
        "hs-10/a.pdf",
    ]
    assert portion(held.lines, "hs-99/", 2) == ([], None)
    names = dossier_ids_of(desk.office.intake, batch)
    assert dossiers_after(names, "", 1) == (["hs-2"], "hs-2")
    assert dossiers_after(names, "hs-3", 1) == (["hs-10"], None)


def test_pages_that_only_reading_found_poor_are_told(desk: Desk, sender: Sender) -> None:
    reasons = (QualityReason(code=Code.TEXT_CUT_OFF, verdict=Verdict.RESCAN, side=Side.LEFT, measured=5),)
    poor = PoorPage(file="a.pdf", page_number=3, quality=PageQuality(verdict=Verdict.RESCAN, reasons=reasons))
    read = Progress(kind=ProgressKind.ASSEMBLED, dossier_id="hs-10", state=DossierState.COMPLETE, poor_pages=(poor,))
    desk.office.progress.tell(sender.batch_id, read)
    (page,) = [page for page in sender.files()["hs-10", "a.pdf"]["pages"] if page["page_number"] == 3]
    assert (page["verdict"], page["sides"]) == ("rescan", ["left"]) and "chữ bị cắt ở mép trái" in page["words"]
    assert page["picture"].endswith("/3.webp")


def test_papers_of_many_dossiers_are_given_in_portions(desk: Desk) -> None:
    desk.account("lan", Role.CLERK, agency=AGENCY)
    path = f"/batches/{fill_large_batch(desk.office, 'lan', AGENCY, 2500)}/papers"
    first = desk.client("lan").get(path).json()
    rest = desk.client("lan").get(path, params={"after": first["next"]}).json()
    told = [*first["dossiers"], *rest["dossiers"]]
    assert (len(first["dossiers"]), len(rest["dossiers"]), rest["next"]) == (200, 50, None)
    assert [dossier["dossier_id"] for dossier in told] == [f"lô {number}" for number in range(1, 251)]
    assert {(len(dossier["papers"]), sum(paper["open_fields"] for paper in dossier["papers"])) for dossier in told} == {
        (3, 2)
    }


def test_the_list_of_files_is_read_without_script(desk: Desk, sender: Sender) -> None:
    location = sender.begin(1000, "hs-10", "c.pdf")
    sender.patch(location, b"%PDF-1.7 ".ljust(400))
    text = sender.client.get(f"/batches/{sender.batch_id}/files", headers=HTML).text
    assert "2 hồ sơ, 6 tệp" in text and "gửi dở 40 %" in text and 'rel="next"' not in text
    assert re.findall(r'class="name">([^<]+)<', text) == [file for _, file in NAMES] + ["c.pdf"]
    after = sender.client.get(f"/batches/{sender.batch_id}/files", params={"after": "hs-10/a.pdf"}, headers=HTML).text
    assert re.findall(r'class="name">([^<]+)<', after) == ["b.pdf", "c.pdf"] and "Về đầu danh sách" in after
    desk.account("xa", Role.CLERK, agency="H06")
    assert desk.client("xa").get(f"/batches/{sender.batch_id}/files").status_code == 404
