"""Broken copies of scan files: the ways in which files break, and the ways in which someone breaks them."""

import random
import re
import struct
import zlib
from collections.abc import Callable, Sequence

Mutation = Callable[[bytes, random.Random, Sequence[bytes]], bytes]

_EXTREMES = (0, 1, 2, 0x7F, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF, 0x10000, 30_000, 100_000)
_HEADER_BYTES = 512
_PDF_NUMBER = re.compile(rb"(?<![\d.])-?\d+(?![\d.])")
_PDF_EXTREMES = (b"0", b"-1", b"1", b"65536", b"2147483647", b"99999999999", b"1e9", b"0.0001", b"null")
_PNG_MARK_BYTES = 8


def mutated(data: bytes, rng: random.Random, others: Sequence[bytes]) -> bytes:
    """Return `data` broken in one to three ways.

    Args:
        data: A whole file.
        rng: Decides everything: the same state gives the same file.
        others: Files to splice pieces of.
    """
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        if data:
            data = rng.choice(_MUTATIONS)(data, rng, others)
    if data.startswith(b"\x89PNG") and rng.random() < 0.7:
        data = with_right_checksums(data)  # else every broken chunk ends at its checksum
    return data


def with_right_checksums(png: bytes) -> bytes:
    """Return the PNG with the checksum of every chunk made right, as far as its chunks can be followed."""
    out, place = bytearray(png), _PNG_MARK_BYTES
    while place + 12 <= len(out):
        (length,) = struct.unpack_from(">I", out, place)
        end = place + 8 + length
        if end + 4 > len(out):
            break
        struct.pack_into(">I", out, end, zlib.crc32(out[place + 4 : end]))
        place = end + 4
    return bytes(out)


def _flip_bits(data: bytes, rng: random.Random, _: Sequence[bytes]) -> bytes:
    out = bytearray(data)
    for _unused in range(rng.choice((1, 2, 8, 64))):
        out[rng.randrange(len(out))] ^= 1 << rng.randrange(8)
    return bytes(out)


def _flip_bits_in_header(data: bytes, rng: random.Random, others: Sequence[bytes]) -> bytes:
    return _flip_bits(data[:_HEADER_BYTES], rng, others) + data[_HEADER_BYTES:]


def _cut_end(data: bytes, rng: random.Random, _: Sequence[bytes]) -> bytes:
    return data[: rng.randrange(len(data))]


def _remove_piece(data: bytes, rng: random.Random, _: Sequence[bytes]) -> bytes:
    start, end = _piece(data, rng)
    return data[:start] + data[end:]


def _repeat_piece(data: bytes, rng: random.Random, _: Sequence[bytes]) -> bytes:
    start, end = _piece(data, rng)
    return data[:end] + data[start:end] * rng.choice((1, 2, 50)) + data[end:]


def _fill_piece(data: bytes, rng: random.Random, _: Sequence[bytes]) -> bytes:
    start, end = _piece(data, rng)
    return data[:start] + bytes([rng.choice((0, 0xFF, rng.randrange(256)))]) * (end - start) + data[end:]


def _splice(data: bytes, rng: random.Random, others: Sequence[bytes]) -> bytes:
    other = rng.choice(others)
    start, end = _piece(other, rng)
    place = rng.randrange(len(data))
    return data[:place] + other[start:end] + data[place:]


def _extreme_field(data: bytes, rng: random.Random, _: Sequence[bytes]) -> bytes:
    """Overwrite a field of two or four bytes, in the header more often than not, with a value at a bound."""
    size, order = rng.choice("HI"), rng.choice("<>")
    reach = min(len(data), _HEADER_BYTES) if rng.random() < 0.7 else len(data)
    place = rng.randrange(reach)
    value = struct.pack(order + size, rng.choice(_EXTREMES) & (0xFFFF if size == "H" else 0xFFFFFFFF))
    return data[:place] + value + data[place + len(value) :]


def _extreme_number(data: bytes, rng: random.Random, others: Sequence[bytes]) -> bytes:
    """Replace a number written in text, as PDFs have them, by one at a bound; other files get an extreme field."""
    if b"%PDF-" not in data[:1024]:
        return _extreme_field(data, rng, others)
    numbers = list(_PDF_NUMBER.finditer(data[:20_000]))
    if not numbers:
        return data
    number = rng.choice(numbers)
    return data[: number.start()] + rng.choice(_PDF_EXTREMES) + data[number.end() :]


def _piece(data: bytes, rng: random.Random) -> tuple[int, int]:
    start = rng.randrange(len(data))
    return start, min(len(data), start + rng.choice((1, 4, 16, 256, 4096)))


_MUTATIONS: tuple[Mutation, ...] = (
    _flip_bits,
    _flip_bits_in_header,
    _cut_end,
    _remove_piece,
    _repeat_piece,
    _fill_piece,
    _splice,
    _extreme_field,
    _extreme_number,
)
