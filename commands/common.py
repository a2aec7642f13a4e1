"""What every command shares: the home, the settings, how results are printed."""

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from storage.settings import Settings

if TYPE_CHECKING:
    from storage.catalogue import Catalogue

DONE, PARTIAL, STORE_TROUBLE = 0, 1, 4

Home = Annotated[
    Path | None,
    typer.Option("--home", help="Thư mục dữ liệu (mặc định $SOHOA_HOME, nếu không có thì ./sohoa-data)."),
]
AsJson = Annotated[bool, typer.Option("--json", help="In kết quả dạng JSON cho chương trình khác.")]


def settings_of(home: Path | None) -> Settings:
    """Return the settings; see `Settings.load`."""
    return Settings.load(home, {}, os.environ)


def filled_catalogue(settings: Settings) -> "Catalogue":
    """Return the catalogue, filled from the store when it was made anew."""
    from storage.reindex import reindex  # noqa: PLC0415

    catalogue = settings.open_catalogue()
    if catalogue.needs_rebuild():
        reindex(settings.open_store(), catalogue)
    return catalogue


def print_json(value: object) -> None:
    """Print a result for programs."""
    print(json.dumps(value, ensure_ascii=False, indent=2))
