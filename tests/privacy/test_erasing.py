"""Somebody who took part everywhere is found everywhere and erased from everything that can be changed."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import httpx
import pytest

from consult.columns import folder
from consult.consultations.following import operations as following
from consult.consultations.following.links import links_of as following_links
from consult.documents.sheets import parse
from consult.drafts.comments.support import email_mark
from consult.errors import Invalid
from consult.fieldwork import operations as fieldwork
from consult.jobs import enqueue
from consult.mail.message import BadAddress
from consult.people.person import Person
from consult.privacy import erasing, finding
from consult.privacy.erasing import ActiveColleague, ForeignLedger, NoLedger, Outcome
from consult.records.queries import verify_chain
from consult.results.downloads import operations as exports
from consult.settings import Settings, secret_key
from consult.storage import execute, fetch, fetchval
from tests.conftest import NOON
from tests.drafts.makers import a_comment, a_draft
from tests.fieldwork.makers import a_contact, invited_survey
from tests.forums.slots.makers import OPENS
from tests.people.makers import a_person, staff
from tests.privacy.town import ADDRESS, NAME, PHONE, SENDER, WORDS, everywhere
from tests.surveys.makers import free
from tests.surveys.makers import survey as free_survey
from tests.surveys.test_anonymity import everything

SUPPORTER, COLLEAGUE = "supporter@example.org", "colleague@example.org"
LATER = OPENS + timedelta(hours=1)


async def erased(settings: Settings, *, with_words: bool = True, actor: UUID | None = None) -> Outcome:
    return await erasing.forget(
        email=ADDRESS, reason="Wish by letter 12/3", with_words=with_words, settings=settings, at=LATER, actor=actor
    )


async def a_support(comment: UUID, address: str, settings: Settings) -> None:
    """As from a backup: the same row each time."""
    await execute(
        "INSERT INTO comment_support (id, comment, email, supported_on) VALUES ($1, $1, $2, $3)",
        comment,
        email_mark(secret_key(settings), comment, address),
        NOON.date(),
    )


async def tables_with(*words: str) -> set[str]:
    """Tables in which one of the words stands, in any column."""
    return {
        f"{table}: {word}"
        for table, lines in (await everything()).items()
        for line in lines
        for word in words
        if word.lower() in line.lower()
    }


@pytest.fixture
def spoken(application: object) -> object:
    return application


async def test_a_person_is_found_and_erased_from_everything(spoken: object, settings: Settings) -> None:
    survey = await everywhere(settings)
    found = await finding.find(email=f" {ADDRESS.upper()} ", secret=secret_key(settings))
    assert {hit.holding.table for hit in found.theirs} == {
        "contact", "contact_upload", "response", "registration", "forum_question", "forum_slot_request", "comment",
        "comment_support", "follower", "notification", "person", "sign_in_attempt",
    }  # fmt: skip
    assert found.mentioned == ()
    (answer,) = [row["id"] for row in await fetch("SELECT id FROM response")]
    assert any(answer.bytes in path.read_bytes() for path in folder.folder_of(survey).iterdir())

    admin = await a_person(roles=["admin"])
    outcome = await erased(settings, actor=admin.id)
    assert await tables_with(ADDRESS, NAME, PHONE, WORDS, "Вардарска") == set()
    assert outcome.remaining == ()
    assert not any(answer.bytes in path.read_bytes() for path in folder.folder_of(survey).iterdir())
    assert await fetchval("SELECT count(*) FROM comment_support") == 0
    assert await fetchval("SELECT count(*) FROM sign_in_attempt") == 0
    assert (await finding.find(email=ADDRESS, secret=secret_key(settings))).is_nothing
    assert outcome.backups_until == LATER + timedelta(days=30)

    entry = (await fetch("SELECT * FROM audit_entry WHERE kind = 'privacy.person_erased'"))[0]
    assert entry["actor"] == admin.id and entry["after"]["rows"]["comment"] == 1
    assert (await verify_chain()).is_intact
    assert await fetchval("SELECT taken FROM forum_slot LIMIT 1") == 0
    assert await fetchval("SELECT seats_taken FROM forum_session") == 0


async def test_free_texts_that_name_the_address_are_told(spoken: object, settings: Settings) -> None:
    await a_comment(await a_draft(), text=f"Write to {ADDRESS}.")
    found = await finding.find(email=ADDRESS, secret=secret_key(settings))
    assert [(hit.holding.table, hit.columns) for hit in found.mentioned] == [("comment", ("text",))]
    assert found.theirs == ()


def test_an_address_is_found_in_any_text_but_not_as_a_part_of_a_longer_one() -> None:
    found = re.compile(finding.by_itself("ana@example.org").replace("[:alnum:]", "a-z0-9"))
    for text in ("ana@example.org", "<ana@example.org>", r'see\nana@example.org."', "x: ana@example.org), y"):
        assert found.search(text), text
    for text in ("dana@example.org", "m.ana@example.org", "ana@example.org.mk", "ana@example.organic"):
        assert not found.search(text), text


async def test_an_address_that_ends_alike_is_somebody_elses(spoken: object, settings: Settings) -> None:
    survey = await invited_survey(free_survey(free("wish"), mode="confidential"))
    sheet = parse(f"name,email\nDana,d{ADDRESS}\n".encode())
    upload = await fieldwork.keep_upload(survey_id=survey, name="list.csv", sheet=sheet, at=NOON)
    links = following_links(settings)
    for address in (ADDRESS, f"d{ADDRESS}"):
        await following.follow(email=address, language="mk", consultation_id=None, links=links, sender=SENDER, at=NOON)
        await enqueue("test.letter", {"to": [address]})
    assert (await erased(settings)).remaining == ()
    assert [row["email"] for row in await fetch("SELECT email FROM follower")] == [f"d{ADDRESS}"]
    assert await fetchval("SELECT id FROM contact_upload") == upload
    kept = await fetch("SELECT args FROM procrastinate_jobs WHERE task_name = 'test.letter'")
    assert [row["args"]["payload"]["to"] for row in kept] == [[f"d{ADDRESS}"]]


async def test_who_left_no_address_is_found_by_a_telephone_number(spoken: object, settings: Settings) -> None:
    survey = await invited_survey(free_survey(free("wish"), mode="confidential"))
    await a_contact(survey, name=NAME, email="", phone=PHONE)
    other = await a_contact(survey, name="Dana", email="dana@example.org", phone=PHONE)
    for wrong in ("Biljana", "55 51 23", "+389 70 555 123 x"):
        with pytest.raises(BadAddress):
            await finding.find(email=wrong, secret=secret_key(settings))
    found = await finding.find(email="070/555-123", secret=secret_key(settings))
    assert [(hit.holding.table, hit.rows) for hit in found.theirs] == [("contact", 1)]
    assert [(hit.holding.table, hit.columns) for hit in found.mentioned] == [("contact", ("phone",))]
    assert found.beside == ("dana@example.org",)
    await erasing.forget(email="070/555-123", reason="A wish", with_words=False, settings=settings, at=LATER)
    assert [row["id"] for row in await fetch("SELECT id FROM contact")] == [other]
    await a_contact(survey, name=NAME, email="", phone=PHONE)  # as from a backup
    assert (await erasing.again(settings=settings, at=LATER)).persons == 1


async def test_an_erasure_is_repeated_after_an_older_backup_was_restored(spoken: object, settings: Settings) -> None:
    supported = await a_comment(await a_draft(), text=WORDS)
    await a_support(supported.id, SUPPORTER, settings)
    for email in (COLLEAGUE, SUPPORTER, ADDRESS):  # the one that cannot be repeated stands first
        await erasing.forget(email=email, reason="A wish", with_words=False, settings=settings, at=LATER)
    ledger = settings.data / erasing.LEDGER
    assert ADDRESS.lower() not in ledger.read_text() and ledger.stat().st_mode & 0o077 == 0
    for address in (ADDRESS, SUPPORTER, COLLEAGUE, "other@example.org"):  # as if they came back
        await following.follow(
            email=address, language="mk", consultation_id=None, links=following_links(settings), sender=SENDER, at=NOON
        )
    await a_person(email=COLLEAGUE)
    await a_support(supported.id, SUPPORTER, settings)
    done = await erasing.again(settings=settings, at=LATER)
    assert (done.persons, [address for address, _ in done.left]) == (2, [COLLEAGUE])
    left = await fetch("SELECT email FROM follower ORDER BY email")
    assert [row["email"] for row in left] == [COLLEAGUE, "other@example.org"]
    assert await fetchval("SELECT count(*) FROM comment_support") == 0

    with pytest.raises(ForeignLedger):
        await erasing.again(settings=replace(settings, secret="ab" * 32), at=LATER)
    ledger.unlink()
    with pytest.raises(NoLedger):
        await erasing.again(settings=settings, at=LATER)


async def test_public_words_stay_and_the_note_too_when_a_file_cannot_go(spoken: object, settings: Settings) -> None:
    await everywhere(settings)
    stubborn = exports.file_of(uuid4())  # a folder where a file ought to be
    stubborn.mkdir(parents=True)
    outcome = await erased(settings, with_words=False)
    assert outcome.erased.theirs
    assert await tables_with(ADDRESS, NAME, PHONE) == set()
    assert await tables_with(WORDS) == {f"comment: {WORDS}", f"forum_question: {WORDS}"}
    assert (settings.data / erasing.LEDGER).read_text().count("\n") == 1

    (settings.data / erasing.LEDGER).unlink()
    (settings.data / erasing.LEDGER).mkdir()
    await following.follow(
        email=ADDRESS, language="mk", consultation_id=None, links=following_links(settings), sender=SENDER, at=NOON
    )
    with pytest.raises(OSError, match=erasing.LEDGER):
        await erased(settings)
    assert await fetchval("SELECT count(*) FROM follower") == 1, "what cannot be noted is not erased"


async def test_a_working_account_is_not_erased(spoken: object, settings: Settings) -> None:
    colleague: Person = await a_person(email=ADDRESS)
    with pytest.raises(ActiveColleague):
        await erased(settings)
    with pytest.raises(Invalid):
        await erasing.forget(email=colleague.email, reason=" ", with_words=False, settings=settings, at=LATER)
    assert await fetchval("SELECT name FROM person WHERE email = $1", ADDRESS) == colleague.name


async def test_administrators_erase_on_a_page(client: httpx.AsyncClient, settings: Settings) -> None:
    await a_comment(await a_draft(), name=NAME, email=ADDRESS, text=WORDS)
    await staff(client, NOON, "clerk")
    page = "/staff/en/privacy"
    assert (await client.post(page, data={"email": ADDRESS})).status_code == 403
    assert (
        await client.post(f"{page}/erase", data={"email": ADDRESS, "reason": "wish", "sure": "1"})
    ).status_code == 403
    await staff(client, NOON, "admin")
    shown = await client.post(page, data={"email": ADDRESS})
    assert shown.status_code == 200 and "What would be erased" in shown.text
    unsure = await client.post(f"{page}/erase", data={"email": ADDRESS, "reason": "A wish"})
    assert unsure.status_code == 422 and "A wish" in unsure.text
    assert await tables_with(NAME)
    done = await client.post(f"{page}/erase", data={"email": ADDRESS, "reason": "A wish", "sure": "1"})
    assert done.status_code == 200 and "The person has been erased" in done.text and "Backups" in done.text
    assert await tables_with(ADDRESS, NAME) == set()
