"""Whatever stewards do, in whatever order and wherever they are cut off: nothing open is ever released."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from extractors.record import Record
from ocr.problem import SohoaError
from service.review import decisions
from service.review.entries import FieldsRefused
from service.review.keying import open_keyings
from service.review.merging import Overtaken
from service.review.requests import ReopenRequest, SettleRequest
from service.review.settling import settle
from service.review.tasks import Mode, load_task
from service.roles import Principal, Role
from storage.desk.keyings import Keyings
from storage.records import history
from storage.transitions import RELEASED
from storage.waiting import is_sample
from tests.service.review_world import keep, latest, office_on, sampled
from tests.services.office import Desk

SEEN = "12/2019"
_STEWARD, _SUPERVISOR = frozenset({Role.STEWARD}), frozenset({Role.STEWARD, Role.SUPERVISOR})
PEOPLE = {
    name: Principal(name, name, roles, None)
    for name, roles in (("lan", _STEWARD), ("hoa", _STEWARD), ("nga", _SUPERVISOR), ("tam", _SUPERVISOR))
}
# Where the power may fail: before a step of settling, or after it.
CRASHES = (
    "storage.desk.keyings.Keyings.key_first",
    "storage.desk.keyings.Keyings.key_again",
    "storage.desk.keyings.Keyings.close",
    "storage.desk.settlements.Settlements.note",
    "service.review.reviewing.correct",
    "service.review.reviewing.approve",
    "service.review.reviewing.reopen",
)

steps = st.lists(
    st.fixed_dictionaries(
        {
            "who": st.sampled_from(sorted(PEOPLE)),
            "what": st.sampled_from(["settle", "settle", "settle", "stale", "leave", "reopen"]),
            "value": st.sampled_from([SEEN, "13/2019", "14/2019", None]),
            "approve": st.booleans(),
            "crash": st.one_of(st.none(), st.tuples(st.sampled_from(CRASHES), st.booleans())),
        }
    ),
    min_size=1,
    max_size=12,
)


class PowerCut(Exception):
    """The process ends here."""


@pytest.fixture(scope="module", params=["typed", "always"])
def desk(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with office_on(tmp_path_factory.mktemp("machine") / "home", second_keying=request.param) as opened:
        yield opened


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(plan=steps, is_sampled=st.booleans())
def test_nothing_open_is_released(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, plan: list[dict[str, Any]], is_sampled: bool
) -> None:
    record = keep(desk, doubtful=() if is_sampled else ("number",), fields=sampled("number") if is_sampled else {})
    said: dict[str | None, set[str]] = defaultdict(set)
    for step in plan:
        with monkeypatch.context() as broken:
            if step["crash"] is not None:
                cut_power(broken, *step["crash"])
            with suppress(SohoaError, Overtaken, FieldsRefused, PowerCut):
                act(desk, record, step, said)
        check(desk, record, said)


def act(desk: Desk, record: Record, step: dict[str, Any], said: dict[str | None, set[str]]) -> None:
    office, person = desk.office, PEOPLE[step["who"]]
    now = latest(desk, record)
    if step["what"] == "reopen":
        asked = ReopenRequest(revision=now.revision, reason="xem lại")
        decisions.reopen(office, person, record.record_id, asked)
        said.clear()
        said[latest(desk, record).fields["number"].value] |= {"trước", "trước nữa"}
        return
    task = load_task(office, person, record.record_id)
    if step["what"] == "leave":
        office.leases.take(record.record_id, person.account, f"trang-{person.account}")
        office.leases.release(record.record_id, person.account, f"trang-{person.account}")
        return
    is_confirmed = step["value"] == SEEN and task.mode is Mode.REVIEW and task.record.fields["number"].value == SEEN
    entry = {"action": "confirm"} if is_confirmed else {"action": "set" if step["value"] else "blank"}
    asked_of = {"number": {**entry, **({"value": step["value"]} if entry["action"] == "set" else {})}}
    request = SettleRequest.model_validate(
        {
            "revision": max(1, now.revision - (step["what"] == "stale")),
            "token": f"trang-{person.account}",
            "fields": asked_of,
            "approve": step["approve"],
        }
    )
    said[step["value"]].add(person.account)
    try:
        settle(office, person, record.record_id, request)
    finally:
        # A page that was cut off stops its heartbeat; its lease ends.
        office.leases.release(record.record_id, person.account, f"trang-{person.account}")


def cut_power(broken: pytest.MonkeyPatch, step: str, after: bool) -> None:
    module, _, name = step.rpartition(".")
    owner: Any = module
    if module.endswith(".Keyings"):
        owner = Keyings
    elif module.endswith(".Settlements"):
        from storage.desk.settlements import Settlements  # noqa: PLC0415

        owner = Settlements
    real = getattr(owner, name) if not isinstance(owner, str) else __import__(module, fromlist=[name]).__dict__[name]

    def cut(*arguments: Any, **named: Any) -> None:
        if after:
            real(*arguments, **named)
        raise PowerCut

    broken.setattr(
        owner if not isinstance(owner, str) else f"{owner}.{name}", *(() if isinstance(owner, str) else (name,)), cut
    )


def check(desk: Desk, record: Record, said: dict[str | None, set[str]]) -> None:
    now = latest(desk, record)
    number = now.fields["number"]
    if now.state not in RELEASED:
        return
    paper_type = desk.office.paper_type(now.paper_type)
    assert not [
        name for name, field in now.fields.items() if field.needs_person(required=True) and name != "father_name"
    ]
    assert open_keyings(now, paper_type, desk.office.keyings.of(now.record_id)) == ()
    if number.value == SEEN and (not number.was_decided_by_person or desk.office.settings.second_keying == "typed"):
        return
    if is_sample(record.fields["number"]) and number.value == SEEN:
        return
    # Two people said so, or a supervisor who is neither did where two had said otherwise.
    decider = (number.decided_by or "").partition(":")[2]
    others = set().union(*said.values()) - {decider}
    is_adjudicated = Role.SUPERVISOR in PEOPLE[decider].roles and len(others) >= 2 if decider in PEOPLE else False
    assert len(said[number.value]) >= 2 or is_adjudicated, [
        each.decision for each in history(desk.office.store, now.record_id)
    ]
