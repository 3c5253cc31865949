"""What is signed is read back by the seal that wrote it, and by no other."""

from __future__ import annotations

import pytest

from consult.signed import Seal, keyed, labelled, letters, raw_of

SECRET = b"k" * 32


@pytest.mark.parametrize(
    "seal", [keyed(SECRET, b"boats", 12), labelled(SECRET, b"boats:", 16), labelled(SECRET, b"x:")]
)
def test_words_come_back_unless_a_letter_was_changed(seal: Seal) -> None:
    for words in (b"", b"a", b"\x00\xff" * 20):
        written = seal.write(words)
        assert seal.read(written) == words
        assert len(seal.of(words)) == seal.size
        for at in range(len(written) - 1):  # the last letter has spare bits
            other = "A" if written[at] != "A" else "B"
            assert seal.read(written[:at] + other + written[at + 1 :]) is None
    assert [seal.read(wrong) for wrong in ("", "A", "ж", "AAAA", written[4:], written + "AAAA")] == [None] * 6


def test_another_secret_label_or_matter_is_another_seal() -> None:
    seals = [
        keyed(SECRET, b"boats", 16),
        keyed(SECRET, b"coats", 16),
        keyed(SECRET, b"boats", 16, b"of the lake"),
        keyed(b"l" * 32, b"boats", 16),
        labelled(SECRET, b"boats:", 16),
        labelled(SECRET, b"coats:", 16),
        labelled(b"l" * 32, b"boats:", 16),
    ]
    assert len({seal.of(b"ana") for seal in seals}) == len(seals)
    assert "k" * 8 not in repr(seals)
    assert keyed(SECRET, b"boats", 16, b"of the ").of(b"lake") == keyed(SECRET, b"boats", 16).of(b"of the lake")


def test_letters_are_those_of_an_address() -> None:
    assert letters(bytes(range(250, 256))) == "-vv8_f7_"
    assert [raw_of(letters(raw)) for raw in (b"", b"1", b"22", b"333")] == [b"", b"1", b"22", b"333"]
    assert [raw_of(wrong) for wrong in ("A", "ж")] == [None, None]
