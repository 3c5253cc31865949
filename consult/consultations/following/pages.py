"""Public pages of following: asking for it, confirming it, ending it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from consult.consultations import queries as consultations
from consult.consultations.consultation import Consultation
from consult.consultations.following import operations, queries
from consult.consultations.following.links import links_of
from consult.errors import Invalid, NotFound, Problem
from consult.i18n import Locale
from consult.profile import Profile
from consult.settings import Settings
from consult.web import AnyRequest, Form, page, patience, read_form, shell

PRIVATE = {"cache-control": "no-store", "x-robots-tag": "noindex"}
NO_STORE = {"cache-control": "no-store"}
FOLLOW = ["/{language:str}/follow", "/{language:str}/consultations/{slug:str}/follow"]


@get(FOLLOW)
async def follow_form(request: AnyRequest, locale: NamedDependency[Locale]) -> Response[bytes]:
    return _form_page(request, await _consultation(request), Form())


@post(FOLLOW, status_code=200)
async def follow(
    request: AnyRequest,
    locale: NamedDependency[Locale],
    now: NamedDependency[datetime],
    settings: NamedDependency[Settings],
    profile: NamedDependency[Profile],
) -> Response[bytes]:
    """The answer is the same whether the address was known or not."""
    consultation = await _consultation(request)
    form = await read_form(request)
    if patience.must_wait(request, "follow", shell(request).settings.comments_per_network, now):
        return _form_page(request, consultation, form, (patience.PROBLEM,), status=429)
    try:
        await operations.follow(
            email=form.get("email"),
            language=locale.code,
            consultation_id=consultation.id if consultation else None,
            links=links_of(settings),
            sender=profile.name,
            at=now,
        )
    except Invalid as invalid:
        return _form_page(request, consultation, form, invalid.problems, status=422)
    patience.note(request, "follow", now)
    return page(request, "consultations/follow_asked.html", headers=NO_STORE, consultation=consultation)


@get("/{language:str}/following/{token:str}")
async def following(
    request: AnyRequest, token: FromPath[str], locale: NamedDependency[Locale], settings: NamedDependency[Settings]
) -> Response[bytes]:
    """A GET changes nothing: mail programs look at links by themselves."""
    return await _own_page(request, token, settings)


@post("/{language:str}/following/{token:str}", status_code=200)
async def decide(
    request: AnyRequest,
    token: FromPath[str],
    locale: NamedDependency[Locale],
    now: NamedDependency[datetime],
    settings: NamedDependency[Settings],
) -> Response[bytes]:
    """The page's buttons, or the button of a mail program (RFC 8058), which ends it."""
    form = await read_form(request)
    follower_id = links_of(settings).read(token)
    if form.get("wish") == "confirm":
        await operations.confirm(follower_id=follower_id, at=now)
    elif form.get("wish") == "end" or form.get("List-Unsubscribe") == "One-Click":
        await operations.end(follower_id=follower_id)
    return await _own_page(request, token, settings, acted=True)


async def _own_page(request: AnyRequest, token: str, settings: Settings, *, acted: bool = False) -> Response[bytes]:
    follower = await queries.follower(links_of(settings).read(token))
    consultation = await consultations.by_id(follower.consultation) if follower and follower.consultation else None
    return page(
        request,
        "consultations/following.html",
        headers=PRIVATE,
        follower=follower,
        consultation=consultation,
        acted=acted,
    )


def _form_page(
    request: AnyRequest,
    consultation: Consultation | None,
    form: Form,
    problems: Sequence[Problem] = (),
    *,
    status: int = 200,
) -> Response[bytes]:
    return page(
        request,
        "consultations/follow.html",
        status=status,
        headers={**NO_STORE, **patience.HEADERS} if status == 429 else {},
        consultation=consultation,
        values=form,
        problems=problems,
    )


async def _consultation(request: AnyRequest) -> Consultation | None:
    """The consultation of the address; None where it is about the weekly letter."""
    slug = request.path_params.get("slug")
    if slug is None:
        return None
    found = await consultations.consultation(slug)
    if found is None or not found.is_public:
        raise NotFound
    return found


routes = [follow_form, follow, following, decide]
