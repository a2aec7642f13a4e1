"""Which records wait for a person, and for which fields: doubtful ones, and those drawn for the blind sample.

Nothing here tells the two apart to who reviews: a sample is looked at like any other task.
"""

from extractors.record import LEFT_BLANK, ExtractedField, Record, RecordState
from storage.transitions import RELEASED


def is_sample(field: ExtractedField) -> bool:
    """True for a field of the blind sample that no person has looked at yet."""
    return field.sampled and field.accepted and not field.was_decided_by_person


def waits(record: Record) -> bool:
    """True when a person has to look at the record."""
    if record.withdrawn or record.is_erased:
        return False
    if record.state is RecordState.NEEDS_REVIEW:
        return True
    return record.state in RELEASED and any(is_sample(field) for field in record.fields.values())


def open_fields(record: Record) -> tuple[str, ...]:
    """Return the fields somebody has to look at, as far as the record alone tells.

    One that the paper leaves blank is not counted; where it is required (the paper type knows) it is open all the same.
    """
    if not waits(record):
        return ()
    return tuple(
        name
        for name, field in record.fields.items()
        if is_sample(field) or (not field.accepted and LEFT_BLANK not in field.reasons)
    )
