"""Subjects by keyed hash, what a lookup decides by, the read log, and what the catalogue was filled by."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_TEXT = sa.String().with_variant(sa.String(collation="C"), "postgresql")


def upgrade() -> None:
    """Widen the tables and make the new ones. Rows that are there are filled by the next reindex."""
    for name in ("issued_date", "valid_until", "trust_level", "scope", "superseded_by", "agency"):
        op.add_column("records", sa.Column(name, _TEXT))
    op.add_column("records", sa.Column("verified_by", _TEXT, nullable=False, server_default="machine"))
    op.add_column("records", sa.Column("projection", _TEXT, nullable=False, server_default="none"))
    op.add_column("dossiers", sa.Column("projection", _TEXT, nullable=False, server_default="none"))
    op.drop_index("records_by_state", "records")
    op.create_index("records_by_state", "records", ["state", "created_at", "record_id"])
    op.create_index("records_by_state_and_type", "records", ["state", "paper_type", "created_at", "record_id"])
    op.create_table(
        "record_subjects",
        sa.Column("record_id", _TEXT, primary_key=True),
        sa.Column("ordinal", sa.Integer, primary_key=True),
        sa.Column("role", _TEXT, nullable=False),
        sa.Column("subject_key", _TEXT),
        sa.Column("name_key", _TEXT),
        sa.Column("birth_key", _TEXT),
    )
    op.create_index("record_subjects_by_subject", "record_subjects", ["subject_key"])
    op.create_index(
        "record_subjects_without_identifier",
        "record_subjects",
        ["name_key", "birth_key"],
        sqlite_where=sa.text("subject_key IS NULL"),
        postgresql_where=sa.text("subject_key IS NULL"),
    )
    op.create_table(
        "reads",
        sa.Column("entry_id", _TEXT, primary_key=True),
        sa.Column("at", _TEXT, nullable=False),
        sa.Column("kind", _TEXT, nullable=False),
        sa.Column("reader", _TEXT, nullable=False),
        sa.Column("agency", _TEXT),
        sa.Column("purpose", _TEXT),
        sa.Column("procedure", _TEXT),
        sa.Column("subject_key", _TEXT),
        sa.Column("held", sa.Integer, nullable=False),
        sa.Column("missing", sa.Integer, nullable=False),
        sa.Column("refused", sa.Integer, nullable=False),
    )
    op.create_index("reads_by_subject", "reads", ["subject_key", "at"])
    op.create_index("reads_by_time", "reads", ["kind", "at"])
    op.create_table(
        "read_records",
        sa.Column("entry_id", _TEXT, primary_key=True),
        sa.Column("record_id", _TEXT, primary_key=True),
    )
    op.create_index("read_records_by_record", "read_records", ["record_id"])
    op.create_table("read_log_pieces", sa.Column("key", _TEXT, primary_key=True))
    op.create_table("state", sa.Column("name", _TEXT, primary_key=True), sa.Column("value", _TEXT, nullable=False))
