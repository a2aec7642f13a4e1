"""Running the feed beside the service: a relay and a courier, each in a thread of its own."""

import logging
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta

from ocr.problem import SohoaError
from service.feed.courier import LONGEST_ANSWER_S, Courier
from service.feed.relay import Relay
from service.office import Office
from storage.desk.events import Events
from storage.desk.feed_writer import HELD_FOR, FeedWriter
from storage.desk.webhooks import Webhooks

log = logging.getLogger(__name__)

LOOKED_EVERY_S = 2.0
# While store or database cannot be used.
_PAUSE_S = 10.0
_TIDIED_EVERY_LOOKS = 20_000


def relay_of(office: Office, held_for: timedelta = HELD_FOR) -> Relay:
    """Return the relay of an office; it becomes the one relay with its first look."""
    writer = FeedWriter(office.desk, held_for)
    return Relay(office.store, office.catalogue, writer, Events(office.desk), office.read_log)


@contextmanager
def feed_running(
    office: Office,
    *,
    every_s: float = LOOKED_EVERY_S,
    held_for: timedelta = HELD_FOR,
    trust: ssl.SSLContext | None = None,
    longest_answer_s: float = LONGEST_ANSWER_S,
) -> Iterator[None]:
    """Tell what becomes of records, and send it to webhooks, until the block ends.

    Any number of processes may do so at once: one of them is the relay, another takes over when it dies.

    Args:
        office: Whose records.
        every_s: The relay looks so often, and whenever `Office.wake_feed` is called.
        held_for: How long after its last look a relay that died is waited for.
        trust: See `Courier`.
        longest_answer_s: See `Courier`.
    """
    relay = relay_of(office, held_for)
    holds, stopped = threading.Event(), threading.Event()
    source = office.settings.service_url or f"urn:sohoa:{office.settings.agency or 'office'}"
    webhooks = Webhooks(office.desk)
    courier = Courier(
        webhooks, source, office.settings.webhook_networks, holds.is_set, trust, longest_answer_s=longest_answer_s
    )

    def look() -> None:
        looks, pause_s = 0, every_s
        while not stopped.is_set():
            office.feed_wake.clear()
            try:
                told = relay.look()
                if told is None:
                    holds.clear()
                else:
                    holds.set()
                if told:
                    courier.wake()
                if looks % _TIDIED_EVERY_LOOKS == 0 and told is not None:
                    webhooks.drop_old()
                looks, pause_s = looks + 1, 0.0 if relay.is_busy else every_s
            except SohoaError as error:
                holds.clear()
                log.warning("changes feed: %s", error.code)
                pause_s = max(every_s, _PAUSE_S)
            except Exception as error:  # the feed must not end before the service does
                holds.clear()
                # The kind alone: messages of libraries may quote values.
                log.error("changes feed: %s", type(error).__name__)  # noqa: TRY400
                pause_s = max(every_s, _PAUSE_S)
            office.feed_wake.wait(pause_s)

    threads = [
        threading.Thread(target=look, name="feed", daemon=True),
        threading.Thread(target=courier.run, name="courier", daemon=True),
    ]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stopped.set()
        courier.stop()
        office.feed_wake.set()
        for thread in threads:
            thread.join(30)
        with suppress(SohoaError):
            relay.writer.release()
