"""The desk's tables and its migrations say the same, in every database; opening it makes them."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from ocr.problem import Code, SohoaError
from storage.database import Database
from storage.desk.database import open_desk
from storage.desk.migrate import MIGRATIONS
from storage.desk.tables import HEAD, VERSION_TABLE, metadata


def differences(database: Database) -> list[object]:
    with database.reading() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "version_table": VERSION_TABLE,
                "compare_type": True,
                "compare_server_default": True,
                # The catalogue may lie in the same database.
                "include_name": lambda name, kind, _: kind != "table" or name in metadata.tables,
            },
        )
        return list(compare_metadata(context, metadata))


def test_the_program_knows_the_last_migration() -> None:
    assert MIGRATIONS.revisions()[-1] == HEAD


def test_tables_and_migrations_agree(either_database_url: str) -> None:
    assert differences(open_desk(either_database_url)) == []


def test_desk_and_catalogue_share_a_database(either_database_url: str) -> None:
    from storage.catalogue import Catalogue  # noqa: PLC0415

    Catalogue(either_database_url).create()
    assert differences(open_desk(either_database_url)) == []
    assert open_desk(either_database_url).failure is Code.DESK_FAILED


def test_tables_of_a_newer_program_are_left_alone(either_database_url: str) -> None:
    with open_desk(either_database_url).writing() as connection:
        connection.exec_driver_sql(f"UPDATE {VERSION_TABLE} SET version_num = '9999'")
    with pytest.raises(SohoaError) as refused:
        open_desk(either_database_url)
    assert refused.value.code is Code.DESK_FAILED
    assert "newer program" in refused.value.problem.detail
