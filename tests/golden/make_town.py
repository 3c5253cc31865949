"""Draw the synthetic town that the golden tests rest on: `python tests/golden/make_town.py` writes data/town.csv.

Nobody's answers: every value comes from a seeded generator. Four districts (strata) with blocks of houses (clusters) of
unequal size, unequal weights, missing answers, ties, an empty cell and an option that everybody in a district chose, so
that the special cases of the formulas occur. Change nothing here without running reference.R again.
"""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

BLOCKS = {"Centre": (9, 60), "Lake": (7, 35), "Hill": (6, 48), "Villages": (5, 30)}
"""District -> blocks drawn, blocks there are."""


def town() -> list[dict[str, object]]:
    rng = np.random.default_rng(20261122)
    rows: list[dict[str, object]] = []
    block = 0
    for number, (district, (drawn, there_are)) in enumerate(BLOCKS.items()):
        for _ in range(drawn):
            block += 1
            homes, asked, mood = int(rng.integers(40, 200)), int(rng.integers(6, 25)), rng.normal(0, 0.5)
            for _ in range(asked):
                feeling = mood + rng.normal(0, 1) + 0.2 * number
                weight = round(there_are / drawn * homes / asked * float(rng.uniform(0.7, 1.5)), 4)
                facts = {"district": district, "block": block, "blocks": there_are, "weight": weight}
                rows.append(facts | _person(rng, feeling, number))
    return rows


def _person(rng: np.random.Generator, feeling: float, district: int) -> dict[str, object]:
    def point(of: float, low: int, high: int) -> int:
        return int(np.clip(round((low + high) / 2 + of * (high - low) / 5), low, high))

    def maybe(value: object, missing: float) -> object:
        return "" if rng.random() < missing else value

    older = int(rng.integers(0, 4))
    visits = int(rng.poisson(2.5))
    uses = [rng.random() < share for share in (0.55, 0.35, 0.0 if district == 3 else 0.15)]
    satisfied = point(feeling + rng.normal(0, 0.6), 1, 5)
    return {
        "gender": "woman" if rng.random() < 0.53 else "man",
        "age": ("18-29", "30-44", "45-64", "65+")[older],
        "satisfied": maybe(satisfied, 0.06),
        "earlier": maybe(int(np.clip(satisfied + rng.integers(-1, 2), 1, 5)), 0.04),
        "recommend": maybe(point(feeling + rng.normal(0, 0.8), 0, 10), 0.05),
        "minutes": maybe(int(np.ceil(rng.gamma(2.0, 9.0 - 2 * np.tanh(feeling)))), 0.08),
        "visits": visits,
        "solved": min(visits, int(rng.binomial(visits, 0.6))) if visits else 0,
        "parks": "Yes" if uses[0] else "No",
        "buses": "Yes" if uses[1] else "No",
        "library": "Yes" if uses[2] else "No",
        **{f"clean{i}": maybe(point(0.8 * feeling + rng.normal(0, 0.5 + 0.1 * i), 1, 7), 0.02) for i in range(1, 6)},
        "unclear": maybe(point(-0.7 * feeling + rng.normal(0, 1), 1, 7), 0.02),
    }


if __name__ == "__main__":
    found = town()
    with (Path(__file__).parent / "data" / "town.csv").open("w", newline="") as out:
        written = csv.DictWriter(out, list(found[0]), lineterminator="\n")
        written.writeheader()
        written.writerows(found)
