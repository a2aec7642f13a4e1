"""Records that leave through the command line are written to the read log before they do."""

import getpass
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

from storage.settings import Settings

if TYPE_CHECKING:
    from storage.read_log.entry import ReadKind
    from storage.read_log.opening import Revision

# An export may be of everything there is: its first line should not wait for the last.
_PORTION = 200


R = TypeVar("R", bound="Revision")


def account() -> str:
    """Return the account of the operating system that the command runs under."""
    with suppress(OSError, KeyError):
        return getpass.getuser()
    return "?"


def logged(settings: Settings, kind: "ReadKind", revisions: Iterable[R]) -> Iterator[R]:
    """Yield `revisions`, each only after the read log says that this account read it, for administration.

    Raises:
        SohoaError: `READ_LOG_FAILED`: the rest is not yielded.
    """
    from storage.read_log.opening import log_read, open_read_log  # noqa: PLC0415

    with open_read_log(settings) as read_log:
        rest = iter(revisions)
        while portion := list(islice(rest, _PORTION)):
            log_read(read_log, kind, portion, reader=account(), agency=settings.agency)
            yield from portion


def logged_dossier(settings: Settings, dossier_id: str) -> None:
    """Write to the read log that this account reads the papers of a dossier as text; unknown ones are not noted.

    Raises:
        SohoaError: `READ_LOG_FAILED`: the text must not be shown.
    """
    from storage.dossiers import load_dossier  # noqa: PLC0415
    from storage.read_log.entry import ReadKind, RecordRead  # noqa: PLC0415
    from storage.records import latest_revision  # noqa: PLC0415

    store = settings.open_store()
    dossier = load_dossier(store, dossier_id)
    revisions = (
        ((paper.record_id, latest_revision(store, paper.record_id)) for paper in dossier.papers) if dossier else ()
    )
    read = [RecordRead(record_id=name, revision=number) for name, number in revisions if number is not None]
    for _ in logged(settings, ReadKind.RECORD, read):
        pass
