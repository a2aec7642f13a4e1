"""The read log as an inspector pages through it; and in which piece of it an entry lies."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_TEXT = sa.String().with_variant(sa.String(collation="C"), "postgresql")


def upgrade() -> None:
    """Widen the table. Entries that are there keep their place unknown: it is then looked for among their day's."""
    op.add_column("reads", sa.Column("piece", _TEXT))
    op.create_index("reads_by_moment", "reads", ["at", "agency", "reader", "kind", "refused"])
