"""What pages weigh on the wire: gzipped bytes and requests, as a resident's telephone pays for them.

A page of a survey weighs at most 40 KiB with all that it loads, and 65 KiB where conditions are settled in the browser.
"""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin

import httpx
import pytest

from consult.surveys.authoring.yaml_reading import load
from consult.surveys.definition import schema as d
from tests.surveys.conftest import publish
from tests.surveys.makers import free, single, survey

KIB = 1024
MOST_REQUESTS = 10
MOST_OF_A_SURVEY = 40 * KIB
MOST_WITH_CONDITIONS = 65 * KIB
SAMPLES = Path(__file__).parent / "surveys" / "samples"


@dataclass(frozen=True, slots=True)
class Weight:
    """Bytes on the wire."""

    html: int
    css: int
    js: int
    pictures: int
    requests: int
    has_conditions: bool

    @property
    def total(self) -> int:
        return self.html + self.css + self.js + self.pictures


async def wire(client: httpx.AsyncClient, path: str) -> tuple[int, str]:
    """The bytes of a page or file as they travel, and its text."""
    async with client.stream("GET", path, headers={"accept-encoding": "gzip"}) as answer:
        assert answer.status_code == 200, path
        packed = b"".join([part async for part in answer.aiter_raw()])
        assert answer.headers.get("content-encoding") == "gzip" or len(packed) < KIB, f"{path} travels unpacked"
    return len(packed), httpx.Response(200, headers=answer.headers, content=packed).text


async def weight(client: httpx.AsyncClient, path: str) -> Weight:
    """A page with everything that a browser fetches for it at once: what scripts import and styles name as well."""
    html, text = await wire(client, path)
    styles = re.findall(r'<link rel="stylesheet" href="([^"]+)"', text)
    scripts = re.findall(r'<script type="module" src="([^"]+)"', text)
    pictures = set(re.findall(r'<(?:img|source)[^>]* src(?:set)?="(/[^"]+)"', text))
    fetched = {"css": 0, "js": 0, "pictures": 0}
    waiting = [("css", address) for address in styles] + [("js", address) for address in scripts]
    asked: set[str] = set()
    while waiting:
        kind, address = waiting.pop()
        if address in asked:
            continue
        asked.add(address)
        size, body = await wire(client, address)
        fetched[kind] += size
        if kind == "js":
            waiting += [
                ("js", urljoin(address, part))
                for part in re.findall(r"""\b(?:from|import)\s*["'](\.?/[^"']+\.js)""", body)
            ]
        pictures |= {urljoin(address, part) for part in re.findall(r"url\((/[^)]+)\)", body)}
    for address in pictures:
        answer = await client.get(address)
        fetched["pictures"] += len(answer.content)
    return Weight(
        html=html,
        **fetched,
        requests=1 + len(asked | pictures),
        has_conditions=any("conditions" in one for one in asked),
    )


def too_heavy(path: str, weighed: Weight, html: int) -> list[str]:
    """What is more than a page may have."""
    script = 35 * KIB if weighed.has_conditions else 10 * KIB
    limits = {"html": html, "css": 20 * KIB, "js": script, "requests": MOST_REQUESTS}
    if "/surveys/" in path and not path.endswith("/results"):
        limits["total"] = MOST_WITH_CONDITIONS if weighed.has_conditions else MOST_OF_A_SURVEY
    return [f"{path}: {n} {getattr(weighed, n)} > {most}" for n, most in limits.items() if getattr(weighed, n) > most]


async def test_every_type_of_question_is_light_in_every_language(client: httpx.AsyncClient) -> None:
    wrong, seen = [], set()
    for file in sorted(SAMPLES.glob("*.yaml")):
        definition = load(file.read_bytes())
        await publish(definition)
        seen |= {question.__struct_config__.tag for question in definition.questions}
        for language in definition.languages:
            path = f"/{language}/surveys/{definition.key}"
            weighed = await weight(client, path)
            print(f"{path:32} {weighed.total:6} {weighed}")
            wrong += too_heavy(path, weighed, 8 * KIB)
    assert wrong == []
    assert seen == {kind.__struct_config__.tag for kind in d.AnyQuestion.__args__}


async def test_a_page_with_conditions_is_light(client: httpx.AsyncClient) -> None:
    await publish(survey(single(), *(free(f"why_{n}", show_if="colour == 'red'") for n in range(20))))
    weighed = await weight(client, "/en/surveys/small")
    print(weighed.total, weighed)
    assert weighed.has_conditions
    assert too_heavy("/en/surveys/small", weighed, 8 * KIB) == []


LATER = ("scipy.special", "scipy.stats", "scipy.optimize", "pyarrow", "plotly.graph_objs", "black", "docx", "typst",
    "procrastinate")  # fmt: skip
"""What a web process has no use for before its first page of results."""
HEAVY = "numpy scipy plotly pyarrow typst docx lxml xlsxwriter PIL litestar jinja2 black icalendar cel_expr_python"
COMPUTES_NOTHING = {
    "main": ["--help"],
    "staff": ["staff", "add", "--help"],
    "survey list": ["survey", "list", "--help"],
    "results report": ["results", "--help"],
    "migrate": ["migrate", "--help"],
    "backup": ["backup", "--help"],
}


@pytest.mark.parametrize("command", COMPUTES_NOTHING.values(), ids=COMPUTES_NOTHING)
def test_a_command_that_computes_nothing_loads_nothing_that_computes(command: list[str]) -> None:
    program = f"""
import sys
from consult.cli import main
try:
    main({command!r})
except SystemExit as ended:
    assert ended.code == 0
loaded = {{name.partition(".")[0] for name in sys.modules}} & set({HEAVY.split()!r})
assert not loaded, loaded
"""
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stderr


def test_a_web_process_loads_statistics_charts_and_writers_of_files_only_for_results() -> None:
    program = f"""
import sys
import consult.app
loaded = set({LATER!r}) & set(sys.modules)
assert not loaded, loaded
"""
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stderr
