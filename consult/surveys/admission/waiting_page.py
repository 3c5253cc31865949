"""The page on which newcomers wait while more people come than can be served, and the place in the line.

capacity.py decides; here are its measurements, the place as a signed moment in the address (no cookie, good in every
process of this installation), and the page: one set of bytes for a survey and a language, in which a sentence and an
address differ. It asks again by itself (Refresh), which can be switched off, and needs no script.
"""

from __future__ import annotations

import asyncio
import contextvars
import time
from collections import deque
from dataclasses import dataclass, field
from functools import lru_cache
from hmac import compare_digest
from math import ceil
from urllib.parse import parse_qsl, quote, urlencode
from uuid import UUID

from prometheus_client import Counter, Gauge

from consult.errors import N_, NN_
from consult.i18n import Locale, languages
from consult.settings import secret_key
from consult.signed import keyed, letters
from consult.surveys.admission.admitting import QUIET
from consult.surveys.admission.capacity import Rush, Wait
from consult.surveys.admission.turnstile import Turnstile
from consult.surveys.pages import views
from consult.surveys.pages.calls import Call, accepts_gzip
from consult.surveys.pages.precompressed import Spliced
from consult.surveys.pages.rendering import Face, mark
from consult.surveys.responses import inserts
from consult.web.guard import MEANT

PLACE, STILL = "_place", "_still"
TICK_S, WINDOW_S = 0.1, 1.0
LEAST_LOOKS = 2
IDLE_S = 10.0
LONGEST_QUERY = 2000
SENTENCE, ADDRESS, STILL_ADDRESS = map(mark, ("sentence", "address", "still"))
WAITING = Gauge("consult_survey_visitors_waiting", "Visitors with a place in a line.", multiprocess_mode="livesum")
LOOKS = Counter("consult_survey_waiting_pages", "Waiting pages shown to newcomers of surveys.")


class Watch:
    """Looks ten times a second how long requests wait in this process, as long as anybody comes."""

    def __init__(self, rush: Rush, turnstile: Turnstile) -> None:
        self.rush = rush
        self.turnstile = turnstile
        self.waits: deque[tuple[float, float]] = deque()
        self.handle: asyncio.TimerHandle | None = None
        self.last = self.cpu_s = self.idle_s = self.ahead_s = 0.0

    def begin(self, at: float) -> None:
        """at: the wall clock, by which places are counted."""
        loop = asyncio.get_running_loop()
        self.waits.clear()
        self.last, self.cpu_s, self.idle_s = loop.time(), time.process_time(), 0.0
        self.ahead_s = at - self.last
        self.handle = loop.call_later(TICK_S, self.look, loop, context=contextvars.Context())

    def look(self, loop: asyncio.AbstractEventLoop) -> None:
        now, cpu_s = loop.time(), time.process_time()
        dt = max(now - self.last, 0.001)
        self.waits.append((now, max(dt - TICK_S, inserts.responses.longest_s(now), self.turnstile.longest_s(now))))
        while now - self.waits[0][0] > WINDOW_S and len(self.waits) > LEAST_LOOKS:
            self.waits.popleft()
        is_known = len(self.waits) >= LEAST_LOOKS and now - self.waits[0][0] > WINDOW_S / 2
        least_s = min(wait for _, wait in self.waits) if is_known else 0.0
        self.idle_s = 0.0 if self.rush.is_busy or self.rush.came or self.rush.posts else self.idle_s + dt
        self.rush.tick(now + self.ahead_s, dt, least_s, cpu_s - self.cpu_s)
        WAITING.set(self.rush.waiting)
        self.last, self.cpu_s = now, cpu_s
        self.handle = None
        if self.idle_s < IDLE_S:
            self.handle = loop.call_later(TICK_S, self.look, loop, context=contextvars.Context())


@dataclass
class Door:
    """One for each application. is_on: whether newcomers may be asked to wait."""

    is_on: bool
    key: bytes
    rush: Rush = field(default_factory=Rush)
    turnstile: Turnstile = field(default_factory=Turnstile)
    watch: Watch = field(init=False)

    def __post_init__(self) -> None:
        self.watch = Watch(self.rush, self.turnstile)

    def place(self, survey: UUID, came: float) -> str:
        """A place as it stands in an address."""
        moment = round(came * 1000)
        return f"{moment:x}.{self._mac(survey, moment)}"

    def came(self, survey: UUID, written: str) -> float | None:
        """The moment of a place; None for one that was not given here."""
        moment, _, mac = written.partition(".")
        if not (1 <= len(moment) <= 12 and mac.isascii()) or set(moment) - set("0123456789abcdef"):
            return None
        number = int(moment, 16)
        return number / 1000 if compare_digest(mac, self._mac(survey, number)) else None

    def _mac(self, survey: UUID, moment: int) -> str:
        content = survey.bytes + moment.to_bytes(6, "big")
        return letters(keyed(self.key, b"survey-place", 12).of(content))


def door_of(call: Call) -> Door:
    """The door of the application that a request came to."""
    state = call.scope["litestar_app"].state
    door: Door | None = state.get("survey_door")
    if door is None:
        settings = call.shell.settings
        door = state.survey_door = Door(settings.abuse, secret_key(settings))
    return door


async def must_wait(call: Call) -> bool:
    """Whether somebody who wants to begin has to wait; then they have been answered."""
    door = door_of(call)
    await door.turnstile.enter()
    if not door.is_on:
        return False
    at = round(call.now.timestamp() * 1000) / 1000
    if door.watch.handle is None:
        door.watch.begin(at)
    if not door.rush.is_busy:
        door.rush.came += 1
        return False
    survey = call.face.survey.id
    query = dict(parse_qsl(call.scope["query_string"][:LONGEST_QUERY].decode("ascii", "replace")))
    wait = door.rush.arrive(survey, at, door.came(survey, query.get(PLACE, "")))
    if wait is None:
        return False
    LOOKS.inc()
    await show(call, wait, {**query, PLACE: door.place(survey, wait.came)})
    return True


def note_post(call: Call) -> None:
    """Somebody sent something: that is never held up, only counted."""
    door_of(call).rush.posts += 1


async def show(call: Call, wait: Wait, query: dict[str, str]) -> None:
    face, spoken, path = call.face, call.locale, quote(call.scope["path"])
    is_still = query.pop(STILL, "") == "1"
    address = f"{path}?{urlencode(query)}"
    still = f"{address}&{STILL}=1"
    page = waiting_page(face, spoken, is_still=is_still)
    here = still if is_still else address
    gaps = [_in_html(f"/{code}/{here.split('/', 2)[2]}") for code in _others(spoken)]
    gaps += [sentence(spoken, wait.seconds), _in_html(address)]
    if not is_still:
        gaps.append(_in_html(still))
    more = {**QUIET, b"retry-after": str(wait.again_s).encode()}
    if not is_still:
        more[b"refresh"] = f"{wait.again_s}; url={address}".encode()
    is_packed = accepts_gzip(call.scope)
    body = page.gzip(*gaps) if is_packed else page.plain(*gaps)
    call.scope[MEANT] = True  # type: ignore[literal-required]
    await call.answer(body, status=503, is_packed=is_packed, more=more)


def waiting_page(face: Face, spoken: Locale, *, is_still: bool) -> Spliced:
    """is_still: it does not ask again by itself, and promises nothing of the kind."""
    page = face.waiting_pages.get((spoken.code, is_still))
    if page is None:
        marks = {"sentence": SENTENCE, "address": ADDRESS, "still": "" if is_still else STILL_ADDRESS}
        switch = {code: mark(f"language-{code}") for code in _others(spoken)}  # the place is kept in every language
        alternates = views.alternates({code: switch.get(code, "") for code in languages()}, spoken.code)
        rest = face.html(spoken, "surveys/waiting.html", survey=face.survey, alternates=alternates, **marks)
        parts = []
        for one in filter(None, (*switch.values(), *marks.values())):
            part, _, rest = rest.partition(one)
            parts.append(part.encode())
        page = face.waiting_pages[spoken.code, is_still] = Spliced([*parts, rest.encode()])
    return page


def _others(spoken: Locale) -> list[str]:
    return [code for code in languages() if code != spoken.code]


def _in_html(address: str) -> bytes:
    return address.replace("&", "&amp;").encode()


@lru_cache(maxsize=256)
def _turn(spoken: Locale, minutes: int) -> bytes:
    if minutes >= 100:
        words = NN_("In about %(num)s hour it is your turn.", "In about %(num)s hours it is your turn.")
        return spoken.ngettext(*words, ceil(minutes / 60)).encode()
    if minutes > 1:
        words = NN_("In about %(num)s minute it is your turn.", "In about %(num)s minutes it is your turn.")
        return spoken.ngettext(*words, minutes).encode()
    return spoken.gettext(N_("In less than a minute it is your turn.")).encode()


def sentence(spoken: Locale, seconds: int) -> bytes:
    """When it is somebody's turn, rather said too late than too early."""
    return _turn(spoken, 1 if seconds <= 50 else seconds // 60 + 1)
