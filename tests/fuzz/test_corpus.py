"""Every input that is kept, and a few hundred made of them, through the reader that it is for."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from tests.fuzz.targets import TARGETS

CORPUS = Path(__file__).parent / "corpus"
KEPT = [(name, path) for name in TARGETS for path in sorted((CORPUS / name).glob("*"))]
ROUNDS = 12
BITS = (
    b"\0",
    b"\xff",
    b"\r\n",
    b"'",
    b'"',
    b"<",
    b"&",
    b"%",
    b"{",
    b"9" * 40,
    b"\xe2\x80\xae",
    b"\xf4\x8f\xbf\xbf",
    b"-",
)


def test_every_target_has_inputs_to_begin_with() -> None:
    assert {name for name, _ in KEPT} == set(TARGETS)


@pytest.mark.parametrize("name", TARGETS)
def test_no_input_is_too_much_for_a_reader(name: str) -> None:
    """A target raises what its reader must not raise; each kept input is read with two spoiled ones at least."""
    draw, read = Random(name), 0
    inputs = [path.read_bytes() for one, path in KEPT if one == name]
    for kept in inputs:
        for tried in (kept, *(spoiled(kept, draw) for _ in range(ROUNDS if len(kept) < 5_000 else 2))):
            TARGETS[name](tried)
            read += 1
    assert read >= 3 * len(inputs) > 0


def spoiled(content: bytes, draw: Random) -> bytes:
    """The same with a few places changed, taken out, doubled or cut off."""
    made = bytearray(content)
    for _ in range(draw.randrange(1, 4)):
        at = draw.randrange(len(made) + 1)
        upto = min(len(made), at + draw.randrange(1, 12))
        match draw.randrange(5):
            case 0:
                made[at:at] = draw.choice(BITS)
            case 1:
                del made[at:upto]
            case 2:
                made[at:at] = made[at:upto] * 3
            case 3:
                del made[at:]
            case _:
                made[at:upto] = bytes(draw.randrange(256) for _ in range(upto - at))
    return bytes(made)
