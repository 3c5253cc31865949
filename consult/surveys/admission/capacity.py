"""Beyond capacity: who may begin a survey now, and who waits for how long. Pure: times and measurements are arguments.

Nothing happens until more people come than this process can serve to the end (by what a visitor has cost lately), or
until it is strained: every request has been waiting too long for some time. Then newcomers are let in at a rate that
follows the strain (down where it lasts, up where it has gone), and the others stand in the line of their survey. Those
who are answering already are never held up: only beginning waits.

    surveys     share the rate. A survey that needs less than its share lets everybody in, however long other lines are
    places      are moments of arrival: a line lets in everybody who came before a moment, and that moment moves on.
                So several processes need not talk to each other, and nobody needs a cookie
    estimates   are the people ahead, by the speed at which the line has lately moved in this process
"""

from __future__ import annotations

from bisect import bisect_right
from collections import deque
from dataclasses import dataclass, field
from uuid import UUID

STRAINED_S = 0.15  # requests wait this long all the time
CALM_S = 5.0  # nobody in a line and no strain for so long: everybody may come in again
LEAST_RATE, LEAST_PART = 5.0, 0.05  # visitors a second, and part of the capacity: let in however strained it is
FALLING, RISING = 0.75, 1.1  # what a second changes
SPARE = 2.0  # visitors whom a survey without a line lets in at once
LATER = 1.1  # an estimate is rather too long than too short
SLOWEST = 0.2  # visitors a second, in estimates
GRAIN_S = 0.05  # who comes within this time has the same place
MEMORY_S = 5.0  # over which arrivals and costs are averaged
SPEED_S = 10.0  # over which the speed of a line is averaged
AGAIN_S = (5, 60)  # when to look again, in short lines
LOOKS_A_SECOND = 200  # of all who wait in long lines, but nobody looks later than at their turn
LONGEST_WAIT_S = 6 * 3600  # a place older than this is no place
LATE_S = 15 * 60  # whose turn was so long ago has lost it
LATE_GRAIN_S = 10.0
SAME_PLACE = 2  # times that somebody may come with a place whose turn it is: pages are loaded again
ELSEWHERE = 50  # people with a place that another process gave
CROWDED = 1.2  # more arrivals than this part of the capacity are too many
POST_COSTS = 4  # in first pages
FIRST_COST_S = 0.001  # before anything was measured
LEAST_UNITS = 10  # in one measurement


@dataclass(frozen=True, slots=True)
class Wait:
    """came: the place. seconds: how long it will take. again_s: when to look again."""

    came: float
    seconds: int
    again_s: int


@dataclass(slots=True)
class Line:
    """Those who wait to begin one survey: moments of arrival, and how many had come up to each."""

    tokens: float = SPARE
    moments: list[float] = field(default_factory=list)
    totals: list[int] = field(default_factory=list)
    head: int = 0
    total: int = 0
    passed: int = 0
    due: float = 0.0
    speed: float = 0.0
    asked: int = 0
    expected: float = 0.0
    base: int = 0  # how many had come before the first moment that is kept
    lost: float = 0.0  # places up to this one have lost their turn
    dues: deque[tuple[float, float]] = field(default_factory=deque)  # where `due` stood, and when
    entered: dict[float, int] = field(default_factory=dict)  # how often somebody came with a place that was due

    @property
    def waiting(self) -> int:
        return self.total - self.passed

    @property
    def is_idle(self) -> bool:
        return not self.waiting and self.expected < 0.01 and self.tokens >= SPARE

    @property
    def wanted(self) -> float:
        """What the survey could use now: for those who wait, and for those who will come before the next tick."""
        return max(0.0, self.waiting + max(SPARE, 1.5 * self.expected) - self.tokens)

    def expect(self, dt: float) -> None:
        self.expected += min(1.0, dt) * (self.asked - self.expected)
        self.asked = 0

    def add(self, at: float) -> float:
        """Somebody more at the end; their place."""
        self.total += 1
        if self.moments and self.head < len(self.moments) and at < self.moments[-1] + GRAIN_S:
            self.totals[-1] = self.total
            return self.moments[-1]
        self.moments.append(at)
        self.totals.append(self.total)
        return at

    def ahead(self, came: float) -> int:
        """How many are to be let in before, and together with, those who came at that moment."""
        place = bisect_right(self.moments, came)
        return max(0, (self.totals[place - 1] if place else 0) - self.passed)

    def given(self, came: float) -> int:
        """How many people have this place."""
        place = bisect_right(self.moments, came) - 1
        if place < 0 or self.moments[place] != came:
            return ELSEWHERE
        return self.totals[place] - (self.totals[place - 1] if place else self.base)

    def is_owed(self, came: float) -> bool:
        """Somebody comes whose turn it is. Whether they may pass: a place that is handed round is good for no more."""
        times = self.entered[came] = self.entered.get(came, 0) + 1
        return times <= SAME_PLACE * self.given(came)

    def forget(self, at: float) -> None:
        """Places whose turn was long ago are lost, however far the line has moved since."""
        noted_at, noted = self.dues[-1] if self.dues else (0.0, self.lost)
        if self.due > noted and at - noted_at >= LATE_GRAIN_S:
            self.dues.append((at, self.due))
        before = self.lost
        while self.dues and at - self.dues[0][0] > LATE_S:
            self.lost = self.dues.popleft()[1]
        if self.lost > before:
            gone = bisect_right(self.moments, self.lost)
            self.base = self.totals[gone - 1] if gone else self.base
            self.head -= gone
            del self.moments[:gone], self.totals[:gone]
            self.entered = {came: times for came, times in self.entered.items() if came > self.lost}

    def move(self, at: float, dt: float) -> None:
        """Let in whom the tokens allow."""
        before = self.passed
        while self.head < len(self.moments) and self.tokens >= 1:
            self.tokens -= self.totals[self.head] - self.passed
            self.passed = self.totals[self.head]
            self.due = self.moments[self.head]
            self.head += 1
        self.forget(at)
        if self.waiting or self.passed > before:
            part = min(1.0, dt / SPEED_S)
            self.speed += part * ((self.passed - before) / dt - self.speed)


@dataclass
class Rush:
    """One for each process."""

    is_busy: bool = False
    rate: float = 0.0
    lines: dict[UUID, Line] = field(default_factory=dict)
    waiting: int = 0  # in all lines
    came: int = 0  # let in since the last tick
    looks: int = 0  # waiting pages since the last tick
    posts: int = 0  # taken since the last tick
    arrivals: float = 0.0  # a second, lately
    cost_s: float = FIRST_COST_S  # of processor time, for one visitor with page and post
    calm_s: float = 0.0

    @property
    def capacity(self) -> float:
        """Visitors a second who could also send their answers: that comes some minutes after they were let in."""
        return 1 / max(self.cost_s, 1e-6)

    def arrive(self, survey: UUID, at: float, came: float | None = None) -> Wait | None:
        """Somebody wants to begin. None: they may. came: the place that they have, if they have one."""
        if self.is_busy:
            waits = self._stand(survey, at, came)
            if waits is not None:
                self.looks += 1
                return waits
        self.came += 1
        return None

    def _stand(self, survey: UUID, at: float, came: float | None) -> Wait | None:
        line = self.lines.get(survey)
        if line is None:
            line = self.lines[survey] = Line(speed=self.rate / (len(self.lines) + 1))
        if came is not None and not self._is_place(line, came, at):
            came = None
        elif came is not None and came <= line.due:
            if line.is_owed(came):
                return None
            came = None
        if came is None:
            line.asked += 1
        if line.tokens >= 1 and not (line.waiting if came is None else line.ahead(came)):
            line.tokens -= 1
            return None
        if came is None:
            came = line.add(at)
            self.waiting += 1
        seconds = round(LATER * line.ahead(came) / max(line.speed, SLOWEST) + AGAIN_S[0] / 2)
        return Wait(came, seconds, self._again(seconds))

    def _is_place(self, line: Line, came: float, at: float) -> bool:
        return at - LONGEST_WAIT_S <= came <= at + GRAIN_S and came > line.lost

    def _again(self, seconds: int) -> int:
        least, most = AGAIN_S
        return max(least, min(seconds, max(min(most, seconds // 2), self.waiting // LOOKS_A_SECOND)))

    def tick(self, at: float, dt: float, wait_s: float, cpu_s: float) -> None:
        """Some time has passed. wait_s: how long requests waited at least, all that time; cpu_s: what was used."""
        self._measure(dt, cpu_s)
        is_strained = wait_s > STRAINED_S
        if not self.is_busy:
            if not is_strained and self.arrivals <= self.capacity * CROWDED:
                return
            self.is_busy, self.calm_s, self.rate = True, 0.0, self.arrivals
        rate = self.rate * FALLING**dt if is_strained else max(self.rate * RISING**dt, self.capacity / 2)
        self.rate = max(LEAST_RATE, self.capacity * LEAST_PART, min(rate, self.capacity))
        for line in self.lines.values():
            line.expect(dt)
        self._share(self.rate * dt)
        for line in self.lines.values():
            line.move(at, dt)
        self.lines = {survey: line for survey, line in self.lines.items() if not line.is_idle}
        self.waiting = sum(line.waiting for line in self.lines.values())
        self.calm_s = 0.0 if is_strained or self.waiting else self.calm_s + dt
        if self.calm_s >= CALM_S:
            self.is_busy = False
            self.lines.clear()

    def _measure(self, dt: float, cpu_s: float) -> None:
        part = min(1.0, dt / MEMORY_S)
        self.arrivals += part * (self.came / dt - self.arrivals)
        units = self.came + self.looks + POST_COSTS * self.posts
        if units >= LEAST_UNITS:
            cost = cpu_s / units * (1 + POST_COSTS)
            self.cost_s += part * (cost - self.cost_s)
        self.came = self.looks = self.posts = 0

    def _share(self, budget: float) -> None:
        """Give each survey what it wants as far as that goes; where it does not, those that want least come first."""
        wanting = sorted(self.lines.values(), key=lambda line: line.wanted)
        for place, line in enumerate(wanting):
            given = min(line.wanted, budget / (len(wanting) - place))
            line.tokens += given
            budget -= given
