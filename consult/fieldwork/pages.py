"""What a letter's reader finds here: the way out of further letters. No account, nothing shown of who it is."""

from __future__ import annotations

from datetime import datetime

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from consult.errors import N_, Problem
from consult.fieldwork import mailing_operations
from consult.fieldwork.links import links_of
from consult.i18n import Locale
from consult.settings import Settings
from consult.web import AnyRequest, page, read_form

PRIVATE = {"cache-control": "no-store", "x-robots-tag": "noindex"}
HOW_MUCH = {"survey": N_("No more letters about this survey"), "all": N_("No more letters about any survey")}


def view(request: AnyRequest, *, done: bool = False, problems: tuple[Problem, ...] = ()) -> Response[bytes]:
    status = 422 if problems else 200
    return page(
        request, "fieldwork/opt-out.html", status=status, headers=PRIVATE, done=done, how_much=HOW_MUCH,
        problems=problems,
    )  # fmt: skip


@get("/{language:str}/opt-out/{token:str}")
async def way_out(
    request: AnyRequest, locale: NamedDependency[Locale], token: FromPath[str], settings: NamedDependency[Settings]
) -> Response[bytes]:
    """A GET changes nothing: mail programs look at links by themselves."""
    links_of(settings).read_way_out(token)
    return view(request)


@post("/{language:str}/opt-out/{token:str}", status_code=200)
async def opt_out(
    request: AnyRequest,
    locale: NamedDependency[Locale],
    token: FromPath[str],
    settings: NamedDependency[Settings],
    now: NamedDependency[datetime],
) -> Response[bytes]:
    """The button of the page, or of a mail program (RFC 8058), which means all letters."""
    links = links_of(settings)
    contact = links.read_way_out(token)
    form = await read_form(request)
    wish = "all" if form.get("List-Unsubscribe") == "One-Click" else form.get("how_much")
    if wish not in HOW_MUCH:
        return view(request, problems=(Problem("how_much", N_("Choose what you want no more of.")),))
    await mailing_operations.opt_out(contact_id=contact, everything=wish == "all", links=links, at=now)
    return view(request, done=True)


routes = [way_out, opt_out]
