"""Which passwords are good enough, and how they are kept."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import anyio
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from consult.errors import N_, Problem

SHORTEST = 12
LONGEST = 256

_hasher = PasswordHasher()  # argon2id with the parameters of RFC 9106's second choice: 64 MiB, 3 passes, 4 lanes
_at_once = anyio.CapacityLimiter(2)

PRODUCT = "consult"
_LEET = str.maketrans({"0": "o", "1": "l", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s", "!": "i"})
_EDGES = re.compile(r"^[\W\d_]+|[\W\d_]+$")
SHORTEST_WORD = 3
_RUNS = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890123456789",
    "qwertyuiopasdfghjklzxcvbnm",
    "qwertzuiopasdfghjklyxcvbnm",
)


def normal(password: str) -> str:
    """The same letters whichever way a keyboard composed them."""
    return unicodedata.normalize("NFC", password)


def problems(password: str, own: Iterable[str], place: str = "password") -> Iterator[Problem]:
    """Say what is wrong with a new password. own are words an attacker would try first: name, address, town."""
    password = normal(password)
    if len(password) < SHORTEST:
        message = N_("Choose a password of at least %(shortest)s characters. A short sentence is easy to remember.")
        yield Problem(place, message, {"shortest": SHORTEST})
    elif len(password) > LONGEST:
        yield Problem(place, N_("Choose a password of at most %(longest)s characters."), {"longest": LONGEST})
    elif is_common(password):
        yield Problem(place, N_("Many people use this password or one like it. Choose another one."))
    elif holds_own_name(password, own):
        message = N_(
            "This password is little more than your name, your e-mail address or the town. Choose another one."
        )
        yield Problem(place, message)


@cache
def common() -> frozenset[str]:
    """What people choose first: leaked passwords by frequency, and what stands for them in a town hall here.

    Read when somebody first chooses a password: no other page needs it.
    """
    return frozenset(
        line
        for name in ("common_passwords.txt", "common_words.txt")
        for line in Path(__file__).with_name(name).read_text(encoding="utf-8").split("\n")
        if line and not line.startswith("#")
    )


def is_common(password: str) -> bool:
    """Tell whether a password is one or two common ones with decoration, one thing repeated, or a row of keys."""
    plain = password.casefold()
    if len(set(plain)) <= 4 or _repeats(plain) or any(plain in run * 3 or plain in run[::-1] * 3 for run in _RUNS):
        return True
    core = _EDGES.sub("", plain)
    forms = {plain, core, core.translate(_LEET), _letters(plain), _letters(core.translate(_LEET))}
    return any(form in common() or _is_two(form) for form in forms)


def _is_two(text: str) -> bool:
    """Two common ones, one after the other, with digits and signs between them."""
    return any(
        _EDGES.sub("", text[:at]) in common() and _EDGES.sub("", text[at:]) in common()
        for at in range(SHORTEST_WORD, len(text) - SHORTEST_WORD + 1)
    )


def holds_own_name(password: str, own: Iterable[str]) -> bool:
    """Tell whether fewer than 8 characters are left once the person's own words are taken out."""
    rest = password.casefold()
    words = {PRODUCT} | {word for text in own for word in re.split(r"[\W_]+", text.casefold()) if len(word) >= 3}
    for word in sorted(words, key=len, reverse=True):
        rest = rest.replace(word, "")
    return rest != password.casefold() and len(rest) < 8


def _letters(text: str) -> str:
    return "".join(c for c in text if c.isalpha())


def _repeats(text: str) -> bool:
    """One piece of up to four characters, or the half, over and over."""
    pieces = [*range(1, 5), len(text) // 2]
    return any((text[:size] * (len(text) // size + 1))[: len(text)] == text for size in pieces)


async def hashed(password: str) -> str:
    """Compute the hash to keep; in a thread, because it is meant to be slow."""
    return await anyio.to_thread.run_sync(_hasher.hash, normal(password), limiter=_at_once)


async def fits(password: str, kept: str | None) -> bool:
    """Tell whether a password fits its hash. Without a hash the same work is done for nothing, for the clock tells."""
    shortened = normal(password)[: LONGEST + 1]
    right = await anyio.to_thread.run_sync(_verify, kept, shortened, limiter=_at_once)
    return right and kept is not None


def is_outdated(kept: str) -> bool:
    """Tell whether a hash was made with weaker parameters than today's."""
    return _hasher.check_needs_rehash(kept)


@cache
def _nobody() -> str:
    return _hasher.hash("nobody has this password")


def _verify(kept: str | None, password: str) -> bool:
    try:
        return _hasher.verify(kept or _nobody(), password)
    except (VerificationError, InvalidHashError):
        return False
