"""Waits between wrong passwords, which grow with their number and always end.

Counted in memory: after a restart everybody starts anew, and each process of several counts for itself.
"""

import math
import time
from collections.abc import Iterable

from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute
from limits.strategies import MovingWindowRateLimiter

from service.security.counts import Counts

_LONGEST_KEY = 64

# Somebody who forgot a password tries a few; after ten the wait is minutes, after thirty the rest of an hour.
_ONE_FROM_ONE_PLACE = (RateLimitItemPerMinute(5), RateLimitItemPerMinute(10, 10), RateLimitItemPerHour(30))
# Many machines that guess at one account. Far more than one place may try: it cannot keep the owner out alone.
_ONE_FROM_ANYWHERE = (RateLimitItemPerMinute(60, 10), RateLimitItemPerHour(200))
# One machine that guesses at many accounts. A whole office may share an address, and only failures count.
_ANY_FROM_ONE_PLACE = (RateLimitItemPerMinute(60), RateLimitItemPerMinute(200, 10))


class Throttle:
    """Failures to sign in, by account and by address."""

    def __init__(self) -> None:
        """Begin without any."""
        self._counts = Counts()
        self._limiter = MovingWindowRateLimiter(self._counts)

    def admit(self, account: str, address: str) -> int:
        """Return 0 when a password may be tried now, which counts it; else the seconds to wait, nothing is counted.

        Args:
            account: As given, whether or not there is one of that name.
            address: Where the attempt comes from.
        """
        with self._counts.turn:
            waits = [
                self._limiter.get_window_stats(item, *key).reset_time - time.time()
                for item, key in self._windows(account, address)
                if not self._limiter.test(item, *key)
            ]
            if waits:
                return math.floor(max(0.0, *waits)) + 1
            # Counted before it is known to be wrong: many at once would otherwise all find the door open.
            admitted = [self._limiter.hit(item, *key) for item, key in self._pair(account, address)]
            return 0 if all(admitted) else 1

    def failed(self, account: str, address: str) -> None:
        """Count a wrong password."""
        pair = self._pair(account, address)
        with self._counts.turn:
            for item, key in self._windows(account, address):
                if (item, key) not in pair:
                    self._limiter.hit(item, *key)

    def succeeded(self, account: str, address: str) -> None:
        """Forget what failed before from here: the owner came in."""
        with self._counts.turn:
            for item, key in self._pair(account, address):
                self._limiter.clear(item, *key)

    def _pair(self, account: str, address: str) -> list[tuple[RateLimitItem, tuple[str, ...]]]:
        return [(item, ("pair", _short(account), _short(address))) for item in _ONE_FROM_ONE_PLACE]

    def _windows(self, account: str, address: str) -> list[tuple[RateLimitItem, tuple[str, ...]]]:
        return [
            *self._pair(account, address),
            *_keyed(_ONE_FROM_ANYWHERE, "account", account),
            *_keyed(_ANY_FROM_ONE_PLACE, "address", address),
        ]


def _keyed(items: Iterable[RateLimitItem], *key: str) -> list[tuple[RateLimitItem, tuple[str, ...]]]:
    return [(item, tuple(map(_short, key))) for item in items]


def _short(text: str) -> str:
    return text[:_LONGEST_KEY]
