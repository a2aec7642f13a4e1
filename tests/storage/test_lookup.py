"""The once-only question, by tables of invented families."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from extractors.procedures.procedure import Component, ComponentKind
from extractors.record import RecordState
from ocr.problem import Code, SohoaError
from storage.catalogue import HoldingRow
from storage.folder_store import FolderStore
from storage.lookup import ProcedureShelf
from storage.lookup_answer import LookupRequest
from storage.read_log.entry import ReadKind
from storage.read_log.log import ReadLog
from tests.storage.lookup_world import (
    BIRTH,
    CARD,
    CHILD,
    EXTRACT,
    FATHER,
    KEY,
    LAND,
    MOTHER,
    ON,
    SINGLE,
    World,
    ask,
    held,
    holding,
    paper,
    procedure,
    record_id,
    refused,
    why,
)

APPROVED, REVIEW = RecordState.APPROVED, RecordState.NEEDS_REVIEW
SUPERSEDED, REVOKED, REJECTED = RecordState.SUPERSEDED, RecordState.REVOKED, RecordState.REJECTED


def test_a_paper_that_is_held_is_not_asked_for() -> None:
    row = holding(1, BIRTH, revision=2, state=APPROVED, verified_by="both", issued_date="1990-05-10")
    answer = ask(paper(BIRTH), row)
    [found] = answer.held
    assert answer.missing == answer.refused == ()
    assert (found.record_id, found.revision, found.state) == (record_id(1), 2, APPROVED)
    assert (found.trust_level, found.verified_by, found.by_equivalent) == ("02", "both", None)


def test_nothing_held_is_missing() -> None:
    answer = ask(paper(BIRTH))
    assert why(answer) == ["never_held"]
    assert answer.missing[0].paper_type == BIRTH
    assert not answer.missing[0].person_decides


# What a single record of the applicant's comes to: changes of the record, what is asked, what is said against it.
CASES: list[tuple[str, dict[str, Any], dict[str, Any], list[str]]] = [
    ("accepted by the machine", {}, {}, []),
    ("approved", {"state": APPROVED}, {}, []),
    ("accepted where a steward is needed", {}, {"approved_only": True}, ["unsettled"]),
    ("approved where a steward is needed", {"state": APPROVED}, {"approved_only": True}, []),
    ("in review", {"state": REVIEW}, {}, ["unsettled"]),
    ("superseded", {"state": SUPERSEDED}, {}, ["superseded"]),
    ("revoked", {"state": REVOKED}, {}, ["revoked"]),
    ("valid to the day", {"valid_until": "2026-11-22"}, {}, []),
    ("ended the day before", {"valid_until": "2026-11-21"}, {}, ["expired"]),
    ("asked for another day", {"valid_until": "2026-11-21"}, {"on": date(2026, 11, 21)}, []),
    ("ends some day that year", {"valid_until": "2026"}, {}, ["expired"]),
    ("ends some day next year", {"valid_until": "2027"}, {}, []),
    ("ends some day that month", {"valid_until": "2026-11"}, {}, ["expired"]),
    ("ends nobody knows when", {"valid_until": "hai năm"}, {}, ["unsettled"]),
    ("ends on no day", {"valid_until": "2026-13-40"}, {}, ["unsettled"]),
    ("issued that day", {"issued_date": "2026-11-22"}, {}, []),
    ("issued the day after", {"issued_date": "2026-11-23"}, {}, ["expired"]),
    ("issued some day that year", {"issued_date": "2026"}, {}, ["expired"]),
    ("issued some day the month before", {"issued_date": "2026-10"}, {}, []),
    ("issued nobody knows when", {"issued_date": "xưa"}, {}, ["unsettled"]),
    ("revoked and ended", {"state": REVOKED, "valid_until": "2020-01-01"}, {}, ["expired", "revoked"]),
    ("the name agrees", {}, {"name": "TRẦN THỊ THỬ"}, []),
    ("the name agrees without accents", {}, {"name": "tran thi thu"}, []),
    ("the name is another", {}, {"name": "Lê Thị Khác"}, ["other_person"]),
    ("the paper has no name", {"name": None}, {"name": "Lê Thị Khác"}, []),
    ("the day of birth agrees", {}, {"birth": "1990-05-06"}, []),
    ("the day of birth is another", {}, {"birth": "1990-05-07"}, ["other_person"]),
    ("the paper has the year alone, which agrees", {"birth": "1990"}, {"birth": "1990-05-06"}, []),
    ("the paper has the year alone, another one", {"birth": "1991"}, {"birth": "1990-05-06"}, ["other_person"]),
    ("the year was given, which agrees", {}, {"birth": "1990"}, []),
    ("the month was given, another one", {}, {"birth": "1990-06"}, ["other_person"]),
    ("issued for a purpose of its own", {"scope": "land"}, {}, ["wrong_scope"]),
]


@pytest.mark.parametrize(("changes", "asked", "against"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_one_record(changes: dict[str, Any], asked: dict[str, Any], against: list[str]) -> None:
    answer = ask(paper(BIRTH), holding(1, BIRTH, **changes), **asked)
    if against:
        assert (held(answer), refused(answer)) == ([], [(record_id(1), against)])
        assert why(answer) == ["only_refused"]
    else:
        assert (held(answer), refused(answer), why(answer)) == ([record_id(1)], [], [])


def test_a_rejected_record_is_no_paper() -> None:
    answer = ask(paper(BIRTH), holding(1, BIRTH, state=REJECTED))
    assert (held(answer), refused(answer), why(answer)) == ([], [], ["never_held"])


# A confirmation of marital status: valid to, its purpose, the procedure's, the component's own, what is said against it.
STATUS_CASES = [
    ("2027-01-01", "marriage", "marriage", None, []),
    ("2027-01-01", "marriage", None, "marriage", []),
    ("2027-01-01", "marriage", "land", "marriage", []),
    ("2027-01-01", "land", "marriage", None, ["wrong_purpose"]),
    ("2027-01-01", None, "marriage", None, ["wrong_purpose"]),
    ("2027-01-01", "marriage", None, None, ["wrong_purpose"]),
    ("2027-01-01", "other", "other", None, ["wrong_purpose"]),
    ("2026-01-01", "marriage", "marriage", None, ["expired"]),
    (None, "marriage", "marriage", None, ["unsettled"]),
]


@pytest.mark.parametrize(("until", "scope", "purpose", "component_scope", "against"), STATUS_CASES)
def test_a_confirmation_of_marital_status_is_for_its_purpose_and_its_months(
    until: str | None, scope: str | None, purpose: str | None, component_scope: str | None, against: list[str]
) -> None:
    row = holding(1, SINGLE, valid_until=until, scope=scope)
    answer = ask(paper(SINGLE, scope=component_scope), row, purpose=purpose)
    assert [reasons for _, reasons in refused(answer)] == ([against] if against else [])
    assert bool(answer.held) is not bool(against)


def test_an_equivalent_stands_for_the_paper_and_says_why() -> None:
    answer = ask(paper(BIRTH), holding(1, EXTRACT))
    [found] = answer.held
    assert found.paper_type == EXTRACT
    assert found.by_equivalent is not None and found.by_equivalent.asked_for == BIRTH
    assert "Luật Hộ tịch" in found.by_equivalent.ground


@pytest.mark.parametrize(
    ("rows", "best"),
    [
        ([holding(1, BIRTH), holding(2, BIRTH, state=APPROVED)], 2),
        ([holding(1, BIRTH, state=APPROVED), holding(2, BIRTH)], 1),
        ([holding(1, BIRTH, issued_date="2020-01-01"), holding(2, BIRTH, issued_date="2019-01-01")], 1),
        ([holding(1, BIRTH, issued_date="2020"), holding(2, BIRTH)], 1),
        ([holding(1, BIRTH), holding(2, BIRTH)], 2),
        ([holding(1, BIRTH), holding(2, EXTRACT)], 1),
        ([holding(1, BIRTH), holding(2, EXTRACT, state=APPROVED)], 2),
        ([holding(1, BIRTH), holding(2, BIRTH, state=APPROVED, valid_until="2020-01-01")], 1),
        ([holding(1, BIRTH, state=SUPERSEDED, superseded_by=record_id(2)), holding(2, BIRTH)], 2),
    ],
)
def test_the_best_of_several_is_used(rows: list[HoldingRow], best: int) -> None:
    answer = ask(paper(BIRTH), *rows)
    assert (held(answer), refused(answer)) == ([record_id(best)], [])
    assert held(ask(paper(BIRTH), *reversed(rows))) == [record_id(best)]


def test_everything_that_was_considered_and_refused_is_told() -> None:
    answer = ask(paper(BIRTH), holding(1, BIRTH, state=REVOKED), holding(2, EXTRACT, state=REVIEW))
    assert refused(answer) == [(record_id(1), ["revoked"]), (record_id(2), ["unsettled"])]
    assert why(answer) == ["only_refused"]


@pytest.mark.parametrize(
    ("kind", "expected", "person"),
    [
        (ComponentKind.FORM, "form", False),
        (ComponentKind.OTHER_PAPER, "other_paper", False),
        (ComponentKind.CONDITION, "condition", True),
    ],
)
def test_what_is_no_paper_of_ours_is_always_told(kind: ComponentKind, expected: str, person: bool) -> None:
    answer = ask(Component(name="Tờ khai", kind=kind), holding(1, BIRTH))
    assert why(answer) == [expected]
    assert answer.missing[0].paper_type is None
    assert answer.missing[0].person_decides is person


def test_where_a_person_decides_the_machine_only_proposes() -> None:
    answer = ask(paper(BIRTH, person_decides=True), holding(1, BIRTH))
    assert (held(answer), why(answer)) == ([], ["person_decides"])
    assert [one.record_id for one in answer.missing[0].candidates] == [record_id(1)]
    assert answer.missing[0].person_decides


def test_a_paper_about_a_thing_has_to_be_compared_with_it() -> None:
    one = ask(paper(LAND), holding(1, LAND))
    assert held(one) == [record_id(1)] and one.held[0].confirm_thing
    two = ask(paper(LAND), holding(1, LAND), holding(2, LAND))
    assert (held(two), why(two)) == ([], ["person_decides"])
    assert [found.record_id for found in two.missing[0].candidates] == [record_id(2), record_id(1)]


def test_the_answer_is_as_the_contract_says() -> None:
    component = paper(BIRTH, name="Giấy khai sinh")
    asked = procedure(component, paper(CARD), Component(name="Tờ khai", kind=ComponentKind.FORM))
    said = World({MOTHER: (holding(1, BIRTH), holding(2, CARD, state=REVOKED))}).ask(asked).as_json()
    assert {"subject", "procedure", "on", "purpose", "held", "refused", "missing", "read_log_id"} <= set(said)
    assert (said["subject"], said["procedure"], said["on"]) == (MOTHER, "1.001193", "2026-11-22")
    assert said["held"][0] | {
        "component": "Giấy khai sinh", "paper_type": BIRTH, "record_id": record_id(1), "revision": 1,
        "state": "accepted", "trust_level": "02", "valid_until": None,
    } == said["held"][0]  # fmt: skip
    assert said["refused"][0] | {
        "component": "Bản sao can-cuoc", "paper_type": CARD, "record_id": record_id(2), "reasons": ["revoked"],
    } == said["refused"][0]  # fmt: skip
    assert [(one["paper_type"], one["person_decides"]) for one in said["missing"]] == [(CARD, False), (None, False)]


def test_the_long_code_of_a_procedure_is_the_same_procedure() -> None:
    assert World().ask(procedure(paper(BIRTH)), procedure="1.001193.000.00.00.H48").procedure == "1.001193"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"purpose": " "}, Code.PURPOSE_MISSING),
        ({"purpose": "x" * 501}, Code.PURPOSE_MISSING),
        ({"subject": "12345"}, Code.SUBJECT_INVALID),
        ({"others": {"child": "abc"}}, Code.SUBJECT_INVALID),
        ({"birth": "hôm qua"}, Code.SUBJECT_INVALID),
        ({"procedure": "9.999999"}, Code.PROCEDURE_UNKNOWN),
        ({"procedure": "khai sinh"}, Code.PROCEDURE_UNKNOWN),
        ({"reader": ""}, Code.SETTING_INVALID),
        ({"agency": "x" * 501}, Code.SETTING_INVALID),
    ],
)
def test_a_wrong_question_reads_nothing_and_is_told_by_its_code(changes: dict[str, Any], code: Code) -> None:
    world = World({MOTHER: (holding(1, BIRTH),)})
    with pytest.raises(SohoaError) as caught:
        world.ask(procedure(paper(BIRTH)), **changes)
    assert caught.value.code is code
    assert world.events == []
    assert MOTHER not in str(caught.value) and "abc" not in str(caught.value)


def test_the_read_log_is_written_before_the_answer_leaves() -> None:
    rows = (holding(1, BIRTH, revision=3), holding(2, CARD, state=REVOKED), holding(3, LAND))
    world = World({MOTHER: rows})
    asked = procedure(paper(BIRTH), paper(CARD), Component(name="Tờ khai", kind=ComponentKind.FORM))
    answer = world.ask(asked, agency="H05.12", dossier_code="H05.12-261122-0001")
    [entry] = world.entries
    assert world.events == ["holdings", "log"]
    assert answer.read_log_id == entry.entry_id
    assert (entry.kind, entry.reader, entry.agency) == (ReadKind.LOOKUP, "can-bo-1", "H05.12")
    assert (entry.purpose, entry.procedure, entry.dossier_code) == (
        "giải quyết hồ sơ",
        "1.001193",
        "H05.12-261122-0001",
    )
    assert entry.subject_key == KEY.subject(MOTHER)
    # What was not told was not read: the land certificate stays out.
    assert [(one.record_id, one.revision) for one in entry.records] == [(record_id(1), 3), (record_id(2), 1)]
    assert (entry.held, entry.missing, entry.refused) == (1, 2, 1)


def test_everybody_whose_papers_were_read_finds_it_in_the_log() -> None:
    world = World({CHILD: (holding(2, BIRTH),)})
    world.ask(procedure(paper(BIRTH, role="child")), others={"child": CHILD, "father": FATHER})
    assert [(one.kind, one.subject_key) for one in world.entries] == [
        (ReadKind.LOOKUP, KEY.subject(MOTHER)),
        (ReadKind.RELATED, KEY.subject(CHILD)),
    ]
    assert [len(one.records) for one in world.entries] == [0, 1]
    assert [(one.held, one.missing) for one in world.entries] == [(1, 0), (0, 0)]


def test_a_log_that_cannot_be_written_gives_no_answer() -> None:
    world = World({MOTHER: (holding(1, BIRTH),)}, log_fault=SohoaError(Code.READ_LOG_FAILED))
    with pytest.raises(SohoaError) as caught:
        world.ask(procedure(paper(BIRTH)))
    assert caught.value.code is Code.READ_LOG_FAILED


def test_a_full_disk_gives_no_answer(tmp_path: Path, store: FolderStore) -> None:
    (tmp_path / "spool").write_bytes(b"")
    log = ReadLog(store, tmp_path / "spool")
    world = World({MOTHER: (holding(1, BIRTH),)})
    world.append = log.append  # type: ignore[method-assign]
    with pytest.raises(SohoaError) as caught:
        world.ask(procedure(paper(BIRTH)))
    assert caught.value.code is Code.READ_LOG_FAILED


def test_no_question_shows_who_it_is_about() -> None:
    request = LookupRequest(
        subject=MOTHER, procedure="1.001193", on=ON, purpose="p", reader="r", name="Trần Thị Thử", others={"x": CHILD}
    )
    assert MOTHER not in repr(request) and CHILD not in repr(request) and "Thử" not in repr(request)


def test_procedures_are_fetched_once_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    asked, now = procedure(paper(BIRTH)), [0.0]
    calls: list[str] = []

    def load(code: str) -> Any:
        calls.append(code)
        return asked if code == asked.code else None

    monkeypatch.setattr("storage.lookup.time.monotonic", lambda: now[0])
    shelf = ProcedureShelf(load)
    assert shelf(asked.code) is shelf(asked.code) is asked
    assert shelf("2.000000") is shelf("2.000000") is None
    assert calls == [asked.code, "2.000000", "2.000000"]
    now[0] = 61.0
    assert shelf(asked.code) is asked
    assert calls[3:] == [asked.code]
