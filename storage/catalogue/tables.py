"""The tables. Every change of them needs a migration (`migrations/versions`), or a test fails."""

from sqlalchemy import Column, Index, Integer, MetaData, Table, text

from storage.database import TEXT

# The migration that makes the tables below. Kept here so that opening a catalogue need not load Alembic.
HEAD = "0004"
# Not Alembic's own name: the database may be shared with another program that uses Alembic.
VERSION_TABLE = "sohoa_catalogue_version"

metadata = MetaData()

_WAITS = text("waits = 1")

records = Table(
    "records",
    metadata,
    Column("record_id", TEXT, primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("state", TEXT, nullable=False),
    Column("dossier_segment", TEXT, nullable=False),
    Column("paper_type", TEXT, nullable=False),
    Column("paper_type_version", Integer, nullable=False),
    Column("doubtful_fields", Integer, nullable=False),
    Column("created_at", TEXT, nullable=False),
    Column("issued_date", TEXT),
    Column("valid_until", TEXT),
    Column("trust_level", TEXT),
    Column("scope", TEXT),
    Column("verified_by", TEXT, nullable=False, server_default="machine"),
    Column("superseded_by", TEXT),
    Column("agency", TEXT),
    # 1: a person has to look, because a field is doubtful or was drawn for the blind sample. Nobody can tell which.
    Column("waits", Integer, nullable=False, server_default="0"),
    Column("open_fields", Integer, nullable=False, server_default="0"),
    # Which code and key made the row (`storage.catalogue.projection`): a row of others is made again by a reindex.
    Column("projection", TEXT, nullable=False, server_default="none"),
    Index("records_by_dossier", "dossier_segment", "record_id"),
    # Of one state, of all types or of one, oldest first.
    Index("records_by_state", "state", "created_at", "record_id"),
    Index("records_by_state_and_type", "state", "paper_type", "created_at", "record_id"),
    # What waits, oldest first: the review queue pages through these. With all columns that it is narrowed by, so that
    # rows need not be fetched to be passed over.
    Index(
        "records_waiting",
        "created_at",
        "record_id",
        "agency",
        "paper_type",
        sqlite_where=_WAITS,
        postgresql_where=_WAITS,
    ),
    Index(
        "records_waiting_by_type",
        "paper_type",
        "created_at",
        "record_id",
        "agency",
        sqlite_where=_WAITS,
        postgresql_where=_WAITS,
    ),
    # How many wait, by agency and type; and what waits in one small agency.
    Index(
        "records_waiting_by_agency",
        "agency",
        "paper_type",
        "created_at",
        "record_id",
        sqlite_where=_WAITS,
        postgresql_where=_WAITS,
    ),
)

record_subjects = Table(
    "record_subjects",
    metadata,
    Column("record_id", TEXT, primary_key=True),
    Column("ordinal", Integer, primary_key=True),
    Column("role", TEXT, nullable=False),
    Column("subject_key", TEXT),
    Column("name_key", TEXT),
    Column("birth_key", TEXT),
    Index("record_subjects_by_subject", "subject_key"),
    # Who is told by name and birthday alone: what an erasure has a person look at.
    Index(
        "record_subjects_without_identifier",
        "name_key",
        "birth_key",
        sqlite_where=text("subject_key IS NULL"),
        postgresql_where=text("subject_key IS NULL"),
    ),
)

dossiers = Table(
    "dossiers",
    metadata,
    Column("dossier_segment", TEXT, primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("state", TEXT, nullable=False),
    Column("paper_count", Integer, nullable=False),
    Column("page_count", Integer, nullable=False),
    Column("failed_page_count", Integer, nullable=False),
    Column("created_at", TEXT, nullable=False),
    Column("agency", TEXT),
    # How many choices between papers a steward is asked to confirm.
    Column("question_count", Integer, nullable=False, server_default="0"),
    Column("projection", TEXT, nullable=False, server_default="none"),
    Index("dossiers_by_time", "created_at", "dossier_segment", "agency"),
)

reads = Table(
    "reads",
    metadata,
    Column("entry_id", TEXT, primary_key=True),
    Column("at", TEXT, nullable=False),
    Column("kind", TEXT, nullable=False),
    Column("reader", TEXT, nullable=False),
    Column("agency", TEXT),
    Column("purpose", TEXT),
    Column("procedure", TEXT),
    Column("subject_key", TEXT),
    Column("held", Integer, nullable=False),
    Column("missing", Integer, nullable=False),
    Column("refused", Integer, nullable=False),
    # Name of the piece of the log it lies in, which has the words; unknown for what an older program entered.
    Column("piece", TEXT),
    Index("reads_by_subject", "subject_key", "at"),
    # What an inspector pages through, newest first. With all columns that it is narrowed by, so that rows need not be
    # fetched to be passed over.
    Index("reads_by_moment", "at", "agency", "reader", "kind", "refused"),
    Index("reads_by_time", "kind", "at"),
)

read_records = Table(
    "read_records",
    metadata,
    Column("entry_id", TEXT, primary_key=True),
    Column("record_id", TEXT, primary_key=True),
    Index("read_records_by_record", "record_id"),
)

# Names of the pieces of the read log whose entries are all in `reads`.
read_log_pieces = Table("read_log_pieces", metadata, Column("key", TEXT, primary_key=True))

# What is known of the catalogue itself, by name; see `storage.catalogue.filling`.
state = Table("state", metadata, Column("name", TEXT, primary_key=True), Column("value", TEXT, nullable=False))
