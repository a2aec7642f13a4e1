"""Days and moments as callers write them: ISO 8601 and nothing else.

Left alone, pydantic takes a bare number for seconds since 1970; a year or a day that came to the wrong place would
silently become another date.
"""

import re
from datetime import UTC, date, datetime
from typing import Annotated, Any

from pydantic import AwareDatetime, BeforeValidator, Field

_FIRST_MOMENT = datetime(1970, 1, 1, tzinfo=UTC)
_BEGINS_LIKE_A_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def _written_out(value: Any) -> Any:
    if isinstance(value, str) and not _BEGINS_LIKE_A_DAY.match(value):
        raise ValueError("not ISO 8601")
    if isinstance(value, int | float):
        raise ValueError("a number is no date")  # noqa: TRY004  pydantic takes a ValueError for a refusal
    return value


Moment = Annotated[AwareDatetime, BeforeValidator(_written_out), Field(ge=_FIRST_MOMENT)]
WholeDay = Annotated[date, BeforeValidator(_written_out), Field(strict=False)]
