"""`sohoa calibrate` on a home of synthetic records: from truth files, from what people approved, into the store."""

import json
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image

from extractors.record import Evidence, ExtractedField, FieldStatus, Provenance, Record, RecordState, SourcePage
from flows.calibrate import calibrate
from ocr.page import Box
from ocr.problem import Code, SohoaError
from storage.calibrations import load_calibration
from storage.dossier import Dossier, DossierPaper, DossierScan, PagePlace, state_for
from storage.dossiers import save_dossier
from storage.folder_store import FolderStore
from storage.keys import record_id_for, record_key
from storage.known_values import reviewed_values, truth_values
from storage.records import save_draft

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
SUPPORTED = ("claimed:90", "kind:date", "support:two-readers")
ALONE = ("claimed:70", "kind:place", "single-reading")
Run = Callable[..., "subprocess.CompletedProcess[str]"]


def read_field(value: str, signals: tuple[str, ...]) -> ExtractedField:
    return ExtractedField(
        value=value,
        raw=value,
        status=FieldStatus.FOUND,
        accepted="single-reading" not in signals,
        evidence=Evidence(file="scan.pdf", page_number=1, box=Box(1, 2, 3, 4), reader="t"),
        signals=signals,
    )


def put_dossier(store: FolderStore, number: int, signals: tuple[str, ...] = SUPPORTED) -> Record:
    dossier_id = f"hs-{number:03d}"
    sha256 = f"{number:064x}"
    draft = Record(
        record_id=record_id_for(dossier_id, sha256, 1),
        revision=1,
        state=RecordState.NEEDS_REVIEW,
        dossier_id=dossier_id,
        paper_type="quyet-dinh",
        paper_type_version=1,
        source=(SourcePage(file="scan.pdf", page_number=1, sha256=sha256),),
        fields={
            "issued_date": read_field("2024-05-06", signals),
            "place": read_field("Bắc Ninh", ALONE if signals else ()),
            "subject": ExtractedField(status=FieldStatus.MISSING),
        },
        provenance=Provenance(paper_type_fingerprint="f", software="test", created_at=NOON),
    )
    record = save_draft(store, draft)
    page = PagePlace(file="scan.pdf", sha256=sha256, page_number=1)
    scans = (DossierScan(file="scan.pdf", sha256=sha256, page_count=1),)
    papers = (DossierPaper(record_id=record.record_id, paper_type="quyet-dinh", pages=(page,)),)
    state = state_for(scans, papers, (), ())
    save_dossier(
        store,
        Dossier(
            dossier_id=dossier_id,
            revision=1,
            recipe="recipe-1",
            state=state,
            scans=scans,
            papers=papers,
            blank_pages=(),
            failed_pages=(),
            problems=(),
            created_at=NOON,
        ),
    )
    return record


def truth_of(numbers: range, wrong_places: int = 0) -> dict[str, list[dict]]:
    return {
        f"hs-{number:03d}": [
            {
                "type": "quyet-dinh",
                "file": "scan.pdf",
                "pages": [1],
                "fields": {"issued_date": "2024-05-06", "place": "Bắc Giang" if number < wrong_places else "BẮC  NINH"},
            }
        ]
        for number in numbers
    }


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = tmp_path / "home"
    store = FolderStore(home / "store")
    for number in range(20):
        put_dossier(store, number)
    truth = truth_of(range(22), wrong_places=8)  # two of its dossiers were never taken in
    (tmp_path / "truth.json").write_text(json.dumps(truth), "utf-8")
    return home


@pytest.fixture
def store(home: Path) -> FolderStore:
    return FolderStore(home / "store")


@pytest.fixture
def run(environment: dict[str, str], program: list[str]) -> Run:
    def run(*arguments: str | Path) -> "subprocess.CompletedProcess[str]":
        command = [*program, "calibrate", *map(str, arguments)]
        return subprocess.run(command, env=environment, capture_output=True, encoding="utf-8", timeout=600, check=False)

    return run


def approve(store: FolderStore, read: Record, **changes: ExtractedField) -> None:
    approved = read.model_copy(
        update={"revision": 2, "state": RecordState.APPROVED, "fields": {**read.fields, **changes}}
    )
    store.create(record_key(read.record_id, 2), approved.to_json())


# --- what is known -----------------------------------------------------------------------------------------------


def test_truth_tells_right_from_wrong_and_counts_what_it_leaves_out(store: FolderStore, tmp_path: Path) -> None:
    put_dossier(store, 20, signals=())
    truth = truth_of(range(22), wrong_places=8)
    truth["hs-000"][0]["type"] = "cong-van"
    found = truth_values(store, json.dumps(truth).encode())
    assert (found.source.dossiers, found.source.fields, found.absent) == (19, 38, 1)
    assert (found.source.mistyped, found.source.without_signals) == (1, 2)
    assert found.source.recipes == ("recipe-1",)
    assert sum(value.right for value in found.values if value.field == "place") == 12
    assert all(value.right for value in found.values if value.field == "issued_date")


def test_of_reviewed_records_only_what_a_person_settled_counts(store: FolderStore) -> None:
    records = [Record.from_json(store.get(key)) for key in store.list("records/")]
    steward = {"decided_by": "steward:ba", "accepted": True}
    for number, read in enumerate(records[:4]):
        place = read.fields["place"].model_copy(update={**steward, "value": "Bắc Giang" if number else "bắc ninh"})
        approve(store, read, place=place)
    approve(store, records[4])  # nobody looked at a field of it
    found = reviewed_values(store)
    assert [(value.field, value.right) for value in found.values].count(("place", False)) == 3
    assert len(found.values) == 4
    assert reviewed_values(store, frozenset(read.record_id for read in records)).values == []


@pytest.mark.parametrize("text", [b"", b"[]", b'{"hs-1": [{"fields": {}}]}', b'{"hs-1": [{"type": 3}]}'])
def test_what_is_no_truth_file_is_refused(store: FolderStore, text: bytes) -> None:
    with pytest.raises(SohoaError) as raised:
        truth_values(store, text)
    assert raised.value.code is Code.SETTING_INVALID


def test_too_few_known_values_are_said_to_be(store: FolderStore) -> None:
    with pytest.raises(SohoaError) as raised:
        calibrate(store, [], 0.005)
    assert raised.value.code is Code.TOO_FEW_KNOWN


# --- the command -------------------------------------------------------------------------------------------------


def test_the_command_shows_but_stores_nothing_unless_asked(
    run: Run, home: Path, store: FolderStore, tmp_path: Path
) -> None:
    done = run("--home", home, "--truth", tmp_path / "truth.json")
    assert (done.returncode, done.stderr) == (0, "")
    assert "Quyết định · issued_date" in done.stdout and "không nhận" in done.stdout
    assert "cần khoảng 598 giá trị" in done.stdout and "Chưa lưu" in done.stdout
    assert "2 hồ sơ trong tệp đáp án không có trong kho này" in done.stdout
    assert load_calibration(store).revision == 0


def test_the_command_stores_draws_and_answers_programs(
    run: Run, home: Path, store: FolderStore, tmp_path: Path
) -> None:
    picture, out = tmp_path / "tin-cay.png", tmp_path / "out.json"
    given = ("--home", home, "--truth", tmp_path / "truth.json", "--target-error", "0.2", "--note", "gieo 1")
    done = run(*given, "--picture", picture, "--out", out, "--write", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    answer = json.loads(done.stdout)

    stored = load_calibration(store)
    assert (stored.revision, stored.note, stored.fingerprint) == (1, "gieo 1", answer["fingerprint"])
    assert stored.sources[0].dossiers == 20 and answer["absent_dossiers"] == 2
    rows = {row["field"]: row for row in answer["fields"]}
    assert (rows["issued_date"]["accepted"], rows["issued_date"]["least"]) == (20, 0.0)
    assert (rows["place"]["right"], rows["place"]["accepted"]) == (12, 0)
    assert json.loads(out.read_text("utf-8"))["revision"] == 0
    with Image.open(picture) as drawn:
        assert drawn.format == "PNG" and drawn.width > 600


@pytest.mark.parametrize(
    ("arguments", "code", "word"),
    [
        (("--truth", "missing.json"), 2, "[path_unreadable]"),
        ((), 2, "[too_few_known]"),
        (("--target-error", "2"), 2, "target-error"),
    ],
)
def test_mistakes_are_one_sentence(run: Run, tmp_path: Path, arguments: tuple[str, ...], code: int, word: str) -> None:
    done = run("--home", tmp_path / "home", *arguments)
    assert done.returncode == code and word in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "home" / "store" / "calibration").exists()
