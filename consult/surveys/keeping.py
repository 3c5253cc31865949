"""What was posted while the database is away or far behind: a page that keeps all of it, with a button to send again.

Where the page of the survey can still be made, answering.py shows that page with what was typed. What stands here needs
nothing but the form itself: it serves where not even the survey is known.
"""

from __future__ import annotations

from litestar import Request
from litestar.types import Receive, Scope, Send

from consult.errors import N_, Unavailable
from consult.storage import AWAY, is_away
from consult.surveys import forms, multipart_forms
from consult.surveys.calls import MULTIPART, AnyRequest, Call, header, kind_of, read_body, read_fields, send_response
from consult.web.forms import TooLarge
from consult.web.pages import page

BUSY = N_("Your answers could not be stored at the moment. Nothing is lost: wait a minute and press the button again.")
FAULTS: tuple[type[Exception], ...] = (Unavailable, *AWAY)
LARGEST_WITH_FILES = forms.LARGEST_BYTES + 16 * 2**20
TEMPLATE = "surveys/again.html"


def is_busy(fault: Exception) -> bool:
    """Whether another try may do: the database is away, or too much is waiting for it."""
    return isinstance(fault, Unavailable) or is_away(fault)


def retry_s(fault: Exception) -> int:
    return fault.retry_after_s if isinstance(fault, Unavailable) else Unavailable().retry_after_s


async def kept(call: Call, fields: forms.Fields, wait_s: int) -> None:
    """Show what was posted as a form that can be sent again."""
    more = {b"retry-after": str(wait_s).encode()}
    action = call.face.path(call.locale.code)
    hidden, wish = _parts(fields)
    await call.show(TEMPLATE, 503, more=more, action=action, lead=BUSY, fields=hidden, wish=wish)


async def kept_unread(scope: Scope, receive: Receive, send: Send, wait_s: int) -> None:
    """The same for a survey that cannot even be looked up. Files do not come back. Raises Unreadable, TooLarge."""
    if kind_of(scope) == MULTIPART:
        body = await read_body(receive, LARGEST_WITH_FILES)
        try:
            fields = multipart_forms.parse(body, header(scope, b"content-type").decode("latin-1")).fields
        except forms.TooLargeForm:
            raise TooLarge from None
    else:
        fields, _ = await read_fields(scope, receive)
    request: AnyRequest = Request(scope, receive, send)
    headers = {"retry-after": str(wait_s)}
    hidden, wish = _parts(fields)
    made = page(
        request, TEMPLATE, status=503, headers=headers, action=scope["path"], lead=BUSY, fields=hidden, wish=wish
    )
    await send_response(made, scope, receive, send)


def _parts(fields: forms.Fields) -> tuple[list[tuple[str, str]], str]:
    """The hidden fields, and what the button that was pressed said: it comes with the new button."""
    hidden = [(name, value) for name, values in fields.items() if name != "_go" for value in values]
    return hidden, next(iter(fields.get("_go", ())), "next")
