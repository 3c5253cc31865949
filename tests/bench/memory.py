"""What a web process holds: at rest, after all public pages of the demonstration, after its results pages.

PSS counts a page of memory that several processes share in equal parts. Nothing here depends on how busy the machine
is, so the limits hold as they are.
"""

from __future__ import annotations

import argparse
import asyncio
import re
import sys
import tempfile
import urllib.error
import urllib.request
from pathlib import Path

from consult import storage
from consult.app import configure
from consult.cli.rehearsal.processes import family
from consult.demo import seed
from consult.profile import load_profile
from consult.settings import Settings, resource
from consult.storage import embedded
from tests.bench.answering import HOST, migrated, running
from tests.bench.limits import LIMITS
from tests.ports import free_port

PUBLIC_MIB, RESULTS_MIB = 110.0, 200.0
LANGUAGES = ("mk", "ka", "en")
MOST_PAGES = 400
HREF = re.compile(r'href="(/[^"#]+)"')
KB = re.compile(r"^Pss:\s+(\d+) kB", re.MULTILINE)


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--web-processes", type=int, default=2, metavar="N", help="of the part memory")


def run(args: argparse.Namespace) -> None:
    with tempfile.TemporaryDirectory() as folder, embedded.start(Path(folder)) as server:
        port = free_port()
        environment = migrated(folder, server.dsn, port) | {"CONSULT_WORKERS": str(args.web_processes)}
        asyncio.run(filled(server.dsn, Path(folder), f"http://{HOST}:{port}"))
        with running([sys.executable, "-m", "consult", "serve"], port, environment) as web:
            print(f"  at rest: {heaviest(web):.0f} MiB")
            results, public = pages(port)
            held = heaviest(web)
            print(f"  after {public} public pages: {held:.0f} MiB")
            LIMITS.hold("public pages, in parts of their limit", held / PUBLIC_MIB, 1.0, exactly=True)
            for address in results:
                for _ in range(2 * args.web_processes):
                    page(port, address)
            held = heaviest(web)
            print(f"  after {len(results)} results pages: {held:.0f} MiB")
            LIMITS.hold("results pages, in parts of their limit", held / RESULTS_MIB, 1.0, exactly=True)


async def filled(dsn: str, folder: Path, base_url: str) -> None:
    """Put the demonstration's town into the database."""
    settings = Settings(base_url=base_url, data=folder)
    profile = load_profile(resource("profiles", "skopje.toml"))
    await storage.connect(dsn)
    try:
        configure(settings, profile)
        await seed.seed(settings, profile, progress=lambda words: None)
    finally:
        await storage.disconnect()


def pages(port: int) -> tuple[list[str], int]:
    """Ask for every public page that links lead to: the addresses of results, left for later, and how many others."""
    known = {f"/{language}/" for language in LANGUAGES}
    due, results, asked = sorted(known), list[str](), 0
    while due and asked < MOST_PAGES:
        address = due.pop(0)
        if address.endswith("/results"):
            results.append(address)
            continue
        asked += 1
        for found in sorted(set(HREF.findall(page(port, address))) - known):
            if found[1:3] in LANGUAGES and "?" not in found and "/results/" not in found:
                known.add(found)
                due.append(found)
    return results + [address for address in due if address.endswith("/results")], asked


def page(port: int, address: str) -> str:
    """The page; nothing where it is none, because some links lead to files."""
    try:
        with urllib.request.urlopen(f"http://{HOST}:{port}{address}", timeout=60) as answer:
            is_page = answer.headers.get_content_type() == "text/html"
            return str(answer.read().decode()) if is_page else ""
    except urllib.error.HTTPError:
        return ""


def heaviest(supervisor: int) -> float:
    """The PSS of the web process that holds most, in MiB."""
    return max(_pss_mib(process) for process in family(supervisor) if process != supervisor)


def _pss_mib(process: int) -> float:
    found = KB.search(Path(f"/proc/{process}/smaps_rollup").read_text())
    return int(found[1]) / 1024 if found else 0.0
