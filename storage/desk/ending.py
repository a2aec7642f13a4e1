"""The end of a person's work on a task: one transaction on the desk, as each waits for the disk."""

from collections.abc import Sequence

from storage.database import Database
from storage.desk.drafts import dropping
from storage.desk.keyings import closing
from storage.desk.leases import releasing
from storage.desk.settlements import Settlement, enter


def end_task(
    desk: Database, record_id: str, account: str, token: str, settled: Sequence[Settlement], *, is_released: bool
) -> None:
    """Note what was settled, remove the draft, give the task back.

    Args:
        desk: The database.
        record_id: The task.
        account: Who worked on it.
        token: Of the page's lease.
        settled: The fields that the decision settled.
        is_released: True: the record waits for nobody's keying any more.

    Raises:
        SohoaError: `DESK_FAILED`.
    """
    with desk.writing() as connection:
        enter(desk, connection, settled)
        if is_released:
            connection.execute(closing(record_id))
        connection.execute(dropping(record_id, account))
        connection.execute(releasing(record_id, account, token))
