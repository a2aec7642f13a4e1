"""Settings: by flag, then environment, then `sohoa.toml` in the home, then default; each remembers its source."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Self

from ocr.problem import Code, SohoaError
from storage.folder_store import FolderStore
from storage.identity import IdentityKey, load_identity_key
from storage.objects import ObjectStore, error_name
from storage.setting_values import (
    AGENCY,
    CATALOGUE,
    DESK,
    OIDC_CLIENT_ID,
    OIDC_ISSUER,
    PAGE_TIMEOUT_S,
    PREFECT_API_URL,
    SAMPLE_SHARE,
    SECOND_KEYING,
    SECOND_STORE,
    SERVICE_URL,
    STORE,
    TRUSTED_PROXIES,
    WEBHOOK_NETWORKS,
    WORKERS,
    agency,
    api_url,
    database_url,
    invalid,
    masked,
    networks,
    page_timeout_s,
    sample_share,
    second_keying,
    store_url,
    workers,
)

if TYPE_CHECKING:
    from storage.catalogue import Catalogue
    from storage.database import Database

HOME = "SOHOA_HOME"
STORE_CA_FILE = "SOHOA_STORE_CA_FILE"
STORE_ACCESS_KEY = "SOHOA_STORE_ACCESS_KEY"
STORE_SECRET_KEY = "SOHOA_STORE_SECRET_KEY"  # noqa: S105  the name of a setting
SECOND_STORE_ACCESS_KEY = "SOHOA_SECOND_STORE_ACCESS_KEY"
SECOND_STORE_SECRET_KEY = "SOHOA_SECOND_STORE_SECRET_KEY"  # noqa: S105  the name of a setting
ID_KEY = "SOHOA_ID_KEY"
OIDC_CLIENT_SECRET = "SOHOA_OIDC_CLIENT_SECRET"  # noqa: S105  the name of a setting
# Each may also be given as the name of a file that holds it, in the setting of the same name with `_FILE`.
SECRETS = (
    STORE_ACCESS_KEY,
    STORE_SECRET_KEY,
    SECOND_STORE_ACCESS_KEY,
    SECOND_STORE_SECRET_KEY,
    ID_KEY,
    OIDC_CLIENT_SECRET,
)
NAMES = (
    HOME,
    STORE,
    STORE_CA_FILE,
    *(name + ending for name in (STORE_ACCESS_KEY, STORE_SECRET_KEY) for ending in ("", "_FILE")),
    SECOND_STORE,
    *(name + ending for name in (SECOND_STORE_ACCESS_KEY, SECOND_STORE_SECRET_KEY) for ending in ("", "_FILE")),
    CATALOGUE,
    ID_KEY,
    f"{ID_KEY}_FILE",
    AGENCY,
    PREFECT_API_URL,
    WORKERS,
    PAGE_TIMEOUT_S,
    SAMPLE_SHARE,
    DESK,
    SERVICE_URL,
    OIDC_ISSUER,
    OIDC_CLIENT_ID,
    OIDC_CLIENT_SECRET,
    f"{OIDC_CLIENT_SECRET}_FILE",
    TRUSTED_PROXIES,
    WEBHOOK_NETWORKS,
    SECOND_KEYING,
)

TOML_FILE = "sohoa.toml"
# The home cannot be named by a file that lies in it.
_TOML_KEYS = {name.removeprefix("SOHOA_").lower(): name for name in NAMES if name != HOME}

_DEFAULT_HOME = "./sohoa-data"
_DEFAULT_PAGE_TIMEOUT_S = "120"
_DEFAULT_SAMPLE_SHARE = "0.02"
_DEFAULT_SECOND_KEYING = "typed"
_HIDDEN = "***"


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
        store: `file:PATH`, the path absolute, or `s3://HOST:PORT/PREFIX` with options.
        store_ca_file: Certificates that the server of an s3 store is checked against; None: the system's.
        second_store: Another store that holds copies, for repair; None: there is none.
        catalogue: SQLAlchemy URL.
        agency: Identifier of the agency that works here, or None.
        prefect_api_url: A Prefect server, or None for an embedded one.
        workers: Pages read at the same time.
        page_timeout_s: Seconds after which reading a page is given up.
        sample_share: Share of accepted fields that a person looks at all the same, 0-1.
        desk: SQLAlchemy URL of the service's own tables.
        service_url: Where people and systems reach the service, for links and sign-in; None: as they call it.
        oidc_issuer: Address of the OpenID Connect provider that signs people in; None: local accounts alone.
        oidc_client_id: What the provider knows the service by.
        trusted_proxies: Networks of proxies that may say who calls and by which certificate.
        webhook_networks: Networks besides the internet that webhooks may be sent to, there also without TLS.
        second_keying: Which critical fields a second person keys: `never`, `typed`, `always`.
        sources: Where each value came from, by the name of the setting.
        secrets: Keys and credentials by the name of the setting; never printed.
    """

    home: Path
    store: str
    store_ca_file: Path | None
    second_store: str | None
    catalogue: str
    agency: str | None
    prefect_api_url: str | None
    workers: int
    page_timeout_s: float
    sample_share: float
    desk: str
    service_url: str | None
    oidc_issuer: str | None
    oidc_client_id: str | None
    trusted_proxies: tuple[str, ...]
    webhook_networks: tuple[str, ...]
    second_keying: str
    sources: Mapping[str, Source]
    secrets: Mapping[str, str] = field(repr=False)

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
        # A path in the home's own file is meant from there, wherever the program is started.
        folders = {name: base if source is Source.TOML else Path.cwd() for name, (_, source) in found.items()}
        second, ca_file = values[SECOND_STORE], values[STORE_CA_FILE]
        return cls(
            home=base,
            store=store_url(STORE, values[STORE] or f"file:{base / 'store'}", folders[STORE]),
            store_ca_file=folders[STORE_CA_FILE] / ca_file if ca_file else None,
            second_store=store_url(SECOND_STORE, second, folders[SECOND_STORE]) if second else None,
            catalogue=database_url(CATALOGUE, values[CATALOGUE], base / "catalogue.sqlite"),
            agency=agency(values[AGENCY]),
            prefect_api_url=api_url(PREFECT_API_URL, values[PREFECT_API_URL]),
            workers=workers(values[WORKERS]),
            page_timeout_s=page_timeout_s(values[PAGE_TIMEOUT_S] or _DEFAULT_PAGE_TIMEOUT_S),
            sample_share=sample_share(values[SAMPLE_SHARE] or _DEFAULT_SAMPLE_SHARE),
            desk=database_url(DESK, values[DESK], base / "desk.sqlite"),
            service_url=api_url(SERVICE_URL, values[SERVICE_URL]),
            oidc_issuer=api_url(OIDC_ISSUER, values[OIDC_ISSUER]),
            oidc_client_id=values[OIDC_CLIENT_ID],
            trusted_proxies=networks(TRUSTED_PROXIES, values[TRUSTED_PROXIES]),
            webhook_networks=networks(WEBHOOK_NETWORKS, values[WEBHOOK_NETWORKS]),
            second_keying=second_keying(values[SECOND_KEYING] or _DEFAULT_SECOND_KEYING),
            sources={name: source for name, (_, source) in found.items()},
            secrets=_secrets(values, folders),
        )

    def describe(self) -> tuple[Setting, ...]:
        """Return every setting with its value, passwords masked, and its source."""
        values = {
            HOME: str(self.home),
            STORE: self.store,
            STORE_CA_FILE: str(self.store_ca_file or ""),
            SECOND_STORE: self.second_store or "",
            CATALOGUE: self.catalogue,
            AGENCY: self.agency or "",
            PREFECT_API_URL: self.prefect_api_url or "",
            WORKERS: str(self.workers),
            PAGE_TIMEOUT_S: f"{self.page_timeout_s:g}",
            SAMPLE_SHARE: f"{self.sample_share:g}",
            DESK: self.desk,
            SERVICE_URL: self.service_url or "",
            OIDC_ISSUER: self.oidc_issuer or "",
            OIDC_CLIENT_ID: self.oidc_client_id or "",
            TRUSTED_PROXIES: " ".join(self.trusted_proxies),
            WEBHOOK_NETWORKS: " ".join(self.webhook_networks),
            SECOND_KEYING: self.second_keying,
        }
        hidden = {name: "" if self.sources[name] is Source.DEFAULT else _HIDDEN for name in NAMES if name not in values}
        return tuple(
            Setting(name, hidden.get(name) or masked(values.get(name, "")), self.sources[name]) for name in NAMES
        )

    @property
    def paper_types_folder(self) -> Path:
        """Folder of the paper types that the office itself declares; it need not exist."""
        return self.home / "paper-types"

    def open_store(self) -> ObjectStore:
        """Return the store; makes the home when missing.

        Raises:
            SohoaError: `STORE_UNWRITABLE` when the home cannot be made; `SETTING_INVALID` without credentials.
        """
        self._make_home()
        return self._store_at(self.store, STORE_ACCESS_KEY, STORE_SECRET_KEY)

    def open_second_store(self) -> ObjectStore | None:
        """Return the store that holds copies; None when none is set.

        Raises:
            SohoaError: `SETTING_INVALID` without credentials.
        """
        if self.second_store is None:
            return None
        return self._store_at(self.second_store, SECOND_STORE_ACCESS_KEY, SECOND_STORE_SECRET_KEY)

    def identity_key(self) -> IdentityKey:
        """Return the key that personal identifiers are looked up by; made in the home when none is given.

        Raises:
            SohoaError: `SETTING_INVALID` when it is too short; `STORE_UNWRITABLE` when it can be neither read nor made.
        """
        given = self.secrets.get(ID_KEY)
        if given is not None:
            return IdentityKey.from_text(given)
        self._make_home()
        return load_identity_key(self.home)

    def open_catalogue(self) -> "Catalogue":
        """Return the catalogue with its tables; makes the home when missing. See `Catalogue.needs_rebuild`.

        Raises:
            SohoaError: `STORE_UNWRITABLE` when the home cannot be made; `SETTING_INVALID`, `CATALOGUE_FAILED`.
        """
        # SQLAlchemy takes most of a second to load, which `sohoa --help` and `sohoa doctor` need not pay.
        from storage.catalogue import Catalogue  # noqa: PLC0415

        self._make_home()
        catalogue = Catalogue(self.catalogue, self.identity_key())
        catalogue.create()
        return catalogue

    def open_desk(self) -> "Database":
        """Return the database of the service's own tables; makes the home when missing.

        Raises:
            SohoaError: `STORE_UNWRITABLE` when the home cannot be made; `SETTING_INVALID`, `DESK_FAILED`.
        """
        from storage.desk.database import open_desk  # noqa: PLC0415  as for the catalogue

        self._make_home()
        return open_desk(self.desk)

    def _store_at(self, url: str, access_key: str, secret_key: str) -> ObjectStore:
        if url.startswith("file:"):
            return FolderStore(Path(url.removeprefix("file:")))
        # The SDK takes a while to load, which offices without a server need not pay.
        from storage.s3 import S3Store  # noqa: PLC0415

        for name in (access_key, secret_key):
            if name not in self.secrets:
                raise invalid(name, f"is needed for an s3 store; or {name}_FILE")
        return S3Store.at(url, self.secrets[access_key], self.secrets[secret_key], self.store_ca_file)

    def _make_home(self) -> None:
        try:
            self.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise SohoaError(Code.STORE_UNWRITABLE, field=HOME, detail=f"home: {error_name(error)}") from error


def _first(name: str, places: Sequence[tuple[Source, Mapping[str, str]]]) -> tuple[str | None, Source]:
    for source, values in places:
        value = values.get(name)
        if value or (value is not None and source is not Source.ENVIRONMENT):
            if not value.strip() or "\0" in value:
                raise invalid(name, "is blank or has a null character")
            return value, source
    return None, Source.DEFAULT


def _read_toml(home: Path) -> dict[str, str]:
    try:
        text = (home / TOML_FILE).read_bytes().decode()
        parsed = tomllib.loads(text)
    except FileNotFoundError:
        return {}
    except NotADirectoryError:
        raise invalid(HOME, "is not a folder") from None
    except OSError as error:
        raise invalid(TOML_FILE, f"cannot be read, {error_name(error)}") from None
    except ValueError:  # not UTF-8 or not TOML; the parser's message may quote a secret
        raise invalid(TOML_FILE, "is not a TOML file") from None
    unknown = sorted(set(parsed) - set(_TOML_KEYS))
    if unknown:
        raise invalid(TOML_FILE, f"unknown keys: {', '.join(unknown)}; known: {', '.join(sorted(_TOML_KEYS))}")
    for key, value in parsed.items():
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise invalid(_TOML_KEYS[key], f"must be text or a number in {TOML_FILE}")
    return {_TOML_KEYS[key]: str(value) for key, value in parsed.items()}


def _secrets(values: Mapping[str, str | None], folders: Mapping[str, Path]) -> dict[str, str]:
    found = {}
    for name in SECRETS:
        value, file = values[name], values[f"{name}_FILE"]
        if value is None and file is not None:
            try:
                value = (folders[f"{name}_FILE"] / file).read_text("utf-8").strip()
            except (OSError, ValueError):
                raise invalid(f"{name}_FILE", "cannot be read") from None
            if not value:
                raise invalid(f"{name}_FILE", "names an empty file")
        if value is not None:
            found[name] = value
    return found
