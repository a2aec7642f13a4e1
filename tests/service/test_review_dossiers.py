"""The pages of a dossier: which papers they make, and putting them together anew."""

from typing import Any

from service.roles import Role
from storage.decisions import reject
from storage.dossiers import load_dossier
from tests.service.review_world import Steward
from tests.services.office import AGENCY, Desk
from tests.storage.deciding import act


def opened(person: Steward, segment: str = "hs-101") -> dict[str, Any]:
    answer = person.client.get(f"/dossiers/{segment}/view")
    assert answer.status_code == 200, answer.text
    return answer.json()


def places(pages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{name: page[name] for name in ("sha256", "file", "page_number")} for page in pages]


def arrange(person: Steward, segment: str, **body: Any):
    return person.client.post(f"/dossiers/{segment}/arrange", json=body)


def test_a_dossier_with_its_papers_and_pages(filled_desk: Desk) -> None:
    lan = Steward(filled_desk, "steward")
    view = opened(lan)
    assert [(paper["paper_type"], len(paper["pages"]), paper["decided"]) for paper in view["papers"]] == [
        ("quyet-dinh", 2, False),
        ("giay-khai-sinh", 1, False),
    ]
    assert {"id": "giay-khai-sinh", "name": "Giấy khai sinh"} in view["paper_types"]
    picture = lan.client.get(view["papers"][0]["pages"][1]["picture"])
    assert (picture.status_code, picture.headers["content-type"]) == (200, "image/webp")
    filled_desk.office.read_log.seal()
    reads = filled_desk.office.catalogue.reads_of_record(view["papers"][0]["record_id"])
    assert [(read.reader, read.kind) for read in reads] == [("steward", "record")]


def test_pages_that_are_not_of_the_dossier_are_not_shown(filled_desk: Desk) -> None:
    lan = Steward(filled_desk, "steward")
    page = opened(lan, "hs-102")["papers"][0]["pages"][0]
    for path in (f"hs-101/pictures/{page['sha256']}/1.webp", f"hs-102/pictures/{page['sha256']}/2.webp"):
        assert lan.client.get(f"/dossiers/{path}").json()["code"] == "nothing_here"
    for segment in ("hs-999", "khong ton tai", "n-1"):
        assert lan.client.get(f"/dossiers/{segment}/view").json()["code"] == "dossier_unknown"


def test_pages_are_moved_and_the_launcher_is_asked(filled_desk: Desk) -> None:
    lan = Steward(filled_desk, "steward")
    view = opened(lan)
    pages = places([page for paper in view["papers"] for page in paper["pages"]])
    papers = [{"paper_type": "quyet-dinh", "pages": pages[:1]}, {"paper_type": None, "pages": pages[1:]}]
    answer = arrange(lan, "hs-101", revision=view["revision"], papers=papers, reason="trang 2 của giấy khác")
    assert (answer.status_code, answer.json()["to_assemble"]) == (202, True)
    assert filled_desk.launcher.dossiers == ["hs-101"]
    held = load_dossier(filled_desk.office.store, "hs-101")
    assert held is not None and held.arrangement is not None
    assert (held.arrangement.by, [len(paper.pages) for paper in held.arrangement.papers]) == ("steward", [1, 2])
    assert opened(lan)["to_assemble"]


def test_a_paper_of_the_wrong_type_is_the_same_pages_with_another(filled_desk: Desk) -> None:
    lan = Steward(filled_desk, "steward")
    view = opened(lan, "hs-102")
    papers = [{"paper_type": "cong-van", "pages": places(view["papers"][0]["pages"])}]
    assert arrange(lan, "hs-102", revision=view["revision"], papers=papers).status_code == 202
    held = load_dossier(filled_desk.office.store, "hs-102")
    assert held is not None and held.arrangement is not None and held.arrangement.papers[0].paper_type == "cong-van"


def test_what_cannot_be_is_refused_and_changes_nothing(filled_desk: Desk) -> None:
    lan = Steward(filled_desk, "steward")
    view = opened(lan)
    pages = places([page for paper in view["papers"] for page in paper["pages"]])
    strange = {**pages[0], "page_number": 9}
    for papers in (
        [{"pages": pages[:2]}],  # a page is missing
        [{"pages": pages}, {"pages": pages[:1]}],  # named twice
        [{"pages": [*pages, strange]}],
        [{"pages": pages, "paper_type": "so-do"}],
    ):
        answer = arrange(lan, "hs-101", revision=view["revision"], papers=papers)
        assert (answer.status_code, answer.json()["code"]) == (422, "decision_invalid")
    assert filled_desk.launcher.dossiers == []
    assert opened(lan)["revision"] == view["revision"]


def test_what_changed_meanwhile_is_shown(filled_desk: Desk) -> None:
    lan, other = Steward(filled_desk, "steward"), Steward(filled_desk, "supervisor")
    view = opened(lan)
    pages = places([page for paper in view["papers"] for page in paper["pages"]])
    assert arrange(other, "hs-101", revision=view["revision"], papers=[{"pages": pages}]).status_code == 202
    each = [{"pages": [page]} for page in pages]
    stale = arrange(lan, "hs-101", revision=view["revision"], papers=each)
    assert (stale.status_code, stale.json()["code"]) == (409, "record_changed")
    assert stale.json()["current"]["revision"] == view["revision"] + 1


def test_a_paper_that_a_person_decided_on_stays(filled_desk: Desk) -> None:
    lan = Steward(filled_desk, "steward")
    view = opened(lan, "hs-102")
    record_id = view["papers"][0]["record_id"]
    reject(filled_desk.office.store, filled_desk.office.catalogue, record_id, 1, act("bản quét thiếu mép"))
    assert opened(lan, "hs-102")["papers"][0]["decided"]
    papers = [{"paper_type": "cong-van", "pages": places(view["papers"][0]["pages"])}]
    answer = arrange(lan, "hs-102", revision=view["revision"], papers=papers)
    assert (answer.status_code, answer.json()["field"]) == (422, record_id)


def test_another_agencys_dossier_does_not_exist(filled_desk: Desk) -> None:
    filled_desk.account("huyen", Role.STEWARD, agency=AGENCY)
    huyen = Steward(filled_desk, "huyen")
    assert huyen.client.get("/dossiers/hs-101/view").json()["code"] == "dossier_unknown"
    assert arrange(huyen, "hs-101", revision=1, papers=[]).status_code == 404
