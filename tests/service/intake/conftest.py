"""What tests of sending work with: one office for all tests of a module, and a clerk with a batch of its own."""

from collections.abc import Iterator

import pytest

from tests.service.sending import Sender
from tests.services.office import Desk, office_at


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """One office for all tests of a module; each has a batch of its own."""
    with office_at(tmp_path_factory.mktemp("office") / "home") as opened:
        yield opened


@pytest.fixture
def sender(desk: Desk) -> Sender:
    """A clerk's work on a new batch."""
    return Sender(desk.client("clerk"))
