"""Pages that are the same for everybody but for a few short pieces: compressed once, put together per request.

A gzip body is a chain of deflate blocks. The fixed parts are compressed beforehand, each by itself and ended on a byte
boundary; what is spliced in travels as a stored block, or compressed in haste where it is long. Only the checksum is
computed for each answer.
"""

from __future__ import annotations

import struct
import sys
import zlib
from array import array
from collections.abc import Sequence

HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
END = b"\x01\x00\x00\xff\xff"
LARGEST_BLOCK = 0xFFFF
SHORT = 1500  # bytes whose checksum is sooner computed than looked up
STORED = struct.Struct("<BHH").pack


class Spliced:
    """Fixed parts with gaps between them: n parts, n - 1 gaps. largest_stored: longer gaps are compressed."""

    def __init__(self, parts: Sequence[bytes], *, largest_stored: int = sys.maxsize) -> None:
        self.largest_stored = largest_stored
        self.parts = tuple(parts)
        self.length = sum(map(len, parts))
        self.packed = tuple(_packed(part) for part in parts)
        self.begin = HEADER + self.packed[0]
        self.first_sum = zlib.crc32(parts[0])
        self.following = [
            (part, packed, zlib.crc32(part), _shift(len(part)) if len(part) > SHORT else None)
            for part, packed in zip(parts[1:], self.packed[1:], strict=True)
        ]

    def plain(self, *gaps: bytes) -> bytes:
        pieces = [self.parts[0]]
        for gap, part in zip(gaps, self.parts[1:], strict=True):
            pieces += (gap, part)
        return b"".join(pieces)

    def gzip(self, *gaps: bytes) -> bytes:
        pieces = [self.begin]
        checksum, length = self.first_sum, self.length
        for gap, (part, packed, own, shift) in zip(gaps, self.following, strict=True):
            before = zlib.crc32(gap, checksum)
            if shift is None:
                checksum = zlib.crc32(part, before)
            else:
                t0, t1, t2, t3 = shift
                checksum = own ^ t0[before & 255] ^ t1[before >> 8 & 255] ^ t2[before >> 16 & 255] ^ t3[before >> 24]
            size = len(gap)
            length += size
            if size > self.largest_stored:
                pieces += (_hasty(gap), packed)
            elif size <= LARGEST_BLOCK:
                pieces += (STORED(0, size, size ^ 0xFFFF), gap, packed)
            else:
                pieces += (*_stored(gap), packed)
        pieces += (END, struct.pack("<II", checksum, length & 0xFFFFFFFF))
        return b"".join(pieces)


def _packed(part: bytes) -> bytes:
    """Deflate blocks that end on a byte boundary and refer to nothing outside."""
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    return deflate.compress(part) + deflate.flush(zlib.Z_FULL_FLUSH) if part else b""


def _hasty(gap: bytes) -> bytes:
    """Compressed with little work; refers to nothing outside, and nothing refers to it."""
    deflate = zlib.compressobj(1, zlib.DEFLATED, -12, 5)
    return deflate.compress(gap) + deflate.flush(zlib.Z_FULL_FLUSH)


def _shift(length: int) -> tuple[array[int], ...]:
    """What `length` further bytes do to a checksum, one table a byte of it: crc(a + b) = shift(crc(a)) ^ crc(b)."""
    zeros = bytes(length)
    offset = zlib.crc32(zeros)
    bits = [zlib.crc32(zeros, 1 << bit) ^ offset for bit in range(32)]
    tables = []
    for start in range(0, 32, 8):
        table = [0] * 256
        for value in range(1, 256):
            lowest = value & -value
            table[value] = table[value ^ lowest] ^ bits[start + lowest.bit_length() - 1]
        tables.append(array("I", table))
    return tuple(tables)


def _stored(content: bytes) -> list[bytes]:
    pieces = []
    for start in range(0, len(content), LARGEST_BLOCK):
        block = content[start : start + LARGEST_BLOCK]
        pieces += [STORED(0, len(block), len(block) ^ 0xFFFF), block]
    return pieces
