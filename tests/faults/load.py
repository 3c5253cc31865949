"""Residents who answer while things break, and who remember what they were told.

Each answer has a marker of its own. Whoever gets 503, or is cut off, sends the same form again, as the page advises;
whoever gets a receipt notes its code. Everything else is a wrong answer.
"""

from __future__ import annotations

import asyncio
import itertools
import random
import re
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import urlencode
from uuid import uuid4

from tests.faults.client import Answer, Line
from tests.hidden import HIDDEN

PATH = "/en/surveys/faults"
CODE = re.compile(r'<p class="c-code">([^<]+)</p>')
AGAIN_S = 0.1
LAST_S = 90.0


@dataclass
class Load:
    """acknowledged: the receipt's code by marker; sent: every marker that left a browser, received or not.

    cut: how often no answer came, and refused: for how many of these nobody took the connection.
    """

    port: int
    acknowledged: dict[str, str] = field(default_factory=dict)
    sent: set[str] = field(default_factory=set)
    wrong: Counter[str] = field(default_factory=Counter)
    busy: int = 0
    cut: int = 0
    refused: int = 0
    moments: list[float] = field(default_factory=list)
    is_ending: bool = False
    ends: float = float("inf")

    def longest_gap_s(self) -> float:
        """The longest time in which nobody got a receipt."""
        times = sorted(self.moments)
        return max((after - before for before, after in itertools.pairwise(times)), default=0.0)

    def _note(self, what: str, answer: Answer) -> None:
        title = re.search(r"<title>([^<]*)", answer.body)
        self.wrong[f"{what}: {answer.status} {title[1].strip() if title else answer.body[:60]!r}"] += 1

    def _is_over(self) -> bool:
        return time.monotonic() > self.ends

    async def _until_good(self, line: Line, what: str, method: str, body: bytes = b"", kept: str = "") -> Answer | None:
        """Ask again after 503 and after a cut; None when the time is over. kept: what a 503 must give back."""
        while not self._is_over():
            before = line.refused
            answer = await line.ask(method, PATH, body)
            self.refused += line.refused - before
            if answer is None:
                self.cut += 1
            elif answer.status == 503:
                self.busy += 1
                if not answer.headers.get("retry-after", "").isdigit():
                    self._note(f"{what} without Retry-After", answer)
                if kept and kept not in answer.body:
                    self._note(f"{what} lost what was typed", answer)
            else:
                return answer
            await asyncio.sleep(AGAIN_S)
        return None

    async def resident(self, number: int, pause_s: float, thinks_s: float) -> None:
        chance = random.Random(number)
        async with Line(self.port) as line:
            while not self.is_ending:
                page = await self._until_good(line, "page", "GET")
                if page is None:
                    return
                if page.status != 200:
                    self._note("page", page)
                    continue
                marker = f"m{uuid4().hex}"
                given = {**dict(HIDDEN.findall(page.body)), "service": chance.choice(("a1", "a2")), "marker": marker}
                self.sent.add(marker)
                await asyncio.sleep(chance.random() * 2 * thinks_s)
                receipt = await self._until_good(line, "post", "POST", urlencode(given).encode(), kept=marker)
                if receipt is None:
                    return
                code = CODE.search(receipt.body)
                if receipt.status == 200 and code:
                    self.acknowledged[marker] = code[1]
                    self.moments.append(time.monotonic())
                else:
                    self._note("post", receipt)
                if pause_s:
                    await asyncio.sleep(chance.random() * 2 * pause_s)


@asynccontextmanager
async def residents(port: int, *, number: int = 8, pause_s: float = 0.01, thinks_s: float = 0.0) -> AsyncIterator[Load]:
    """Let residents answer for as long as the block lasts; then everybody may finish what they began."""
    load = Load(port)
    everybody = [asyncio.create_task(load.resident(one, pause_s, thinks_s)) for one in range(number)]
    try:
        yield load
    finally:
        load.is_ending = True
        load.ends = time.monotonic() + LAST_S
        await asyncio.gather(*everybody)
