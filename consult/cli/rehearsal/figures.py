"""What a rehearsal found, in sentences and as JSON. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from consult.cli.rehearsal.visitors import Tally

PATIENCE_MS = 1_000  # slower than this at the slow end does not count as carried


@dataclass(frozen=True, slots=True)
class Step:
    """One load. database_s: None where the database server is not ours to watch."""

    at_once: int
    tally: Tally
    web_s: float
    database_s: float | None
    own_s: float

    @property
    def is_carried(self) -> bool:
        return not self.tally.failed and self.tally.percentile_ms(0.99) <= PATIENCE_MS


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    slug: str
    pages: int
    questions: int
    is_invited: bool
    processors: int
    workers: int
    steps: list[Step]
    acknowledged: int
    stored: int
    letters: int
    letters_a_minute: int

    @property
    def lost(self) -> int:
        """Receipts without a stored answer, or stored answers that nobody has a receipt for."""
        return self.acknowledged - self.stored

    @property
    def carried(self) -> float:
        """Respondents a second at the best load that was carried; 0 where none was."""
        return max((step.tally.rate for step in self.steps if step.is_carried), default=0.0)

    @property
    def mailing_s(self) -> float:
        return self.letters / self.letters_a_minute * 60

    def plain(self) -> dict[str, object]:
        return {
            "survey": self.slug,
            "workers": self.workers,
            "processors": self.processors,
            "loads": [
                {
                    "at_once": step.at_once,
                    "a_second": round(step.tally.rate, 1),
                    "p50_ms": round(step.tally.percentile_ms(0.5), 1),
                    "p99_ms": round(step.tally.percentile_ms(0.99), 1),
                    "failed": step.tally.failed,
                    "statuses": {str(status): number for status, number in sorted(step.tally.statuses.items())},
                    "web_cpu_s": round(step.web_s, 2),
                    "database_cpu_s": None if step.database_s is None else round(step.database_s, 2),
                    "generator_cpu_s": round(step.own_s, 2),
                }
                for step in self.steps
            ],
            "acknowledged": self.acknowledged,
            "stored": self.stored,
            "carried_a_second": round(self.carried, 1),
            "letters": self.letters,
            "mailing_s": round(self.mailing_s),
        }

    def told(self) -> Iterator[str]:
        way = "by invitation" if self.is_invited else "open to everybody"
        yield (
            f"A copy of {self.slug} (pages: {self.pages}, questions: {self.questions}, {way}) was answered here "
            f"(processors: {self.processors}, web processes: {self.workers}). It has been removed."
        )
        yield ""
        yield f"{'at once':>8}{'answered a second':>20}{'middle':>10}{'slowest 1 %':>14}{'failed':>9}"
        for step in self.steps:
            middle, slow = (f"{step.tally.percentile_ms(share):.0f} ms" for share in (0.5, 0.99))
            yield f"{step.at_once:>8}{step.tally.rate:>20,.0f}{middle:>10}{slow:>14}{step.tally.failed:>9}"
        yield ""
        yield self._kept()
        yield from self._cost()
        yield from self._meaning()

    def _kept(self) -> str:
        if self.lost == 0:
            return f"All {self.acknowledged:,} receipts stand for stored answers, none is stored twice."
        return f"WRONG: {self.acknowledged:,} receipts were given, but {self.stored:,} answers are stored."

    def _cost(self) -> Iterator[str]:
        done = sum(step.tally.receipts + step.tally.ended for step in self.steps)
        if not done:
            return
        web = sum(step.web_s for step in self.steps) / done * 1000
        database = [step.database_s for step in self.steps if step.database_s is not None]
        beside = f" and {sum(database) / done * 1000:.2f} ms in the database" if database else ""
        share = sum(step.own_s for step in self.steps) / sum(step.tally.seconds for step in self.steps)
        yield f"One respondent costs {web:.2f} ms of processor time in the web processes{beside}."
        yield f"The generated respondents themselves took {share:.0%} of one processor, which residents bring along."

    def _meaning(self) -> Iterator[str]:
        yield ""
        best, letters = self.carried, self.letters
        if not best:
            yield "No load was carried without failures and within a second: look into the log of the server."
            return
        yield f"This machine carries at least {best:,.0f} respondents a second, {best * 3600:,.0f} an hour."
        setting = f"CONSULT_LETTERS_PER_MINUTE={self.letters_a_minute}"
        yield f"A mailing of {letters:,} letters takes {duration(self.mailing_s)} at {setting}."
        arriving = self.letters_a_minute / 60
        yield f"If everybody answered on getting the letter, {arriving:,.1f} would come in a second: " + (
            f"carried. Up to {best * 60:,.0f} letters a minute would be."
            if arriving <= best
            else f"too many. Send {best * 60:.0f} letters a minute at most."
        )
        yield f"If all {letters:,} came at the same moment, the last would wait {duration(letters / best)}."


def duration(seconds: float) -> str:
    """1 day, 3:46:40 hours in words that fit: `27 h 47 min`, `5 min 3 s`, `12 s`."""
    whole = int(timedelta(seconds=round(seconds)).total_seconds())
    hours, minutes, rest = whole // 3600, whole % 3600 // 60, whole % 60
    if hours:
        return f"{hours:,} h {minutes} min"
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
