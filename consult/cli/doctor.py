"""`consult doctor`: what is wrong, and how to mend it."""

from __future__ import annotations

import asyncio
import json
import shutil
import sys
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import click
from PIL import features

from consult import storage
from consult.cli.context import Installation, installation
from consult.cli.findings import Finding, backups, mail, secret, work
from consult.documents import scanning
from consult.errors import ConsultError
from consult.people.person import ROLES
from consult.profile import InvalidProfile, Profile, load_profile
from consult.records.queries import verify_chain
from consult.settings import InvalidSettings, Settings, resource
from consult.storage.hosts import is_near, unproven
from consult.storage.migrate import pending
from consult.storage.replica import seconds_behind

FREE_MIB = 500
BEHIND_S = 60
FONTS = ("Noto Sans", "Noto Sans Georgian")


@click.command()
@click.option("--mail-to", help="Send a test mail to this address.")
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
def doctor(mail_to: str | None, as_json: bool) -> None:
    """Examine settings, profile, assets, database, audit trail, work, backups and mail.

    Exit code 1 if something is wrong.
    """
    findings = list(_examine(mail_to))
    if as_json:
        click.echo(json.dumps([asdict(finding) for finding in findings], indent=1))
    else:
        signs = {"ok": "ok     ", "warning": "warning", "wrong": "WRONG  "}
        for finding in findings:
            click.echo(f"{signs[finding.state]}  {finding.what}: {finding.found}")
            if finding.remedy:
                click.echo(f"         {finding.remedy}")
    sys.exit(any(finding.state == "wrong" for finding in findings))


def _examine(mail_to: str | None) -> Iterator[Finding]:
    try:
        settings = Settings.from_env()
    except InvalidSettings as fault:
        for line in fault.faults:
            yield Finding("settings", "wrong", line, "Correct it: deploy/environment.md has all settings.")
        return
    yield Finding("settings", "ok", f"pages at {settings.base_url}, data in {settings.data}")
    yield from _files(settings)
    try:
        profile = load_profile(resource("profiles", f"{settings.profile}.toml"))
        yield Finding("profile", "ok", settings.profile)
        yield from _second_factor(profile)
    except InvalidProfile as fault:
        for line in fault.faults:
            yield Finding("profile", "wrong", line, f"Correct {settings.profile}.toml, or CONSULT_PROFILE.")
        return
    try:
        with installation(settings) as site:
            yield from asyncio.run(_database(site, mail_to))
    except (ConsultError, OSError) as fault:
        yield Finding("database", "wrong", str(fault), "Start the database, or correct CONSULT_DATABASE_URL.")


def _second_factor(profile: Profile) -> Iterator[Finding]:
    """Which roles sign in with a password alone."""
    without = [role for role in ROLES if role not in profile.staff.second_factor]
    if without:
        remedy = "Name them under [staff] second_factor in the profile."
        yield Finding("second factor", "warning", f"not asked of: {', '.join(without)}", remedy)


def _files(settings: Settings) -> Iterator[Finding]:
    if resource("static", "manifest.json").exists():
        yield Finding("assets", "ok", "built")
    else:
        yield Finding("assets", "wrong", "not built", "Run: make assets")
    yield _printing()
    yield _pictures()
    yield _disk(settings.data)
    yield from secret(settings)
    if settings.clamd is not None:
        yield _scanner(settings.clamd)
    yield from _ways(settings)
    if not settings.abuse:
        yield Finding("limits", "warning", "CONSULT_ABUSE is off", "Remove it: limits against abuse do not work.")
    if settings.base_url.startswith("http://") and "localhost" not in settings.base_url:
        yield Finding("address", "warning", settings.base_url, "Residents should reach the pages by https://.")


def _ways(settings: Settings) -> Iterator[Finding]:
    """Ways to other machines on which somebody could listen, or answer in their place."""
    for what, dsn in (("database", settings.database_url), ("copy of the database", settings.replica_url)):
        if dsn is not None and (machines := unproven(dsn)):
            remedy = "Add sslmode=verify-full and sslrootcert=FILE to its address, unless it is on this very machine."
            found = f"{', '.join(machines)} need not prove who it is, and may be spoken to in clear"
            yield Finding(f"way to the {what}", "warning", found, remedy)
    if settings.smtp_host is not None and settings.smtp_security == "none" and not is_near(settings.smtp_host):
        remedy = "Set CONSULT_SMTP_SECURITY to starttls or tls."
        yield Finding("way to the mail server", "warning", f"{settings.smtp_host} is spoken to in clear", remedy)
    if settings.clamd is not None and not is_near(settings.clamd.rpartition(":")[0]):
        remedy = "Scan on this machine: clamd knows no encryption."
        yield Finding("way to the virus scanner", "warning", f"files go to {settings.clamd} in clear", remedy)


def _disk(data: Path) -> Finding:
    """Whether the data folder can be used, and how much room it has."""
    try:
        data.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(data).free // 2**20
    except OSError as fault:
        remedy = "Check its owner, its permissions and CONSULT_DATA."
        return Finding("data folder", "wrong", f"{data} cannot be used: {fault.strerror}", remedy)
    if free < FREE_MIB:
        return Finding("disk", "warning", f"{free:,} MiB free", "Make room: backups and answers need it.")
    return Finding("disk", "ok", f"{free:,} MiB free")


def _printing() -> Finding:
    """Whether letters and questionnaires can be set, in all three alphabets."""
    remedy = "Install the locked requirements once more, and run: make assets"
    try:
        from consult.documents.pdf import fonts  # it loads typst, which may be what is missing
    except ImportError as fault:
        return Finding("printing", "wrong", str(fault), remedy)
    missing = [name for name in FONTS if name not in fonts().families()]
    if missing:
        return Finding("printing", "wrong", f"fonts are missing: {', '.join(missing)}", remedy)
    return Finding("printing", "ok", "typst and its fonts are there")


def _pictures() -> Finding:
    """Whether pictures can be read and written as this platform keeps them."""
    if features.check("webp"):
        return Finding("pictures", "ok", "Pillow reads and writes WebP")
    return Finding("pictures", "wrong", "Pillow cannot write WebP", "Install Pillow from the locked requirements.")


def _scanner(clamd: str) -> Finding:
    """Whether the virus scanner answers: while it does not, no file is taken from anybody."""
    remedy = "Start clamav-daemon, or correct CONSULT_CLAMD; its StreamMaxLength must cover CONSULT_UPLOAD_LIMIT_MIB."
    try:
        said = asyncio.run(scanning.version(clamd))
    except (OSError, TimeoutError) as fault:
        return Finding("virus scanner", "wrong", f"{clamd} does not answer: {type(fault).__name__}", remedy)
    if not said.startswith("ClamAV"):
        return Finding("virus scanner", "wrong", f"{clamd} is no clamd", remedy)
    if not asyncio.run(scanning.knows_its_limits(clamd)):
        alike = "Set AlertExceedsMax and AlertEncrypted to yes in clamd.conf."
        return Finding("virus scanner", "wrong", f"{said} calls clean what it did not look into", alike)
    return Finding("virus scanner", "ok", said)


async def _database(site: Installation, mail_to: str | None) -> list[Finding]:
    await storage.connect(site.dsn, min_size=1, max_size=2, replica=site.settings.replica_url)
    try:
        found = [Finding("database", "ok", f"PostgreSQL {await storage.fetchval('SHOW server_version')}")]
        due = await pending()
        if due:
            found.append(
                Finding("schema", "wrong", f"{len(due)} migrations due", "Make a backup, then run: consult migrate")
            )
            return found
        found.append(Finding("schema", "ok", "up to date"))
        if site.settings.replica_url is not None:
            found.append(await _copy())
        chain = await verify_chain()
        if chain.broken_at is None:
            found.append(Finding("audit trail", "ok", f"{chain.entries} entries, unbroken"))
        else:
            remedy = "Somebody changed it past the platform: compare with a backup."
            found.append(Finding("audit trail", "wrong", f"broken at entry {chain.broken_at}", remedy))
        found += [await work(), backups(site.settings.data, datetime.now(UTC))]
        found += await mail(site.settings, site.profile, mail_to)
        return found
    finally:
        await storage.disconnect()


async def _copy() -> Finding:
    """How far the copy for analysis is behind. While it is, the primary answers: pages are right, but cost it more."""
    behind = await seconds_behind()
    if behind is None:
        remedy = "Start it, or correct CONSULT_REPLICA_URL; until then the primary answers for it."
        return Finding("copy of the database", "warning", "it does not answer", remedy)
    if behind > BEHIND_S:
        remedy = "See whether it is still connected (`patronictl list`), and its disk and log."
        return Finding("copy of the database", "warning", f"{behind:,.0f} s behind", remedy)
    return Finding("copy of the database", "ok", f"{behind:.1f} s behind")
