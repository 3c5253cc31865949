"""The signed id of a form. It is issued with the form and becomes the id of what is stored: sent twice, stored once."""

from __future__ import annotations

import hmac
from uuid import UUID, uuid4

from consult.errors import N_, Refused
from consult.signed import labelled


class AlteredForm(Refused):
    message = N_("This form was changed on its way, so nothing was stored. Check your words and send again.")


def issue(secret: bytes, purpose: str) -> str:
    """Make a form id: a random UUID and its signature. Nobody else can make one, nor use it for another form."""
    fresh = uuid4()
    return f"{fresh}.{_signature(secret, purpose, fresh)}"


def read(secret: bytes, purpose: str, token: str) -> UUID:
    """Give the id back. Raises AlteredForm."""
    written, _, signature = token.partition(".")
    try:
        form_id = UUID(written)
    except ValueError as fault:
        raise AlteredForm from fault
    right = _signature(secret, purpose, form_id)
    if str(form_id) != written or not hmac.compare_digest(signature.encode(), right.encode()):
        raise AlteredForm
    return form_id


def _signature(secret: bytes, purpose: str, form_id: UUID) -> str:
    return labelled(secret, purpose.encode() + b":", 16).of(form_id.bytes).hex()
