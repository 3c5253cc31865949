"""A whole town, and somebody who puts one trick into every field of it and then looks at everything that comes out."""

from __future__ import annotations

import html
import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import timedelta

import httpx
from litestar import Litestar
from litestar.routes import HTTPRoute

from consult.mail.message import Message, wire
from consult.people.guards import COOKIE
from consult.storage import fetch
from tests.browser.cases import CASES, DOORS, OTHER
from tests.browser.worlds import World
from tests.conftest import Clock
from tests.hostile import forms, proving
from tests.hostile.files import a_file

FILE = re.compile("|".join(re.sub(r"\\{[^}]*\\}", "[^/]+", re.escape(path)) for path in OTHER if path.count("/") > 1))
"""Addresses of what is no page."""
PAGES = 6
PAUSE = timedelta(seconds=20)
"""Nobody fills a form in no time: who does is taken for a machine."""
LINK = re.compile(r'(?:href|src)="(/[^"#]+)')
NEVER = re.compile(r"/(sign-out|password|forgotten-password|sign-in)$")


@dataclass
class Walk:
    """One trick on its way.

    faults: what it has done, each line beginning with the address; links: files that pages lead to; missing: those
    that are not there; carried: the kinds of output that held the trick.
    """

    browser: httpx.AsyncClient
    world: World
    trick: str
    short: str
    clock: Clock
    language: str = "mk"
    faults: list[str] = field(default_factory=list)
    statuses: dict[str, int] = field(default_factory=dict)
    links: set[str] = field(default_factory=set)
    missing: list[str] = field(default_factory=list)
    carried: set[str] = field(default_factory=set)
    sent: int = 0
    taken: int = 0

    async def everywhere(self, app: Litestar) -> list[str]:
        """Every form, every output, then what takes things away. Returns what the trick has done."""
        waiting: list[tuple[str, int]] = []
        for address in self.addresses():
            waiting += await self.fill(address)
        for address in [*self.addresses(), *await self.files(app)]:
            await self.look(address)
        while new := sorted(self.links - self.statuses.keys()):
            for address in new:
                if (await self.look(address)).status_code == 404:
                    self.missing.append(address)
        for address, place in waiting:
            shown = await self.look(address)
            if shown.status_code == 200:
                await self.send(shown.text, place, address)
        self.faults += [fault async for fault in letters()]
        return self.faults

    def addresses(self) -> Iterator[str]:
        """Every page that exists in this state of the town."""
        for route, case in CASES.items():
            if self.world.name in case.states and route not in DOORS:
                yield case.address.format(language=self.language, **self.world.places)

    async def fill(self, address: str) -> list[tuple[str, int]]:
        """Send the forms of a page. Returns those that are left for the end."""
        shown = await self.look(address)
        if shown.status_code != 200 or "text/html" not in shown.headers["content-type"]:
            return []
        left: list[tuple[str, int]] = []
        for place, form in enumerate(forms.forms_of(shown.text)):
            ready = forms.filled(form, self.trick, self.short, address)
            if ready.takes_away:
                left.append((address, place))
            elif not NEVER.search(ready.action):
                await self.send(shown.text, place, address)
        return left

    async def send(self, page: str, place: int, address: str) -> None:
        """Send one form, again without the trick in the fields that refuse it, and then its next pages."""
        refused: set[str] = set()
        for _ in range(PAGES):
            found = forms.forms_of(page)
            if place >= len(found):
                return
            ready = forms.filled(found[place], self.trick, self.short, address, refused)
            given = await self.post(ready, address)
            if given.status_code == 200 and 'id="survey"' in given.text and "/surveys/" in ready.action:
                page, place, refused = given.text, 0, set()
                continue
            more = forms.refusing(given.text) & ready.texts if given.status_code == 422 else set()
            if not more:
                return
            refused |= more

    async def post(self, ready: forms.Filled, address: str) -> httpx.Response:
        data: dict[str, list[str]] = {}
        for name, value in ready.pairs:
            data.setdefault(name, []).append(value)
        attached = {name: a_file(accept, self.trick) for name, accept in ready.files.items()}
        self.sent += 1
        self.clock.now += PAUSE
        action = str(httpx.URL("http://consult.test" + address).join(ready.action))
        answer = await self.browser.post(action, data=data, files=attached or None)
        self.judge(f"POST {ready.action} of {address}", answer)
        if answer.status_code < 400 and (ready.texts or ready.files):
            self.taken += 1
        return answer

    async def look(self, address: str) -> httpx.Response:
        answer = await self.browser.get(address)
        self.judge(f"GET {address}", answer)
        self.statuses[address] = answer.status_code
        if answer.status_code == 200 and answer.headers["content-type"].startswith("text/html"):
            found = {html.unescape(one) for one in LINK.findall(answer.text)}
            self.links |= {one for one in found if FILE.fullmatch(one.partition("?")[0])}
        return answer

    def judge(self, what: str, answer: httpx.Response) -> None:
        found = [f"status {answer.status_code}"] if answer.status_code >= 500 else []
        found += proving.headers(list(answer.headers.multi_items()), "consult.test")
        if answer.content and not answer.is_redirect:
            found += proving.answer(answer.headers.get("content-type", ""), answer.content)
        kind = answer.headers.get("content-type", "").partition(";")[0]
        if answer.status_code == 200 and kind not in self.carried and proving.holds(kind, answer.content, "zq"):
            self.carried.add(kind)
        self.faults += [f"{what}: {fault}" for fault in found]

    async def files(self, app: Litestar) -> list[str]:
        """Downloads, feeds, figures: addresses without a case, with the places that the town knows, and the API."""
        known = {
            "slug": self.world.places.get("draft", ""),
            "language": self.language,
            "number": "1",
        }
        paths = [route.path for route in app.routes if isinstance(route, HTTPRoute) and "GET" in route.methods]
        found = [path for path in paths if path in OTHER or path.startswith("/api/v1")]
        made: list[str] = []
        for path in found:
            made += self.filled(path, known)
        rows = await fetch("SELECT id FROM result_export WHERE state = 'done'")
        slug = self.world.places.get("survey_with_results", "")
        return [*made, *(f"/staff/{self.language}/results/{slug}/downloads/{row['id']}" for row in rows)]

    def filled(self, path: str, known: dict[str, str]) -> list[str]:
        """A route with the slugs that fit it; [] where a place is not known."""
        places = self.world.places
        kinds = {
            "surveys": (places.get("survey"), places.get("survey_with_results")),
            "results": (places.get("survey_with_results"),),
            "drafts": (places.get("draft"), places.get("compared")),
            "forums": (places.get("forum"), places.get("past_forum"), places.get("reception")),
            "consultations": (places.get("consultation"), places.get("reported")),
        }
        kind = next((part for part in path.split("/") if part in kinds), None)
        slugs = dict.fromkeys(one for one in kinds.get(kind or "", ("-",)) if one)
        ids = {"session_id": places.get("session_id"), "forum_id": places.get("forum_id"), "spoken": self.language}
        ids |= {"response_id": places.get("response"), "key": places.get("kiosk"), "name": "q", "file": "q.json"}
        found = []
        for slug in slugs:
            values = {**known, **{name: value for name, value in ids.items() if value}, "slug": slug}
            address = path
            for place, value in values.items():
                address = re.sub(rf"\{{{place}(:\w+)?\}}", value, address)
            if "{" not in address:
                found.append(address)
        return found


async def letters() -> AsyncIterator[str]:
    """Every letter that waits, as it goes over the wire."""
    rows = await fetch(
        "SELECT id, recipient, event, language, subject, body_text, body_html, created_at"
        " FROM notification WHERE body_text IS NOT NULL"
    )
    for row in rows:
        message = Message(
            id=row["id"],
            recipient=row["recipient"],
            language=row["language"],
            subject=row["subject"],
            body_text=row["body_text"],
            body_html=row["body_html"],
            created_at=row["created_at"],
        )
        mail = wire(message, sender_name="Скопје", sender="town@example.org", host="example.org")
        raw = mail.as_bytes()
        head = raw.partition(b"\r\n\r\n")[0].decode("ascii")
        for line in head.split("\r\n"):
            if line.lower().startswith(("zqprop", "bcc", "http/")):
                yield f"letter {row['event']}: header {line!r}"
        if row["body_html"]:
            for fault in proving.page(row["body_html"].encode(), "consult.test"):
                yield f"letter {row['event']}: {fault}"


async def a_walk(browser: httpx.AsyncClient, world: World, trick: str, short: str, clock: Clock) -> Walk:
    """Furnish the town, visit it once as a resident, and sign in."""
    await world.make()
    browser.headers["sec-fetch-site"] = "same-origin"
    if world.name != "nothing":
        await world.visit(browser)
    browser.headers["cookie"] = f"{COOKIE}={world.staff_token}"
    browser.headers["user-agent"] = "Mozilla/5.0 (X11; Linux x86_64)"
    return Walk(browser, world, trick, short, clock)
