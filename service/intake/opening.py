"""Opening the intake of an office."""

from collections.abc import Iterator
from contextlib import contextmanager

from service.intake.gate import Gate
from service.intake.intake import Intake
from service.intake.uploading import complete
from service.intake.watching import Watch
from storage.database import Database
from storage.desk.parts import Parts
from storage.desk.progress import ProgressLog
from storage.objects import ObjectStore
from storage.settings import Settings


@contextmanager
def open_intake(settings: Settings, store: ObjectStore, desk: Database) -> Iterator[Intake]:
    """Lend the intake of an office until the block ends."""
    parts = Parts(settings.home)
    gate = Gate(store, desk, parts, lambda upload: complete(intake, upload.upload_id))
    intake = Intake(store, desk, parts, gate, Watch(ProgressLog(desk)))
    try:
        yield intake
    finally:
        gate.stop()
