"""Run the benchmarks: `make bench`, or `python -m tests.bench [PART ...]`. Ratios count, absolute figures are printed.

Where a ratio has a limit it is printed beside it, and a run ends with 1 when one is beyond it by more than the margin:
a quarter, because machines are busy. The limits themselves, up to five million stored answers, on an idle machine:

    python -m tests.bench --margin 1 --stored 5000000

A part is a module of this package with `options(parser)` and `run(args)`.
"""

from __future__ import annotations

import argparse
import importlib

from tests.bench.limits import LIMITS, MARGIN

PARTS = (
    "answering", "pages", "growth", "rush", "startup", "memory", "columns", "coverage", "statistics", "tabulation",
    "exports", "registrations", "comparing", "importing", "grouping", "staff",
)  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    modules = {name: importlib.import_module(f"tests.bench.{name}") for name in PARTS}
    for module in modules.values():
        module.options(parser)
    parser.add_argument(
        "--margin", type=float, default=MARGIN, help="by how much a limit may be passed: machines are busy"
    )
    args = parser.parse_args()
    LIMITS.margin = args.margin
    if unknown := set(args.parts) - set(PARTS):
        parser.error(f"there is no part {', '.join(sorted(unknown))}")
    for name in args.parts or PARTS:
        print(f"\n{name}", flush=True)
        modules[name].run(args)
    if LIMITS.margin > 1:
        print(f"\nEach limit may be passed by {LIMITS.margin - 1:.0%} here; --margin 1 holds the limits themselves.")
    if LIMITS.failed:
        raise SystemExit("\n".join(("\nbeyond the limit:", *LIMITS.failed)))


if __name__ == "__main__":
    main()
