"""What was posted to a survey while the database is away: everything that was typed comes back.

Where the page of the survey can still be made, posting.py shows that page with what was typed. What stands here needs
nothing but the form itself: it serves where not even the survey is known.
"""

from __future__ import annotations

from litestar import Request
from litestar.types import Receive, Scope, Send

from consult.errors import N_, Unavailable
from consult.storage import AWAY, is_away
from consult.surveys.answers import forms, multipart_forms
from consult.surveys.pages.calls import (
    MULTIPART,
    Call,
    Posted,
    header,
    kind_of,
    read_body,
    read_fields,
    send_response,
)
from consult.web import AnyRequest, keeping
from consult.web.forms import TooLarge

BUSY = N_("Your answers could not be stored at the moment. Nothing is lost: wait a minute and press the button again.")
FAULTS: tuple[type[Exception], ...] = (Unavailable, *AWAY)
LARGEST_WITH_FILES = forms.LARGEST_BYTES + 16 * 2**20


def is_busy(fault: Exception) -> bool:
    """Whether another try may do: the database is away, or too much is waiting for it."""
    return isinstance(fault, Unavailable) or is_away(fault)


def retry_s(fault: Exception) -> int:
    return fault.retry_after_s if isinstance(fault, Unavailable) else Unavailable().retry_after_s


async def kept(call: Call, posted: Posted, wait_s: int) -> None:
    """Show what was posted as a form that can be sent again."""
    more = {b"retry-after": str(wait_s).encode()}
    action = call.face.path(call.locale.code)
    again = keeping.posted_of(posted.fields, posted.names)
    await call.show(keeping.TEMPLATE, 503, more=more, action=action, told=keeping.Told(lead=BUSY), posted=again)


async def kept_unread(scope: Scope, receive: Receive, send: Send, wait_s: int) -> None:
    """The same for a survey that cannot even be looked up. Raises Unreadable, TooLarge."""
    if kind_of(scope) == MULTIPART:
        body = await read_body(receive, LARGEST_WITH_FILES)
        try:
            parts = multipart_forms.parse(body, header(scope, b"content-type").decode("latin-1"))
        except forms.TooLargeForm:
            raise TooLarge from None
        posted = Posted(parts.fields, parts.is_whole, parts.files)
    else:
        posted = Posted(*await read_fields(scope, receive))
    request: AnyRequest = Request(scope, receive, send)
    made = keeping.again(request, keeping.posted_of(posted.fields, posted.names), wait_s, told=keeping.Told(lead=BUSY))
    await send_response(made, scope, receive, send)
