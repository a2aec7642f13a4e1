"""What a person makes of a field: a value its kind knows, none, or a refusal with a reason; never anything else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.kinds.registry import KINDS
from extractors.paper_type_loader import shipped_paper_types
from extractors.person_settlement import confirmed, corrected
from extractors.record import DecisionKind, ExtractedField, FieldStatus, RecordState
from extractors.wording import DECISIONS, STATES, verdict_on
from tests.storage.deciding import read

UNSEEN = ExtractedField(status=FieldStatus.MISSING, reasons=("not-seen",))


@given(
    st.sampled_from(sorted(KINDS)),
    st.one_of(st.none(), st.text(max_size=60), st.lists(st.text(max_size=20), max_size=3)),
)
def test_a_value_or_a_reason(kind: str, typed: str | list[str] | None) -> None:
    try:
        field = corrected(UNSEEN, kind, typed, "lan")
    except ValueError as refused:
        reason = str(refused)
        if not reason.replace("-", "").isalpha():
            raise
        return
    assert field.accepted and field.decided_by == "steward:lan"
    assert (field.value is None) == (field.status is FieldStatus.MISSING)
    ExtractedField.model_validate_json(field.model_dump_json())


def test_what_records_hold_may_be_typed() -> None:
    for paper_type in shipped_paper_types():
        for sample in paper_type.samples:
            for name, value in sample.fields.items():
                field = corrected(UNSEEN, paper_type.fields[name].kind, value, "lan")
                assert field.value == value, f"{paper_type.id}, {sample.name}, {name}"


@pytest.mark.parametrize(
    ("typed", "value"),
    [("6/5/2024", "2024-05-06"), ("ngày 06 tháng 5 năm 2024", "2024-05-06"), ("05/2024", "2024-05"), ("1990", "1990")],
)
def test_dates_as_printed(typed: str, value: str) -> None:
    assert corrected(UNSEEN, "date", typed, "lan").value == value


@pytest.mark.parametrize("typed", ["31/02/2024", "06/05/2024 và 07/05/2024", "hôm qua", "99/2024"])
def test_a_date_is_all_that_was_typed_or_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="date"):
        corrected(UNSEEN, "date", typed, "lan")


def test_lists_do_not_put_right_what_a_person_typed() -> None:
    assert corrected(UNSEEN, "ethnicity", "Tay", "lan").value == "Tay"


def test_an_odd_number_stands_with_a_remark() -> None:
    field = corrected(UNSEEN, "enterprise_code", "2300988764", "lan")
    assert (field.value, field.accepted, field.reasons) == ("2300988764", True, ("check-digit-wrong",))


def test_the_unit_of_an_address_follows() -> None:
    here = read("xã Thử, thành phố Hà Nội")
    there = corrected(here, "address", "xã Thử, tỉnh Quảng Ngãi", "lan")
    assert there.place is not None and "Quảng Ngãi" in there.place.model_dump_json()


def test_no_steering_characters() -> None:
    with pytest.raises(ValueError, match="not-text"):
        corrected(UNSEEN, "text", "an\x1b[31m", "lan")


def test_words_for_what_a_person_settled() -> None:
    assert verdict_on(confirmed(read("Nữ"), "lan"), required=True) == "cán bộ lan xác nhận"
    assert verdict_on(confirmed(UNSEEN, "lan"), required=True) == "cán bộ lan xác nhận giấy không ghi"
    assert verdict_on(read("Nữ", decided_by="steward"), required=True) == "cán bộ xác nhận"
    assert set(DECISIONS) == set(DecisionKind) and set(STATES) == set(RecordState)
