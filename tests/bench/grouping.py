"""Many comments on one draft: how long finding the ones that say the same takes, and what the staff's pages cost then.

A quarter of the comments are campaigns: a text with small changes, in Macedonian, Georgian and English letters.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import resource
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import httpx

from consult import storage
from consult.app import build
from consult.drafts.draft import Draft
from consult.drafts.moderation import group_operations, groups
from consult.profile import load_profile
from consult.settings import Settings
from consult.settings import resource as shipped
from consult.storage import embedded
from consult.storage.embedded import Options
from consult.storage.migrate import migrate
from tests.consultations.makers import DURING
from tests.drafts.makers import a_draft
from tests.people.makers import staff

BATCH = 5000
LETTERS = {"mk": "абвгдежзијклмнопрстуфхцчш", "ka": "აბგდევზთიკლმნოპრსტუფქღყშჩცძწჭხჯჰ", "en": "abcdefghijklmnoprstuvwy"}
LIMIT_S, LIMIT_MS = 60.0, 100.0
ROUNDS = 15


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--comments", type=int, default=20_000, help="comments that are grouped in the grouping part")
    parser.add_argument("--shown", type=int, default=100_000, help="comments behind the pages of the grouping part")


def texts(count: int) -> list[tuple[str, str]]:
    """Language and words of each comment."""
    chance = random.Random(5)
    words = {
        language: ["".join(chance.choices(letters, k=chance.randint(2, 10))) for _ in range(3000)]
        for language, letters in LETTERS.items()
    }
    campaigns = [
        (one, chance.choices(words[one], k=60)) for one in chance.choices(list(LETTERS), k=max(1, count // 400))
    ]
    made = []
    for place in range(count):
        if place % 4:
            language = chance.choice(list(LETTERS))
            said = chance.choices(words[language], k=chance.randint(10, 120))
        else:
            language, said = chance.choice(campaigns)
            said = list(said)
            for _ in range(chance.randint(0, 3)):
                said[chance.randrange(len(said))] = chance.choice(words[language])
        made.append((language, " ".join(said)))
    return made


async def fill(draft: Draft, count: int) -> None:
    version = await storage.fetchval("select id from draft_version where draft = $1", draft.id)
    articles = [row["id"] for row in await storage.fetch("select id from article where draft = $1", draft.id)]
    written = texts(count)
    for begin in range(0, count, BATCH):
        part = range(begin, min(count, begin + BATCH))
        await storage.execute(
            "insert into comment (id, number, draft, version, article, language, letters_in, kind, text, name, email, "
            "state, submitted_at, published_at) "
            "select id, number, $1, $2, article, language, language, 'comment', text, '', email, "
            "case when n % 5 = 0 then 'submitted' else 'published' end, at, case when n % 5 = 0 then null else at end "
            "from unnest($3::uuid[], $4::text[], $5::uuid[], $6::text[], $7::text[], $8::text[], $9::timestamptz[], "
            "$10::int[]) as x(id, number, article, language, text, email, at, n)",
            draft.id,
            version,
            [uuid4() for _ in part],
            [f"2026-{1 + place:05}" for place in part],
            [articles[place % len(articles)] for place in part],
            [written[place][0] for place in part],
            [written[place][1] for place in part],
            [f"p{place % 9000}@example.org" if place % 3 else "" for place in part],
            [DURING + timedelta(seconds=place) for place in part],
            list(part),
        )
    await storage.execute("vacuum analyze")


async def group(draft: Draft) -> None:
    started, spent = time.perf_counter(), time.process_time()
    await group_operations.ask_for_groups(draft.id, actor=None, at=DURING)
    found = await group_operations.find_groups(draft.id, at=DURING)
    took, busy = time.perf_counter() - started, time.process_time() - spent
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    search = await groups.search(draft.id)
    texts = search.texts if search else 0
    print(
        f"  {texts:,} comments: {found:,} groups, {busy:.1f} s of processor time, {took:.1f} s by the clock, "
        f"at most {peak:.0f} MiB",
        flush=True,
    )
    if texts <= 20_000 and busy > LIMIT_S:
        raise SystemExit(f"grouping took more than {LIMIT_S:.0f} s of processor time")


async def pages(draft: Draft, folder: Path) -> None:
    """The time of a whole request inside this process, the middle one of several."""
    settings = Settings(base_url="http://consult.test", data=folder)
    application = build(settings, load_profile(shipped("profiles", "skopje.toml")), clock=lambda: DURING)
    transport = httpx.ASGITransport(app=application.asgi)
    async with httpx.AsyncClient(transport=transport, base_url="http://consult.test") as browser:
        await staff(browser, DURING, "moderator")
        queue, mine = "/staff/en/comments", f"/staff/en/drafts/{draft.slug}"
        number = await storage.fetchval("select max(number) from comment")
        for name, address in (
            ("the queue", queue),
            ("published, last page", f"{queue}?status=published&draft={draft.slug}&page=1500"),
            ("all, deep", f"{queue}?status=all&page=1000"),
            ("not checked yet", f"{queue}?status=unchecked"),
            ("an article, a language, old", f"{queue}?draft={draft.slug}&article=1&language=ka&age=1&status=all"),
            ("one comment", f"{queue}/{number}"),
            ("covering", f"{queue}/{number}/cover"),
            ("groups", f"{mine}/groups"),
            ("one group", f"{mine}/groups/1"),
            ("public: comments of an article", f"/en/drafts/{draft.slug}/articles/1/comments"),
            ("public: log", f"/en/drafts/{draft.slug}/moderation"),
        ):
            spent, waited = [], []
            for _ in range(ROUNDS):
                started, busy = time.perf_counter(), time.process_time()
                answer = await browser.get(address)
                waited.append(1000 * (time.perf_counter() - started))
                spent.append(1000 * (time.process_time() - busy))
                assert answer.status_code == 200, (address, answer.status_code)
            middle, busy = sorted(waited)[ROUNDS // 2], sorted(spent)[ROUNDS // 2]
            mark = "" if middle <= LIMIT_MS else f"   over {LIMIT_MS:.0f} ms"
            print(f"  {name:<34}{middle:8.1f} ms, {busy:6.1f} ms of them in Python{mark}", flush=True)


async def _whole(dsn: str, folder: Path, count: int, *, with_pages: bool) -> None:
    await migrate(dsn)
    await storage.connect(dsn, max_size=4)
    try:
        draft = await a_draft()
        await fill(draft, count)
        await group(draft)
        if with_pages:
            await pages(draft, folder)
    finally:
        await storage.disconnect()


def run(args: argparse.Namespace) -> None:
    for count, with_pages in ((args.comments, False), (args.shown, True)):
        with tempfile.TemporaryDirectory(prefix="consult-bench-") as name:
            folder = Path(name)
            with embedded.start(folder / "database", Options(durable=False)) as server:
                asyncio.run(_whole(server.dsn, folder, count, with_pages=with_pages))
