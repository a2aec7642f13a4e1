"""The connection to an S3 server: one client a process, and one way to try again."""

import logging
import os
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple, Self, TypeVar
from urllib.parse import parse_qsl, urlsplit

import urllib3
from minio import Minio

from storage.s3.errors import REQUEST_ERRORS, Fault, fault_of
from storage.s3.layout import Bucket

# A restart of the server takes seconds; a clerk waits half a minute, but not for ever.
PATIENCE_S = 30.0
_CONNECT_TIMEOUT_S = 5.0
_READ_TIMEOUT_S = 30.0
_FEWEST_TRIES = 2
_SHORTEST_PAUSE_S = 0.1
_LONGEST_PAUSE_S = 5.0
_MOST_CONNECTIONS = 32
# Given, so that the SDK need not ask for each bucket's region; servers of one's own do not look at it.
_REGION = "us-east-1"

T = TypeVar("T")
_chance = random.SystemRandom()
# Its debug lines quote signed addresses, which open an object to whoever reads them in time.
logging.getLogger("urllib3.connectionpool").setLevel(logging.INFO)


@dataclass(frozen=True, slots=True)
class Address:
    """Where a store is: a server and what the names of its buckets start with."""

    endpoint: str
    prefix: str
    is_encrypted: bool
    region: str

    @classmethod
    def parse(cls, url: str) -> Self:
        """Return the address of `s3://HOST:PORT/PREFIX[?tls=0&region=NAME]`, checked by `storage.settings` before."""
        parts = urlsplit(url)
        options = dict(parse_qsl(parts.query))
        return cls(parts.netloc, parts.path.strip("/"), options.get("tls") != "0", options.get("region") or _REGION)


class Session(NamedTuple):
    """The client of one process, and the connections it shares with requests that the SDK has no method for."""

    process_id: int
    pool: urllib3.PoolManager
    client: Minio


@dataclass(slots=True)
class Connection:
    """A server, an account on it, and the patience to wait for it. Safe in threads and after a fork.

    Attributes:
        address: Where the server is.
        access_key: Name of the account.
        secret_key: Its secret.
        ca_file: Certificates the server's is checked against; None: the system's.
        patience_s: Seconds for which a failing request is repeated.
    """

    address: Address
    access_key: str = field(repr=False)
    secret_key: str = field(repr=False)
    ca_file: Path | None = None
    patience_s: float = PATIENCE_S
    _session: Session | None = field(default=None, repr=False)

    def session(self) -> Session:
        """Return this process's client; connections must not be shared with the process this one was forked from."""
        session = self._session
        if session is None or session.process_id != os.getpid():
            # Two threads may both come here; each has a client that works, and one of them is kept.
            session = self._session = self._new_session()
        return session

    def bucket(self, bucket: Bucket) -> str:
        """Return the name of a bucket of this store."""
        return f"{self.address.prefix}-{bucket.value}"

    def attempt(self, subject: str, work: Callable[[Session], T], give_up: Callable[[Fault], bool] | None = None) -> T:
        """Return what `work` gives, tried again after passing faults with growing, random pauses.

        Args:
            subject: Name of the object or bucket, for the error.
            work: One or more requests that can be repeated.
            give_up: Says of a fault, before it is judged, that it shall be raised at once.

        Raises:
            SohoaError: The last fault; see `storage.s3.errors`. An error that `work` raises itself is passed on.
        """
        deadline = time.monotonic() + self.patience_s
        for tries, pause_s in enumerate(pauses_s(), 1):
            try:
                return work(self.session())
            except REQUEST_ERRORS as error:
                fault = fault_of(error)
            # Raised out here: the SDK's error quotes names and addresses, and would be printed with ours.
            if not fault.is_passing or (give_up is not None and give_up(fault)):
                break
            # A request that hung until its own time was up has not been tried in earnest.
            if time.monotonic() + pause_s > deadline and tries >= _FEWEST_TRIES:
                break
            time.sleep(pause_s)
        raise fault.error(subject)

    def _new_session(self) -> Session:
        pool = urllib3.PoolManager(
            maxsize=_MOST_CONNECTIONS,
            timeout=urllib3.Timeout(connect=_CONNECT_TIMEOUT_S, read=_READ_TIMEOUT_S),
            retries=False,  # `attempt` alone tries again: two loops inside each other would wait far too long
            cert_reqs="CERT_REQUIRED",
            ca_certs=str(self.ca_file) if self.ca_file is not None else None,
        )
        client = Minio(
            self.address.endpoint,
            self.access_key,
            self.secret_key,
            secure=self.address.is_encrypted,
            region=self.address.region,
            http_client=pool,
        )
        return Session(os.getpid(), pool, client)


def pauses_s() -> Iterator[float]:
    """Yield, without end, how long to wait after each failure: twice as long each time, half of it by chance."""
    longest_s = _SHORTEST_PAUSE_S
    while True:
        yield longest_s * _chance.uniform(0.5, 1.0)
        longest_s = min(2 * longest_s, _LONGEST_PAUSE_S)
