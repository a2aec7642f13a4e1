"""Settings: where they come from, what is refused, and that secrets stay secret."""

import contextlib
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr.problem import Code, SohoaError
from storage.catalogue import Catalogue
from storage.settings import NAMES, Settings, Source, masked

SECRET = "s3cr3t"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    path = tmp_path / "home"
    path.mkdir()
    return path


def test_defaults(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    settings = Settings.load(None, {}, {})
    home = tmp_path / "sohoa-data"
    assert settings.home == home
    assert settings.store == f"file:{home}/store"
    assert settings.catalogue == f"sqlite:///{home}/catalogue.sqlite"
    assert settings.prefect_api_url is None
    assert settings.workers == len(os.sched_getaffinity(0))
    assert settings.page_timeout_s == 120
    assert {row.source for row in settings.describe()} == {Source.DEFAULT}
    assert [row.name for row in settings.describe()] == list(NAMES)
    assert not home.exists()


def test_flag_before_environment_before_file_before_default(home: Path) -> None:
    (home / "sohoa.toml").write_text('workers = 3\npage_timeout_s = 30.5\nprefect_api_url = "http://h:4200/api"\n')
    environ = {"SOHOA_WORKERS": "4", "SOHOA_PAGE_TIMEOUT_S": "60", "PREFECT_API_URL": "", "SOHOA_HOME": "/elsewhere"}
    settings = Settings.load(home, {"SOHOA_WORKERS": "5", "SOHOA_STORE": None}, environ)
    assert (settings.workers, settings.page_timeout_s, settings.prefect_api_url) == (5, 60, "http://h:4200/api")
    assert {row.name: (row.value, row.source.value) for row in settings.describe() if row.value} == {
        "SOHOA_HOME": (str(home), "flag"),
        "SOHOA_STORE": (f"file:{home}/store", "default"),
        "SOHOA_CATALOGUE": (f"sqlite:///{home}/catalogue.sqlite", "default"),
        "PREFECT_API_URL": ("http://h:4200/api", "sohoa.toml"),
        "SOHOA_WORKERS": ("5", "flag"),
        "SOHOA_PAGE_TIMEOUT_S": ("60", "environment"),
        "SOHOA_SAMPLE_SHARE": ("0.02", "default"),
        "SOHOA_DESK": (f"sqlite:///{home}/desk.sqlite", "default"),
        "SOHOA_SECOND_KEYING": ("typed", "default"),
    }


def test_the_home_from_the_environment(home: Path) -> None:
    settings = Settings.load(None, {}, {"SOHOA_HOME": str(home)})
    assert (settings.home, settings.sources["SOHOA_HOME"]) == (home, Source.ENVIRONMENT)


def test_a_relative_store_is_meant_from_where_it_is_written(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (home / "sohoa.toml").write_text('store = "file:objects"\n')
    assert Settings.load(home, {}, {}).store == f"file:{home}/objects"
    assert Settings.load(home, {}, {"SOHOA_STORE": "file:objects"}).store == f"file:{tmp_path}/objects"
    assert Settings.load(home, {}, {"SOHOA_STORE": "file:/o"}).store == "file:/o"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SOHOA_STORE", f"s3://host:9000/prefix?key={SECRET}"),
        ("SOHOA_STORE", "/a/path"),
        ("SOHOA_STORE", "file:"),
        ("SOHOA_STORE", "file: "),
        ("SOHOA_STORE", "file:a\0b"),
        ("SOHOA_CATALOGUE", f"mysql://user:{SECRET}@host/db"),
        ("SOHOA_CATALOGUE", "sqlite://"),
        ("SOHOA_CATALOGUE", "sqlite:///:memory:"),
        ("PREFECT_API_URL", f"ftp://user:{SECRET}@host"),
        ("PREFECT_API_URL", "http://"),
        ("PREFECT_API_URL", "http://host:99999/api"),
        ("PREFECT_API_URL", "http://[host/api"),
        ("SOHOA_WORKERS", "0"),
        ("SOHOA_WORKERS", "257"),
        ("SOHOA_WORKERS", "-1"),
        ("SOHOA_WORKERS", "two"),
        ("SOHOA_WORKERS", "٣"),
        ("SOHOA_SAMPLE_SHARE", "2"),
        ("SOHOA_SAMPLE_SHARE", "-0.1"),
        ("SOHOA_SAMPLE_SHARE", "1.5"),
        ("SOHOA_SAMPLE_SHARE", "nan"),
        ("SOHOA_PAGE_TIMEOUT_S", "0"),
        ("SOHOA_PAGE_TIMEOUT_S", "nan"),
        ("SOHOA_PAGE_TIMEOUT_S", "3601"),
        ("SOHOA_PAGE_TIMEOUT_S", " "),
    ],
)
def test_bad_values_are_named_but_not_quoted(home: Path, name: str, value: str) -> None:
    for overrides, environ in (({name: value}, {}), ({}, {name: value})):
        with pytest.raises(SohoaError) as caught:
            Settings.load(home, overrides, environ)
        assert (caught.value.code, caught.value.problem.field) == (Code.SETTING_INVALID, name)
        assert SECRET not in str(caught.value)


def test_a_misspelt_flag_is_a_mistake_in_the_program(home: Path) -> None:
    with pytest.raises(ValueError, match="SOHOA_STOR"):
        Settings.load(home, {"SOHOA_STOR": None}, {})


@pytest.mark.parametrize("place", ["s3://host:9000/sohoa", "s3://host/sohoa-1?tls=0&region=vn-1"])
def test_a_store_on_a_server(home: Path, place: str) -> None:
    assert Settings.load(home, {"SOHOA_STORE": place}, {}).store == place


@pytest.mark.parametrize(
    "place",
    [
        "s3://host:9000",
        "s3://user:s3cr3t@host:9000/sohoa",
        "s3://host:9000/Ten_Xau",
        "s3://host:99999/sohoa",
        "s3://host:9000/sohoa?tls=no",
        "s3://host:9000/sohoa?secret=s3cr3t",
        "ftp://host/sohoa",
    ],
)
def test_a_malformed_place_is_refused_without_quoting_it(home: Path, place: str) -> None:
    with pytest.raises(SohoaError) as caught:
        Settings.load(home, {"SOHOA_STORE": place}, {})
    assert (caught.value.code, caught.value.problem.field) == (Code.SETTING_INVALID, "SOHOA_STORE")
    assert SECRET not in str(caught.value)


def test_a_store_on_a_server_needs_credentials(home: Path) -> None:
    settings = Settings.load(home, {"SOHOA_STORE": "s3://host:9000/sohoa"}, {})
    with pytest.raises(SohoaError, match="SOHOA_STORE_ACCESS_KEY"):
        settings.open_store()


def test_secrets_come_from_the_environment_or_from_files_and_are_never_shown(home: Path) -> None:
    (home / "secret").write_text(f"{SECRET}\n")
    environ = {"SOHOA_STORE_ACCESS_KEY": SECRET, "SOHOA_STORE_SECRET_KEY_FILE": str(home / "secret")}
    settings = Settings.load(home, {}, environ)
    assert settings.secrets == {"SOHOA_STORE_ACCESS_KEY": SECRET, "SOHOA_STORE_SECRET_KEY": SECRET}
    shown = {row.name: row.value for row in settings.describe()}
    assert shown["SOHOA_STORE_ACCESS_KEY"] == shown["SOHOA_STORE_SECRET_KEY_FILE"] == "***"
    assert SECRET not in repr(settings) + str(shown)


def test_a_secret_file_that_is_missing_or_empty_is_named(home: Path) -> None:
    (home / "empty").touch()
    for file in ("absent", "empty"):
        with pytest.raises(SohoaError, match="SOHOA_ID_KEY_FILE"):
            Settings.load(home, {"SOHOA_ID_KEY_FILE": str(home / file)}, {})


def test_the_key_of_identifiers_is_made_once_or_given(home: Path) -> None:
    settings = Settings.load(home, {}, {})
    made = settings.identity_key()
    assert settings.identity_key() == made
    assert (home / "id.key").stat().st_mode & 0o777 == 0o600
    given = Settings.load(home, {"SOHOA_ID_KEY": "ab" * 32}, {}).identity_key()
    assert given.subject("001099012345") != made.subject("001099012345")
    with pytest.raises(SohoaError, match="32 bytes"):
        Settings.load(home, {"SOHOA_ID_KEY": "short"}, {}).identity_key()


@pytest.mark.parametrize(
    ("text", "field"),
    [
        (b"unknown = 1", "sohoa.toml"),
        (b'home = "/x"', "sohoa.toml"),
        (b"workers = ", "sohoa.toml"),
        (b"\xff", "sohoa.toml"),
        (b"workers = true", "SOHOA_WORKERS"),
        (b"workers = 2.5", "SOHOA_WORKERS"),
        (b"[store]", "SOHOA_STORE"),
        (b'store = ""', "SOHOA_STORE"),
    ],
)
def test_bad_files(home: Path, text: bytes, field: str) -> None:
    (home / "sohoa.toml").write_bytes(text)
    with pytest.raises(SohoaError) as caught:
        Settings.load(home, {}, {})
    assert (caught.value.code, caught.value.problem.field) == (Code.SETTING_INVALID, field)


def test_a_home_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SohoaError) as caught:
        Settings.load(tmp_path / "file", {}, {})
    assert (caught.value.code, caught.value.problem.field) == (Code.SETTING_INVALID, "SOHOA_HOME")


def test_secrets_are_masked(home: Path) -> None:
    settings = Settings.load(home, {}, {"PREFECT_API_URL": f"https://clerk:{SECRET}@host/api?token={SECRET}&x=1"})
    assert settings.prefect_api_url is not None and SECRET in settings.prefect_api_url
    row = next(row for row in settings.describe() if row.name == "PREFECT_API_URL")
    assert row.value == "https://clerk:***@host/api?token=***&x=1"


@given(st.text("ab:@/?#%&=é", max_size=20))
def test_no_password_survives_masking(surroundings: str) -> None:
    assert SECRET not in masked(f"https://clerk:{surroundings}{SECRET}{surroundings}@host/api")


@given(st.dictionaries(st.sampled_from(NAMES), st.text(st.characters(exclude_categories=["Cs"]), max_size=30)))
def test_settings_load_or_say_what_is_wrong(environ: dict[str, str]) -> None:
    environ.pop("SOHOA_HOME", None)
    with contextlib.suppress(SohoaError):
        settings = Settings.load(Path("/absent"), {}, environ)
        assert 1 <= settings.workers <= 256
        assert 0 < settings.page_timeout_s <= 3600
        assert settings.store.startswith("file:/")


@pytest.mark.parametrize("name", ["home", "nhà ? # % 20%41"])
def test_store_and_catalogue_are_opened_in_a_private_home(tmp_path: Path, name: str) -> None:
    home = tmp_path / name
    settings = Settings.load(home, {}, {})
    settings.open_store().put("a", b"")
    assert isinstance(settings.open_catalogue(), Catalogue)
    assert home.stat().st_mode & 0o777 == 0o700
    assert (home / "store" / "a").is_file()
    assert (home / "catalogue.sqlite").is_file()


def test_a_home_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    settings = Settings.load(tmp_path / "home", {}, {})
    (tmp_path / "home").touch()
    with pytest.raises(SohoaError) as caught:
        settings.open_store()
    assert caught.value.code is Code.STORE_UNWRITABLE
    assert str(tmp_path) not in str(caught.value)
