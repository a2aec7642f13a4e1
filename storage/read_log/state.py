"""How the read log stands: what was shipped, what still waits, and what the last check of its chain found."""

from dataclasses import dataclass
from datetime import datetime

from storage.catalogue import Catalogue
from storage.integrity.findings import Finding
from storage.integrity.ledger import Ledger
from storage.keys import READ_LOG_PREFIX
from storage.read_log.log import ReadLog
from storage.settings import Settings
from storage.upkeep import ledger_path

_KIND = "read-log"


@dataclass(frozen=True, slots=True)
class ChainCheck:
    """What the last pass of `sohoa verify` on this machine found.

    Attributes:
        ended_at: When it ended; None while it is under way, or where it was stopped and can be resumed.
        pieces: How many pieces of the read log it came by.
        damage: Pieces that are changed, or gone.
    """

    ended_at: datetime | None
    pieces: int
    damage: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class ReadLogState:
    """How the read log stands.

    Attributes:
        newest_at: When the newest look happened that is shipped; None where none is.
        newest_piece: Name of the piece it lies in, or None.
        pieces: How many pieces are shipped.
        waiting: Looks that wait on this machine to be shipped.
        waiting_since: When the oldest of them happened, or None.
        check: The last check; None where there was none.
    """

    newest_at: datetime | None
    newest_piece: str | None
    pieces: int
    waiting: int
    waiting_since: datetime | None
    check: ChainCheck | None


def read_log_state(settings: Settings, catalogue: Catalogue, read_log: ReadLog) -> ReadLogState:
    """Return how the read log of a home stands.

    Raises:
        SohoaError: `CATALOGUE_FAILED`, `READ_LOG_FAILED`; the ledger cannot be read.
    """
    newest = catalogue.newest_read()
    waiting = [entry.at for entry in read_log.pending()]
    return ReadLogState(
        newest_at=newest.at if newest else None,
        newest_piece=newest.piece if newest else None,
        pieces=catalogue.filling.count_pieces(),
        waiting=len(waiting),
        waiting_since=min(waiting, default=None),
        check=_last_check(settings),
    )


def _last_check(settings: Settings) -> ChainCheck | None:
    with Ledger.reading(ledger_path(settings)) as ledger:
        if not ledger.number:
            return None
        damage = (each for each in ledger.findings() if each.is_damage and each.key.startswith(READ_LOG_PREFIX))
        pieces = sum(count.objects for count in ledger.counts() if count.kind == _KIND)
        return ChainCheck(ledger.ended_at(), pieces, tuple(damage))
