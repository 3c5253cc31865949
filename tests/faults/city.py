"""A whole city answers a survey of 20 questions while its processes are killed: what was acknowledged is stored once.

`python -m tests.faults.city --answers 4600000` plays what the European Commission's consultation on summer time drew in
2018; `make faults PARTS=city` a tenth of it. A receipt is remembered as one number of 64 bits: all fit into memory.
All limits are on as delivered: residents come from many networks through a proxy, and wait where they are asked to.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import random
import sys
import time
from array import array
from collections import Counter
from collections.abc import Iterator
from urllib.parse import quote_plus
from uuid import uuid4

import asyncpg
import numpy as np

from consult.cli.rehearsal.processes import cpu_s
from consult.surveys.survey import receipt_code
from tests.bench.respondents import answers, somewhere
from tests.cli.town import ROOT
from tests.faults import town as towns
from tests.faults.client import Answer, Line
from tests.faults.kills import FAULTS
from tests.faults.load import AGAIN_S, CODE
from tests.faults.outcome import Outcome, head
from tests.faults.town import Site
from tests.hidden import HIDDEN

TITLE = "a whole city, answering while processes are killed"
SURVEY = ROOT / "tests" / "bench" / "survey.yaml"
PATH = "/en/surveys/bench"
AT_ONCE = 24
SHORT, TENTH = 5_000, 460_000
SHEETS = 500
"""Filled-in forms that residents choose from; each of them writes a marker of its own into one more field."""
MOST_WRONG = 100
"""So many wrong answers end the day: it has failed."""
LONGEST_AWAY_S = 300.0
TELL_S = 60.0
STORED = """SELECT r.id, r.answers->>'street' AS marker FROM response r JOIN survey s ON s.id = r.survey
    WHERE s.slug = 'bench'"""


def run(short: bool) -> Iterator[Outcome]:
    yield answered(SHORT if short else TENTH, kill_every_s=4.0 if short else 30.0)


def answered(wanted: int, *, kill_every_s: float) -> Outcome:
    with towns.a_town(limits=True) as town:
        done = town.consult("survey", "publish", SURVEY, "--open")
        assert done.returncode == 0, done.stderr
        with towns.serving(town, "--workers", "2") as site:
            return asyncio.run(City(site, wanted).answers_while_killed(kill_every_s))


class City:
    """wanted: how many receipts end the day. told: a number for each receipt; wrong: answers that are none."""

    def __init__(self, site: Site, wanted: int) -> None:
        self.site = site
        self.wanted = wanted
        self.told = array("Q")
        self.busy = self.cut = self.kills = self.waited = 0
        self.wrong: Counter[str] = Counter()
        self.last = time.monotonic()
        self.away_s = 0.0
        self.sheets: list[str] = []

    async def answers_while_killed(self, kill_every_s: float) -> Outcome:
        async with Line(self.site.port) as line:
            page = await line.ask("GET", PATH)
            assert page is not None and page.status == 200
        self.sheets = [_sheet(page.body, random.Random(number)) for number in range(SHEETS)]
        began, spent = time.monotonic(), cpu_s(self.site.process)
        self.last = began
        beside = [asyncio.create_task(self._kill(kill_every_s)), asyncio.create_task(self._tell())]
        await asyncio.gather(*(self._resident(number) for number in range(AT_ONCE)))
        for one in beside:
            if one.done():
                one.result()  # it has failed, and nothing was killed since
            one.cancel()
        took = time.monotonic() - began
        assert self.told, f"nobody got a receipt: {dict(self.wrong)}"
        web_us = (cpu_s(self.site.process) - spent) / len(self.told) * 1e6
        return await self._reconciled(
            f"{took:.0f} s, {len(self.told) / took:.0f} receipts a second, {web_us:.0f} us of web processes each, "
            f"{self.waited} times a newcomer was asked to wait; "
            f"4.6 million at this rate: {4.6e6 * took / len(self.told) / 3600:.1f} hours"
        )

    async def _resident(self, number: int) -> None:
        chance = random.Random(number)
        async with Line(self.site.port) as line:
            while len(self.told) < self.wanted and self.wrong.total() < MOST_WRONG:
                network = somewhere(chance)
                page = await self._until_answered(line, network, "GET")
                if page.status != 200:
                    self.wrong[f"page: {page.status}"] += 1
                    continue
                marker = uuid4().hex
                hidden = "".join(f"&{name}={quote_plus(value)}" for name, value in HIDDEN.findall(page.body))
                sheet = f"{chance.choice(self.sheets)}&street={marker}{hidden}"
                receipt = await self._until_answered(line, network, "POST", sheet.encode())
                code = CODE.search(receipt.body)
                if receipt.status == 200 and code:
                    self._acknowledge(marker, code[1])
                else:
                    self.wrong[f"post: {receipt.status}"] += 1

    async def _until_answered(self, line: Line, network: str, method: str, body: bytes = b"") -> Answer:
        path = PATH
        while True:
            answer = await line.ask(method, path, body, **{"X-Forwarded-For": network})
            if answer is not None and answer.status != 503:
                return answer
            if answer is not None and "refresh" in answer.headers:
                self.waited += 1
                seconds, _, path = answer.headers["refresh"].partition("; url=")
                await asyncio.sleep(int(seconds))
                continue
            self.busy += answer is not None
            self.cut += answer is None
            if time.monotonic() - self.last > LONGEST_AWAY_S:
                raise TimeoutError("nobody has had a receipt for minutes")
            await asyncio.sleep(AGAIN_S)

    def _acknowledge(self, marker: str, code: str) -> None:
        now = time.monotonic()
        self.away_s = max(self.away_s, now - self.last)
        self.last = now
        self.told.append(_number(marker, code))

    async def _kill(self, every_s: float) -> None:
        """Each kind of fault by turns, at a moment that nobody foresees."""
        while True:
            for _, act in FAULTS:
                await asyncio.sleep(every_s * (0.5 + random.random()))
                if time.monotonic() - self.last < 1.0:  # it has recovered from the one before
                    act(self.site)
                    self.kills += 1

    async def _tell(self) -> None:
        while True:
            before = len(self.told)
            await asyncio.sleep(TELL_S)
            print(f"    {len(self.told):,} receipts, {(len(self.told) - before) / TELL_S:.0f} a second", flush=True)

    async def _reconciled(self, note: str) -> Outcome:
        """Hold every receipt against the table: the same marker with the same code, and each marker once."""
        markers, pairs = array("Q"), array("Q")
        connection = await asyncpg.connect(self.site.dsn)
        try:
            async with connection.transaction():
                async for row in connection.cursor(STORED, prefetch=10_000):
                    markers.append(_number(row["marker"]))
                    pairs.append(_number(row["marker"], receipt_code(row["id"])))
        finally:
            await connection.close()
        stored = np.frombuffer(markers, dtype=np.uint64)
        missing = np.isin(np.frombuffer(self.told, dtype=np.uint64), np.frombuffer(pairs, dtype=np.uint64), invert=True)
        return Outcome(
            "a city answers, processes killed by turns",
            self.kills,
            acknowledged=len(self.told),
            lost=int(missing.sum()),
            twice=len(stored) - len(np.unique(stored)),
            wrong=self.wrong,
            busy=self.busy,
            cut=self.cut,
            away_s=self.away_s,
            note=note,
            expected=1,
        )


def _sheet(page: str, chance: random.Random) -> str:
    fields = answers(page.encode(), chance).decode().split("&")
    return "&".join(field for field in fields if not field.startswith("street="))


def _number(*words: str) -> int:
    """64 bits for words: two of 4.6 million markers meet with a chance of one to 1.7 million."""
    return int.from_bytes(hashlib.blake2b(" ".join(words).encode(), digest_size=8).digest(), "little")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--answers", type=int, default=TENTH)
    parser.add_argument("--kill-every", type=float, default=30.0, help="seconds from one kill to the next, on average")
    args = parser.parse_args()
    print(head(), flush=True)
    outcome = answered(args.answers, kill_every_s=args.kill_every)
    print(outcome.line())
    sys.exit(not outcome.is_good)


if __name__ == "__main__":
    main()
