"""Where a list goes on: as a text in an address and back; what is no such text is refused on every page."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.places import cursor_of, place_of
from storage.catalogue.queue import Place
from tests.services.office import Desk

WRONG = ("", "~", "2026-11-20", "2026-11-20T08:00:00+00:00", "2026-11-20T08:00:00+00:00~", "2026-11-20T08:00:00~r1")


@given(st.datetimes(timezones=st.just(UTC)), st.text(min_size=1))
def test_a_place_comes_back(since: datetime, name: str) -> None:
    assert place_of(cursor_of(Place(since, name)), "after") == Place(since, name)
    assert place_of(None, "after") is None


@pytest.mark.parametrize("wrong", WRONG)
def test_what_is_no_place_is_refused(desk: Desk, wrong: str) -> None:
    steward = desk.client("steward")
    for path, name in (("/tasks", "after"), ("/dossiers", "before")):
        assert steward.get(path, params={name: wrong}).status_code == 422, path
