"""kill -9 of the job worker while letters are written, and jobs that never succeed among them."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime

from consult import storage
from consult.jobs import enqueue, housekeeping
from consult.mail.operations import notify
from consult.storage import embedded
from tests.cli.town import Town
from tests.faults import town as towns
from tests.faults.kills import until
from tests.faults.outcome import Outcome
from tests.mail.server import MailServer

TITLE = "the job worker killed while letters are written"
GIVES_BACK = "UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour'"
UNSENT = "SELECT count(*) FROM notification WHERE state <> 'sent'"
DOING = "SELECT count(*) FROM procrastinate_jobs WHERE status = 'doing'"
LONGEST_S = 400.0


def run(short: bool) -> list[Outcome]:
    with towns.a_town() as town, embedded.start(town.data) as server, working(town) as (worker, post):
        return [asyncio.run(killed(server.dsn, worker, post, 1 if short else 20, short))]


@contextmanager
def working(town: Town) -> Iterator[tuple[int, MailServer]]:
    """`consult worker`, and the mail server that gets its letters."""
    post = MailServer()
    post.start()
    settings = {"CONSULT_SMTP_HOST": "127.0.0.1", "CONSULT_SMTP_PORT": str(post.port)}
    settings |= {"CONSULT_SMTP_SECURITY": "none", "CONSULT_MAIL_FROM": "town@example.org"}
    try:
        with towns.running(town, town.data / "worker.log", "worker", **settings) as worker:
            yield worker.pid, post
    finally:
        post.stop()


@asynccontextmanager
async def letters(pause_s: float = 0.05) -> AsyncIterator[list[str]]:
    """Letters are written for as long as the block lasts: to whom, so far."""
    written: list[str] = []
    is_over = asyncio.Event()

    async def write() -> None:
        while not is_over.is_set():
            address = f"m{len(written)}@example.org"
            await notify(
                recipient_email=address, event=f"faults:{len(written)}", language="mk", subject="Пречка",
                body_text="Писмо.\n", at=datetime.now(UTC),
            )  # fmt: skip
            written.append(address)
            await asyncio.sleep(pause_s)

    writing = asyncio.create_task(write())
    try:
        yield written
    finally:
        is_over.set()
        await writing


async def killed(dsn: str, supervisor: int, post: MailServer, times: int, short: bool) -> Outcome:
    await storage.connect(dsn)
    chance = random.Random(6)
    for _ in range(4):
        await enqueue("faults.unknown", {})  # nobody knows this task: it may fail, and nothing else
    async with letters() as written:
        for _ in range(times):
            had = len(post.post.recipients)
            await until(lambda had=had: len(post.post.recipients) > had + 5)  # type: ignore[misc]
            await asyncio.sleep(chance.random())
            for process in towns.children(supervisor):
                towns.kill(process)
    if short:  # an hour passes
        await storage.execute(GIVES_BACK)
        await housekeeping.give_back(await housekeeping.silent())
    found = await delivered("kill -9 of the job worker", times, written, post)
    await storage.disconnect()
    return found


async def delivered(what: str, times: int, written: list[str], post: MailServer) -> Outcome:
    """Wait for the last letter, and hold what was written against what arrived."""
    end = asyncio.get_running_loop().time() + LONGEST_S
    while await storage.fetchval(UNSENT) and asyncio.get_running_loop().time() < end:  # noqa: ASYNC110 - of others
        await asyncio.sleep(0.2)
    arrived = Counter(post.post.recipients)
    again = Counter(str(mail["Message-ID"]) for mail in post.post.mails)
    stuck = int(await storage.fetchval(DOING))
    while stuck and asyncio.get_running_loop().time() < end:
        await asyncio.sleep(0.2)
        stuck = int(await storage.fetchval(DOING))
    note = (
        f"{sum(again.values()) - len(again)} letters arrived again with their own Message-ID; {stuck} jobs left behind"
    )
    return Outcome(
        what,
        times,
        acknowledged=len(written),
        lost=len(set(written) - set(arrived)),
        twice=len(again) - len(arrived),
        note=note,
    )
