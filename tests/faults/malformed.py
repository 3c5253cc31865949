"""Posts that no browser sends, very many of them: none may be a bug (500), and none may be stored.

They go straight into the guarded application, as a server would hand them over, from as many processes as there are
processors. Each has a fault that alone is reason enough to refuse it, and some noise besides.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import uvloop
from litestar import Litestar

from consult import storage
from consult.app import build
from consult.forums import operations as forums
from consult.profile import load_profile
from consult.settings import Settings, resource
from consult.storage import embedded
from consult.web.guard import Guard
from tests.drafts.makers import a_draft
from tests.faults.outcome import Outcome
from tests.faults.town import a_town, dsn_of
from tests.forums.makers import TOWN, a_session, content
from tests.hidden import HIDDEN

TITLE = "malformed posts, straight into the application"
MANY, FEW = 1_000_000, 20_000
FRESH = 20_000
LANES = 8
"""So many at once in a process: while one waits for the database, another one works."""
FORM = b"application/x-www-form-urlencoded"
HEADERS = ((b"host", b"localhost"), (b"sec-fetch-site", b"same-origin"))
FORMS = {
    "/en/surveys/faults": {"service": "a1", "marker": "x"},
    "/mk/drafts/tree-rows/comments": {"text": "x", "kind": "comment"},
    "/ka/forums/citizens-forum": {"name": "x", "email": "x@example.com"},
}
TABLES = """SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
    AND relname NOT LIKE 'procrastinate%' AND relname NOT IN ('sign_in_attempt', 'survey_tally')"""
"""All but the queue, and what counts attempts on purpose."""
SIGNED = tuple(path for path in FORMS if "/forums/" not in path)
NOISE = (
    "\u202e", "\ud83d", "{{7*7}}", "{% raw %}", "<script>", "' OR 1=1 --", "../../etc/passwd", "=1+1", "%s%n", "\x0b",
    "NaN", "-0", "1e999", "9" * 40, "null", "[]", "\ufeff", "İ", "ﬃ", "\u0301" * 30, "a\r\nSet-Cookie: a=b", "\x85",
)  # fmt: skip
NOBODY = "00000000-0000-4000-8000-000000000000"
Fields = dict[str, str]
Made = tuple[str, bytes, bytes]


class Maker:
    """Makes posts from fresh forms. chance decides everything, so that a number repeats a run."""

    def __init__(self, chance: random.Random, fresh: dict[str, Fields], routes: list[str]) -> None:
        self.chance = chance
        self.fresh = fresh
        self.routes = routes
        # What brings the form back is drawn anew and costs ten times as much as what cannot be read.
        self.ways: dict[Callable[[], Made], int] = {
            self.altered_id: 1, self.no_id: 1, self.cut: 1, self.many_fields: 1, self.wrong_values: 2,
            self.bad_letters: 32, self.other_kind: 20, self.somewhere: 42,
        }  # fmt: skip

    def post(self) -> Made:
        return self.chance.choices(tuple(self.ways), tuple(self.ways.values()))[0]()

    def _form(self, paths: tuple[str, ...] = SIGNED) -> tuple[str, Fields]:
        """One of these forms, by default one that carries a signed id."""
        path = self.chance.choice(paths)
        fields = {**self.fresh[path], **FORMS[path]}
        if self.chance.random() < 0.5:
            fields[self.chance.choice(tuple(fields))] = self._noise()
        if self.chance.random() < 0.3:
            fields[self._noise()] = self._noise()
        return path, fields

    def _noise(self) -> str:
        return "".join(self.chance.choice(NOISE) for _ in range(self.chance.randint(1, 4)))

    @staticmethod
    def _encoded(fields: Fields) -> bytes:
        return "&".join(
            f"{quote(name.encode(errors='surrogatepass'))}={quote(value.encode(errors='surrogatepass'))}"
            for name, value in fields.items()
        ).encode()

    def _id_of(self, path: str) -> str:
        return "_id" if "/surveys/" in path else "form"

    def altered_id(self) -> Made:
        path, fields = self._form()
        name = self._id_of(path)
        token = list(self.fresh[path][name])
        place = self.chance.randrange(len(token) - 1)  # the last letter holds bits that nobody reads
        token[place] = self.chance.choice([one for one in "abcdef0123456789-_." if one != token[place]])
        return path, FORM, self._encoded({**fields, name: "".join(token)})

    def no_id(self) -> Made:
        path, fields = self._form()
        fields.pop(self._id_of(path), None)
        return path, FORM, self._encoded(fields)

    def bad_letters(self) -> Made:
        path, fields = self._form(tuple(FORMS)[self.chance.random() > 0.1 :])  # seldom the survey, the dearest
        bad = self.chance.choice(
            (b"%FF%FE", b"%00", b"\xff\xfe", b"%C0%AF", b"%ED%A0%80", b"%F5%80%80%80", b"\xe2\x28")
        )
        where = b"marker" if "/surveys/" in path else b"name"
        return path, FORM, self._encoded(fields) + b"&" + where + b"=a" + bad

    def cut(self) -> Made:
        """Only the beginning: the id stands last, so that it is never whole."""
        path, fields = self._form()
        name = self._id_of(path)
        token = self.fresh[path][name]
        fields.pop(name, None)
        whole = self._encoded({**fields, name: token})
        return path, FORM, whole[: self.chance.randint(0, len(whole) - 5)]

    def other_kind(self) -> Made:
        path, fields = self._form()
        fields.pop(self._id_of(path), None)
        kind = self.chance.choice(
            (b"application/json", b"text/plain", b"multipart/form-data", b"multipart/form-data; boundary=x", b"",
             b"multipart/form-data; boundary=" + b"y" * 300, b"application/xml", b"\xff\xfe")
        )  # fmt: skip
        bodies = (
            json.dumps(fields).encode(),
            b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n' + os.urandom(20),
            b"--x--",
            b"<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>",
            os.urandom(self.chance.randint(1, 200)),
        )
        return path, kind, self.chance.choice(bodies)

    def many_fields(self) -> Made:
        path, fields = self._form()
        fields.pop(self._id_of(path), None)
        number = 6_000 if self.chance.random() < 0.02 else self.chance.randint(10, 60)
        return path, FORM, self._encoded(fields) + b"".join(b"&%d=%d" % (one, one) for one in range(number))

    def wrong_values(self) -> Made:
        """A good form with answers that it does not allow."""
        path, fields = self._form(tuple(FORMS))
        fields |= self.fresh[path]
        if "/surveys/" in path:
            fields |= {"service": self.chance.choice(("", "a9", "A1", " ", self._noise()))}
            fields |= {"_go": "next"}
        elif "/drafts/" in path:
            fields["text"] = self.chance.choice(("", "   ", "\r\n"))
        else:
            fields["email"] = self.chance.choice(("", "x", "x@", "@x", "a b@c.de", "x@x", "x@-.mk", self._noise()))
        return path, FORM, self._encoded(fields)

    def somewhere(self) -> Made:
        """Any address that takes posts, with something in each of its gaps, and no form that belongs there."""
        path = re.sub(r"\{[^}]*\}", lambda _: quote(self._gap(), errors="replace"), self.chance.choice(self.routes))
        return path, FORM, self._encoded({self._noise(): self._noise() for _ in range(3)})

    def _gap(self) -> str:
        return self.chance.choice(
            ("en", "mk", "faults", "tree-rows", "citizens-forum", "1", "0", "-1", "9" * 20, NOBODY, self._noise())
        ).replace("/", "")  # fmt: skip


async def ask(
    app: Guard, method: str, path: str, kind: bytes, body: bytes, *, encoding: bytes = b"gzip"
) -> tuple[int, bytes]:
    """One request, as a server would hand it over."""
    raw = path.encode("ascii", "replace")
    scope: dict[str, Any] = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "scheme": "http",
        "path": re.sub(r"%([0-9A-Fa-f]{2})", lambda found: chr(int(found[1], 16)), path), "raw_path": raw,
        "query_string": b"", "root_path": "", "server": ("localhost", 80), "client": ("127.0.0.1", 1), "state": {},
        "headers": [*HEADERS, (b"accept-encoding", encoding), (b"content-type", kind),
                    (b"content-length", b"%d" % len(body))],
    }  # fmt: skip
    told: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        told.append(message)

    await app(scope, receive, send)
    return told[0]["status"], b"".join(one.get("body", b"") for one in told[1:])


async def fresh_forms(app: Guard) -> dict[str, Fields]:
    """The hidden fields of each form, as a browser gets them."""
    found = {}
    for path in FORMS:
        _, page = await ask(app, "GET", path, b"", b"", encoding=b"identity")
        found[path] = dict(HIDDEN.findall(page.decode()))
    return found


def application(folder: Path) -> tuple[Guard, list[str]]:
    settings = replace(Settings(), data=folder, base_url="http://localhost", abuse=False)
    made = build(settings, load_profile(resource("profiles", "skopje.toml")))
    return made.asgi, posts_of(made.litestar)


def posts_of(app: Litestar) -> list[str]:
    """The pattern of every address that takes posts."""
    return [route.path_format for route in app.routes if "POST" in getattr(route, "methods", ())]


async def child(folder: Path, dsn: str, number: int, seed: int) -> None:
    """Send so many posts and print what came back, as JSON; SIGTERM ends it earlier."""
    await storage.connect(dsn, max_size=10)
    app, routes = application(folder)
    ended: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, frame: ended.append(number))
    statuses, bugs = await send_many(app, routes, number, seed, is_over=lambda: bool(ended))
    await storage.disconnect()
    print(json.dumps({"statuses": statuses, "bugs": dict(bugs.most_common(20))}))


async def send_many(
    app: Guard, routes: list[str], number: int, seed: int, *, is_over: Callable[[], bool] = lambda: False
) -> tuple[Counter[str], Counter[str]]:
    """How often each status was the answer, and the posts that a bug answered."""
    maker = Maker(random.Random(seed), await fresh_forms(app), routes)
    statuses: Counter[str] = Counter()
    bugs: Counter[str] = Counter()
    began = time.perf_counter()
    numbers = iter(range(number))

    async def lane() -> None:
        for one in numbers:
            if is_over():
                return
            if one and one % FRESH == 0:
                maker.fresh = await fresh_forms(app)
                told = {"done": one, "s": round(time.perf_counter() - began), "cpu_s": round(time.process_time())}
                print(json.dumps({**told, "bugs": bugs.total()}), file=sys.stderr, flush=True)
            path, kind, body = maker.post()
            status, _ = await ask(app, "POST", path, kind, body)
            statuses[str(status)] += 1
            if status >= 500 or status < 300:
                bugs[f"{status} {path} {kind!r} {body[:300]!r}"] += 1

    async with asyncio.TaskGroup() as group:
        for _ in range(LANES):
            group.create_task(lane())
    return statuses, bugs


async def furnish(dsn: str) -> None:
    """A draft that takes comments and a meeting that takes registrations, beside the survey."""
    await storage.connect(dsn)
    at = datetime.now(UTC)
    await a_draft(in_consultation=False, at=at)
    day = at.date() + timedelta(days=30)
    closes = datetime.combine(day, datetime.min.time())
    made = await forums.create_forum(content(a_session(day=day), closes=closes), town=TOWN, actor=None, at=at)
    await forums.publish_forum(made, actor=None, at=at)
    await storage.disconnect()


async def stored(dsn: str) -> dict[str, int]:
    await storage.connect(dsn)
    found = await rows()
    await storage.disconnect()
    return found


async def rows() -> dict[str, int]:
    """How many rows each table has."""
    tables = [row["relname"] for row in await storage.fetch(TABLES)]
    return {table: int(await storage.fetchval(f"SELECT count(*) FROM {table}")) for table in tables}


def run(short: bool) -> list[Outcome]:
    many = FEW if short else int(os.environ.get("FAULTS_POSTS", MANY))
    processes = min(2, os.cpu_count() or 1)
    with a_town() as town, embedded.start(town.data) as server:
        uvloop.run(furnish(server.dsn))
        before = uvloop.run(stored(server.dsn))
        began = time.monotonic()
        here = [sys.executable, "-m", "tests.faults.malformed", str(town.data), dsn_of(town), str(many // processes)]
        told = [
            subprocess.Popen([*here, str(one)], env=town.environment(), stdout=subprocess.PIPE)
            for one in range(processes)
        ]
        said = [json.loads(process.communicate()[0]) for process in told]
        took_s = time.monotonic() - began
        after = uvloop.run(stored(server.dsn))
    statuses = sum((Counter(one["statuses"]) for one in said), Counter[str]())
    bugs = sum((Counter(one["bugs"]) for one in said), Counter[str]())
    kept = sum(after.values()) - sum(before.values())
    answers = ", ".join(f"{status}: {times:,}" for status, times in sorted(statuses.items()))
    note = f"{answers}; stored {kept}; {statuses.total() / took_s:,.0f} a second from {processes} processes"
    return [
        Outcome("malformed posts", statuses.total(), acknowledged=statuses.total(), twice=kept, wrong=bugs, note=note)
    ]


if __name__ == "__main__":
    folder, dsn, number, seed = sys.argv[1:]
    uvloop.run(child(Path(folder), dsn, int(number), int(seed)))
