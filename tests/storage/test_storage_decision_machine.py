"""Any order of decisions of people and results of the machine: revisions only append, links agree, nothing forbidden."""

import shutil
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from extractors.record import DecisionKind, Record, RecordState, Revocation
from ocr.problem import Code, SohoaError
from storage.decisions import approve, correct, reject, reopen, revoke
from storage.folder_store import FolderStore
from storage.keys import record_prefix
from storage.links import reinstate, supersede, superseded_among, unfinished_links
from storage.records import history, load_record, save_draft, withdraw
from storage.transitions import TRANSITIONS, Before, Refused
from tests.storage.deciding import NOON, TYPES, act, birth_record

COUNT = 3
Which = st.integers(1, COUNT)
REVOCATION = Revocation(by_authority="UBND", act_number="1/QĐ", act_date=date(2024, 1, 2))


class Deciding(RuleBasedStateMachine):
    """Three papers of one person; people decide, the machine extracts anew, some look at old revisions."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.store = FolderStore(self.folder / "store")
        self.seen: dict[str, list[bytes]] = {}

    def teardown(self) -> None:
        shutil.rmtree(self.folder)

    @initialize()
    def read(self) -> None:
        self.ids = [save_draft(self.store, birth_record(nth)).record_id for nth in range(1, COUNT + 1)]

    def latest(self, nth: int) -> Record:
        record = load_record(self.store, self.ids[nth - 1])
        assert record is not None
        return record

    def decide(self, nth: int, stale: int, kind: DecisionKind, call: Callable[[str, int], Record]) -> None:
        """Make a decision on a revision that may be an old one, and check what came of it against the table."""
        before = self.latest(nth)
        outcome = TRANSITIONS[before.state][kind]
        try:
            after: Record | None = call(before.record_id, before.revision - stale)
        except SohoaError as error:
            if error.code is not Code.DECISION_INVALID and not (stale and error.code is Code.RECORD_CHANGED):
                raise
            after = None
        if after is None:
            assert self.latest(nth) == before
            return
        if after == before:  # repeated: it had been decided so before
            assert kind in {DecisionKind.SUPERSEDE, DecisionKind.REINSTATE}
            return
        assert not stale
        assert not before.withdrawn
        assert not isinstance(outcome, Refused)
        assert after.revision == before.revision + 1
        assert after.decision is not None and after.decision.kind is kind
        if isinstance(outcome, Before):
            assert after.state is not before.state
        else:
            assert after.state is outcome

    stale = st.sampled_from((0, 0, 0, 1))

    @rule(nth=Which, stale=stale)
    def approve(self, nth: int, stale: int) -> None:
        self.decide(nth, stale, DecisionKind.APPROVE, lambda i, r: approve(self.store, None, i, r, act(), TYPES))

    @rule(nth=Which, stale=stale, value=st.sampled_from(("Nam", "Nữ", None)))
    def correct(self, nth: int, stale: int, value: str | None) -> None:
        values = {"sex": value}
        self.decide(
            nth, stale, DecisionKind.CORRECT, lambda i, r: correct(self.store, None, i, r, act(), TYPES, values)
        )

    @rule(nth=Which, stale=stale)
    def reject(self, nth: int, stale: int) -> None:
        self.decide(nth, stale, DecisionKind.REJECT, lambda i, r: reject(self.store, None, i, r, act()))

    @rule(nth=Which, stale=stale)
    def reopen(self, nth: int, stale: int) -> None:
        self.decide(nth, stale, DecisionKind.REOPEN, lambda i, r: reopen(self.store, None, i, r, act()))

    @rule(nth=Which, stale=stale)
    def revoke(self, nth: int, stale: int) -> None:
        self.decide(nth, stale, DecisionKind.REVOKE, lambda i, r: revoke(self.store, None, i, r, act(), REVOCATION))

    @rule(nth=Which, other=Which, stale=stale)
    def supersede(self, nth: int, other: int, stale: int) -> None:
        new = self.ids[other - 1]
        self.decide(nth, stale, DecisionKind.SUPERSEDE, lambda i, r: supersede(self.store, None, i, r, new, act()))

    @rule(nth=Which, stale=stale)
    def reinstate(self, nth: int, stale: int) -> None:
        later = act("hủy", "15/QĐ")
        self.decide(nth, stale, DecisionKind.REINSTATE, lambda i, r: reinstate(self.store, None, i, r, later))

    @rule(nth=Which, version=st.integers(1, 3), doubtful=st.sampled_from(((), ("sex",))))
    def extract(self, nth: int, version: int, doubtful: tuple[str, ...]) -> None:
        before = self.latest(nth)
        after = save_draft(self.store, birth_record(nth, doubtful=doubtful, paper_type_version=version))
        if before.decision is not None:
            assert after == before

    @rule(nth=Which)
    def split_anew(self, nth: int) -> None:
        before = self.latest(nth)
        gone = withdraw(self.store, before.record_id, NOON)
        assert (gone is None) == (before.decision is not None or before.withdrawn)

    @invariant()
    def revisions_only_append(self) -> None:
        for record_id in getattr(self, "ids", ()):
            now = [self.store.get(key) for key in sorted(self.store.list(record_prefix(record_id)), key=_number)]
            before = self.seen.get(record_id, [])
            assert now[: len(before)] == before
            assert len(now) - len(before) <= 1 or not before
            self.seen[record_id] = now

    @invariant()
    def links_agree_and_never_turn_back(self) -> None:
        records = {record_id: history(self.store, record_id)[-1] for record_id in getattr(self, "ids", ())}
        assert unfinished_links(records.values()) == ()
        told = {record.record_id for record in records.values() if record.superseded_by is not None}
        withdrawn = {record.record_id for record in records.values() if record.withdrawn}
        assert superseded_among(records.values()) == told | withdrawn
        for record in records.values():
            assert (record.state is RecordState.REVOKED) == (record.revocation is not None)
            passed = {record.record_id}
            following = record.superseded_by
            while following is not None:
                assert following not in passed
                passed.add(following)
                following = records[following].superseded_by

    @invariant()
    def nothing_doubtful_was_approved(self) -> None:
        for record_id in getattr(self, "ids", ()):
            record = history(self.store, record_id)[-1]
            if record.state is RecordState.APPROVED:
                assert not any(field.needs_person(required=False) for field in record.fields.values())


def _number(key: str) -> int:
    return int(key.rpartition("/r")[2].removesuffix(".json"))


TestDeciding = Deciding.TestCase
TestDeciding.settings = settings(max_examples=30, stateful_step_count=25, deadline=None)
