"""Following: a letter, a button, news, and a way out."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import httpx
import pytest

from consult.consultations import operations as consultations
from consult.consultations.consultation import Stored
from consult.consultations.following import operations, queries
from consult.consultations.following.follower import NOTICES, UNCONFIRMED_KEPT, digest_monday
from consult.consultations.following.links import Links
from consult.errors import NotFound
from consult.i18n import locale
from consult.jobs import worker
from consult.storage import fetch
from consult.storage.embedded import Embedded
from tests.conftest import Clock
from tests.consultations.makers import DURING, a_consultation

LINKS = Links("http://consult.test", b"k" * 32)
TOWN = {"mk": "Град Скопје", "ka": "ქალაქი სკოპიე", "en": "City of Skopje"}
SKOPJE = ZoneInfo("Europe/Skopje")


async def letters(recipient: str) -> list[tuple[str, str, str | None]]:
    rows = await fetch(
        "select subject, body_text, unsubscribe from notification where recipient = $1 order by created_at, event",
        recipient,
    )
    return [(row["subject"], row["body_text"], row["unsubscribe"]) for row in rows]


@pytest.mark.parametrize(
    ("local", "due"),
    [
        ("2026-11-23 06:59", None),
        ("2026-11-23 07:00", "2026-11-23"),
        ("2026-11-24 18:59", "2026-11-23"),
        ("2026-11-24 19:00", None),
        ("2026-11-27 10:00", None),
        ("2026-03-30 07:30", "2026-03-30"),  # the clocks went forward the day before
        ("2026-10-26 07:30", "2026-10-26"),  # and back
    ],
)
def test_the_weekly_letter_is_due_on_monday_morning(local: str, due: str | None) -> None:
    found = digest_monday(dt.datetime.fromisoformat(local).replace(tzinfo=SKOPJE).astimezone(dt.UTC), SKOPJE)
    assert (found.date().isoformat() if found else None) == due
    assert found is None or found.astimezone(SKOPJE).hour == 7


def test_an_altered_link_is_nobodys() -> None:
    with pytest.raises(NotFound):
        LINKS.read("AAAA")


async def test_an_address_counts_once_its_owner_confirmed_and_can_end_it(
    client: httpx.AsyncClient, clock: Clock
) -> None:
    clock.now = DURING
    consultation = await a_consultation()
    page = f"/mk/consultations/{consultation.slug}/follow"
    assert (await client.get("/mk/consultations/none/follow")).status_code == 404
    wrong = await client.post(page, data={"email": "nobody"})
    assert wrong.status_code == 422
    assert 'value="nobody"' in wrong.text
    first = await client.post(page, data={"email": "ana@example.org"})
    second = await client.post(page, data={"email": "Ana@example.org"})
    assert (first.status_code, first.text) == (second.status_code, second.text)
    sent = await letters("ana@example.org") + await letters("Ana@example.org")
    link = next(line for line in sent[0][1].splitlines() if "/following/" in line)
    assert await queries.count_of(consultation.id) == 0

    looked = await client.get(link)
    assert "ana@example.org" in looked.text
    assert await queries.count_of(consultation.id) == 0
    await client.post(link, data={"wish": "confirm"})
    assert await queries.count_of(consultation.id) == 1
    again = await client.post(page, data={"email": "ana@example.org"})
    assert again.text == first.text
    assert locale("mk").gettext("You already get this news") in [one[0] for one in await letters("ana@example.org")]

    await client.post(link, data={"List-Unsubscribe": "One-Click"})
    assert await fetch("select 1 from follower") == []
    assert (await client.post(link, data={"wish": "confirm"})).status_code == 404


async def test_unconfirmed_addresses_are_forgotten(db: None) -> None:
    for email, consultation_id in (("ana@example.org", None), ("eka@example.org", None)):
        await operations.follow(
            email=email, language="mk", consultation_id=consultation_id, links=LINKS, sender=TOWN, at=DURING
        )
    eka = await queries.by_address("eka@example.org", None)
    assert eka is not None
    await operations.confirm(follower_id=eka.id, at=DURING)
    await operations.forget(at=DURING + UNCONFIRMED_KEPT + dt.timedelta(seconds=1))
    assert [row["email"] for row in await fetch("select email from follower")] == ["eka@example.org"]


async def test_followers_are_told_once_in_their_language(db: None) -> None:
    consultation = await a_consultation()
    for email, language in (("ana@example.org", "mk"), ("eka@example.org", "ka")):
        wish = {"email": email, "language": language, "consultation_id": consultation.id}
        await operations.follow(**wish, links=LINKS, sender=TOWN, at=DURING)  # type: ignore[arg-type]
        follower = await queries.by_address(email, consultation.id)
        assert follower is not None
        await operations.confirm(follower_id=follower.id, at=DURING)
    for _ in range(2):
        told = await operations.tell(
            consultation_id=consultation.id,
            notice="extended",
            event="extended:1",
            path=("consultations", consultation.slug),
            values={"day": "2026-12-20", "reason": {"mk": "Многу прашања.", "ka": "ბევრი კითხვა."}},
            links=LINKS,
            sender=TOWN,
            at=DURING,
        )
        assert told == 2
    (_, (subject, body, unsubscribe)) = await letters("eka@example.org")
    assert "20 დეკემბერი, 2026" in body or "20 დეკემბ" in body
    assert "ბევრი კითხვა." in body
    assert "/ka/consultations/trees" in body
    assert consultation.title["ka"] in subject
    assert unsubscribe is not None
    assert unsubscribe in body


async def test_what_is_announced_is_told_in_the_background(db: None, database: Embedded, client: object) -> None:
    consultation = await a_consultation()
    await operations.follow(
        email="ana@example.org", language="mk", consultation_id=consultation.id, links=LINKS, sender=TOWN, at=DURING
    )
    ana = await queries.by_address("ana@example.org", consultation.id)
    assert ana is not None
    await operations.confirm(follower_id=ana.id, at=DURING)
    await consultations.move_consultation(
        consultation.id, to=Stored.CANCELLED, reason="Повлечен предлог.", actor=None, at=DURING
    )
    await worker.run_waiting(database.dsn)
    subjects = [one[0] for one in await letters("ana@example.org")]
    assert locale("mk").gettext(NOTICES["cancelled"].subject, title=consultation.title["mk"]) in subjects
