"""Settings: by flag, then environment, then `sohoa.toml` in the home, then default; each remembers its source."""

import math
import os
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

from ocr.problem import Code, SohoaError
from storage.objects import FolderStore, ObjectStore, error_name

if TYPE_CHECKING:
    from storage.catalogue import Catalogue

HOME = "SOHOA_HOME"
STORE = "SOHOA_STORE"
CATALOGUE = "SOHOA_CATALOGUE"
WORKERS = "SOHOA_WORKERS"
PAGE_TIMEOUT_S = "SOHOA_PAGE_TIMEOUT_S"
SAMPLE_SHARE = "SOHOA_SAMPLE_SHARE"
PREFECT_API_URL = "PREFECT_API_URL"
NAMES = (HOME, STORE, CATALOGUE, PREFECT_API_URL, WORKERS, PAGE_TIMEOUT_S, SAMPLE_SHARE)

TOML_FILE = "sohoa.toml"
# The home cannot be named by a file that lies in it.
_TOML_KEYS = {name.removeprefix("SOHOA_").lower(): name for name in NAMES if name != HOME}

_DEFAULT_HOME = "./sohoa-data"
_DEFAULT_PAGE_TIMEOUT_S = "120"
_DEFAULT_SAMPLE_SHARE = "0.02"
_MOST_WORKERS = 256
_LONGEST_PAGE_TIMEOUT_S = 3600.0
_MASK = "***"
_USER_INFO_PATTERN = re.compile(r"(?<=://)([^/@:]*):.*@", re.DOTALL)
_SECRET_QUERY_PATTERN = re.compile(r"([?&;][^=&;]*(?:pass|pwd|secret|token|key)[^=&;]*=)[^&;]*", re.IGNORECASE)


class Source(StrEnum):
    """Where a setting's value came from."""

    FLAG = "flag"
    ENVIRONMENT = "environment"
    TOML = "sohoa.toml"
    DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting for people to see: a secret inside `value` is masked; "" stands for a setting that is not set."""

    name: str
    value: str
    source: Source


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings, checked.

    Attributes:
        home: Absolute path of the folder where everything local lives.
        store: `file:PATH`, the path absolute.
        catalogue: SQLAlchemy URL.
        prefect_api_url: A Prefect server, or None for an embedded one.
        workers: Pages read at the same time.
        page_timeout_s: Seconds after which reading a page is given up.
        sample_share: Share of accepted fields that a person looks at all the same, 0-1.
        sources: Where each value came from, by the name of the setting.
    """

    home: Path
    store: str
    catalogue: str
    prefect_api_url: str | None
    workers: int
    page_timeout_s: float
    sample_share: float
    sources: Mapping[str, Source]

    @classmethod
    def load(cls, home: Path | None, overrides: Mapping[str, str | None], environ: Mapping[str, str]) -> Self:
        """Gather and check the settings. Touches nothing but `sohoa.toml`, for reading.

        Args:
            home: The flag `--home`, or None.
            overrides: Other flags by the name of the setting (`SOHOA_STORE`); None for a flag that was not given.
            environ: The environment. An empty variable counts as not set.

        Raises:
            ValueError: `overrides` has a name that is no setting: a mistake in the program.
            SohoaError: `SETTING_INVALID` with the setting's name (or `sohoa.toml`) in `field`. Values, which may
                be secret, are not quoted.
        """
        unknown = sorted(set(overrides) - set(NAMES))
        if unknown:
            raise ValueError(f"no such settings: {', '.join(unknown)}")
        flags = {name: value for name, value in overrides.items() if value is not None}
        if home is not None:
            flags[HOME] = str(home)
        places = [(Source.FLAG, flags), (Source.ENVIRONMENT, environ)]
        base = Path(_first(HOME, places)[0] or _DEFAULT_HOME).absolute()
        places.append((Source.TOML, _read_toml(base)))
        found = {name: _first(name, places) for name in NAMES}
        values = {name: value for name, (value, _) in found.items()}
        return cls(
            home=base,
            store=_store(values[STORE], base, found[STORE][1]),
            catalogue=_catalogue(values[CATALOGUE], base),
            prefect_api_url=_api_url(values[PREFECT_API_URL]),
            workers=_workers(values[WORKERS]),
            page_timeout_s=_page_timeout_s(values[PAGE_TIMEOUT_S] or _DEFAULT_PAGE_TIMEOUT_S),
            sample_share=_sample_share(values[SAMPLE_SHARE] or _DEFAULT_SAMPLE_SHARE),
            sources={name: source for name, (_, source) in found.items()},
        )

    def describe(self) -> tuple[Setting, ...]:
        """Return every setting with its value, passwords masked, and its source."""
        values = {
            HOME: str(self.home),
            STORE: self.store,
            CATALOGUE: self.catalogue,
            PREFECT_API_URL: self.prefect_api_url or "",
            WORKERS: str(self.workers),
            PAGE_TIMEOUT_S: f"{self.page_timeout_s:g}",
            SAMPLE_SHARE: f"{self.sample_share:g}",
        }
        return tuple(Setting(name, masked(values[name]), self.sources[name]) for name in NAMES)

    @property
    def paper_types_folder(self) -> Path:
        """Folder of the paper types that the office itself declares; it need not exist."""
        return self.home / "paper-types"

    def open_store(self) -> ObjectStore:
        """Return the store; makes the home when missing.

        Raises:
            SohoaError: `STORE_UNWRITABLE` when the home cannot be made.
        """
        self._make_home()
        return FolderStore(Path(self.store.removeprefix("file:")))

    def open_catalogue(self) -> "Catalogue":
        """Return the catalogue with its tables; makes the home when missing. See `Catalogue.needs_rebuild`.

        Raises:
            SohoaError: `STORE_UNWRITABLE` when the home cannot be made; `SETTING_INVALID`, `CATALOGUE_FAILED`.
        """
        # SQLAlchemy takes most of a second to load, which `sohoa --help` and `sohoa doctor` need not pay.
        from storage.catalogue import Catalogue  # noqa: PLC0415

        self._make_home()
        catalogue = Catalogue(self.catalogue)
        catalogue.create()
        return catalogue

    def _make_home(self) -> None:
        try:
            self.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise SohoaError(Code.STORE_UNWRITABLE, field=HOME, detail=f"home: {error_name(error)}") from error


def masked(value: str) -> str:
    """Return `value` with the password of a URL, and secrets among its parameters, replaced by `***`."""
    return _SECRET_QUERY_PATTERN.sub(rf"\1{_MASK}", _USER_INFO_PATTERN.sub(rf"\1:{_MASK}@", value))


def _first(name: str, places: Sequence[tuple[Source, Mapping[str, str]]]) -> tuple[str | None, Source]:
    for source, values in places:
        value = values.get(name)
        if value or (value is not None and source is not Source.ENVIRONMENT):
            if not value.strip() or "\0" in value:
                raise _invalid(name, "is blank or has a null character")
            return value, source
    return None, Source.DEFAULT


def _read_toml(home: Path) -> dict[str, str]:
    try:
        text = (home / TOML_FILE).read_bytes().decode()
        parsed = tomllib.loads(text)
    except FileNotFoundError:
        return {}
    except NotADirectoryError:
        raise _invalid(HOME, "is not a folder") from None
    except OSError as error:
        raise _invalid(TOML_FILE, f"cannot be read, {error_name(error)}") from None
    except ValueError:  # not UTF-8 or not TOML; the parser's message may quote a secret
        raise _invalid(TOML_FILE, "is not a TOML file") from None
    unknown = sorted(set(parsed) - set(_TOML_KEYS))
    if unknown:
        raise _invalid(TOML_FILE, f"unknown keys: {', '.join(unknown)}; known: {', '.join(sorted(_TOML_KEYS))}")
    for key, value in parsed.items():
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise _invalid(_TOML_KEYS[key], f"must be text or a number in {TOML_FILE}")
    return {_TOML_KEYS[key]: str(value) for key, value in parsed.items()}


def _store(value: str | None, home: Path, source: Source) -> str:
    if value is None:
        return f"file:{home / 'store'}"
    if not value.startswith("file:"):
        raise _invalid(STORE, "must be file:PATH; s3 stores come later")
    path = value.removeprefix("file:")
    if not path.strip():
        raise _invalid(STORE, "must be file:PATH; the path is missing")
    # A path in the home's own file is meant from there, wherever the program is started.
    return f"file:{home / path if source is Source.TOML else Path(path).absolute()}"


def _catalogue(value: str | None, home: Path) -> str:
    if value is None:
        # Only what would end the path inside a URL is quoted: SQLAlchemy 2.0 does not unquote everything.
        path = re.sub("[%?#]", lambda match: f"%{ord(match[0]):02X}", str(home / "catalogue.sqlite"))
        return f"sqlite:///{path}"
    if not re.match(r"sqlite(\+pysqlite)?:///[^?]", value) or ":memory:" in value:
        raise _invalid(CATALOGUE, "must be sqlite:///PATH; PostgreSQL comes later")
    return value


def _api_url(value: str | None) -> str | None:
    if value is None:
        return None
    try:
        parts = urlsplit(value)
        is_url = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_url = False
    if not is_url or any(character.isspace() for character in value):
        raise _invalid(PREFECT_API_URL, "must be an http:// or https:// URL")
    return value


def _workers(value: str | None) -> int:
    if value is None:
        return max(1, min(_MOST_WORKERS, len(os.sched_getaffinity(0))))
    if re.fullmatch("[0-9]{1,3}", value) and 1 <= int(value) <= _MOST_WORKERS:
        return int(value)
    raise _invalid(WORKERS, f"must be a whole number from 1 to {_MOST_WORKERS}")


def _page_timeout_s(value: str) -> float:
    seconds = float(value) if re.fullmatch(r"[0-9]{1,4}(\.[0-9]{1,6})?", value) else math.nan
    if 0 < seconds <= _LONGEST_PAGE_TIMEOUT_S:
        return seconds
    raise _invalid(PAGE_TIMEOUT_S, f"must be a number of seconds, more than 0, at most {_LONGEST_PAGE_TIMEOUT_S:g}")


def _sample_share(value: str) -> float:
    if re.fullmatch(r"0(\.[0-9]{1,6})?|1(\.0{1,6})?", value):
        return float(value)
    raise _invalid(SAMPLE_SHARE, "must be a share from 0 to 1, such as 0.02")


def _invalid(name: str, detail: str) -> SohoaError:
    return SohoaError(Code.SETTING_INVALID, field=name, detail=f"{name} {detail}")
