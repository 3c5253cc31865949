"""Run the benchmarks: `make bench`, or `python -m tests.bench [PART ...]`. Ratios count, absolute figures are printed.

A part is a module of this package with `options(parser)` and `run(args)`.
"""

from __future__ import annotations

import argparse
import importlib

PARTS = (
    "answering", "growth", "rush", "columns", "coverage", "statistics", "tabulation", "exports", "registrations",
    "comparing", "importing", "grouping", "staff",
)  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    modules = {name: importlib.import_module(f"tests.bench.{name}") for name in PARTS}
    for module in modules.values():
        module.options(parser)
    args = parser.parse_args()
    if unknown := set(args.parts) - set(PARTS):
        parser.error(f"there is no part {', '.join(sorted(unknown))}")
    for name in args.parts or PARTS:
        print(f"\n{name}", flush=True)
        modules[name].run(args)


if __name__ == "__main__":
    main()
