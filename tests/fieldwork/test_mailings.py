"""Invitations and reminders: who gets them, what they say, what the mail server says, and the way out."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import httpx
import pytest

from consult.fieldwork import mailing_operations, mailing_queries, operations, queries
from consult.fieldwork.links import Links, links_of
from consult.fieldwork.mailing import Filling, check_texts, default_texts, filled
from consult.fieldwork.mailing_operations import NobodyLeft, NotOpen, StillSending, TakesNoInvitations
from consult.i18n import locale
from consult.mail import operations as mail
from consult.mail.delivery import PostOffice
from consult.settings import Settings
from consult.storage import execute, fetch, fetchval
from consult.surveys.admission import invitations
from consult.surveys.admission.invitation_operations import open_contacts
from tests.conftest import NOON
from tests.fieldwork.makers import ENABLED, a_contact, allow_invitations, invited_survey
from tests.mail.conftest import TOWN
from tests.mail.server import MailServer
from tests.people.makers import staff
from tests.surveys.conftest import hidden, publish
from tests.surveys.makers import free
from tests.surveys.makers import survey as a_survey

LINKS = Links("https://consult.example.org", bytes(32))
HERE = "/staff/en/surveys/sample/contacts"
MINUTE = timedelta(minutes=1)


async def start(survey: UUID, kind: str = "invitation", at: object = NOON) -> UUID:
    subject, body = default_texts(kind, [locale(code) for code in ENABLED])
    return await mailing_operations.start_mailing(
        survey_id=survey,
        kind=kind,
        subject=subject,
        body=body,
        codes=ENABLED,
        links=LINKS,
        at=at,  # type: ignore[arg-type]
    )


async def send_some(*, per_minute: int = 60, at: object = NOON) -> int:
    return await mailing_operations.send_some(
        links=LINKS,
        sender=TOWN,
        per_minute=per_minute,
        at=at,  # type: ignore[arg-type]
    )


async def through_smtp(post: PostOffice) -> None:
    for row in await fetch("select id from notification where state = 'waiting' order by created_at, recipient"):
        await mail.send(notification_id=row["id"], post=post, at=NOON)
    await mailing_operations.settle()


async def answered(survey: UUID, contact: UUID) -> None:
    """What storing an answer does to the invitation."""
    token = invitations.token_of(LINKS.key, survey, contact)
    await execute("delete from open_token where hash = $1", invitations.hashed(LINKS.key, survey, token))


async def test_invitation_speaks_the_contacts_language_and_has_the_way_out(
    application: object, post: PostOffice, mail_server: MailServer
) -> None:
    survey = await invited_survey()
    contact = await a_contact(survey)
    await a_contact(survey, name="ნინო", email="nino@example.org", language="ka")
    await start(survey)
    assert await send_some() == 2
    await through_smtp(post)
    by_recipient = dict(zip(mail_server.post.recipients, mail_server.post.mails, strict=True))
    letter = by_recipient["ana@example.org"]
    text = letter.get_content()
    token = invitations.token_of(LINKS.key, survey, contact)
    assert f"https://consult.example.org/mk/surveys/sample/i/{token}" in text
    assert "Ана Петрова" in text and "Град Скопје" in text
    assert "{" not in text
    way_out = LINKS.way_out(locale("mk"), contact)
    assert way_out in text
    assert letter["List-Unsubscribe"] == f"<{way_out}>"
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "/ka/surveys/sample/i/" in by_recipient["nino@example.org"].get_content()
    assert token not in str([dict(row) for row in await fetch("select * from notification, contact, open_token")])
    assert await fetchval("select count(*) from notification where unsubscribe is not null") == 0


async def test_letters_go_out_so_many_a_minute(application: object) -> None:
    survey = await invited_survey()
    for number in range(5):
        await a_contact(survey, email=f"a{number}@example.org")
    await start(survey)
    assert await send_some(per_minute=2) == 2
    assert await send_some(per_minute=2, at=NOON + MINUTE / 2) == 0
    assert await send_some(per_minute=2, at=NOON + MINUTE) == 2
    (round_,) = await mailing_queries.mailings(survey)
    assert (round_.state, round_.counts.planned, round_.counts.queued) == ("running", 1, 4)
    assert await send_some(per_minute=2, at=NOON + 2 * MINUTE) == 1
    assert await send_some(per_minute=2, at=NOON + 3 * MINUTE) == 0
    assert [one.state for one in await mailing_queries.mailings(survey)] == ["done"]


async def test_reminder_goes_only_to_those_who_have_not_answered(
    application: object, post: PostOffice, mail_server: MailServer
) -> None:
    survey = await invited_survey()
    people = {name: await a_contact(survey, name=name, email=f"{name}@example.org") for name in ("ana", "eva", "iva")}
    await start(survey)
    await send_some()
    await through_smtp(post)
    await answered(survey, people["ana"])
    await mailing_operations.opt_out(contact_id=people["iva"], everything=False, links=LINKS, at=NOON)
    later = NOON + timedelta(days=2)
    await start(survey, "reminder", at=later)
    assert await send_some(at=later) == 1
    await through_smtp(post)
    assert mail_server.post.recipients[3:] == ["eva@example.org"]
    links = [
        re.findall(r"/i/(\w+)", mail.get_content())
        for mail in mail_server.post.mails
        if mail["To"] and "eva" in mail["To"]
    ]
    assert links[0] == links[1]
    frame = await mailing_queries.frame_counts(survey, LINKS.key)
    assert (frame.contacts, frame.invited, frame.answered, frame.opted_out, frame.bounced) == (3, 3, 1, 1, 0)


async def test_who_answers_or_opts_out_while_letters_go_out_gets_none(application: object) -> None:
    survey = await invited_survey()
    people = [await a_contact(survey, email=f"a{number}@example.org") for number in range(3)]
    await start(survey)
    await answered(survey, people[0])
    await mailing_operations.opt_out(contact_id=people[1], everything=False, links=LINKS, at=NOON)
    assert await send_some() == 1
    (round_,) = await mailing_queries.mailings(survey)
    assert round_.counts.total == 1


async def test_refused_recipient_is_a_bounce_and_a_refused_mail_is_not(
    application: object, post: PostOffice, mail_server: MailServer
) -> None:
    survey = await invited_survey()
    contact = await a_contact(survey)
    await start(survey)
    await send_some()
    mail_server.post.answer_to_recipient = "550 no such user"
    await through_smtp(post)
    (round_,) = await mailing_queries.mailings(survey)
    assert (round_.state, round_.counts.bounced) == ("done", 1)
    assert (await queries.contact(survey, contact)).bounce == "refused"
    assert await send_some(at=NOON + MINUTE) == 0
    with pytest.raises(NobodyLeft):
        await start(survey, "reminder")
    await operations.correct_contact(
        survey_id=survey, contact_id=contact, values={"email": "new@example.org", "language": "mk"}, language="mk",
        enabled=ENABLED, at=NOON,
    )  # fmt: skip
    assert (await queries.contact(survey, contact)).bounce is None
    other = await a_contact(survey, email="eva@example.org")
    mail_server.post.answer_to_recipient, mail_server.post.answer_to_data = "250 OK", "554 looks like spam"
    await start(survey, at=NOON + MINUTE)
    await send_some(at=NOON + 2 * MINUTE)
    await through_smtp(post)
    assert (await mailing_queries.mailings(survey))[0].counts.failed == 2
    assert (await queries.contact(survey, other)).bounce is None


async def test_returned_mail_marks_its_address(application: object) -> None:
    survey = await invited_survey()
    contact = await a_contact(survey, email="Ana@example.org")
    await a_contact(survey, email="eva@example.org")
    text = "Final-Recipient: rfc822;ana@example.org\nStatus: 5.1.1\n<postmaster@example.org>"
    assert await mailing_operations.note_bounces(survey_id=survey, text=text, at=NOON) == 1
    assert (await queries.contact(survey, contact)).bounce == "returned"


async def test_letters_need_an_open_survey_that_takes_invitations_and_somebody_to_write_to(application: object) -> None:
    closed = await publish(a_survey(key="closed"), is_open=False)
    with pytest.raises(NotOpen):
        await start(closed)
    survey = await publish()
    with pytest.raises(TakesNoInvitations):
        await start(survey)
    await allow_invitations(survey)
    with pytest.raises(NobodyLeft):
        await start(survey)
    await a_contact(survey)
    first = await start(survey)
    await a_contact(survey, email="eva@example.org")
    with pytest.raises(StillSending):
        await start(survey)
    await mailing_operations.stop_mailing(survey_id=survey, mailing_id=first, at=NOON)
    await start(survey)
    assert await send_some(at=NOON + timedelta(days=8)) == 0
    assert {one.state for one in await mailing_queries.mailings(survey)} == {"stopped"}


async def test_invitation_is_issued_once_and_ends_with_its_contact(application: object) -> None:
    survey = await invited_survey()
    contact = await a_contact(survey)
    first = await start(survey)
    await answered(survey, contact)
    await mailing_operations.stop_mailing(survey_id=survey, mailing_id=first, at=NOON)
    with pytest.raises(NobodyLeft):
        await start(survey)
    assert await open_contacts(survey_id=survey, contacts=[contact], key=LINKS.key) == set()
    other = await a_contact(survey, email="eva@example.org")
    await start(survey)
    assert await open_contacts(survey_id=survey, contacts=[contact, other], key=LINKS.key) == {other}
    await send_some()
    await operations.erase_contacts(survey_id=survey, key=LINKS.key, at=NOON)
    assert await open_contacts(survey_id=survey, contacts=[contact, other], key=LINKS.key) == set()
    assert await fetchval("select count(*) from notification") == 0


def test_words_are_filled_once_and_checked() -> None:
    filling = Filling("{link} Eva", "Parks", "https://x", "", "Town", "", "")
    assert filled("Good day {name},\n\nuntil {closes}.\n\n{link}", filling) == "Good day {link} Eva,\n\nhttps://x"
    assert filled("Good day {name},", replace(filling, name="")) == "Good day,"
    problems = check_texts({"mk": "a\nb", "ka": ""}, {"mk": "{lnk}", "ka": "no link"}, ("mk", "ka"))
    assert [one.place for one in problems] == ["subject-mk", "body-mk", "subject-ka", "body-ka"]
    for kind in ("invitation", "reminder"):
        assert check_texts(*default_texts(kind, [locale(code) for code in ENABLED]), ENABLED) == []


async def test_way_out_needs_a_button_and_means_what_was_chosen(client: httpx.AsyncClient, settings: Settings) -> None:
    from consult.fieldwork.links import links_of

    links = links_of(settings)
    survey = await invited_survey()
    contact = await a_contact(survey)
    path = links.way_out(locale("mk"), contact).removeprefix(settings.base_url)
    shown = await client.get(path)
    assert (shown.status_code, shown.headers["cache-control"]) == (200, "no-store")
    assert "ana@example.org" not in shown.text
    assert not (await queries.contact(survey, contact)).has_opted_out
    assert (await client.post(path, data={})).status_code == 422
    assert (await client.post(path, data={"how_much": "survey"})).status_code == 200
    assert (await queries.contact(survey, contact)).has_opted_out
    assert await fetchval("select count(*) from invitation_refusal") == 0
    assert (await client.post(path, data={"List-Unsubscribe": "One-Click"})).status_code == 200
    assert await fetchval("select count(*) from invitation_refusal") == 1
    await execute("delete from contact")
    await a_contact(survey)
    assert await mailing_queries.recipients(survey, "invitation", links) == []
    assert (await client.post(path, data={"how_much": "survey"})).status_code == 200
    assert (await client.get(path[:-2] + "xx")).status_code == 404


async def test_clerk_writes_sends_stops_and_notes_bounces(client: httpx.AsyncClient) -> None:
    survey = await invited_survey()
    await a_contact(survey)
    await staff(client, NOON, "clerk")
    assert "Write the invitation" in (await client.get(HERE)).text
    form = (await client.get(f"{HERE}/write/invitation")).text
    texts = {
        **dict(re.findall(r'name="(subject-\w+)" type="text" value="([^"]*)"', form)),
        **dict(re.findall(r'name="(body-\w+)".*?>\n(.*?)</textarea>', form, re.DOTALL)),
    }
    assert len(texts) == 6
    shown = await client.post(f"{HERE}/write/invitation", data={**texts, "go": "show"})
    assert "Ана Петрова" in shown.text and "/i/…" in shown.text
    wrong = await client.post(f"{HERE}/write/invitation", data={**texts, "body-ka": "", "go": "send"})
    assert (wrong.status_code, 'href="#body-ka"' in wrong.text) == (422, True)
    sent = await client.post(f"{HERE}/write/invitation", data={**texts, "go": "send"})
    assert sent.headers["location"] == f"{HERE}?done=started"
    running = (await client.get(HERE)).text
    stop = re.search(r'action="([^"]+/stop)"', running)
    assert stop is not None
    await client.post(stop[1])
    nobody = await client.post(f"{HERE}/bounces", data={"returned": "nobody <b>"})
    assert (nobody.status_code, "\nnobody &lt;b&gt;</textarea>" in nobody.text) == (422, True)
    noted = await client.post(f"{HERE}/bounces", data={"returned": "ana@example.org"})
    assert noted.headers["location"] == f"{HERE}?done=bounces"
    assert (await client.get(f"{HERE}/write/nothing")).status_code == 404


@pytest.mark.parametrize("way", ["link", "code"])
async def test_from_the_contact_to_the_answer_and_no_further(
    client: httpx.AsyncClient, settings: Settings, way: str
) -> None:
    links = links_of(settings)
    words: dict[str, str] = dict.fromkeys(ENABLED, "Small")
    asked_for = free("wish", text=words)
    survey = await invited_survey(a_survey(asked_for, languages=ENABLED, title=words), who="invited")
    contact = await a_contact(survey)
    subject, body = default_texts("invitation", [locale(code) for code in ENABLED])
    await mailing_operations.start_mailing(
        survey_id=survey, kind="invitation", subject=subject, body=body, codes=ENABLED, links=links, at=NOON
    )
    await mailing_operations.send_some(links=links, sender=TOWN, per_minute=60, at=NOON)
    letter = await fetchval("select body_text from notification where recipient = 'ana@example.org'")
    found = re.search(rf"{settings.base_url}(/mk/surveys/small/i/(\w+))", letter)
    assert found is not None
    asked = "/mk/surveys/small/code"
    first = await (client.get(found[1]) if way == "link" else client.post(asked, data={"code": found[2]}))
    assert hidden(first.text)["_t"] == [found[2]]
    sent = {**hidden(first.text), "wish": "Shade", "_go": "next"}
    assert 'id="receipt"' in (await client.post("/mk/surveys/small", data=sent)).text
    frame = await mailing_queries.frame_counts(survey, links.key)
    assert (frame.invited, frame.answered) == (1, 1)
    again = await (client.get(found[1]) if way == "link" else client.post(asked, data={"code": found[2]}))
    assert again.status_code == (410 if way == "link" else 422)
    assert ("mailto:" if way == "link" else 'href="#code"') in again.text
    await staff(client, NOON, "analyst")
    assert "Answered: 1." in (await client.get("/staff/en/surveys/small/fieldwork")).text
    assert await open_contacts(survey_id=survey, contacts=[contact], key=links.key) == set()
