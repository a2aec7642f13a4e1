"""The desk, as it was first made."""

from alembic import op

from storage.desk.tables import metadata

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables."""
    metadata.create_all(op.get_bind())
