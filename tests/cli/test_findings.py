"""What `consult doctor` finds of work, backups, the secret and the mail server."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from consult.cli.findings import backups, mail, secret, work
from consult.jobs import enqueue
from consult.profile import load_profile
from consult.settings import Settings, resource, secret_key
from consult.storage import execute
from consult.storage.measures import note_backup
from consult.storage.secret_mark import mark_of, note_restored
from tests.conftest import NOON
from tests.mail.server import MailServer

PROFILE = load_profile(resource("profiles", "skopje.toml"))


async def test_a_worker_that_is_away_and_jobs_that_were_given_up_are_told(db: None) -> None:
    found = await work()
    assert (found.state, "no worker" in found.found, "late" in found.found) == ("warning", True, False)
    await enqueue("test.job", {})
    await execute("UPDATE procrastinate_jobs SET scheduled_at = now() - interval '3 days'")
    assert "the oldest job is 3 days late" in (await work()).found
    await execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now())")
    assert "the oldest job is 3 days late" in (await work()).found
    await execute("UPDATE procrastinate_jobs SET status = 'failed'")
    assert (await work()).found == "given up: test.job (1)"
    await execute("DELETE FROM procrastinate_jobs")
    assert (await work()).state == "ok"


def test_the_age_of_the_last_backup_is_told(tmp_path: Path) -> None:
    assert backups(tmp_path, NOON).found == "none was ever made from here"
    note_backup(tmp_path, NOON.timestamp())
    assert backups(tmp_path, NOON + timedelta(hours=20)).state == "ok"
    late = backups(tmp_path, NOON + timedelta(days=3))
    assert (late.state, late.found) == ("warning", "the last one is 3 days old")


def test_another_secret_than_that_of_the_restored_backup_is_told(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, secret="ab" * 32)
    assert list(secret(settings)) == []
    note_restored(tmp_path, mark_of(secret_key(settings)))
    assert [one.state for one in secret(settings)] == ["ok"]
    assert [one.state for one in secret(replace(settings, secret="cd" * 32))] == ["wrong"]


async def test_the_mail_server_is_greeted(db: None, tmp_path: Path) -> None:
    server = MailServer(login=True)
    server.start()
    settings = Settings(
        data=tmp_path, smtp_host="127.0.0.1", smtp_port=server.port, smtp_security="none", smtp_user="consult",
        smtp_password="secret",
    )  # fmt: skip
    try:
        (greeted,) = await mail(settings, PROFILE, None)
        assert (greeted.state, server.post.logins, server.post.mails) == ("ok", ["consult"], [])
        refused = (await mail(replace(settings, smtp_password="wrong"), PROFILE, None))[0]
        assert (refused.state, "refused our name and password" in refused.found) == ("wrong", True)
    finally:
        server.stop()
    away = (await mail(settings, PROFILE, None))[0]
    assert (away.state, "cannot be reached" in away.found) == ("wrong", True)
