"""What the routes work with: store, catalogue, desk, read log, paper types, launcher. Opened once in a process."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Protocol

from extractors.paper_type import PaperType
from extractors.paper_type_loader import paper_types_with
from service.intake.intake import Intake
from service.intake.opening import open_intake
from storage.catalogue import Catalogue
from storage.database import Database
from storage.desk.accounts import Accounts
from storage.desk.batches import Batches
from storage.desk.bindings import Bindings
from storage.desk.clients import Clients
from storage.desk.drafts import Drafts
from storage.desk.keyings import Keyings
from storage.desk.leases import Leases
from storage.desk.progress import ProgressLog
from storage.desk.sessions import Sessions
from storage.desk.settlements import Settlements
from storage.identity import IdentityKey
from storage.lookup import ProcedureShelf
from storage.objects import ObjectStore
from storage.procedures import load_procedure
from storage.read_log.log import ReadLog
from storage.read_log.opening import open_read_log
from storage.reindex import reindex
from storage.settings import Settings


class Launcher(Protocol):
    """Has work done that takes long, outside the service. Calls return at once; work is done at least once.

    What was asked for and not finished when the office was shut, or crashed, is asked for again at its next opening.
    """

    def digitise(self, batch_id: str) -> None:
        """Digitise a batch that was stored (`storage.batches`). Asking again while it is under way does nothing."""
        ...

    def assemble(self, dossier_id: str) -> None:
        """Make papers and records of a dossier anew from stored page text, by its newest arrangement."""
        ...


@dataclass(frozen=True, slots=True)
class Office:
    """Everything a route needs besides its request."""

    settings: Settings
    store: ObjectStore
    catalogue: Catalogue
    desk: Database
    read_log: ReadLog
    identity_key: IdentityKey
    paper_types: tuple[PaperType, ...]
    procedures: ProcedureShelf
    launcher: Launcher
    intake: Intake
    # Set: the changes feed looks at once.
    feed_wake: threading.Event = field(default_factory=threading.Event, repr=False)

    def wake_feed(self) -> None:
        """Have other systems told at once: a record was decided on. Without it they are told a few seconds later."""
        self.feed_wake.set()

    @property
    def accounts(self) -> Accounts:
        """Who may sign in."""
        return Accounts(self.desk)

    @property
    def sessions(self) -> Sessions:
        """Who is signed in."""
        return Sessions(self.desk)

    @property
    def bindings(self) -> Bindings:
        """Whom the OpenID Connect provider vouches for."""
        return Bindings(self.desk)

    @property
    def clients(self) -> Clients:
        """Which systems may call."""
        return Clients(self.desk)

    @property
    def batches(self) -> Batches:
        """What clerks send."""
        return Batches(self.desk)

    @property
    def progress(self) -> ProgressLog:
        """How far batches have got."""
        return ProgressLog(self.desk)

    @property
    def leases(self) -> Leases:
        """Who works on which task."""
        return Leases(self.desk)

    @property
    def drafts(self) -> Drafts:
        """What stewards entered and did not settle yet."""
        return Drafts(self.desk)

    @property
    def keyings(self) -> Keyings:
        """Who keyed which critical field."""
        return Keyings(self.desk)

    @property
    def settlements(self) -> Settlements:
        """What stewards settled, for the board."""
        return Settlements(self.desk)

    def paper_type(self, paper_type_id: str) -> PaperType | None:
        """Return the paper type of a name, or None where it is not known here."""
        return next((paper_type for paper_type in self.paper_types if paper_type.id == paper_type_id), None)


@contextmanager
def open_office(settings: Settings, launcher: Launcher) -> Iterator[Office]:
    """Open the office until the block ends; a catalogue made anew is filled first.

    Raises:
        SohoaError: A setting is invalid; store, catalogue or desk cannot be used.
    """
    store, catalogue = settings.open_store(), settings.open_catalogue()
    if catalogue.needs_rebuild():
        reindex(store, catalogue)
    read_log = open_read_log(settings, catalogue)
    desk = settings.open_desk()
    with (
        desk.kept_open(),
        catalogue.kept_open(),
        read_log.kept_sealed(),
        open_intake(settings, store, desk) as intake,
    ):
        yield Office(
            settings=settings,
            store=store,
            catalogue=catalogue,
            desk=desk,
            read_log=read_log,
            identity_key=settings.identity_key(),
            paper_types=paper_types_with(settings.paper_types_folder),
            procedures=ProcedureShelf(lambda code: load_procedure(store, code)),
            launcher=launcher,
            intake=intake,
        )
