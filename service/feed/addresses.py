"""Where webhooks may be sent: the service must not be talked into asking machines of the office's own network.

A receiver is on the internet and speaks TLS, or in a network that the administrator names in `SOHOA_WEBHOOK_NETWORKS`.
The name is looked up before every request and the request goes to the address that was checked: a name that points
elsewhere a moment later gains nothing.
"""

import socket
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import SplitResult, urlsplit, urlunsplit

from ocr.problem import Code, SohoaError

LONGEST_URL = 500
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Destination:
    """Where one request goes.

    Attributes:
        url: With the checked address in the place of the name.
        host: Name, and port where it was given: the header `Host`.
        server_name: What the certificate must be for.
    """

    url: str
    host: str
    server_name: str


def check_url(url: str) -> None:
    """Check what can be told of an address without asking anybody.

    Raises:
        SohoaError: `WEBHOOK_INVALID`.
    """
    _parsed(url)


def destination_of(url: str, networks: Iterable[str]) -> Destination:
    """Look up where a webhook's address leads, and check that it may be sent there. Blocks while the name is asked for.

    Args:
        url: Of the webhook.
        networks: What the administrator allows besides the internet.

    Raises:
        SohoaError: `WEBHOOK_INVALID`: the name is not known, or leads to where nothing may be sent.
    """
    parsed = _parsed(url)
    name, port = parsed.hostname or "", parsed.port or _PORTS[parsed.scheme]
    try:
        found = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise _invalid("the name of the receiver is not known") from None
    # The scope of a link-local address is no part of it.
    addresses = [str(address[0]).partition("%")[0] for *_, address in found]
    allowed = [ip_network(each) for each in networks]
    # Every address, not only the one that is used: a name with one foot inside is not to be trusted.
    if not addresses or not all(_may_be_asked(each, parsed.scheme, allowed) for each in addresses):
        raise _invalid("it may not be sent there: HTTPS on the internet, or a network that the administrator allows")
    address = f"[{addresses[0]}]" if ":" in addresses[0] else addresses[0]
    at_address = parsed._replace(netloc=f"{address}:{port}")
    host = f"[{name}]" if ":" in name else name
    return Destination(urlunsplit(at_address), host if parsed.port is None else f"{host}:{parsed.port}", name)


def _may_be_asked(text: str, scheme: str, allowed: list[IPv4Network | IPv6Network]) -> bool:
    address = ip_address(text)
    if isinstance(address, IPv6Address):
        # An IPv4 address in other clothes is judged as what it is.
        address = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else address)
    if any(address in network for network in allowed):
        return True
    return scheme == "https" and address.is_global and not address.is_multicast


def _parsed(url: str) -> SplitResult:
    if len(url) > LONGEST_URL or not url.isascii() or any(char.isspace() or not char.isprintable() for char in url):
        raise _invalid(f"not an address of at most {LONGEST_URL} ASCII characters")
    try:
        parsed = urlsplit(url)
        is_whole = parsed.scheme in _PORTS and bool(parsed.hostname) and parsed.port != 0
    except ValueError:
        raise _invalid("not an address") from None
    if not is_whole:
        raise _invalid("not an address that begins with https://")
    if parsed.username is not None or parsed.password is not None or parsed.fragment:
        raise _invalid("no account, password or fragment belongs into it")
    return parsed


def _invalid(why: str) -> SohoaError:
    return SohoaError(Code.WEBHOOK_INVALID, field="url", detail=why)
