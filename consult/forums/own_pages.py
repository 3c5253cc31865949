"""The page behind the link in the letters: what stands, changing it, taking an offer, cancelling."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from consult.errors import N_, Invalid, NotFound, Problem, Refused
from consult.forums import queries
from consult.forums import registration_operations as operations
from consult.forums.door.codes import Entrance, entrance_of
from consult.forums.forum import Forum, ForumSession, Stage
from consult.forums.links import Links, token_hash
from consult.forums.pages import PRIVATE, links, registrant_of
from consult.forums.party_operations import change_details
from consult.forums.registration import MOST_COMPANIONS, NEEDS, STATE_NAMES, STATE_TAGS, Registration, State
from consult.i18n import AUTONYMS, Locale, languages
from consult.web import AnyRequest, Form, page, patience, read_form, see_other, shell, url

NOTICES = {
    "cancelled": N_("Your registration is cancelled. Thank you for telling us."),
    "accepted": N_("You have taken the place. We have sent you a confirmation."),
    "changed": N_("The number of people has been changed."),
    "written": N_("The changes are saved."),
}


@get("/{language:str}/registrations/{token:str}")
async def manage(
    request: AnyRequest,
    token: FromPath[str],
    locale: NamedDependency[Locale],
    now: NamedDependency[datetime],
    done: FromQuery[str] = "",
) -> Response[bytes]:
    """What stands for one form: for whoever has the link. Opening it changes nothing; mail scanners open links too."""
    return await _manage_page(request, token, now, done=NOTICES.get(done))


@post("/{language:str}/registrations/{token:str}")
async def change(
    request: AnyRequest, token: FromPath[str], locale: NamedDependency[Locale], now: NamedDependency[datetime]
) -> Response[bytes] | Redirect:
    form = await read_form(request)
    if form.get("action") == "details":
        return await _change_details(request, token, form, locale, now)
    mine = {str(one.id): one for one in await _party(token)}
    chosen = mine.get(form.get("registration"))
    if chosen is None:
        raise NotFound
    try:
        done = await _act(form, chosen, links(request), now)
    except Refused as refused:
        problem = refused.problem()
        return await _manage_page(request, token, now, problems=[problem], status=409)
    return see_other(url(locale, "registrations", token), done=done)


async def _change_details(
    request: AnyRequest, token: str, form: Form, locale: Locale, now: datetime
) -> Response[bytes] | Redirect:
    party = (await _party(token))[0].party
    if patience.must_wait(request, "registration", shell(request).settings.registrations_per_network, now):
        return await _manage_page(request, token, now, form=form, problems=(patience.PROBLEM,), status=429)
    patience.note(request, "registration", now)
    spoken = form.get("spoken")
    language = spoken if spoken in languages() else locale.code
    made = links(request)
    try:
        await change_details(party=party, registrant=registrant_of(form), language=language, links=made, at=now)
    except Invalid as invalid:
        return await _manage_page(request, token, now, form=form, problems=invalid.problems, status=422)
    except Refused as refused:
        problem = refused.problem()
        return await _manage_page(request, token, now, form=form, problems=[problem], status=409)
    return see_other(url(locale, "registrations", token), done="written")


def details_form(one: Registration) -> Form:
    """What somebody wrote, back in the fields."""
    return Form(
        {
            "name": [one.name],
            "email": [one.email or ""],
            "phone": [one.phone],
            "needs": list(one.needs),
            "needs_note": [one.needs_note],
            "companions": [str(one.companions)],
            "spoken": [one.language],
        }
    )


async def _act(form: Form, chosen: Registration, made: Links, now: datetime) -> str:
    match form.get("action"):
        case "cancel":
            await operations.cancel(registration_id=chosen.id, links=made, at=now)
            return "cancelled"
        case "accept":
            await operations.accept_offer(registration_id=chosen.id, links=made, at=now)
            return "accepted"
        case "change":
            # One page may hold several of these fields; a form sends its own.
            wanted = next((form.get(name) for name in form if name.startswith("companions")), "")
            companions = int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) < 3 else -1
            await operations.change_party(registration_id=chosen.id, companions=companions, links=made, at=now)
            return "changed"
    raise operations.NotPossible


async def _party(token: str) -> list[Registration]:
    found = await queries.party(token_hash(token)) if 20 <= len(token) <= 100 else []
    if not found:
        raise NotFound
    return found


async def _manage_page(
    request: AnyRequest,
    token: str,
    now: datetime,
    *,
    done: str | None = None,
    form: Form | None = None,
    problems: Sequence[Problem] = (),
    status: int = 200,
) -> Response[bytes]:
    noted = await _party(token)
    forum = await queries.forum_of_session(noted[0].session)
    if forum is None:
        raise NotFound
    lines = []
    for one in noted:
        session = forum.session(one.session)
        position = await queries.position(one) if one.state is State.WAITLISTED else None
        lines.append((one, session, position))
    return page(
        request,
        "forums/manage.html",
        status=status,
        headers={**PRIVATE, **patience.HEADERS} if status == 429 else PRIVATE,
        forum=forum,
        lines=lines,
        entrance=_entrance(request, forum, noted, now),
        changeable=next((one for one, session, _ in lines if _may_change(one, session, now)), None),
        form=form or details_form(noted[0]),
        typing=form is not None,
        needs=NEEDS,
        autonyms={code: AUTONYMS.get(code, code) for code in languages()},
        at=now,
        done=done,
        problems=problems,
        State=State,
        states=STATE_NAMES,
        tags=STATE_TAGS,
        most_companions=MOST_COMPANIONS,
    )


def _entrance(request: AnyRequest, forum: Forum, noted: Sequence[Registration], now: datetime) -> Entrance | None:
    """The code to show at the door, for who has a place at a meeting that is not over."""
    if forum.stage(now) in {Stage.OVER, Stage.CANCELLED} or not any(one.takes_seats for one in noted):
        return None
    return entrance_of(links(request), noted[0].party, noted[0].language)


def _may_change(one: Registration, session: ForumSession | None, now: datetime) -> bool:
    return one.is_living and one.erased_at is None and session is not None and not session.has_begun(now)


routes: list[Any] = [manage, change]
