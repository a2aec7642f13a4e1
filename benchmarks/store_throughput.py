"""Storing originals on a real MinIO: how fast beside the bare SDK, and whether restarts lose any.

    python -m benchmarks.store_throughput [--bytes 200000 1000000 4000000] [--rounds 5] [--writers 1 2]
    python -m benchmarks.store_throughput --restarts

All sides store files of the same sizes under names of the same form in buckets of the same kind on the same server, in
short turns in a random order, so that what else the machine does falls on all alike. `raw` is `fput_object` of the SDK
as it comes; `put_file` is the store; `receive` is what the product does: hash the file, ask whether it is held, store
it, read it back whole and compare. `raw + get` is the SDK storing and then reading everything back and hashing it: the
same promise as `receive`, without the product.
"""

import argparse
import hashlib
import random
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from minio import Minio

from benchmarks.scoring import format_table
from storage.keys import scan_key
from storage.s3 import S3Store
from storage.s3.layout import Bucket
from storage.scans import receive, stored_sha256
from tests.services.minio import MinioServer, running_minio

_SIZES_BYTES = (200_000, 1_000_000, 4_000_000)
_BYTES_A_TURN = 12_000_000
_FEWEST_FILES, _MOST_FILES = 4, 40
_HEADINGS = (
    "tệp", "luồng", "raw MB/s", "put_file MB/s", "receive MB/s", "raw + get MB/s",
    "put_file / raw", "receive / raw", "receive / (raw + get)",
)  # fmt: skip


def main() -> int:
    """Run what was asked for; 1 when something was lost."""
    parser = argparse.ArgumentParser(description="Storing originals on a real MinIO.")
    parser.add_argument("--bytes", type=int, nargs="+", default=_SIZES_BYTES, help="sizes of the files")
    parser.add_argument("--rounds", type=int, default=15, help="turns of each side")
    parser.add_argument("--writers", type=int, nargs="+", default=(1, 2), help="threads that store")
    parser.add_argument("--restarts", action="store_true", help="500 originals with three restarts instead")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, running_minio(Path(folder)) as server:
        if arguments.restarts:
            return _store_with_restarts(server, Path(folder))
        rows = [
            _compare(server, Path(folder), size_bytes, writers, arguments.rounds)
            for size_bytes in arguments.bytes
            for writers in arguments.writers
        ]
        print(format_table(_HEADINGS, rows))
    return 0


def _compare(server: MinioServer, folder: Path, size_bytes: int, writers: int, rounds: int) -> tuple[object, ...]:
    """Return one row: medians of the speeds, and of the ratios of each round."""
    count = min(_MOST_FILES, max(_FEWEST_FILES, _BYTES_A_TURN // size_bytes))
    store, other = server.new_store(), server.new_store()
    client = Minio(server.address, server.access_key, server.secret_key, secure=False)
    bucket = other.connection.bucket(Bucket.ORIGINALS)

    def raw(path: Path) -> None:
        client.fput_object(bucket, scan_key(path.name), str(path))

    def raw_and_get(path: Path) -> None:
        raw(path)
        response = client.get_object(bucket, scan_key(path.name))
        digest = hashlib.sha256()
        for chunk in response.stream(1 << 18):
            digest.update(chunk)
        response.close()
        response.release_conn()

    def put_file(path: Path) -> None:
        store.put_file(scan_key(path.name), path, path.name)

    def ours(path: Path) -> None:
        receive(store, path)

    sides: dict[str, Callable[[Path], None]] = {
        "raw": raw, "put_file": put_file, "receive": ours, "raw + get": raw_and_get
    }  # fmt: skip
    speeds: dict[str, list[float]] = {name: [] for name in sides}
    chance = random.Random(size_bytes + writers)
    with ThreadPoolExecutor(writers) as pool:
        for number in range(rounds + 1):
            for name in chance.sample(list(sides), len(sides)):
                # Fresh bytes each time: the store recognises a scan that it holds.
                paths = _files(folder, chance, count, size_bytes)
                start = time.perf_counter()
                list(pool.map(sides[name], paths))
                took_s = time.perf_counter() - start
                if number:  # the first round warms up
                    speeds[name].append(count * size_bytes / took_s / 1e6)
                for path in paths:
                    path.unlink()
    megabytes = (f"{statistics.median(values):.1f}" for values in speeds.values())
    pairs = (("put_file", "raw"), ("receive", "raw"), ("receive", "raw + get"))
    return (f"{size_bytes / 1e6:g} MB", writers, *megabytes, *(_ratio(speeds[a], speeds[b]) for a, b in pairs))


def _ratio(ours: Sequence[float], theirs: Sequence[float]) -> str:
    low, middle, high = statistics.quantiles([a / b for a, b in zip(ours, theirs, strict=True)], n=4)
    return f"{middle:.0%} ({low:.0%}-{high:.0%})"


def _files(folder: Path, chance: random.Random, count: int, size_bytes: int) -> list[Path]:
    """Write files, each named by the hash of its bytes."""
    contents = [chance.randbytes(size_bytes) for _ in range(count)]
    paths = [folder / hashlib.sha256(content).hexdigest() for content in contents]
    for path, content in zip(paths, contents, strict=True):
        path.write_bytes(content)
    return paths


def _store_with_restarts(server: MinioServer, folder: Path, count: int = 500) -> int:
    """Store many originals while the server is stopped twice and killed once; print what is left of them."""
    store = server.new_store(patience_s=30.0)
    received: list[str] = []
    started = time.perf_counter()

    def store_one(number: int) -> None:
        (path,) = _files(folder, random.Random(number), 1, 100_000 + 900 * number)
        received.append(receive(store, path).sha256)
        path.unlink()

    ends = ((count // 5, server.stop), (2 * count // 5, server.kill), (4 * count // 5, server.stop))
    with ThreadPoolExecutor(2) as pool:
        work = [pool.submit(store_one, number) for number in range(count)]
        for due, end in ends:
            _wait_for(received, due)
            end()
            time.sleep(0.5)
            server.start()
        for each in work:
            each.result()
    took_s = time.perf_counter() - started
    lost, unreadable = _missing(store, received)
    print(f"bản gốc: {len(received)}; khởi động lại: {len(ends)}, trong đó kill -9: 1; {took_s:.0f} s")
    print(f"mất: {lost}; không đọc lại được: {unreadable}")
    return int(lost + unreadable + (len(received) != count) > 0)


def _wait_for(received: Sequence[str], due: int) -> None:
    never = threading.Event()
    while len(received) < due:
        never.wait(0.01)


def _missing(store: S3Store, received: Sequence[str]) -> tuple[int, int]:
    held = set(store.list("scans/"))
    lost = [sha256 for sha256 in received if scan_key(sha256) not in held]
    there = [sha256 for sha256 in received if scan_key(sha256) in held]
    return len(lost), sum(stored_sha256(store, scan_key(sha256)) != sha256 for sha256 in there)


if __name__ == "__main__":
    sys.exit(main())
