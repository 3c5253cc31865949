"""The signed id of a comment form. It is issued with the form and becomes the comment's id: sent twice, stored once."""

import hashlib
import hmac
from uuid import UUID, uuid4

from consult.errors import N_, Refused


class AlteredForm(Refused):
    message = N_("This form was changed on its way, so nothing was stored. Check your words and send again.")


def issue(secret: bytes) -> str:
    """Make a form id: a random UUID and its signature. Nobody else can make one, nor aim at a comment's id."""
    fresh = uuid4()
    return f"{fresh}.{_signature(secret, fresh)}"


def read(secret: bytes, token: str) -> UUID:
    """Give the id back. Raises AlteredForm."""
    written, _, signature = token.partition(".")
    try:
        form_id = UUID(written)
    except ValueError as fault:
        raise AlteredForm from fault
    if str(form_id) != written or not hmac.compare_digest(signature.encode(), _signature(secret, form_id).encode()):
        raise AlteredForm
    return form_id


def _signature(secret: bytes, form_id: UUID) -> str:
    return hmac.new(secret, b"comment-form:" + form_id.bytes, hashlib.sha256).hexdigest()[:32]
