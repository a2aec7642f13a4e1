"""A record on the terminal: values as people write them."""

import pytest

from flows.record_view import print_records
from tests.storage.deciding import birth_record, read


@pytest.mark.parametrize(
    ("name", "value", "shown"), [("expiry_date", "2041-04-18", "18/04/2041"), ("sex", "Nam", "Nam")]
)
def test_values_are_shown_as_people_write_them(
    capsys: pytest.CaptureFixture[str], name: str, value: str, shown: str
) -> None:
    card = birth_record(paper_type="can-cuoc").model_copy(update={"fields": {name: read(value)}})
    assert print_records([card]) == 1
    assert f"│ {shown} " in capsys.readouterr().out
