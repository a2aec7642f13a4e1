"""What an erasure would do: holds, retention, papers of others, scans with pages of others."""

from datetime import date
from pathlib import Path

import pytest

from extractors.record import Subject
from ocr.problem import Code, SohoaError
from storage.dossier_segment import dossier_segment
from storage.keys import scan_key
from storage.rights.cases import new_case_id
from storage.rights.erased import erasures
from storage.rights.erasure import Ground, KeptReason
from storage.rights.hold import Hold, HoldState, holds_in
from storage.rights.plan import Plan
from storage.rights.retention import (
    RETENTION_FILE,
    Retention,
    RetentionCode,
    RetentionTable,
    load_retention,
    shipped_retention,
)
from tests.storage.rights.conftest import BINH, CAME, XOA, File, Sheet, Town, everything, person

XOA_ALONE = "Lê Văn Xóa/Xoa-1999.pdf/1"
TEN_YEARS = RetentionTable({}, Retention.of(RetentionCode.YEARS_10))


def _hold(town: Town, **scope: str | date) -> Hold:
    return holds_in(town.store).open(
        Hold(case_id=new_case_id(), by="can-bo", reason="Công văn 5/VKS", at=CAME, **scope)
    )


def _reasons(plan: Plan, record_id: str) -> set[KeptReason]:
    return {kept.reason for kept in plan.kept if kept.record_id == record_id}


def test_a_plan_changes_nothing(town: Town) -> None:
    before = everything(town.store)
    assert town.plan().erased
    assert everything(town.store) == before


def test_a_hold_on_a_person_keeps_everything(town: Town) -> None:
    _hold(town, subject_key=person(XOA).subject_key)
    plan = town.plan(ground=Ground.AUTHORITY_DECISION)
    assert plan.erased == ()
    with pytest.raises(SohoaError) as refused:
        town.eraser().erase(plan, "can-bo", "12/QĐ")
    assert refused.value.code is Code.ERASURE_REFUSED
    assert "hold" in refused.value.problem.detail
    assert list(erasures(town.store)) == []


@pytest.mark.parametrize("scope", ["record", "dossier", "other"])
def test_a_hold_keeps_what_it_names(town: Town, scope: str) -> None:
    record_id = town.id_of(XOA_ALONE)
    marriage = town.id_of("hs-003/ket-hon.pdf/1")
    scopes = {
        "record": {"record_id": record_id},
        "dossier": {"dossier_segment": dossier_segment("Lê Văn Xóa")},
        "other": {"subject_key": person(BINH).subject_key},
    }
    hold = _hold(town, **scopes[scope])
    plan = town.plan(marriage)
    held, other = (marriage, record_id) if scope == "other" else (record_id, marriage)
    assert _reasons(plan, held) == {KeptReason.HOLD}
    assert _reasons(plan, other) == set()
    assert {kept.case_id for kept in plan.kept if kept.reason is KeptReason.HOLD} == {hold.case_id}


def test_a_hold_that_is_released_or_over_keeps_nothing(town: Town) -> None:
    hold = _hold(town, record_id=town.id_of(XOA_ALONE))
    holds_in(town.store).follow(hold, state=HoldState.RELEASED)
    _hold(town, record_id=town.id_of(XOA_ALONE), until=date(2026, 11, 22))
    assert _reasons(town.plan(), town.id_of(XOA_ALONE)) == set()
    _hold(town, record_id=town.id_of(XOA_ALONE), until=date(2026, 11, 23))
    assert _reasons(town.plan(), town.id_of(XOA_ALONE)) == {KeptReason.HOLD}


def test_retention_keeps_until_its_year_is_over_unless_an_authority_decides(town: Town) -> None:
    planner = town.planner(TEN_YEARS)
    plan = planner.plan(person(XOA), Ground.REQUEST)
    assert plan.erased == ()
    assert {kept.until for kept in plan.kept if kept.reason is KeptReason.RETENTION} == {date(2034, 12, 31)}
    assert town.id_of(XOA_ALONE) in planner.plan(person(XOA), Ground.AUTHORITY_DECISION).erased


def test_a_named_record_that_must_stay_refuses_everything(town: Town) -> None:
    _hold(town, record_id=town.id_of(XOA_ALONE))
    plan = town.plan(town.id_of(XOA_ALONE))
    assert plan.erased  # other papers could go
    before = everything(town.store)
    with pytest.raises(SohoaError, match=town.id_of(XOA_ALONE)):
        town.eraser().erase(plan, "can-bo", "12/QĐ")
    assert everything(town.store) == before


def test_a_paper_of_somebody_else_is_refused_even_when_named(town: Town) -> None:
    other = town.id_of("hs-004/chi.pdf/1")
    plan = town.plan(other)
    assert _reasons(plan, other) == {KeptReason.OTHER_PERSON}
    with pytest.raises(SohoaError) as refused:
        town.eraser().erase(plan, "can-bo", "12/QĐ")
    assert refused.value.code is Code.ERASURE_REFUSED


@pytest.mark.parametrize("named", ["r" + "0" * 24, "no record"])
def test_a_named_record_that_is_not_held_is_told(town: Town, named: str) -> None:
    with pytest.raises(SohoaError) as refused:
        town.plan(named)
    assert refused.value.code is Code.RECORD_UNKNOWN


def test_nothing_held_is_told(town: Town) -> None:
    plan = town.plan(subject=Subject(role="owner", personal_id="001066000001"))
    with pytest.raises(SohoaError) as refused:
        plan.check()
    assert refused.value.code is Code.RECORD_UNKNOWN


def test_who_and_which_decision_must_be_named(town: Town) -> None:
    for by, decision in (("", "12/QĐ"), ("can-bo", " ")):
        with pytest.raises(SohoaError) as refused:
            town.eraser().erase(town.plan(), by, decision)
        assert refused.value.code is Code.ERASURE_REFUSED


def test_a_paper_without_identifier_is_offered_and_may_be_named(town: Town) -> None:
    nameless = XOA.model_copy(update={"personal_id": None})
    town.add("hs-010", File("bang-lai.pdf", 1, (Sheet((1,), (nameless,), "giay-phep-lai-xe"),)))
    town.add(
        "hs-011", File("khac.pdf", 1, (Sheet((1,), (nameless.model_copy(update={"date_of_birth": "1950-01-01"}),)),))
    )
    licence = town.id_of("hs-010/bang-lai.pdf/1")
    plan = town.plan()
    assert [record.record_id for record in plan.to_consider] == [licence]
    assert licence not in plan.erased
    assert licence in town.plan(licence).erased


def test_a_scan_with_pages_that_could_not_be_read_stays(town: Town) -> None:
    file = File("hong.pdf", 2, (Sheet((1,), (XOA,)),), failed=(2,))
    town.add("hs-020", file)
    plan = town.plan()
    assert (KeptReason.UNREAD_PAGES, scan_key(file.sha256)) in {(kept.reason, kept.key) for kept in plan.kept}
    assert scan_key(file.sha256) not in plan.objects.keys


def test_the_same_scan_in_two_dossiers_goes_with_the_last_paper(town: Town) -> None:
    file = File("hai-noi.pdf", 1, (Sheet((1,), (XOA,)),))
    town.add("hs-030", file)
    town.add("hs-031", file)
    _hold(town, record_id=town.id_of("hs-031/hai-noi.pdf/1"))
    plan = town.plan()
    assert town.id_of("hs-030/hai-noi.pdf/1") in plan.erased
    assert not any(file.sha256 in key for key in plan.objects.keys)
    assert KeptReason.OTHER_PAGES in {kept.reason for kept in plan.kept if kept.key == scan_key(file.sha256)}


def test_what_an_earlier_splitting_made_of_erased_pages_goes_along(town: Town) -> None:
    whole = File("tach.pdf", 2, (Sheet((1, 2), (XOA,)),), content=b"%PDF-1.7 split twice")
    town.add("hs-040", whole)
    town.add("hs-040", File("tach.pdf", 2, (Sheet((2,), (XOA,)),), content=b"%PDF-1.7 split twice"))
    draft, paper = town.id_of("hs-040/tach.pdf/1"), town.id_of("hs-040/tach.pdf/2")
    assert town.load("hs-040/tach.pdf/1").withdrawn
    plan = town.plan()
    assert {draft, paper} <= set(plan.erased)
    town.eraser().erase(plan, "can-bo", "12/QĐ")
    assert not town.store.exists(scan_key(whole.sha256))


def test_the_office_sets_its_own_periods(tmp_path: Path) -> None:
    assert load_retention(tmp_path) == shipped_retention()
    (tmp_path / RETENTION_FILE).write_text('giay-khai-sinh: "01"\ncan-cuoc: 5\ndefault: "03"\n', "utf-8")
    table = load_retention(tmp_path)
    came = date(2024, 5, 6)
    assert table.of("giay-khai-sinh").last_day(came) is None
    assert table.of("giay-khai-sinh").keeps(came, date(9999, 1, 1))
    assert table.of("can-cuoc").last_day(came) == date(2029, 12, 31)
    assert table.of("khong-ro").last_day(came) == date(2074, 12, 31)
    assert table.of("can-cuoc-cong-dan").keeps(came, came) is False


@pytest.mark.parametrize(
    "text", ["- a\n", "can-cuoc: '08'\n", "can-cuoc: -1\n", "can-cuoc: true\n", "a: [", "x: 1.5\n"]
)
def test_a_table_that_says_something_else_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / RETENTION_FILE).write_text(text, "utf-8")
    with pytest.raises(SohoaError) as refused:
        load_retention(tmp_path)
    assert refused.value.code is Code.SETTING_INVALID
