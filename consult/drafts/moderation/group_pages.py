"""Staff pages of comments that say the same: the list of groups, and one group with all its wordings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from consult.drafts import queries as drafts
from consult.drafts.comments import queries as comments
from consult.drafts.draft import Draft
from consult.drafts.moderation import group_operations as operations
from consult.drafts.moderation import groups
from consult.drafts.moderation.groups import Group
from consult.errors import N_, Invalid, NotFound, Problem, Refused
from consult.i18n import Locale
from consult.people.guards import requires
from consult.people.person import Person
from consult.textmatch.difference import Part, parts
from consult.web import AnyRequest, Form, NavItem, page, read_form, see_other, to_staff

LIST = "/staff/{language:str}/drafts/{slug:str}/groups"
ONE = f"{LIST}/{{number:int}}"
MODERATES = [requires("moderator")]
BESIDE = 3
"""So many words before and after a difference are shown with it."""
STATES: dict[str, str] = {
    "proposed": N_("To confirm"),
    "confirmed": N_("Confirmed"),
    "dissolved": N_("Dissolved"),
}
STEPS: dict[str, str] = {
    "waiting": N_("The search begins in a moment."),
    "reading": N_("The comments are being read."),
    "comparing": N_("The comments are being compared with each other."),
    "keeping": N_("What was found is being kept."),
}


@get(LIST, guards=MODERATES)
async def group_list(
    request: AnyRequest, slug: FromPath[str], page_number: NamedDependency[int], status: FromQuery[str] = "proposed"
) -> Response[bytes]:
    if status not in STATES:
        raise NotFound
    return await _list_page(request, await drafts.the_draft(slug), status, page_number)


@post(f"{LIST}/search", guards=MODERATES)
async def search(
    request: AnyRequest,
    slug: FromPath[str],
    locale: NamedDependency[Locale],
    person: NamedDependency[Person],
    now: NamedDependency[datetime],
) -> Response[bytes] | Redirect:
    draft = await drafts.the_draft(slug)
    try:
        await operations.ask_for_groups(draft.id, actor=person.id, at=now)
    except Refused as refused:
        return await _list_page(request, draft, "proposed", 1, [Problem("", refused.message)])
    return to_staff(locale, "drafts", slug, "groups")


@get(ONE, guards=MODERATES)
async def group(
    request: AnyRequest, slug: FromPath[str], number: FromPath[int], page_number: NamedDependency[int]
) -> Response[bytes]:
    draft = await drafts.the_draft(slug)
    return await _group_page(request, draft, await _group(draft, number), page_number)


@post(ONE, guards=MODERATES)
async def decide(
    request: AnyRequest,
    slug: FromPath[str],
    number: FromPath[int],
    locale: NamedDependency[Locale],
    person: NamedDependency[Person],
    now: NamedDependency[datetime],
) -> Response[bytes] | Redirect:
    """Confirm the group, dissolve it, take the chosen comments out, or make a group of their own of them."""
    draft = await drafts.the_draft(slug)
    found = await _group(draft, number)
    form = await read_form(request)
    address = f"/staff/{locale.code}/drafts/{slug}/groups"
    try:
        match form.get("act"):
            case "confirm":
                seen = form.get("proposed")
                count = int(seen) if seen.isdecimal() and len(seen) < 8 else -1
                await operations.confirm_group(found.id, proposed=count, actor=person.id, at=now)
            case "dissolve":
                await operations.dissolve_group(found.id, actor=person.id, at=now)
            case "out" | "split" as act:
                chosen = await _chosen(found, form)
                fresh = await operations.take_out(
                    found.id, comments=chosen, split=act == "split", actor=person.id, at=now
                )
                address += f"/{fresh or number}"
            case _:
                raise Invalid([Problem("act", N_("Choose what is to be done."))])
    except Invalid as invalid:
        return await _group_page(request, draft, found, 1, invalid.problems, status=422)
    except operations.GroupChanged as changed:
        fresh_group = await _group(draft, number)
        return await _group_page(request, draft, fresh_group, 1, [Problem("", changed.message)], status=409)
    return see_other(address)


async def _chosen(found: Group, form: Form) -> list[UUID]:
    """Comments that were ticked one by one, or with all that have the same words."""
    wordings = [int(one) for one in form.list("wording") if one.isdecimal() and len(one) < 8]
    return await groups.chosen(found.id, wordings, form.list("chosen"))


async def _list_page(
    request: AnyRequest, draft: Draft, state: str, number: int, problems: Sequence[Problem] = ()
) -> Response[bytes]:
    found = await groups.of_draft(draft.id, state, number=number)
    examples = await groups.examples([one.id for one in found.items])
    texts = await _texts([wording.first for many in examples.values() for wording in many])
    return page(
        request,
        "drafts/staff_groups.html",
        status=409 if problems else 200,
        draft=draft,
        groups=found,
        heads={
            one.id: texts.get(one.head) or texts[examples[one.id][0].first] for one in found.items if one.id in examples
        },
        differences={
            one.id: _differences([texts[wording.first][0] for wording in examples.get(one.id, ())])
            for one in found.items
        },
        examples=examples,
        state=state,
        states=STATES,
        search=await groups.search(draft.id),
        steps=STEPS,
        figures=await groups.figures(draft.id),
        problems=problems,
    )


def _differences(texts: Sequence[str]) -> list[tuple[str, Part, str]]:
    """What the other texts have instead of the first one's words, each once, between the words beside it."""
    found: dict[tuple[str, str], tuple[str, Part, str]] = {}
    for text in texts[1:]:
        compared = parts(texts[0], text)
        for place, part in enumerate(compared):
            if part.kind == "differs":
                before = compared[place - 1].second.split()[-BESIDE:] if place else []
                after = compared[place + 1].second.split()[:BESIDE] if place + 1 < len(compared) else []
                found.setdefault((part.first, part.second), (" ".join(before), part, " ".join(after)))
    return list(found.values())


async def _group_page(
    request: AnyRequest,
    draft: Draft,
    found: Group,
    number: int,
    problems: Sequence[Problem] = (),
    *,
    status: int = 200,
) -> Response[bytes]:
    ways = await groups.wordings(found, number=number)
    texts = await _texts([found.head, *(one.first for one in ways.items)])
    return page(
        request,
        "drafts/staff_group.html",
        status=status,
        draft=draft,
        group=found,
        wordings=ways,
        texts=texts,
        parts={one.number: parts(texts[found.head][0], texts[one.first][0]) for one in ways.items if one.number},
        states=STATES,
        problems=problems,
    )


async def _texts(ids: Sequence[UUID]) -> dict[UUID, tuple[str, str, str]]:
    """Of each comment its words, its language and its number."""
    found = await comments.by_ids(list(dict.fromkeys(ids)))
    return {one.id: (one.text, one.language, one.number) for one in found}


async def _group(draft: Draft, number: int) -> Group:
    found = await groups.group(draft.id, number)
    if found is None:
        raise NotFound
    return found


nav: list[NavItem] = []
routes = [group_list, search, group, decide]
