"""Until when a paper may be used."""

import pytest
from pydantic import ValidationError

from extractors.paper_type import Validity
from extractors.record import ExtractedField, FieldStatus
from extractors.validity import valid_until


def fields(value: str | None) -> dict[str, ExtractedField]:
    return {"day": ExtractedField(value=value, status=FieldStatus.FOUND)}


@pytest.mark.parametrize(
    ("validity", "value", "until"),
    [
        (None, "2024-08-09", None),
        (Validity(until="day"), "2035-03-12", "2035-03-12"),
        (Validity(until="day"), "2035", None),
        (Validity(until="day"), None, None),
        (Validity(months=6, since="day"), "2024-08-09", "2025-02-09"),
        (Validity(months=6, since="day"), "2024-08-31", "2025-02-28"),
        (Validity(months=12, since="day"), "2024-02-29", "2025-02-28"),
        (Validity(months=6, since="day"), "2024-08", None),
    ],
)
def test_last_day(validity: Validity | None, value: str | None, until: str | None):
    assert valid_until(validity, fields(value)) == until


@pytest.mark.parametrize("given", [{}, {"until": "a", "months": 6, "since": "b"}, {"months": 6}, {"since": "b"}])
def test_a_validity_is_told_in_one_way(given: dict[str, object]):
    with pytest.raises(ValidationError):
        Validity(**given)
