"""What is asked of the tables, as statements."""

from datetime import date, datetime, time, timedelta, timezone
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, case, func, or_, select

from extractors.record import RecordState
from storage.catalogue.projection import time_text
from storage.catalogue.rows import RecordRow
from storage.catalogue.tables import dossiers, read_records, reads, record_subjects, records
from storage.dossier_segment import dossier_segment

_VIET_NAM = timezone(timedelta(hours=7))

# Without `projection`, which is the catalogue's own business.
record_columns = tuple(column for column in records.c if column.name != "projection")
dossier_columns = tuple(column for column in dossiers.c if column.name != "projection")
read_columns = tuple(reads.c)

RECORD = select(*record_columns).where(records.c.record_id == bindparam("record_id"))

SUBJECTS_OF = (
    select(*(column for column in record_subjects.c if column.name != "record_id"))
    .where(record_subjects.c.record_id == bindparam("record_id"))
    .order_by(record_subjects.c.ordinal)
)

HOLDINGS = (
    select(*record_columns, record_subjects.c.role, record_subjects.c.name_key, record_subjects.c.birth_key)
    .join_from(record_subjects, records, records.c.record_id == record_subjects.c.record_id)
    .where(record_subjects.c.subject_key == bindparam("subject_key"))
    .order_by(records.c.created_at.desc(), records.c.record_id, record_subjects.c.ordinal)
)

# Without an index: asked when somebody's data are to be erased, a few times a year.
UNIDENTIFIED = (
    select(record_subjects.c.record_id)
    .where(
        record_subjects.c.subject_key.is_(None),
        record_subjects.c.name_key == bindparam("name_key"),
        record_subjects.c.birth_key == bindparam("birth_key"),
    )
    .order_by(record_subjects.c.record_id)
    .distinct()
)

READS_OF_SUBJECT = (
    select(*read_columns).where(reads.c.subject_key == bindparam("subject_key")).order_by(reads.c.at, reads.c.entry_id)
)

READS_OF_RECORD = (
    select(*read_columns)
    .join_from(read_records, reads, reads.c.entry_id == read_records.c.entry_id)
    .where(read_records.c.record_id == bindparam("record_id"))
    .order_by(reads.c.at, reads.c.entry_id)
)

SHOWN = (
    select(read_records.c.entry_id, read_records.c.record_id)
    .where(read_records.c.entry_id.in_(bindparam("entry_ids", expanding=True)))
    .order_by(read_records.c.record_id)
)


def chosen(query: Select[Any], dossier_id: str | None, state: RecordState | None) -> Select[Any]:
    """Narrow a query of records to one dossier or state, when given."""
    if dossier_id is not None:
        query = query.where(records.c.dossier_segment == dossier_segment(dossier_id))
    if state is not None:
        query = query.where(records.c.state == state.value)
    return query


def waiting(state: RecordState, paper_type: str | None, after: RecordRow | None, limit: int) -> Select[Any]:
    """Return a query of one page of the records in a state, oldest first."""
    query = select(*record_columns).where(records.c.state == state.value)
    if paper_type is not None:
        query = query.where(records.c.paper_type == paper_type)
    if after is not None:
        made, name = time_text(after.created_at), after.record_id
        # The first half lets the index find the place; a comparison of pairs is not used by every database.
        later = or_(records.c.created_at > made, and_(records.c.created_at == made, records.c.record_id > name))
        query = query.where(records.c.created_at >= made, later)
    return query.order_by(records.c.created_at, records.c.record_id).limit(limit)


def reuse_between(start: str, end: str, agency: str | None) -> Select[Any]:
    """Return a query of what lookups saved, from one point in time up to but not including another.

    Whoever looks twice spares no paper twice: of the looks of one agency at one person for one procedure on one day
    (UTC) the last is counted.
    """
    one_need = (reads.c.procedure, reads.c.agency, reads.c.subject_key, func.substr(reads.c.at, 1, len("2024-05-06")))
    from_last = func.row_number().over(partition_by=one_need, order_by=(reads.c.at.desc(), reads.c.entry_id.desc()))
    looks = select(reads, from_last.label("from_last")).where(
        reads.c.kind == "lookup", reads.c.at >= start, reads.c.at < end
    )
    look = (looks if agency is None else looks.where(reads.c.agency == agency)).subquery()

    def counted(column: str) -> ColumnElement[int]:
        return func.sum(case((look.c.from_last == 1, look.c[column]), else_=0))

    return select(
        look.c.procedure,
        look.c.agency,
        func.count().label("lookups"),
        counted("held").label("not_asked"),
        counted("missing").label("missing"),
        counted("refused").label("refused"),
    ).group_by(look.c.procedure, look.c.agency)


def office_days(first: date, last: date) -> tuple[str, str]:
    """Return the points in time at which days begin and have ended in Viet Nam, which has one time all year."""
    start = datetime.combine(first, time(), _VIET_NAM)
    return time_text(start), time_text(datetime.combine(last + timedelta(days=1), time(), _VIET_NAM))
