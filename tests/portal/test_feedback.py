"""The survey for those who came to a meeting, and the dossier of a meeting."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import httpx
import pytest

from consult.forums.door import operations as door
from consult.forums.door.checkin import Act, Kind
from consult.forums.forum import Forum
from consult.forums.links import links_of
from consult.forums.registration import Channel
from consult.forums.registration_operations import forget
from consult.portal import feedback
from consult.settings import Settings
from consult.storage import execute, fetch
from consult.surveys import queries as surveys
from tests.conftest import NOON, Clock
from tests.drafts.makers import a_draft
from tests.forums.afterwards.makers import a_past_forum, some_minutes
from tests.forums.makers import LINKS, a_forum, register, the_registration
from tests.people.makers import staff
from tests.surveys.conftest import publish

SENDER = {"mk": "Град Скопје"}


async def _held(settings: Settings) -> tuple[Forum, UUID]:
    """A meeting at which Ana and a person without an address were; Goce stayed away."""
    forum = await a_forum(at=NOON)
    for email, name in (("ana@example.com", "Ana"), ("goce@example.com", "Goce"), ("", "Mila")):
        channel = Channel.WEB if email else Channel.PHONE
        await register(forum, email, name=name, channel=channel, at=NOON)
    session = forum.sessions[0]
    known = {one["name"]: one["id"] for one in await fetch("SELECT id, name FROM registration")}
    acts = [
        Act(uuid4(), Kind.ARRIVE, session.starts_at, registration=known["Ana"]),
        Act(uuid4(), Kind.ARRIVE, session.starts_at, registration=known["Mila"]),
    ]
    await door.note(session_id=session.id, acts=acts, links=links_of(settings), actor=None, at=session.starts_at)
    return forum, known["Goce"]


async def _letters() -> list[str]:
    rows = await fetch("SELECT recipient, body_text FROM notification WHERE event LIKE 'forum.feedback:%' ORDER BY 1")
    assert all("/surveys/sample" in row["body_text"] for row in rows)
    return [row["recipient"] for row in rows]


async def test_who_came_and_left_an_address_is_asked_once(client: httpx.AsyncClient, settings: Settings) -> None:
    await publish()
    forum, goce = await _held(settings)
    survey = await surveys.survey("sample")
    ends = forum.sessions[0].ends_at
    await execute("UPDATE survey SET closes_at = NULL")
    await feedback.choose(forum.id, survey.id, actor=None, at=NOON)
    hour = ends + timedelta(hours=2)
    assert await feedback.send_due(settings=settings, sender=SENDER, at=ends) == 0
    assert [await feedback.send_due(settings=settings, sender=SENDER, at=hour) for _ in range(2)] == [1, 0]
    assert await _letters() == ["ana@example.com"]
    with pytest.raises(feedback.AlreadyAsked):
        await feedback.choose(forum.id, None, actor=None, at=hour)
    act = Act(uuid4(), Kind.ARRIVE, ends, registration=goce)
    await door.note(session_id=forum.sessions[0].id, acts=[act], links=links_of(settings), actor=None, at=hour)
    way_out = f"/en/registrations/{LINKS.token((await the_registration(forum, 'goce@example.com')).party)}/no-letters"
    assert (await client.get(way_out)).status_code == 200
    assert "Your wish is noted" in (await client.post(way_out)).text
    assert await feedback.send_due(settings=settings, sender=SENDER, at=hour) == 0
    await execute("DELETE FROM invitation_refusal")
    await forget(at=ends + timedelta(days=31))
    await execute("UPDATE forum_session SET ends_at = $1", hour + timedelta(days=30))
    later = hour + timedelta(days=31)
    assert await feedback.send_due(settings=settings, sender=SENDER, at=later) == 0
    assert await _letters() == ["ana@example.com"]


async def test_staff_choose_the_survey_and_read_the_dossier(client: httpx.AsyncClient, clock: Clock) -> None:
    await publish()
    draft = await a_draft()
    await some_minutes(await a_past_forum())
    forum = await a_forum(at=NOON)
    assert draft.consultation is not None
    await execute("UPDATE forum SET consultation = $2 WHERE id = $1", forum.id, draft.consultation.id)
    base = f"/staff/en/forums/{forum.id}"
    assert (await client.get(f"{base}/dossier")).status_code in {303, 401, 403}
    await staff(client, clock.now, "moderator")
    survey = await surveys.survey("sample")
    assert (await client.post(f"{base}/feedback", data={"survey": "x"})).status_code == 422
    assert (await client.post(f"{base}/feedback", data={"survey": str(survey.id)})).status_code == 303
    assert survey.title["en"] in (await client.get(base)).text
    shown = await client.get(f"{base}/dossier")
    assert shown.status_code == 200
    assert "Forty trees are planted" in shown.text and draft.title["en"] in shown.text
    assert (await client.get(f"/staff/en/forums/{uuid4()}/dossier")).status_code == 404
    assert (await client.post(f"{base}/feedback", data={"survey": ""})).status_code == 303
    assert await feedback.feedback_of(forum.id) is None
