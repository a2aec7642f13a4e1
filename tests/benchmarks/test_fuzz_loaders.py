"""A small run of the loader fuzzing, and of its mutations; the full one is `python -m benchmarks.fuzz_loaders`."""

import random
import zlib

from benchmarks.fuzz_loaders import case_file, report, run_cases
from benchmarks.fuzz_mutations import mutated, with_right_checksums
from benchmarks.scan_files import scan_files

CASES = 150


def test_broken_files_give_pages_or_typed_problems() -> None:
    results = list(run_cases(seed=20, numbers=range(CASES)))
    assert [result for result in results if result.is_fault] == []
    assert len(results) == CASES
    assert {"opened", "page_damaged", "scan_damaged"} <= {result.outcome for result in results}
    assert f"{CASES} cases, seed 20, 0 faults" in report(results, 20)


def test_a_case_is_told_by_its_seed_and_number() -> None:
    files = scan_files()
    assert case_file(3, 14, files) == case_file(3, 14, files)
    assert case_file(3, 14, files) != case_file(3, 15, files)


def test_mutations_change_files_and_never_fail() -> None:
    files = list(scan_files().values())
    rng = random.Random(5)
    changed = sum(mutated(rng.choice(files[:4]), rng, files) not in files for _ in range(100))
    assert changed > 90
    assert mutated(b"", rng, files) == b""


def test_checksums_are_made_right() -> None:
    png = bytearray(scan_files()["RGB.png"])
    png[20] ^= 1  # the width
    right = with_right_checksums(bytes(png))
    assert int.from_bytes(right[29:33], "big") == zlib.crc32(right[12:29])
    assert with_right_checksums(b"\x89PNG\r\n\x1a\n\xff\xff") == b"\x89PNG\r\n\x1a\n\xff\xff"
