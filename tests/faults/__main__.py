"""Run parts and print one table; ends with 1 if an answer was lost, stored twice, or answered wrongly."""

from __future__ import annotations

import argparse
import importlib
import sys
import time
import traceback

from tests.faults.outcome import head

PARTS = ("kills", "disk", "clients", "clock", "jobs", "mail", "malformed")
BY_NAME = ("city",)
"""Parts that run only when they are named: they take long."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS + BY_NAME))
    parser.add_argument("--short", action="store_true", help="each fault once or twice")
    args = parser.parse_args()
    if unknown := set(args.parts) - {*PARTS, *BY_NAME}:
        parser.error(f"there is no part {', '.join(sorted(unknown))}")
    good = True
    print(head(), flush=True)
    for name in args.parts or PARTS:
        part = importlib.import_module(f"tests.faults.{name}")
        began = time.monotonic()
        print(f"\n{name}: {part.TITLE}", flush=True)
        try:
            for outcome in part.run(args.short):
                print(outcome.line(), flush=True)
                good = good and outcome.is_good
        except (TimeoutError, AssertionError) as fault:
            traceback.print_exc()
            print(f"FAILED: {type(fault).__name__} {fault}", flush=True)
            good = False
        print(f"({time.monotonic() - began:.0f} s)", flush=True)
    sys.exit(not good)


if __name__ == "__main__":
    main()
