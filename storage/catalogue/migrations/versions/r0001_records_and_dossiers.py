"""Records and dossiers, as they were before there were migrations."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_TEXT = sa.String().with_variant(sa.String(collation="C"), "postgresql")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "records",
        sa.Column("record_id", _TEXT, primary_key=True),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("state", _TEXT, nullable=False),
        sa.Column("dossier_segment", _TEXT, nullable=False),
        sa.Column("paper_type", _TEXT, nullable=False),
        sa.Column("paper_type_version", sa.Integer, nullable=False),
        sa.Column("doubtful_fields", sa.Integer, nullable=False),
        sa.Column("created_at", _TEXT, nullable=False),
    )
    op.create_index("records_by_dossier", "records", ["dossier_segment", "record_id"])
    op.create_index("records_by_state", "records", ["state"])
    op.create_table(
        "dossiers",
        sa.Column("dossier_segment", _TEXT, primary_key=True),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("state", _TEXT, nullable=False),
        sa.Column("paper_count", sa.Integer, nullable=False),
        sa.Column("page_count", sa.Integer, nullable=False),
        sa.Column("failed_page_count", sa.Integer, nullable=False),
        sa.Column("created_at", _TEXT, nullable=False),
    )
