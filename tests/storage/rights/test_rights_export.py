"""What a person is handed: everything on them, nothing on anybody else, and only after the read log says so."""

import io
import json
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from extractors.paper_type_loader import shipped_paper_types
from ocr.problem import Code, SohoaError
from storage.dossier import Question, QuestionKind
from storage.dossiers import load_dossier, save_dossier
from storage.read_log.entry import ReadEntry, ReadKind
from storage.rights.cases import new_case_id
from storage.rights.disclosure import Disclosure, cases_about, held_papers
from storage.rights.handing_over import DATA_FILE, SUMMARY_FILE, hand_over, new_parcel
from storage.rights.hold import Hold, holds_in
from storage.rights.request import request_correction
from tests.storage.rights.conftest import BINH, CAME, XOA, File, Sheet, Town, person

OTHERS = ("Trần Thị Bình", "001188054321", "TRẦN THỊ BÌNH", "Phạm Chi", "chung.pdf", "Người khác")


def _two_pages() -> bytes:
    """A scan of two pages: a dark one and a light one."""
    dark, light = (Image.new("L", (400, 500), shade) for shade in (60, 250))
    target = io.BytesIO()
    dark.save(target, "TIFF", save_all=True, append_images=[light])
    return target.getvalue()


BUNDLE = File("Người khác.tif", 2, (Sheet((1,), (XOA,)), Sheet((2,), (BINH,))), content=_two_pages())


def _hand_over(town: Town, out: Path, *, with_scans: bool = False) -> dict[str, bytes]:
    papers = held_papers(town.store, town.catalogue, person(XOA))
    read = ReadEntry(kind=ReadKind.LOOKUP, reader="can-bo <b>", purpose="Khai sinh", at=CAME)
    cases = cases_about(town.store, person(XOA), papers)
    disclosure = Disclosure(person(XOA), CAME, papers, (read,), *cases)
    with new_parcel(out) as parcel:
        problems = hand_over(
            town.store, disclosure, parcel, shipped_paper_types(), "Trả lời người dân", with_scans=with_scans
        )
    # Most scans of the town are no real files: their pages are told as problems, and nothing else of them leaves.
    assert all(problem.file is None for problem in problems)
    return {str(path.relative_to(out)): path.read_bytes() for path in out.rglob("*") if path.is_file()}


def test_everything_on_the_person_and_nothing_on_others(town: Town, tmp_path: Path) -> None:
    town.add("Người khác", BUNDLE)
    marriage = town.id_of("hs-003/ket-hon.pdf/1")
    files = _hand_over(town, tmp_path / "out", with_scans=True)
    data = json.loads(files[DATA_FILE])
    found = {record["record_id"]: record for record in data["records"]}
    own = [
        place
        for place in town.records
        if place.startswith(("Lê", "hs-002/chung.pdf/1", "hs-002/rieng", "Người khác/Người khác.tif/1"))
    ]
    assert set(found) == {marriage, *(town.id_of(place) for place in own)}
    del found[marriage]  # it is about both, and belongs to both
    told = json.dumps(found, ensure_ascii=False)
    assert not [trace for trace in OTHERS if trace in told]
    assert found[town.id_of(own[0])]["revisions"][0]["fields"]["owner_name"]["value"] == "Lê Văn Xóa"
    page = files[SUMMARY_FILE].decode()
    assert "Lê Văn Xóa" in page and "can-bo &lt;b&gt;" in page
    assert "Phạm Chi" not in page and "Người khác" not in page


def test_of_a_shared_scan_only_own_pages_leave(town: Town, tmp_path: Path) -> None:
    town.add("Người khác", BUNDLE)
    files = _hand_over(town, tmp_path / "out", with_scans=True)
    pictures = {name: Image.open(io.BytesIO(data)) for name, data in files.items() if name.endswith(".jpg")}
    name = f"giay-to/{town.id_of('Người khác/Người khác.tif/1')}/trang-001.jpg"
    assert set(pictures) == {name}
    assert pictures[name].convert("L").getpixel((200, 250)) < 100  # the dark page: the light one is Bình's
    assert not any(BUNDLE.content in data for data in files.values())


def test_a_page_that_may_carry_two_papers_stays_here(town: Town, tmp_path: Path) -> None:
    dossier = town.add("Người khác", BUNDLE)
    question = Question(kind=QuestionKind.TWO_PAPERS, page=dossier.papers[0].pages[0], is_cut=False)
    save_dossier(town.store, dossier.model_copy(update={"questions": (question,)}))
    assert load_dossier(town.store, "Người khác").questions  # type: ignore[union-attr]
    files = _hand_over(town, tmp_path / "out", with_scans=True)
    assert not [name for name in files if name.endswith(".jpg")]
    assert "1 trang không kèm theo" in files[SUMMARY_FILE].decode()


def test_a_draft_of_an_earlier_splitting_tells_nothing_of_its_pages(town: Town, tmp_path: Path) -> None:
    """The machine once took two persons' pages for one paper of Xóa."""
    data = _two_pages() + b"again"
    town.add(
        "hs-060", File("gop.tif", 2, (Sheet((1, 2), (XOA, BINH.model_copy(update={"role": "other"}))),), content=data)
    )
    town.add("hs-060", File("gop.tif", 2, (Sheet((2,), (BINH,)),), content=data))
    files = _hand_over(town, tmp_path / "out", with_scans=True)
    draft = next(
        record
        for record in json.loads(files[DATA_FILE])["records"]
        if record["record_id"] == town.id_of("hs-060/gop.tif/1")
    )
    assert draft["withdrawn"] and draft["pages"] == []
    assert all("fields" not in revision for revision in draft["revisions"])


def test_requests_holds_and_erasures_are_told(town: Town, tmp_path: Path) -> None:
    request_correction(town.store, town.id_of("hs-003/ket-hon.pdf/1"), "husband_name", "Lê Văn Xoá", "can-bo", CAME)
    holds_in(town.store).open(
        Hold(
            case_id=new_case_id(),
            by="can-bo",
            reason="Công văn 5",
            at=CAME,
            record_id=town.id_of("hs-003/ket-hon.pdf/1"),
        )
    )
    holds_in(town.store).open(
        Hold(case_id=new_case_id(), by="can-bo", reason="Việc của Bình", at=CAME, subject_key=person(BINH).subject_key)
    )
    town.erase()
    files = _hand_over(town, tmp_path / "out")
    data = json.loads(files[DATA_FILE])
    assert [request["says"] for request in data["requests"]] == ["Lê Văn Xoá"]
    assert [hold["reason"] for hold in data["holds"]] == ["Công văn 5"]
    assert [erasure["decision"] for erasure in data["erasures"]] == ["12/QĐ-UBND ngày 20/11/2026"]


def test_an_archive_or_a_folder_is_new_and_its_owners_alone(tmp_path: Path) -> None:
    with new_parcel(tmp_path / "a.zip") as parcel:
        parcel.add("x/y.json", b"1")
    with new_parcel(tmp_path / "folder") as parcel:
        parcel.add("x/y.json", b"1")
    assert zipfile.ZipFile(tmp_path / "a.zip").read("x/y.json") == b"1"
    assert (tmp_path / "a.zip").stat().st_mode & 0o077 == 0
    assert (tmp_path / "folder" / "x" / "y.json").stat().st_mode & 0o077 == 0
    for taken in ("a.zip", "folder"):
        with pytest.raises(SohoaError) as refused, new_parcel(tmp_path / taken):
            pass
        assert refused.value.code is Code.SETTING_INVALID
    assert (tmp_path / "a.zip").exists() and (tmp_path / "folder").exists()


@pytest.mark.parametrize("name", ["a.zip", "folder"])
def test_nothing_half_done_is_left(tmp_path: Path, name: str) -> None:
    def break_off() -> None:
        with new_parcel(tmp_path / name) as parcel:
            parcel.add("du-lieu.json", b"of a person")
            raise SohoaError(Code.READ_LOG_FAILED)

    with pytest.raises(SohoaError):
        break_off()
    assert not (tmp_path / name).exists()
