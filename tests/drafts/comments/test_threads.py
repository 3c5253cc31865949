"""Quotes, replies, support, files and comments that a clerk enters: each a whole story on a real database."""

import asyncio
import io
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import asyncpg
import pytest
from PIL import Image

from consult import i18n, storage
from consult.drafts import operations
from consult.drafts import queries as drafts
from consult.drafts.comments import entry_operations, files, queries
from consult.drafts.comments import operations as comment_operations
from consult.drafts.comments import support_operations as support
from consult.drafts.comments.anchor import Standing
from consult.drafts.comments.comment import Channel, Comment, OnBehalf, State, Submission
from consult.drafts.comments.support import email_mark, read_ticket, ticket
from consult.drafts.draft import Draft
from consult.errors import Invalid, NotFound
from consult.profile import load_profile
from consult.settings import resource
from consult.web import Upload
from tests.consultations.makers import AFTER, DURING
from tests.drafts.makers import BASE_URL, TEXTS, a_comment, a_draft, the_articles, the_comment
from tests.records.makers import a_pdf

SECRET = b"0" * 32
ZONE = ZoneInfo("Europe/Skopje")
ONE, OTHER = b"1" * 32, b"2" * 32
WAY = OnBehalf("letter", DURING.date(), "Ул. Партизанска 1, Скопје")


@pytest.fixture(autouse=True)
def languages() -> None:
    i18n.configure(load_profile(resource("profiles", "skopje.toml")))


async def supports(comment: Comment) -> tuple[int, int]:
    """The figure that is shown, and the rows behind it."""
    rows = await storage.fetchval("select count(*) from comment_support where comment = $1", comment.id)
    return (await the_comment(comment.id)).supports, int(rows)


async def click(comment: Comment, browser: bytes) -> bool:
    return await support.support(comment_id=comment.id, browser=browser, at=DURING)


async def enter(draft: Draft, way: OnBehalf = WAY, **said: str) -> Comment:
    return await entry_operations.enter_comment(
        form_id=uuid4(),
        draft_slug=draft.slug,
        article_id=None,
        language="mk",
        submission=Submission("Побаравме дрвја.", **said),
        way=way,
        zone=ZONE,
        actor=None,
        at=AFTER,
    )


async def test_a_quote_is_followed_to_the_next_version(db: None) -> None:
    draft = await a_draft()
    first, trees = await the_articles(draft)
    kept = await a_comment(draft, article=trees.id, quote="СЕКОИ ТРИ", published=True)
    gone = await a_comment(draft, article=first.id, quote="Се применува во целиот град", published=True)
    assert (kept.quote, kept.quoted and kept.quoted.before) == ("секои три", "На ")
    with pytest.raises(Invalid):
        await a_comment(draft, article=trees.id, quote="секои четири")
    with pytest.raises(Invalid):
        await a_comment(draft, quote="секои три")
    assert {one.standing for found in (await the_reading(draft)).values() for one in found} == {None}
    changed = TEXTS["mk"].replace("целиот град", "центарот").replace("Нас", "Нас") + "\nДрвото се полева."
    await operations.save_working_version(
        draft_id=draft.id, texts={"mk": changed}, memorandum={}, actor=None, at=DURING
    )
    await operations.publish_version(draft.id, reason={"mk": "x"}, actor=None, at=DURING)
    found = {one.number: one.standing for many in (await the_reading(draft)).values() for one in many}
    assert found == {kept.number: Standing.MOVED, gone.number: Standing.ORPHANED}


async def the_reading(draft: Draft) -> dict[UUID | None, tuple[Comment, ...]]:
    reading = await drafts.reading(draft.slug, DURING)
    assert reading is not None
    return reading.comments


async def test_replies_are_one_level_deep_in_the_same_series_and_go_with_what_they_reply_to(db: None) -> None:
    draft = await a_draft()
    article = (await the_articles(draft))[0]
    asked = await a_comment(draft, article=article.id, published=True)
    made = await a_comment(draft, text="Се согласувам.", reply_to=asked, written_in="tr")
    assert (made.number, made.state, made.reply_to_number) == ("2026-0002", State.SUBMITTED, "2026-0001")
    assert (made.language, made.letters_in) == ("tr", "mk")
    assert (await queries.published_comments(draft.id)).items[0].replies == ()
    await comment_operations.publish_comment(made.id, base_url=BASE_URL, actor=None, at=DURING)
    top = await queries.published_comments(draft.id, article.id)
    assert [(one.number, one.reply_count) for one in top.items] == [("2026-0001", 1)]
    assert [one.number for one in top.items[0].replies] == ["2026-0002"]
    assert (await queries.count_shown(draft.id), (await queries.comments_and_replies(draft.id)).total) == (2, 2)
    with pytest.raises(NotFound):
        await a_comment(draft, reply_to=await the_comment(made.id))
    with pytest.raises(asyncpg.RestrictViolationError):
        await storage.execute(
            "insert into comment (id, number, draft, version, article, language, letters_in, kind, text, state, "
            "submitted_at, reply_to) select gen_random_uuid(), '2026-9999', draft, version, article, 'mk', 'mk', kind, "
            "text, 'submitted', submitted_at, id from comment where id = $1",
            made.id,
        )
    await comment_operations.refuse_comment(asked.id, reason="insult", base_url=BASE_URL, actor=None, at=DURING)
    assert await queries.count_shown(draft.id) == 0


async def test_a_browser_counts_once_also_when_it_clicks_many_times_at_once(db: None) -> None:
    draft = await a_draft()
    comment = await a_comment(draft)
    with pytest.raises(NotFound):
        await click(comment, ONE)
    await comment_operations.publish_comment(comment.id, base_url=BASE_URL, actor=None, at=DURING)
    browsers = [bytes([n]) * 32 for n in range(8)] * 5
    counted = await asyncio.gather(*(click(comment, one) for one in browsers))
    assert (sum(counted), await supports(comment)) == (8, (8, 8))
    await support.withdraw(comment_id=comment.id, browser=bytes(32), at=DURING)
    await support.withdraw(comment_id=comment.id, browser=bytes(32), at=DURING)
    assert await supports(comment) == (7, 7)
    with pytest.raises(support.SupportClosed):
        await support.support(comment_id=comment.id, browser=ONE, at=AFTER)
    # Without the operation's "on conflict": the index alone refuses.
    sql = "insert into comment_support (id, comment, browser, supported_on) values (gen_random_uuid(), $1, $2, $3)"
    with pytest.raises(asyncpg.UniqueViolationError, match="comment_support_browser"):
        await storage.execute(sql, comment.id, bytes([1]) * 32, DURING.date())
    assert await supports(comment) == (7, 7)


async def test_a_confirmed_address_counts_once_and_never_beside_its_own_browser(db: None) -> None:
    draft = await a_draft()
    comment = await a_comment(draft, published=True)
    about = {"comment_id": comment.id, "language": "en", "secret": SECRET, "base_url": BASE_URL, "at": DURING}
    await support.send_link(email="Ana@example.org", browser=ONE, **about)  # type: ignore[arg-type]
    await support.send_link(email="Ana@example.org", browser=ONE, **about)  # type: ignore[arg-type]
    ((body,),) = [tuple(row.values()) for row in await storage.fetch("select body_text from notification")]
    written = body.split("/en/support/")[1].split()[0]
    given = read_ticket(SECRET, written)
    assert given is not None
    assert given.email == email_mark(SECRET, comment.id, "ana@example.org")
    assert [read_ticket(SECRET, wrong) for wrong in (written[:-2] + "AA", "", "ж", written[4:])] == [None] * 4
    assert await supports(comment) == (0, 0)
    # Clicked first, confirmed then: one person. Confirmed twice, or from another device: one person.
    await click(comment, ONE)
    assert not await support.confirm(given, browser=OTHER, at=DURING)
    assert not await support.confirm(given, browser=OTHER, at=DURING)
    assert await supports(comment) == (1, 1)
    # Somebody else in the same household: another address from the same browser.
    second = read_ticket(SECRET, ticket(SECRET, comment=comment.id, address="ivo@x.mk", browser=ONE, at=DURING))
    assert second is not None
    both = await asyncio.gather(*(support.confirm(second, browser=ONE, at=DURING) for _ in range(5)))
    assert (sum(both), await supports(comment)) == (1, (2, 2))
    assert not await click(comment, ONE)
    with pytest.raises(support.TooLate):
        await support.confirm(second, browser=ONE, at=DURING + timedelta(days=9))


def a_picture() -> bytes:
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "Camera of Ana"
    Image.new("RGB", (40, 30), "green").save(out, "JPEG", exif=exif)
    return out.getvalue()


async def test_files_wait_with_the_form_and_join_the_comment(db: None) -> None:
    draft = await a_draft()
    form = uuid4()
    sent = {"file-1": Upload("../photo.png", a_picture()), "file-2": Upload("x.pdf", b"MZ no pdf")}
    problems = await files.receive(form, sent, at=DURING)
    assert [(one.place, one.parameters) for one in problems] == [("file-2", {"name": "x.pdf"})]
    (kept,) = await files.waiting(form)
    assert (kept.name, kept.media_type) == ("photo.jpg", "image/jpeg")
    assert b"Camera" not in await storage.fetchval("select content from attachment")
    for name in ("b.pdf", "c.pdf", "d.pdf"):
        problems = await files.receive(form, {"file-2": Upload(name, a_pdf(name))}, at=DURING)
    assert [one.message for one in problems] == [files.TOO_MANY]
    assert await files.receive(form, {}, dropped=[str(kept.id)], at=DURING) == []
    comment = await a_comment(draft, form_id=form)
    assert await files.waiting(form) == ()
    assert await files.receive(form, {"file-1": Upload("late.pdf", a_pdf())}, at=DURING) == []
    await comment_operations.publish_comment(comment.id, base_url=BASE_URL, actor=None, at=DURING)
    shown = await queries.shown_comment(comment.number, draft.id)
    assert shown is not None
    assert sorted(one.name for one in shown.files) == ["b.pdf", "c.pdf"]
    await files.receive(uuid4(), {"file-1": Upload("forgotten.pdf", a_pdf())}, at=DURING)
    await files.forget(DURING + timedelta(days=3))
    assert await storage.fetchval("select count(*) from attachment") == 2
    await files.remove_file(comment.id, shown.files[0].id, reason="Лични податоци", actor=None, at=DURING)
    await comment_operations.erase_comment(comment.id, with_text=True, reason="налог", actor=None, at=DURING)
    assert await storage.fetchval("select count(*) from attachment") == 0


async def test_a_clerk_enters_what_came_in_time_in_the_same_series(db: None) -> None:
    draft = await a_draft()
    await a_comment(draft)
    made = await enter(draft, name="")
    assert (made.number, made.channel, made.received_on) == ("2026-0002", Channel.LETTER, DURING.date())
    assert (made.state, made.postal) == (State.SUBMITTED, "Ул. Партизанска 1, Скопје")
    wrong = {
        "received_on": [replace(WAY, received_on=day) for day in (None, AFTER.date(), date(2027, 9, 1))],
        "channel": [replace(WAY, channel="web"), replace(WAY, channel="pigeon")],
        "postal": [replace(WAY, postal="x" * 501)],
    }
    for place, ways in wrong.items():
        for way in ways:
            with pytest.raises(Invalid) as refused:
                await enter(draft, way)
            assert {problem.place for problem in refused.value.problems} == {place}
    await entry_operations.forget_postal_address(made.id, actor=None, at=AFTER)
    assert (await the_comment(made.id)).postal == ""
    for change in ("channel = 'phone'", "quote = 'x'", "postal = 'Y'", "reply_to = null, language = 'en'"):
        with pytest.raises((asyncpg.RestrictViolationError, asyncpg.CheckViolationError)):
            await storage.execute(f"update comment set {change} where id = $1", made.id)
