"""What became of the answers: acknowledged against stored, and the table of all faults."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import asyncpg

from consult.surveys.survey import receipt_code
from tests.faults.load import Load

STORED = """SELECT r.id, r.answers->>'marker' AS marker FROM response r JOIN survey s ON s.id = r.survey
    WHERE s.slug = 'faults'"""
HEADS = ("acknowledged", "lost", "twice", "wrong", "told 503", "cut off", "away")


@dataclass
class Outcome:
    """One line of the table. away_s: the longest time without a receipt.

    faults: how often it was done; where a number is expected, less has shown nothing.
    """

    what: str
    faults: int
    acknowledged: int = 0
    lost: int = 0
    twice: int = 0
    wrong: Counter[str] = field(default_factory=Counter)
    busy: int = 0
    cut: int = 0
    away_s: float = 0.0
    note: str = ""
    expected: int = 0

    @property
    def is_good(self) -> bool:
        is_whole = not (self.lost or self.twice or self.wrong.total())
        return is_whole and self.acknowledged > 0 and self.faults >= self.expected

    def line(self) -> str:
        figures = (self.acknowledged, self.lost, self.twice, self.wrong.total(), self.busy, self.cut)
        away = f"{self.away_s:.1f} s" if self.away_s else "-"
        words = f"{self.what:<44}{self.faults:>6}" + "".join(f"{one:>13,}" for one in figures) + f"{away:>10}"
        parts = [words + ("" if self.is_good else "   FAILED")]
        parts += [f"    wrong: {times} x {words}" for words, times in self.wrong.most_common(5) if times]
        return "\n".join([*parts, *([f"    {self.note}"] if self.note else [])])


def head() -> str:
    return f"{'fault':<44}{'times':>6}" + "".join(f"{one:>13}" for one in HEADS[:-1]) + f"{HEADS[-1]:>10}"


async def reconcile(dsn: str, load: Load, what: str, faults: int, note: str = "") -> Outcome:
    """Hold what residents were told against what the database has."""
    connection = await asyncpg.connect(dsn)
    try:
        rows = await connection.fetch(STORED)
    finally:
        await connection.close()
    times = Counter(row["marker"] for row in rows if row["marker"] in load.sent)
    codes = {row["marker"]: receipt_code(row["id"]) for row in rows}
    return Outcome(
        what,
        faults,
        acknowledged=len(load.acknowledged),
        lost=sum(codes.get(marker) != code for marker, code in load.acknowledged.items()),
        twice=sum(number - 1 for number in times.values()),
        wrong=load.wrong,
        busy=load.busy,
        cut=load.cut,
        away_s=load.longest_gap_s(),
        note=note,
    )


async def stored_times(dsn: str, marker: str) -> int:
    """How often an answer with this marker is stored."""
    connection = await asyncpg.connect(dsn)
    try:
        return sum(row["marker"] == marker for row in await connection.fetch(STORED))
    finally:
        await connection.close()
