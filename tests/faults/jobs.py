"""kill -9 of the job worker while letters are written, and jobs that never succeed among them."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from datetime import UTC, datetime

from consult import storage
from consult.jobs import enqueue, housekeeping
from consult.mail.operations import notify
from consult.storage import embedded
from tests.faults import town as towns
from tests.faults.kills import until
from tests.faults.outcome import Outcome
from tests.mail.server import MailServer

TITLE = "the job worker killed while letters are written"
GIVES_BACK = "UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour'"
UNSENT = "SELECT count(*) FROM notification WHERE state <> 'sent'"
LONGEST_S = 400.0


def run(short: bool) -> list[Outcome]:
    post = MailServer()
    post.start()
    try:
        with towns.a_town() as town, embedded.start(town.data) as server:
            log = town.data / "worker.log"
            settings = {"CONSULT_SMTP_HOST": "127.0.0.1", "CONSULT_SMTP_PORT": str(post.port)}
            settings |= {"CONSULT_SMTP_SECURITY": "none", "CONSULT_MAIL_FROM": "town@example.org"}
            with towns.running(town, log, "worker", **settings) as worker:
                return [asyncio.run(killed(server.dsn, worker.pid, post, 1 if short else 20, short))]
    finally:
        post.stop()


async def killed(dsn: str, supervisor: int, post: MailServer, times: int, short: bool) -> Outcome:
    await storage.connect(dsn)
    chance = random.Random(6)
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
            await asyncio.sleep(0.05)

    for _ in range(4):
        await enqueue("faults.unknown", {})  # nobody knows this task: it may fail, and nothing else
    writing = asyncio.create_task(write())
    for _ in range(times):
        had = len(post.post.recipients)
        await until(lambda had=had: len(post.post.recipients) > had + 5)  # type: ignore[misc]
        await asyncio.sleep(chance.random())
        for process in towns.children(supervisor):
            towns.kill(process)
    is_over.set()
    await writing
    if short:  # an hour passes
        await storage.execute(GIVES_BACK)
        await housekeeping.rescue(datetime.now(UTC))
    end = asyncio.get_running_loop().time() + LONGEST_S
    while await storage.fetchval(UNSENT) and asyncio.get_running_loop().time() < end:  # noqa: ASYNC110 - of others
        await asyncio.sleep(0.5)
    arrived = Counter(post.post.recipients)
    again = Counter(str(mail["Message-ID"]) for mail in post.post.mails)
    stuck = int(await storage.fetchval("SELECT count(*) FROM procrastinate_jobs WHERE status = 'doing'"))
    await storage.disconnect()
    note = (
        f"{sum(again.values()) - len(again)} letters arrived again with their own Message-ID; {stuck} jobs left behind"
    )
    return Outcome(
        "kill -9 of the job worker",
        times,
        acknowledged=len(written),
        lost=len(set(written) - set(arrived)),
        twice=len(again) - len(arrived),
        note=note,
    )
