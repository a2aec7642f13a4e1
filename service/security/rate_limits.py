"""Limits on requests: far above what work needs, below what a program gone wild or an attacker sends."""

import math
import time
from collections.abc import Callable

from fastapi import Request
from limits import RateLimitItem, RateLimitItemPerMinute, parse
from limits.strategies import SlidingWindowCounterRateLimiter

from ocr.problem import Code, SohoaError
from service.roles import Principal
from service.security.counts import Counts

# Two hundred clients that work under one account, with a few requests a second each, are still within it.
PER_PRINCIPAL = RateLimitItemPerMinute(30_000)
# Of those who did not sign in: the form, and tokens for systems. A whole office may share an address.
PER_ADDRESS = RateLimitItemPerMinute(1_200)


class RateLimits:
    """Counts requests in memory, for one process."""

    def __init__(self, per_principal: RateLimitItem = PER_PRINCIPAL, per_address: RateLimitItem = PER_ADDRESS) -> None:
        """Begin with nothing counted.

        Args:
            per_principal: Requests of one account or system.
            per_address: Requests of strangers from one address.
        """
        self.per_principal, self.per_address = per_principal, per_address
        self._counts = Counts()
        self._limiter = SlidingWindowCounterRateLimiter(self._counts)

    def count(self, item: RateLimitItem, *key: str) -> int:
        """Count a request and return 0, or return the seconds to wait where there were too many."""
        with self._counts.turn:
            if self._limiter.hit(item, *key):
                return 0
            return math.floor(max(0.0, self._limiter.get_window_stats(item, *key).reset_time - time.time())) + 1


def check_rate(request: Request, principal: Principal | None) -> None:
    """Count a request of the principal, or of a stranger's address.

    Raises:
        SohoaError: `TOO_MANY_REQUESTS`.
    """
    counted: RateLimits = request.app.state.rate_limits
    if principal is not None:
        refuse_for(request, counted.count(counted.per_principal, "principal", principal.account))
    else:
        refuse_for(request, counted.count(counted.per_address, "address", address_of(request)))


def limited(name: str, often: str) -> Callable[[Request], None]:
    """Return a dependency that limits one route for each principal beyond what all routes share.

    Args:
        name: Routes of one name share the limit.
        often: Such as `60/minute`.
    """
    item = parse(often)

    def check(request: Request) -> None:
        counted: RateLimits = request.app.state.rate_limits
        principal: Principal | None = getattr(request.state, "principal", None)
        who = principal.account if principal is not None else address_of(request)
        refuse_for(request, counted.count(item, name, who))

    return check


def refuse_for(request: Request, seconds: int) -> None:
    """Refuse a request that must wait; the answer says how long (`Retry-After`). 0: go on.

    Raises:
        SohoaError: `TOO_MANY_REQUESTS`.
    """
    if seconds:
        request.state.retry_after_s = seconds
        raise SohoaError(Code.TOO_MANY_REQUESTS, detail=f"wait {seconds} s", retryable=True)


def address_of(request: Request) -> str:
    """Return the network address that a request comes from, behind the proxies that are trusted; "" where unknown."""
    return request.client.host if request.client is not None else ""
