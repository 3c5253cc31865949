"""`consult demo` as somebody meets it: a folder, a command, a town hall; and the same again the next day."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.cli.town import Town, of_the_readme
from tests.ports import free_port

PATIENCE_S = 180
PLACES = ("", "open", "results", "forums", "how-it-works", "surveys/city-services", "drafts/street-trees")


@contextmanager
def demo(folder: Path, *command: str, cwd: Path | None = None) -> Iterator[tuple[str, str]]:
    """Run the demonstration until it says that it is ready; give its address and all it said. Ctrl-C ends it."""
    command = command or (sys.executable, "-m", "consult")
    port = str(free_port())
    surroundings = {name: value for name, value in os.environ.items() if not name.startswith("CONSULT_")}
    surroundings |= {"CONSULT_PORT": port, "CONSULT_DATA": str(folder / "var"), "PYTHONUNBUFFERED": "1"}
    began = time.monotonic()
    with (folder / "said").open("w+") as said:
        running = subprocess.Popen([*command, "demo"], env=surroundings, cwd=cwd, stdout=said, stderr=subprocess.STDOUT)
        try:
            words = ""
            while "Ready:" not in words:
                assert running.poll() is None, words
                assert time.monotonic() - began < PATIENCE_S, words
                time.sleep(0.1)
                words = Path(said.name).read_text()
            print(f"ready after {time.monotonic() - began:.1f} s")
            time.sleep(0.5)
            yield f"http://127.0.0.1:{port}", Path(said.name).read_text()
        finally:
            running.send_signal(signal.SIGINT)
            assert running.wait(timeout=60) in {0, 130, -signal.SIGINT}


def is_running(folder: Path) -> bool:
    """Tell whether a PostgreSQL server works in a folder."""
    return any(folder.rglob("postmaster.pid"))


def test_the_demonstration_starts_twice_and_is_filled_once(tmp_path: Path) -> None:
    with demo(tmp_path) as (address, words), httpx.Client(base_url=address, timeout=60) as browser:
        for language in ("mk", "ka", "en"):
            for place in PLACES:
                assert browser.get(f"/{language}/{place}").status_code == 200, place
        email, password = re.findall(r"(admin@\S+)\s+.*?([a-z2-7]{4}(?:-[a-z2-7]{4}){3})", words)[0]
        signed_in = browser.post(
            "/staff/en/sign-in",
            data={"email": email, "password": password},
            headers={"sec-fetch-site": "same-origin"},
        )
        assert (signed_in.status_code, signed_in.headers["location"]) == (303, "/staff/en/")
        town = Town(tmp_path, dict(re.findall(r"(CONSULT_\w+)=(\S+)", words)))
        town.json("survey", "publish", of_the_readme(tmp_path), "--open")
        assert "Parks" in browser.get("/en/surveys/parks").text
        done = town.consult("responses", "export", "parks", "--format", "xlsx", "--out", tmp_path / "parks.xlsx")
        assert done.returncode == 0, done.stderr
        listed = browser.get("/en/drafts/street-trees/articles/3/comments").text
    assert not is_running(tmp_path)
    with demo(tmp_path) as (address, words):
        assert httpx.get(f"{address}/en/drafts/street-trees/articles/3/comments", timeout=60).text.count(
            "<article"
        ) == listed.count("<article")
        assert password in words
        assert httpx.get(f"{address}/en/", timeout=60).status_code == 200
    assert not is_running(tmp_path)
