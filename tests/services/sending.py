"""What clerks send, written to store and desk as the service leaves it: for tests of what comes after."""

from datetime import UTC, datetime
from pathlib import Path

from storage.batch import Batch, BatchDossier, BatchFile, BatchState
from storage.batches import new_batch_id, save_batch
from storage.desk.batches import Batches
from storage.scans import receive
from storage.settings import Settings


def send(home: Path, folders: list[Path], **said: str) -> str:
    """Send the folders off as the dossiers of one batch; gives its identifier."""
    settings = Settings.load(home, {}, {})
    store, batches = settings.open_store(), Batches(settings.open_desk())
    dossiers = []
    for folder in folders:
        files = []
        for path in sorted(folder.iterdir()):
            if path.suffix != ".json":
                scan = receive(store, path)
                files.append(BatchFile(file=path.name, sha256=scan.sha256, size_bytes=scan.size_bytes))
        dossiers.append(BatchDossier(dossier_id=folder.name, files=tuple(files)))
    batch_id = new_batch_id()
    batches.open(batch_id, "lan", **said)
    save_batch(
        store,
        Batch(
            batch_id=batch_id, revision=1, state=BatchState.WAITING, by="lan", dossiers=tuple(dossiers),
            created_at=datetime.now(UTC), **said,
        ),
    )  # fmt: skip
    assert batches.submit(batch_id)
    return batch_id
