"""What Alembic runs for every migration: on the connection it is given, inside its transaction."""

from alembic import context

from storage.desk.tables import VERSION_TABLE, metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table=VERSION_TABLE,
)
with context.begin_transaction():
    context.run_migrations()
