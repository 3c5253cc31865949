"""Tokens that a sign-in service has signed, and its keys as it publishes them."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

import msgspec

ALGORITHMS = ["RS256", "PS256", "ES256", "EdDSA"]
"""Signatures with the service's public key alone: never `none`, and never one made with our own secret."""


def read(token: str, keys: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """Header and claims of a token that one of the keys signed; None if none did."""
    from joserfc import jwt
    from joserfc.errors import JoseError
    from joserfc.jwk import KeySet

    try:
        read = jwt.decode(token, KeySet.import_key_set(dict(keys)), algorithms=ALGORITHMS)  # type: ignore[arg-type]
    except (JoseError, ValueError, KeyError, TypeError):  # the last two: keys that are none
        return None
    return dict(read.header), dict(read.claims)


def names_another_key(token: str, keys: Mapping[str, Any]) -> bool:
    """Tell whether it could be right, once the service has told of a key that is new since we asked."""
    try:
        header = msgspec.json.decode(
            base64.urlsafe_b64decode(token.partition(".")[0].encode("ascii", "replace") + b"==")
        )
    except ValueError:  # msgspec's error is one too
        return False
    if not isinstance(header, dict) or header.get("alg") not in ALGORITHMS:
        return False
    return header.get("kid") not in {key.get("kid") for key in keys["keys"] if isinstance(key, dict)} - {None}
