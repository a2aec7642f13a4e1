"""What taking in works with: where bytes go, who looks at pages, who tells watchers. One for each office."""

from dataclasses import dataclass, field

from service.intake.folding import Folds
from service.intake.gate import Gate
from service.intake.watching import Watch
from storage.database import Database
from storage.desk.batches import Batches
from storage.desk.parts import Parts
from storage.desk.progress import ProgressLog
from storage.desk.uploads import Uploads
from storage.objects import ObjectStore


@dataclass(frozen=True, slots=True)
class Intake:
    """The intake of one office.

    Attributes:
        store: Where scans go.
        desk: Where batches and uploads are noted.
        parts: The bytes of what is not whole yet.
        gate: Looks at the pages of what is stored.
        watch: Tells watchers what happens.
        folds: How far batches have got, as told by their events.
    """

    store: ObjectStore
    desk: Database
    parts: Parts
    gate: Gate
    watch: Watch
    folds: Folds = field(default_factory=Folds)

    @property
    def uploads(self) -> Uploads:
        """The files on their way."""
        return Uploads(self.desk)

    @property
    def batches(self) -> Batches:
        """What clerks send."""
        return Batches(self.desk)

    @property
    def progress(self) -> ProgressLog:
        """What happened to batches."""
        return ProgressLog(self.desk)
