"""More come than can be served: newcomers wait in turn and are told how long; answers and quiet surveys never wait."""

from __future__ import annotations

import asyncio
import heapq
import re
from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import timedelta
from uuid import UUID

import httpx
import pytest

from consult.app import Application
from consult.surveys import queries
from consult.surveys.access import DEFAULTS
from consult.surveys.admission.capacity import Rush
from consult.surveys.admission.turnstile import A_TURN, Turnstile
from consult.surveys.admission.waiting_page import Door
from consult.surveys.staff import access_operations
from tests.conftest import NOON, Clock
from tests.surveys.conftest import Resident, publish
from tests.surveys.makers import free, survey

BUSY, QUIET = UUID(int=1), UUID(int=2)
TICK_S = 0.1
PATH = "/en/surveys/small"


@dataclass
class Town:
    """A process of a given capacity (in first pages a second), and the people who come to it."""

    capacity: int = 2000
    at: float = 0.0
    backlog: float = 0.0
    worst_s: float = 0.0
    rush: Rush = field(default_factory=Rush)
    looks: list[tuple[float, int, UUID, float]] = field(default_factory=list)
    posts: list[float] = field(default_factory=list)
    waited: dict[UUID, list[tuple[float, float]]] = field(default_factory=lambda: defaultdict(list))
    told: dict[float, int] = field(default_factory=dict)

    def live(self, seconds: float, a_second: dict[UUID, int]) -> None:
        end = self.at + seconds
        while self.at < end:
            units = 0
            for name, rate in a_second.items():
                for _ in range(int((self.at + TICK_S) * rate) - int(self.at * rate)):
                    units += self.ask(name, None)
            while self.looks and self.looks[0][0] <= self.at:
                _, _, name, came = heapq.heappop(self.looks)
                units += self.ask(name, came)
            while self.posts and self.posts[0] <= self.at:
                heapq.heappop(self.posts)
                self.rush.posts += 1
                units += 4
            self.backlog = max(0.0, self.backlog + units - self.capacity * TICK_S)
            lag_s = self.backlog / self.capacity
            self.worst_s = max(self.worst_s, lag_s)
            self.rush.tick(self.at, TICK_S, lag_s, min(TICK_S, units / self.capacity) if not lag_s else TICK_S)
            self.at += TICK_S

    def ask(self, name: UUID, came: float | None) -> int:
        wait = self.rush.arrive(name, self.at, came)
        if wait is None:
            self.waited[name].append((self.at if came is None else came, self.at))
            thinking_s = 20 + 80 * (len(self.waited[name]) * 0.618 % 1)
            heapq.heappush(self.posts, self.at + thinking_s)
        else:
            self.told.setdefault(wait.came, wait.seconds)
            heapq.heappush(self.looks, (self.at + wait.again_s, len(self.looks), name, wait.came))
        return 1


def test_nobody_waits_while_there_is_room() -> None:
    town = Town()
    town.live(60, {BUSY: 300, QUIET: 3})
    assert (town.told, town.rush.is_busy) == ({}, False)


def test_newcomers_wait_in_turn_answers_do_not_and_quiet_surveys_neither() -> None:
    """Twice as many as can be served, for half a minute."""
    town = Town()
    town.live(30, {BUSY: 750, QUIET: 3})
    assert town.rush.waiting > 5_000
    town.live(120, {QUIET: 3})
    assert len(town.waited[BUSY]) == 22_500, "everybody was let in"
    assert all(end - begin < 0.01 for begin, end in town.waited[QUIET])
    assert town.worst_s < 0.5, "whoever is answering notices nothing"
    assert (town.rush.is_busy, town.rush.waiting) == (False, 0)
    overtaken = [end for begin, end in sorted(town.waited[BUSY]) if end > begin]
    latest = 0.0
    for end in overtaken:
        assert end > latest - 6, "nobody overtakes by more than the time between two looks"
        latest = max(latest, end)


def test_estimate_is_honest() -> None:
    town = Town()
    town.live(30, {BUSY: 750})
    town.live(120, {})
    found = {begin: end - begin for begin, end in town.waited[BUSY] if begin in town.told}
    long = {begin: waited for begin, waited in found.items() if waited > 10}
    assert len(long) > 100
    ratios = sorted(town.told[begin] / waited for begin, waited in long.items())
    assert ratios[0] > 0.5 and 0.8 < ratios[len(ratios) // 2] < 1.2 and ratios[-1] < 1.5


def test_strain_alone_makes_newcomers_wait_and_some_are_always_let_in() -> None:
    rush = Rush()
    for number in range(50):
        rush.arrive(BUSY, number / 10)
        rush.tick(number / 10, TICK_S, 0.6, 0.05)
    assert rush.is_busy
    let_in = sum(rush.arrive(BUSY, 5 + number / 100) is None for number in range(1000))
    assert 0 < let_in < 500


def test_place_is_good_for_its_survey_and_for_hours() -> None:
    door = Door(True, b"a secret of this town hall" * 2)
    written = door.place(BUSY, 1_700_000_000.25)
    assert door.came(BUSY, written) == 1_700_000_000.25
    assert door.came(QUIET, written) is None
    for wrong in ("", "x", written[:-1], "1" + written, "99999999999999999." + written.partition(".")[2], "é.é"):
        assert door.came(BUSY, wrong) is None
    rush = Rush(is_busy=True, rate=5.0)
    now = 1_700_000_000.0
    for _ in range(10):
        rush.arrive(BUSY, now)
    for came in (now - 7 * 3600, now + 60):
        wait = rush.arrive(BUSY, now + 0.01, came)
        assert wait is not None and wait.came >= now, "such a place is no place"


def test_place_that_is_handed_round_lets_in_no_crowd() -> None:
    rush = Rush(is_busy=True, rate=5.0)
    places = [wait.came for number in range(200) if (wait := rush.arrive(BUSY, number / 10)) is not None]
    assert len(places) > 190
    shared = places[0]
    rush.tick(20.0, 1.0, 0.6, 0.05)
    assert rush.arrive(BUSY, 20.1, shared) is None
    assert rush.arrive(BUSY, 20.2, shared) is None, "their page may be loaded again"
    again = rush.arrive(BUSY, 20.3, shared)
    assert again is not None and again.came > places[-1], "nobody else gets in by it"


def test_place_is_lost_a_while_after_its_turn_though_the_line_moves_on() -> None:
    rush = Rush(is_busy=True, rate=5.0)
    early = next(wait for _ in range(10) if (wait := rush.arrive(BUSY, 0.5)) is not None)
    for second in range(1, 1000):
        for number in range(10):
            rush.arrive(BUSY, second + number / 10)
        rush.tick(second + 1.0, 1.0, 0.6, 0.05)
        if second == 800:
            assert rush.arrive(BUSY, second + 1.0, early.came) is None
    late = rush.arrive(BUSY, 1000.0, early.came)
    assert late is not None and late.came >= 999.0
    line = rush.lines[BUSY]
    assert line.waiting == line.total - line.passed > 1000
    assert line.ahead(late.came) == line.waiting
    assert line.moments[0] > early.came


async def test_newcomers_pass_a_few_at_a_time_so_that_others_come_between() -> None:
    turnstile, passed, turns = Turnstile(), list[int](), 0

    async def come(number: int) -> None:
        await turnstile.enter()
        passed.append(number)

    crowd = [asyncio.create_task(come(number)) for number in range(100)]
    await asyncio.sleep(0)
    crowd[50].cancel()
    assert passed == list(range(A_TURN))
    loop = asyncio.get_running_loop()
    assert turnstile.longest_s(loop.time() + 1) >= 1
    while turnstile.is_turning:
        before = len(passed)
        await asyncio.sleep(0)
        turns += 1
        assert len(passed) - before <= A_TURN
    await asyncio.gather(*crowd, return_exceptions=True)
    assert passed == [number for number in range(100) if number != 50]
    assert turns >= 100 / A_TURN - 1
    assert turnstile.longest_s(loop.time()) == 0.0
    await asyncio.wait_for(turnstile.enter(), 1)


@pytest.fixture
async def crowded(application: Application, client: httpx.AsyncClient) -> Door:
    """A survey to which very many come; the process cannot let anybody in before something is done about it."""
    await publish(survey(free("wish")))
    access = replace(DEFAULTS, least_seconds=0)
    await access_operations.set_access(survey_id=(await queries.survey("small")).id, access=access, at=NOON)
    assert (await client.get(PATH)).status_code == 200
    door: Door = application.litestar.state.survey_door
    assert door.watch.handle is not None
    door.watch.handle.cancel()  # it looks at this machine: the test says how busy it is
    door.rush.is_busy, door.rush.rate = True, 0.5
    return door


def tick(door: Door, clock: Clock, seconds: float) -> None:
    clock.now += timedelta(seconds=seconds)
    door.rush.tick(clock.now.timestamp(), seconds, 0.0, 0.0)


async def test_waiting_page_keeps_the_place_and_lets_in(client: httpx.AsyncClient, crowded: Door, clock: Clock) -> None:
    inside = Resident(client, "small", "en")
    assert (await inside.open()).status_code == 200
    while (page := await client.get(f"{PATH}?source=poster")).status_code == 200:
        pass
    assert (page.status_code, page.headers["cache-control"]) == (503, "no-store")
    assert "set-cookie" not in page.headers
    assert page.headers["referrer-policy"] == "origin", "an invitation may stand in its address"
    assert "In less than a minute it is your turn." in page.text
    assert "<script" not in page.text
    again, _, address = page.headers["refresh"].partition("; url=")
    assert page.headers["retry-after"] == again
    assert address.startswith(f"{PATH}?source=poster&_place=")
    assert f'href="{address.replace("&", "&amp;")}"' in page.text
    later = await client.get(PATH)
    receipt = await inside.send({"wish": "Shade"})
    assert 'id="receipt"' in receipt.text, "answers are always taken"
    assert (await client.get(address)).headers["refresh"].endswith(address), "it is the same place"
    crowded.rush.rate = 20.0
    tick(crowded, clock, 1.0)
    entered = await client.get(address)
    assert (entered.status_code, 'name="wish"' in entered.text) == (200, True)
    assert f'action="{PATH}"' in entered.text, "the place goes no further than the first page"
    assert (await client.get(later.headers["refresh"].partition("; url=")[2])).status_code == 200


async def test_page_that_does_not_change_by_itself(
    client: httpx.AsyncClient, crowded: Door, caplog: pytest.LogCaptureFixture
) -> None:
    while (page := await client.get(PATH)).status_code == 200:
        pass
    assert caplog.records == [], "waiting is no fault: thousands of lines in the log would be one"
    links = [link.replace("&amp;", "&") for link in re.findall(rf'href="({PATH}[?][^"]+)"', page.text)]
    still = await client.get(links[1])
    assert still.status_code == 503
    assert "refresh" not in still.headers
    assert ("by itself" in page.text, "by itself" in still.text) == (True, False)
    assert links[0] in still.text.replace("&amp;", "&")


async def test_waiting_page_is_the_same_with_and_without_gzip_in_every_language(
    client: httpx.AsyncClient, crowded: Door
) -> None:
    while (await client.get(PATH)).status_code == 200:
        pass
    for language in ("mk", "ka"):
        path = f"/{language}/surveys/small"
        packed = await client.get(path, headers={"accept-encoding": "gzip"})
        plain = await client.get(path, headers={"accept-encoding": "identity"})
        assert (packed.status_code, packed.headers["content-language"]) == (503, language)
        place = re.compile(r"_place=[^\"&]+")
        assert place.sub("", packed.text) == place.sub("", plain.text)
        assert "[[" not in plain.text


async def test_another_language_keeps_the_place_and_what_the_address_says(
    client: httpx.AsyncClient, crowded: Door
) -> None:
    while (page := await client.get(f"{PATH}?source=poster&_still=1")).status_code == 200:
        pass
    (way,) = re.findall(r'href="(/ka/surveys/small[?][^"]+)"', page.text)
    there = await client.get(way.replace("&amp;", "&"))
    assert (there.status_code, there.headers["content-language"]) == (503, "ka")
    (back,) = re.findall(r'href="(/en/surveys/small[?][^"]+)"', there.text)
    assert back == way.replace("/ka/", "/en/", 1)
    assert re.fullmatch(r"/en/surveys/small[?]source=poster&amp;_place=[^&]+&amp;_still=1", back)


async def test_other_surveys_let_everybody_in_at_once(client: httpx.AsyncClient, crowded: Door) -> None:
    await publish(survey(key="second"))
    while (await client.get(PATH)).status_code == 200:
        pass
    assert (await client.get("/en/surveys/second")).status_code == 200
