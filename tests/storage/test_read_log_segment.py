"""A piece of the read log as bytes: what was written comes back, and any change is found. All persons are invented."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr.problem import Code
from storage.read_log.entry import ReadEntry, ReadKind, RecordRead
from storage.read_log.segment import (
    Link,
    check_segment,
    entries_of,
    entry_line,
    followed_key,
    line_hash,
    sealed,
    start_line,
)

DAY, NAME = "2026-11-22", "20261122t020000000000-00000000000000aa"
KEY = f"audit/{DAY}/{NAME}.jsonl"
AT = datetime(2026, 11, 22, 2, tzinfo=UTC)
RECORD = RecordRead(record_id="r" + "0" * 24, revision=1)


def entry(number: int = 0, **changes: object) -> ReadEntry:
    values: dict[str, object] = {
        "entry_id": f"{number:032x}",
        "at": AT,
        "kind": ReadKind.LOOKUP,
        "reader": "can-bo-1",
        "purpose": "đăng ký khai sinh",
        "records": (RECORD,),
    }
    return ReadEntry.model_validate({**values, **changes})


def spooled(entries: list[ReadEntry], follows: Link | None = None) -> bytes:
    data = start_line(DAY, NAME, follows)
    previous = line_hash(data)
    for each in entries:
        line = entry_line(each, previous)
        previous = line_hash(line)
        data += line
    return data


def piece(count: int = 3) -> bytes:
    found = sealed(spooled([entry(number) for number in range(count)]))
    assert found is not None and found[0] == KEY
    return found[1]


def faults(data: bytes, key: str | None = KEY) -> list[str]:
    problems = check_segment(data, key)
    assert all(problem.code is Code.OBJECT_DAMAGED for problem in problems)
    return [problem.detail for problem in problems]


@given(st.lists(st.text(min_size=1).filter(str.strip).filter(lambda text: len(text) < 300), min_size=1, max_size=5))
def test_whatever_is_said_comes_back_on_one_line_each(purposes: list[str]) -> None:
    try:
        entries = [entry(number, purpose=purpose) for number, purpose in enumerate(purposes)]
    except ValueError:  # nothing printable, or too long once escaped
        return
    found = sealed(spooled(entries))
    assert found is not None
    assert entries_of(found[1]) == tuple(entries)
    assert found[1].count(b"\n") == len(entries) + 2
    assert faults(found[1]) == []


def test_a_piece_as_written_is_whole() -> None:
    assert faults(piece()) == []
    assert check_segment(piece()) == ()


def test_nothing_is_shipped_of_a_file_without_entries() -> None:
    assert sealed(b"") is None
    assert sealed(spooled([])) is None
    assert sealed(start_line(DAY, NAME, None)[:-1]) is None


@given(st.integers(min_value=0))
def test_a_file_cut_anywhere_gives_the_whole_entries_before_the_cut(cut: int) -> None:
    entries = [entry(number) for number in range(4)]
    whole = spooled(entries)
    cut %= len(whole) + 1
    found = sealed(whole[:cut])
    kept = max(whole[:cut].count(b"\n") - 1, 0)
    if kept == 0:
        assert found is None
    else:
        assert found is not None
        assert entries_of(found[1]) == tuple(entries[:kept])
        assert faults(found[1]) == []


def test_the_same_bytes_give_the_same_object() -> None:
    data = spooled([entry()])
    assert sealed(data) == sealed(data)


@given(st.integers(min_value=0), st.integers(min_value=1, max_value=255))
def test_any_changed_byte_is_found(place: int, difference: int) -> None:
    data = bytearray(piece())
    data[place % len(data)] ^= difference
    assert faults(bytes(data)) != []


@pytest.mark.parametrize("number", range(5))
def test_a_removed_line_is_found(number: int) -> None:
    lines = piece().splitlines(keepends=True)
    del lines[number]
    assert faults(b"".join(lines)) != []


@pytest.mark.parametrize("number", range(5))
def test_a_repeated_line_is_found(number: int) -> None:
    lines = piece().splitlines(keepends=True)
    lines.insert(number, lines[number])
    assert faults(b"".join(lines)) != []


def test_swapped_lines_are_found() -> None:
    lines = piece().splitlines(keepends=True)
    lines[1], lines[2] = lines[2], lines[1]
    assert faults(b"".join(lines)) != []


def test_cut_off_lines_are_found_also_when_the_rest_is_whole() -> None:
    assert faults(b"".join(piece().splitlines(keepends=True)[:-2])) != []


def test_a_piece_under_another_name_is_found() -> None:
    assert faults(piece(), KEY.replace("aa.", "ab.")) != []


def test_an_entry_of_another_day_is_found() -> None:
    found = sealed(spooled([entry(at=datetime(2026, 11, 23, 2, tzinfo=UTC))]))
    assert found is not None
    assert faults(found[1]) == [f"{KEY}: line 2 is of another day"]


@pytest.mark.parametrize("data", [b"", b"\n", b"{}", b"\x00" * 50, b"{}\n{}\n"])
def test_what_is_no_piece_is_told_so(data: bytes) -> None:
    assert faults(data) != []


def test_a_piece_names_the_one_it_follows() -> None:
    found = sealed(spooled([entry()], Link(segment=f"{DAY}/before", sha256="0" * 64)))
    assert found is not None
    assert followed_key(found[1]) == f"audit/{DAY}/before.jsonl"
    assert followed_key(piece()) is None


def test_a_damaged_first_line_is_not_shipped() -> None:
    with pytest.raises(ValueError, match="names no piece"):
        sealed(b"{}\n" + spooled([entry()]))


def test_problems_quote_nothing_of_an_entry() -> None:
    said = " ".join(faults(piece().replace(b"khai sinh", "kết hôn".encode())))
    assert "kết hôn" not in said and "can-bo" not in said


def test_an_entry_says_what_the_contract_names() -> None:
    said = json.loads(entry(subject_key="k" * 32, dossier_code="H05.12-251112-0012").to_json())
    assert said["schema"] == "sohoa.read/1"
    assert set(said) == {
        "schema", "entry_id", "at", "kind", "reader", "agency", "purpose", "procedure", "dossier_code", "subject_key",
        "records", "held", "missing", "refused",
    }  # fmt: skip


@pytest.mark.parametrize("purpose", ["", "  ", "\n", "x" * 501])
def test_an_entry_needs_a_purpose(purpose: str) -> None:
    with pytest.raises(ValueError):
        entry(purpose=purpose)
