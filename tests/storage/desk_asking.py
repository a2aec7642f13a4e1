"""What tests of the desk share: how it refuses, and moving its times."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from ocr.problem import Code, SohoaError
from storage.database import Database
from storage.desk.times import as_text


def refused(call: Callable[[], Any]) -> tuple[Code, str | None]:
    with pytest.raises(SohoaError) as error:
        call()
    return error.value.code, error.value.problem.field


def set_times(desk: Database, table: Any, **values: str) -> None:
    with desk.writing() as connection:
        connection.execute(update(table).values(**values))


def ago(period: timedelta) -> str:
    return as_text(datetime.now(UTC) - period)
