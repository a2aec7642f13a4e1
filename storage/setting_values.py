"""How each setting is read and checked; `storage.settings` says which there are."""

import math
import os
import re
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from ocr.problem import Code, SohoaError

STORE = "SOHOA_STORE"
SECOND_STORE = "SOHOA_SECOND_STORE"
CATALOGUE = "SOHOA_CATALOGUE"
DESK = "SOHOA_DESK"
SERVICE_URL = "SOHOA_SERVICE_URL"
OIDC_ISSUER = "SOHOA_OIDC_ISSUER"
OIDC_CLIENT_ID = "SOHOA_OIDC_CLIENT_ID"
TRUSTED_PROXIES = "SOHOA_TRUSTED_PROXIES"
WEBHOOK_NETWORKS = "SOHOA_WEBHOOK_NETWORKS"
SECOND_KEYING = "SOHOA_SECOND_KEYING"
WORKERS = "SOHOA_WORKERS"
PAGE_TIMEOUT_S = "SOHOA_PAGE_TIMEOUT_S"
SAMPLE_SHARE = "SOHOA_SAMPLE_SHARE"
AGENCY = "SOHOA_AGENCY"
PREFECT_API_URL = "PREFECT_API_URL"

_MOST_WORKERS = 256
_LONGEST_PAGE_TIMEOUT_S = 3600.0
_MASK = "***"
_USER_INFO_PATTERN = re.compile(r"(?<=://)([^/@:]*):.*@", re.DOTALL)
_SECRET_QUERY_PATTERN = re.compile(r"([?&;][^=&;]*(?:pass|pwd|secret|token|key)[^=&;]*=)[^&;]*", re.IGNORECASE)
# What S3 allows in a bucket name, less room for the endings that `storage.s3` adds.
_BUCKET_PREFIX_PATTERN = re.compile("[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?")
_AGENCY_PATTERN = re.compile(r"[A-Z][0-9]{2}(?:\.[0-9]{1,3}){0,4}")


def masked(value: str) -> str:
    """Return `value` with the password of a URL, and secrets among its parameters, replaced by `***`."""
    return _SECRET_QUERY_PATTERN.sub(rf"\1{_MASK}", _USER_INFO_PATTERN.sub(rf"\1:{_MASK}@", value))


def store_url(name: str, value: str, base: Path) -> str:
    """Return where a store is, checked: `file:PATH` with the path absolute, or `s3://HOST:PORT/PREFIX[?tls=0]`.

    Args:
        name: The setting, for the error.
        value: As given.
        base: Folder that a relative path is meant from.
    """
    if value.startswith("s3://"):
        return _s3_url(name, value)
    path = value.removeprefix("file:")
    if not value.startswith("file:") or not path.strip():
        raise invalid(name, "must be file:PATH or s3://HOST:PORT/PREFIX")
    return f"file:{base / path}"


def _s3_url(name: str, value: str) -> str:
    try:
        parts = urlsplit(value)
        is_place = bool(parts.hostname) and parts.port != 0 and parts.username is None and not parts.fragment
    except ValueError:
        raise invalid(name, "must be s3://HOST:PORT/PREFIX") from None
    if not is_place or not _BUCKET_PREFIX_PATTERN.fullmatch(parts.path.strip("/")):
        detail = "must be s3://HOST:PORT/PREFIX without credentials; PREFIX has at most 40 of a-z, 0-9 and -"
        raise invalid(name, detail)
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    if set(options) - {"tls", "region"} or options.get("tls", "1") not in {"0", "1"}:
        raise invalid(name, "takes the options tls=0 (plain HTTP) and region=NAME only")
    return value


def database_url(name: str, value: str | None, default: Path) -> str:
    """Return the SQLAlchemy URL of a database: the SQLite file `default` when none is given.

    Args:
        name: The setting, for the error.
        value: As given.
        default: Absolute path of the file.
    """
    if value is None:
        # Only what would end the path inside a URL is quoted: SQLAlchemy 2.0 does not unquote everything.
        path = re.sub("[%?#]", lambda match: f"%{ord(match[0]):02X}", str(default))
        return f"sqlite:///{path}"
    is_sqlite = re.match(r"sqlite(\+pysqlite)?:///[^?]", value) and ":memory:" not in value
    if not is_sqlite and not re.match(r"postgresql(\+psycopg)?://", value):
        raise invalid(name, "must be sqlite:///PATH or postgresql://USER:PASSWORD@HOST/DATABASE")
    # The driver that comes with the product, whatever SQLAlchemy would take by itself.
    return re.sub("^postgresql://", "postgresql+psycopg://", value)


def agency(value: str | None) -> str | None:
    """Return the identifier of the agency (QĐ 20/2020/QĐ-TTg, `H05.12`), or None."""
    if value is None or is_agency(value):
        return value
    raise invalid(AGENCY, "must be an agency identifier such as H05.12")


def is_agency(text: str) -> bool:
    """True for the identifier of an agency."""
    return _AGENCY_PATTERN.fullmatch(text) is not None


def api_url(name: str, value: str | None) -> str | None:
    """Return the address of a server, or None.

    Args:
        name: The setting, for the error.
        value: As given.
    """
    if value is None:
        return None
    try:
        parts = urlsplit(value)
        is_url = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_url = False
    if not is_url or any(character.isspace() for character in value):
        raise invalid(name, "must be an http:// or https:// URL")
    return value


def workers(value: str | None) -> int:
    """Return how many pages are read at the same time; one for each core when not given."""
    if value is None:
        return max(1, min(_MOST_WORKERS, len(os.sched_getaffinity(0))))
    if re.fullmatch("[0-9]{1,3}", value) and 1 <= int(value) <= _MOST_WORKERS:
        return int(value)
    raise invalid(WORKERS, f"must be a whole number from 1 to {_MOST_WORKERS}")


def page_timeout_s(value: str) -> float:
    """Return the seconds after which reading a page is given up."""
    seconds = float(value) if re.fullmatch(r"[0-9]{1,4}(\.[0-9]{1,6})?", value) else math.nan
    if 0 < seconds <= _LONGEST_PAGE_TIMEOUT_S:
        return seconds
    raise invalid(PAGE_TIMEOUT_S, f"must be a number of seconds, more than 0, at most {_LONGEST_PAGE_TIMEOUT_S:g}")


def sample_share(value: str) -> float:
    """Return the share of accepted fields in the blind sample, 0-1."""
    if re.fullmatch(r"0(\.[0-9]{1,6})?|1(\.0{1,6})?", value):
        return float(value)
    raise invalid(SAMPLE_SHARE, "must be a share from 0 to 1, such as 0.02")


def networks(name: str, value: str | None) -> tuple[str, ...]:
    """Return the networks that a setting names (`127.0.0.1/32`); none when not given."""
    try:
        return tuple(str(ip_network(part)) for part in (value or "").replace(",", " ").split())
    except ValueError:
        raise invalid(name, "must be addresses or networks such as 127.0.0.1 10.0.0.0/8") from None


def second_keying(value: str) -> str:
    """Return which critical fields a second person keys: `never`, `typed` by a steward, or `always`."""
    if value in {"never", "typed", "always"}:
        return value
    raise invalid(SECOND_KEYING, "must be never, typed or always")


def invalid(name: str, detail: str) -> SohoaError:
    """Return the error of a setting; `detail` never quotes a value, which may be secret."""
    return SohoaError(Code.SETTING_INVALID, field=name, detail=f"{name} {detail}")
