"""What the commands of `sohoa subject` share: their options, and how a person is named."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from storage.settings import Settings

if TYPE_CHECKING:
    from storage.rights.person import Person

_FROM_STANDARD_INPUT = "-"

Subject = Annotated[
    str,
    typer.Option(
        "--subject", help="Số định danh; '-': đọc từ đầu vào chuẩn, để số không hiện trong danh sách tiến trình."
    ),
]
Purpose = Annotated[str, typer.Option("--purpose", help="Để làm gì; được ghi vào nhật ký đọc.")]
By = Annotated[str, typer.Option("--by", help="Tài khoản của người làm.")]


def identifier_from(given: str) -> str:
    """Return what was given, or a line of standard input for `-`."""
    return sys.stdin.readline().strip() if given == _FROM_STANDARD_INPUT else given


def given_person(settings: Settings, given: str) -> "Person":
    """Return the person an option names.

    Raises:
        SohoaError: `SUBJECT_INVALID`.
    """
    from storage.rights.person import Person  # noqa: PLC0415

    return Person.of(identifier_from(given), settings.identity_key())
