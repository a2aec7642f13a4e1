"""What waits for a person, by age, paper type and agency: the review queue; and whose dossiers are."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_TEXT = sa.String().with_variant(sa.String(collation="C"), "postgresql")
_WAITS = sa.text("waits = 1")
_INDEXES = {
    "records_waiting": ["created_at", "record_id", "agency", "paper_type"],
    "records_waiting_by_type": ["paper_type", "created_at", "record_id", "agency"],
    "records_waiting_by_agency": ["agency", "paper_type", "created_at", "record_id"],
}


def upgrade() -> None:
    """Widen the tables. Rows that are there are filled by the next reindex, which a new projection asks for."""
    for name in ("waits", "open_fields"):
        op.add_column("records", sa.Column(name, sa.Integer, nullable=False, server_default="0"))
    for name, columns in _INDEXES.items():
        op.create_index(name, "records", columns, sqlite_where=_WAITS, postgresql_where=_WAITS)
    op.add_column("dossiers", sa.Column("agency", _TEXT))
    op.add_column("dossiers", sa.Column("question_count", sa.Integer, nullable=False, server_default="0"))
    op.create_index("dossiers_by_time", "dossiers", ["created_at", "dossier_segment", "agency"])
