"""The mail server away for a day, then back; or there, but silent."""

from __future__ import annotations

import asyncio
import tempfile
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from consult import storage
from consult.jobs import worker
from consult.mail import delivery, jobs, operations
from consult.settings import Settings
from consult.storage import embedded
from consult.storage.migrate import migrate
from tests.faults.outcome import Outcome
from tests.mail.server import MailServer

TITLE = "the mail server away for a day"
HOURS = 24
PASSES = (
    "UPDATE procrastinate_jobs SET scheduled_at = scheduled_at - $1 * interval '1 hour' WHERE status = 'todo'",
    "UPDATE notification SET created_at = created_at - $1 * interval '1 hour'",
)


def run(short: bool) -> list[Outcome]:
    with tempfile.TemporaryDirectory() as folder, embedded.start(Path(folder)) as server:
        asyncio.run(migrate(server.dsn))
        return [asyncio.run(away(Path(folder), server.dsn, 20 if short else 200, 6.0 if short else 0.5))]


async def away(folder: Path, dsn: str, letters: int, step_h: float) -> Outcome:
    """Time passes by moving everything that waits into the past; letters go on being written all day."""
    assert jobs.STUBBORN.longest_s <= 1800
    post = MailServer()
    settings = Settings(data=folder, smtp_host="127.0.0.1", smtp_port=post.port, smtp_security="none")
    await storage.connect(dsn)
    delivery.configure(settings, {"mk": "Скопје", "en": "Skopje"})
    steps = int(HOURS / step_h)
    written = 0
    for _ in range(steps):
        for _ in range(max(1, letters // steps)):
            await operations.notify(
                recipient_email=f"m{written}@example.org", event=f"day:{written}", language="mk", subject="Пречка",
                body_text="Писмо.\n", at=datetime.now(UTC),
            )  # fmt: skip
            written += 1
        await worker.run_waiting(dsn)
        for sentence in PASSES:
            await storage.execute(sentence, step_h)
    tries = int(await storage.fetchval("SELECT sum(attempts) FROM notification"))
    early = len(post.post.mails)
    post.start()
    for _ in range(3):
        await worker.run_waiting(dsn)
        for sentence in PASSES:
            await storage.execute(sentence, 1.0)
    post.stop()
    sent = int(await storage.fetchval("SELECT count(*) FROM notification WHERE state = 'sent'"))
    left = int(await storage.fetchval("SELECT count(*) FROM procrastinate_jobs"))
    await storage.disconnect()
    arrived = Counter(post.post.recipients)
    note = f"{tries} attempts in vain meanwhile; after its return {sent} sent, {left} jobs left"
    wrong = Counter({"letters before the server was there": early, "jobs left behind": left})
    return Outcome(
        "mail server away for a day",
        1,
        acknowledged=written,
        lost=written - len(arrived),
        twice=sum(arrived.values()) - len(arrived),
        wrong=wrong,
        note=note,
    )
