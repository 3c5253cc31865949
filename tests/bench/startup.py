"""How soon a command that computes nothing is there, beside the import of the libraries that everything stands on."""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys

from tests.bench.limits import LIMITS

LIBRARIES = "import litestar, piccolo.table, piccolo.engine.postgres, babel.dates, jinja2"
COMMANDS = (("--help",), ("survey", "--help"), ("doctor", "--help"), ("survey", "publish", "--help"))
LIMIT = 1.6
"""0.7 s on a machine where the libraries alone take 0.44 s."""
ROUNDS = 7


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--startups", type=int, default=ROUNDS, metavar="N", help="how often each command is started")


def run(args: argparse.Namespace) -> None:
    commands = {" ".join(("consult", *words)): ["-m", "consult", *words] for words in COMMANDS}
    commands = {"the libraries alone": ["-c", LIBRARIES], **commands}
    spent: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(args.startups + 1):  # the first one reads the disk and writes byte code
        for name, command in commands.items():
            spent[name].append(cpu_s_of([sys.executable, *command]))
    bare, *others = (sorted(times[1:])[args.startups // 2] for times in spent.values())
    print(f"  the libraries alone: {bare:.2f} s of processor time")
    for name, cost in zip(list(commands)[1:], others, strict=True):
        LIMITS.hold(f"{name}, {cost:.2f} s, in imports of the libraries", cost / bare, LIMIT)


def cpu_s_of(command: list[str]) -> float:
    """The processor time of one program from its start to its end."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, env=os.environ, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
