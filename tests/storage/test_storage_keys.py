"""Object names: built, checked, parsed back; never personal data."""

import unicodedata
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage import key_parsing, keys
from storage.dossier_segment import dossier_segment

SHA = "ab" * 32
RECORD = "r" + "0123456789ab" * 2

sha256s = st.text("0123456789abcdef", min_size=64, max_size=64)
numbers = st.integers(1, 999_999_999)
recipes = st.from_regex("[A-Za-z0-9][A-Za-z0-9_-]{0,127}", fullmatch=True)
dossier_ids = st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(lambda text: bool(text.strip()))


def test_every_name_of_the_layout() -> None:
    assert keys.scan_key(SHA) == f"scans/sha256/ab/{'ab' * 31}"
    assert keys.page_key(SHA, 3, "f00") == f"pages/{SHA}/3/f00.json"
    assert keys.preview_key(SHA, 3) == f"previews/{SHA}/3.webp"
    assert keys.record_key(RECORD, 2) == f"records/{RECORD}/r2.json"
    assert keys.paper_pdf_key(RECORD) == f"papers/{RECORD}/paper.pdf"
    assert keys.dossier_key("hs-001", 1) == "dossiers/hs-001/r1.json"


@given(sha256s, numbers, recipes)
def test_scan_and_page_names_parse_back(sha256: str, number: int, recipe: str) -> None:
    assert key_parsing.parse_scan_key(keys.check_key(keys.scan_key(sha256))) == sha256
    assert key_parsing.parse_page_key(keys.check_key(keys.page_key(sha256, number, recipe))) == (sha256, number, recipe)
    assert key_parsing.parse_preview_key(keys.check_key(keys.preview_key(sha256, number))) == (sha256, number, "")


@given(dossier_ids, sha256s, numbers, numbers)
def test_record_and_dossier_names_parse_back(dossier_id: str, sha256: str, number: int, revision: int) -> None:
    record_id = keys.record_id_for(dossier_id, sha256, number)
    assert key_parsing.parse_record_key(keys.check_key(keys.record_key(record_id, revision))) == (record_id, revision)
    assert key_parsing.parse_paper_pdf_key(keys.check_key(keys.paper_pdf_key(record_id))) == record_id
    segment = dossier_segment(dossier_id)
    assert key_parsing.parse_dossier_key(keys.check_key(keys.dossier_key(dossier_id, revision))) == (segment, revision)
    assert keys.segment_prefix(segment) == keys.dossier_prefix(dossier_id)


@given(st.text())
def test_foreign_names_parse_to_none_or_to_themselves(key: str) -> None:
    page, record, dossier = (
        key_parsing.parse_page_key(key),
        key_parsing.parse_record_key(key),
        key_parsing.parse_dossier_key(key),
    )
    assert page is None or keys.page_key(*page) == key
    assert record is None or keys.record_key(*record) == key
    assert dossier is None or keys.segment_prefix(dossier.segment) in key
    assert key_parsing.parse_scan_key(key) is None


@pytest.mark.parametrize(
    "foreign",
    ["", "scans/sha256/ab", "records/r1.json", f"records/{RECORD}/r0.json", f"records/{RECORD}/r1.json\n", "x/y"],
)
def test_near_misses_are_foreign(foreign: str) -> None:
    parsers = (
        key_parsing.parse_scan_key,
        key_parsing.parse_page_key,
        key_parsing.parse_record_key,
        key_parsing.parse_dossier_key,
    )
    assert [parse(foreign) for parse in parsers] == [None] * 4


@pytest.mark.parametrize("code", ["hs-001", "1", "H26.45-241122-0001", "QD-UBND-574", "A_2.b"])
def test_a_code_is_used_as_it_is(code: str) -> None:
    assert dossier_segment(code) == code


@pytest.mark.parametrize(
    "identifier",
    [
        "Trần Thị Thử",
        "NguyenVanThu-1990",
        "Le-Van-Thu-1",
        "001099000000",
        "hs-0912345678",
        "batch",
        "hs-1.",
        "../hs-1",
        ".hs-1",
        "hs 1",
        "1\n",
        "n-" + "0" * 32,
        "1" + "-" * 70,
    ],
)
def test_anything_else_becomes_a_pseudonym(identifier: str) -> None:
    segment = dossier_segment(identifier)
    assert segment.startswith("n-")
    assert len(segment) == 34
    assert segment != identifier


def test_the_spelling_in_unicode_does_not_matter() -> None:
    composed = "Trần Thị Thử"
    decomposed = unicodedata.normalize("NFD", composed)
    assert dossier_segment(composed) == dossier_segment(decomposed)
    assert keys.record_id_for(composed, SHA, 1) == keys.record_id_for(decomposed, SHA, 1)


def test_record_ids_are_fixed_for_ever() -> None:
    assert keys.record_id_for("hs-001", SHA, 1) == "r7fe18fc5a8b516548d14759d"


@given(st.lists(st.tuples(dossier_ids, sha256s, numbers), min_size=2, max_size=5))
def test_record_ids_tell_places_apart(places: list[tuple[str, str, int]]) -> None:
    normal = {(unicodedata.normalize("NFC", dossier), sha256, number) for dossier, sha256, number in places}
    assert len({keys.record_id_for(*place) for place in places}) == len(normal)


@pytest.mark.parametrize(
    ("build", "arguments"),
    [
        (keys.scan_key, ("AB" * 32,)),
        (keys.scan_key, (SHA + "\n",)),
        (keys.page_key, (SHA, 0, "r")),
        (keys.page_key, (SHA, 1, "../r")),
        (keys.page_key, (SHA, 1, "")),
        (keys.preview_key, ("..", 1)),
        (keys.preview_key, (SHA, True)),
        (keys.record_key, ("hs-001", 1)),
        (keys.record_key, (RECORD, -1)),
        (keys.paper_pdf_key, (RECORD + "/..",)),
        (keys.dossier_key, ("hs-001", 0)),
        (keys.dossier_key, (" ", 1)),
        (keys.dossier_key, ("\udc80", 1)),
        (keys.segment_prefix, ("Trần",)),
        (keys.segment_prefix, ("..",)),
        (keys.record_id_for, ("hs-001", SHA, 0)),
        (keys.record_id_for, ("", SHA, 1)),
        (keys.check_key, ("/a",)),
        (keys.check_key, ("a/../b",)),
        (keys.check_key, ("a//b",)),
        (keys.check_key, ("a/",)),
        (keys.check_key, (".tmp/x",)),
        (keys.check_key, ("a\\b",)),
        (keys.check_key, ("a\0",)),
        (keys.check_key, ("a/" * 300 + "a",)),
        (keys.check_prefix, ("a",)),
        (keys.check_prefix, ("/",)),
        (keys.check_prefix, ("../",)),
    ],
)
def test_malformed_arguments_are_refused(build: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    with pytest.raises(ValueError, match=r"^\w"):
        build(*arguments)


@given(st.text())
def test_a_name_is_accepted_or_refused_and_nothing_else(key: str) -> None:
    try:
        keys.check_key(key)
    except ValueError:
        return
    assert not key.startswith(("/", ".")) and ".." not in key.split("/")


@pytest.mark.parametrize(
    ("module", "heavy"),
    [("storage.key_parsing", ("pydantic", "sqlalchemy")), ("storage.settings", ("sqlalchemy",))],
)
def test_light_modules_stay_light(start_python: Callable[..., Any], module: str, heavy: tuple[str, ...]) -> None:
    process = start_python(f"import sys, {module}; print(any(name in sys.modules for name in {heavy}))")
    assert process.communicate()[0].strip() == "False"
