"""What tests of the read log work with: an entry, and what lies in the store and on the disk."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from storage.folder_store import FolderStore
from storage.read_log.entry import ReadEntry, ReadKind
from storage.read_log.reading import read_entries, read_log_keys
from storage.read_log.segment import check_segment

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def entry(**changes: Any) -> ReadEntry:
    # At one moment: at midnight begins another piece.
    return ReadEntry(**{"at": NOON, "kind": ReadKind.LOOKUP, "reader": "can-bo-1", "purpose": "kiểm tra", **changes})


def stored(store: FolderStore) -> list[str]:
    """Identifiers in the store, after checking that every piece is whole."""
    for key in read_log_keys(store):
        assert check_segment(store.get(key), key) == ()
    return [each.entry_id for each in read_entries(store)]


def files(spool: Path) -> list[str]:
    return sorted(path.name for path in spool.iterdir())
