"""Random order that can be told again: a pure function of the response id, so nothing about it has to be stored.

The id decides one of few variants, so that a first page can be rendered once for each. Within a question the
variants turn one shuffled order round and round: over all of them each item stands in each place equally often.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode
from collections.abc import Collection, Sequence
from hashlib import sha256
from uuid import UUID

VARIANTS = 32


def variant_of(response: UUID) -> int:
    """Which of the variants a response was shown; from 0."""
    return response.bytes[0] % VARIANTS


def variant_in(token: str) -> int:
    """The variant of the response id that a form's token begins with."""
    return urlsafe_b64decode(token[:4])[0] % VARIANTS


def order_of(variant: int, name: str, codes: Sequence[str], anchored: Collection[str] = ()) -> tuple[str, ...]:
    """The codes in the order of a variant; the anchored ones come last, in the order in which they were written.

    name: what is ordered, such as the key of a question, so that two lists are not shuffled alike.
    """
    moving = [code for code in codes if code not in anchored]
    fixed = [code for code in codes if code in anchored]
    if len(moving) < 2:
        return (*moving, *fixed)
    round_number, turn = divmod(variant, len(moving))
    shuffled = sorted(moving, key=lambda code: sha256(f"{name}\0{round_number}\0{code}".encode()).digest())
    return (*shuffled[turn:], *shuffled[:turn], *fixed)
