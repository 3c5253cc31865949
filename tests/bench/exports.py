"""Files of a million answers to 20 questions: seconds, the most memory of the whole command, size of the file."""

from __future__ import annotations

import argparse
import asyncio
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import yaml

from consult import storage
from consult.storage import embedded
from consult.storage.embedded import Options

KINDS = ("csv", "sav", "dta", "parquet", "xlsx", "ods")
LIMIT_MIB = 300
"""What the command may take for a CSV file, however many answers there are."""
BATCH = 100_000


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--export-answers", type=int, default=1_000_000, metavar="N")
    parser.add_argument("--export-formats", default="csv,sav,dta,parquet", help=f"of {', '.join(KINDS)}")


def run(args: argparse.Namespace) -> None:
    with tempfile.TemporaryDirectory() as name, embedded.start(Path(name), Options(durable=False)) as server:
        folder = Path(name)
        environment = {**os.environ, "CONSULT_DATA": name, "CONSULT_DATABASE_URL": server.dsn}
        consult = [sys.executable, "-m", "consult"]
        subprocess.run([*consult, "migrate"], check=True, env=environment, stdout=subprocess.DEVNULL)
        survey = folder / "exports.yaml"
        survey.write_text(yaml.safe_dump(definition(), allow_unicode=True))
        command = [*consult, "survey", "publish", str(survey), "--open"]
        subprocess.run(command, check=True, env=environment, stdout=subprocess.DEVNULL)
        asyncio.run(fill(server.dsn, args.export_answers))
        for kind in args.export_formats.split(","):
            file = folder / f"answers.{kind}"
            export = ["responses", "export", "exports", "--format", kind, "--codes", "--out", str(file), "--json"]
            seconds, mib = measured([*consult, *export], environment)
            over = f"  more than the {LIMIT_MIB} MiB that were promised" if kind == "csv" and mib > LIMIT_MIB else ""
            print(
                f"{args.export_answers:,} answers as {kind:<8}{seconds:7.1f} s {mib:6.0f} MiB at most,"
                f" file of {file.stat().st_size / 1e6:6.0f} MB{over}",
                flush=True,
            )


def measured(command: list[str], environment: dict[str, str]) -> tuple[float, float]:
    """Wall seconds of a command, and the most memory that it held."""
    began = time.monotonic()
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{command} ended with {process.returncode}")
    return time.monotonic() - began, usage.ru_maxrss / 1024


def definition() -> dict[str, Any]:
    """20 questions: 10 of one answer, 6 scales, 2 of several answers, 2 numbers."""

    def text(words: str) -> dict[str, str]:
        return {"mk": words, "ka": words, "en": words}

    choices = [{"code": f"c{n}", "text": text(f"Answer {n}")} for n in range(1, 6)]
    asked: list[dict[str, Any]] = []
    asked += [{"type": "single", "key": f"s{n}", "text": text(f"Question {n}"), "options": choices} for n in range(10)]
    ends = {"low": text("bad"), "high": text("good"), "points": 5}
    asked += [{"type": "scale", "key": f"r{n}", "text": text(f"Scale {n}"), **ends} for n in range(6)]
    asked += [{"type": "multiple", "key": f"m{n}", "text": text(f"Many {n}"), "options": choices} for n in range(2)]
    asked += [{"type": "number", "key": f"n{n}", "text": text(f"Number {n}"), "min": 0, "max": 99} for n in range(2)]
    return {
        "consult": "survey/1",
        "key": "exports",
        "title": text("Exports"),
        "languages": ["mk", "ka", "en"],
        "pages": [{"key": "page", "questions": asked}],
    }


async def fill(dsn: str, n: int) -> None:
    """Made-up answers, by the database itself."""
    singles = ", ".join(f"'s{i}', 'c' || (1 + floor(random() * 5))::int" for i in range(10))
    scales = ", ".join(f"'r{i}', (1 + floor(random() * 5))::int" for i in range(6))
    many = ", ".join(f"'m{i}', jsonb_build_array('c1', 'c' || (2 + floor(random() * 4))::int)" for i in range(2))
    numbers = ", ".join(f"'n{i}', floor(random() * 99)::int" for i in range(2))
    made = f"jsonb_build_object({singles}, {scales}, {many}, {numbers})"
    await storage.connect(dsn, min_size=1, max_size=2)
    try:
        survey = await storage.fetchval("select id from survey where slug = 'exports'")
        for start in range(0, n, BATCH):
            await storage.execute(
                "insert into response (id, survey, version, language, channel, day, answers)"
                f" select gen_random_uuid(), $1, 1, 'mk', 'web', '2026-11-20', {made} from generate_series(1, $2::int)",
                survey,
                min(BATCH, n - start),
            )
        await storage.execute("analyze response")
    finally:
        await storage.disconnect()
