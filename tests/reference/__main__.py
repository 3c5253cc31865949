"""`python -m tests.reference DIR`: evaluate reference cases. Exit code 1 if a case fails, 2 without any case."""

from __future__ import annotations

import sys
import time
import traceback
from pathlib import Path

from tests.reference.cases import Case, read_folder
from tests.reference.compare import Difference, differences
from tests.reference.names import adapter

FAULTS = (ArithmeticError, AssertionError, AttributeError, LookupError, OSError, RuntimeError, TypeError, ValueError)


def evaluate(case: Case) -> list[Difference]:
    """What is wrong with a case; nothing if it passes."""
    if case.fault:
        return [Difference("", case.fault, None)]
    calculate = adapter(case.statistic)
    if calculate is None:
        return [Difference("statistic", f"no such name, or no function for it: {case.statistic!r}", None)]
    try:
        found = calculate(case)
    except FAULTS as error:
        # A case that cannot be evaluated is a failure like any other: the rest must still be counted.
        place = traceback.extract_tb(error.__traceback__)[-1]
        return [Difference("", f"{type(error).__name__}: {error} ({place.filename}:{place.lineno})", None)]
    return differences(found, case.expected, rtol=case.rtol, atol=case.atol)


def main(arguments: list[str]) -> int:
    if len(arguments) != 1 or not Path(arguments[0]).is_dir():
        sys.stderr.write("Usage: python -m tests.reference DIR\n")
        return 2
    passed = failed = 0
    for case in read_folder(Path(arguments[0])):
        start = time.perf_counter()
        wrong = evaluate(case)
        for difference in wrong:
            sys.stdout.write(f"FAILED {case.file} {case.id} {difference}\n")
        if not wrong and time.perf_counter() - start > 10:
            sys.stdout.write(f"slow   {case.file} {case.id} {time.perf_counter() - start:.1f} s\n")
        passed, failed = passed + (not wrong), failed + bool(wrong)
    sys.stdout.write(f"{passed} passed, {failed} failed\n")
    return 1 if failed else 0 if passed else 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
