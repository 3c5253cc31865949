"""A person who left an address wherever the platform takes one."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from uuid import UUID, uuid4

from consult.columns.frame import frame
from consult.consultations.following import operations as following
from consult.consultations.following.links import links_of as following_links
from consult.documents.sheets import parse
from consult.drafts.comments.support import email_mark
from consult.fieldwork import operations as fieldwork
from consult.fieldwork.links import links_of as invitation_links
from consult.forums.links import links_of
from consult.forums.questions import operations as questions
from consult.forums.questions.question import Asked
from consult.forums.registering import register
from consult.forums.registration import Registrant
from consult.forums.slots import request_operations as requests
from consult.forums.slots.slot import Requested
from consult.i18n import Text
from consult.people.sessions import WrongPassword, sign_in
from consult.settings import Settings, secret_key
from consult.storage import execute
from consult.surveys.admission import invitations
from consult.surveys.admission.invitation_operations import issue_tokens
from consult.surveys.responses import inserts
from tests.conftest import NOON
from tests.drafts.makers import a_comment, a_draft
from tests.fieldwork.makers import a_contact, invited_survey
from tests.forums.slots.makers import OPENS, a_reception
from tests.people.makers import a_person
from tests.surveys.makers import free, single, survey
from tests.surveys.test_operations import row

NAME, ADDRESS, PHONE, WORDS = "Билјана Трпковска", "Biljana.T@example.org", "+389 70 555 123", "Нашата улица е темна."
SENDER: Text = {"mk": "Скопје", "ka": "სკოპიე", "en": "Skopje"}


async def invited_to(survey_id: UUID, contact: UUID, settings: Settings) -> bytes:
    """Send a contact an invitation; returns the hash that is kept of it."""
    key = invitation_links(settings).key
    token = (await issue_tokens(survey_id=survey_id, contacts=[contact], key=key))[contact]
    return invitations.hashed(key, survey_id, token)


async def everywhere(settings: Settings) -> UUID:
    """Let her take part in everything; returns the survey whose answer leads to her."""
    secret, links = secret_key(settings), links_of(settings)
    confidential = await invited_survey(survey(free("wish"), single(), mode="confidential"))
    contact = await a_contact(confidential, name=NAME, email=ADDRESS, phone=PHONE, address="Ул. Вардарска 1")
    answer = row(
        confidential, token=await invited_to(confidential, contact, settings), submitted_at=NOON,
        answers=inserts.encoded({"wish": WORDS, "colour": "red"}),
    )  # fmt: skip
    await inserts.responses.store(answer)
    await frame(confidential)
    sheet = parse(f"name,email\n{NAME},{ADDRESS}\n".encode())
    await fieldwork.keep_upload(survey_id=confidential, name="list.csv", sheet=sheet, at=NOON)

    forum = await a_reception()
    registrant = Registrant(name=NAME, email=ADDRESS, phone=PHONE, needs=("wheelchair",), needs_note="Ana")
    await register(
        forum_slug=forum.slug,
        sessions=[forum.sessions[0].id],
        registrant=registrant,
        language="mk",
        links=links,
        at=NOON,
    )
    await questions.ask(
        form_id=uuid4(), forum_slug=forum.slug, asked=Asked(WORDS, NAME, ADDRESS), language="mk", at=NOON
    )
    await requests.ask(
        form_id=uuid4(), forum_slug=forum.slug, requested=Requested(NAME, ADDRESS, PHONE, "", WORDS), language="mk",
        links=links, at=OPENS,
    )  # fmt: skip

    draft = await a_draft()
    await a_comment(draft, name=NAME, email=ADDRESS, text=WORDS, published=True)
    other = await a_comment(draft, text="Друг предлог.", published=True)
    await execute(
        "INSERT INTO comment_support (id, comment, email, supported_on) VALUES ($1, $2, $3, $4)",
        uuid4(),
        other.id,
        email_mark(secret, other.id, ADDRESS),
        NOON.date(),
    )
    await following.follow(
        email=ADDRESS, language="mk", consultation_id=None, links=following_links(settings), sender=SENDER, at=NOON
    )
    await a_person(name=NAME, email=ADDRESS, disabled_at=NOON - timedelta(days=1))
    with suppress(WrongPassword):
        await sign_in(email=ADDRESS, password="guessed", network="192.0.2.7", at=NOON)
    return confidential
