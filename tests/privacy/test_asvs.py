"""deploy/asvs.md names every requirement of levels 1 and 2, and only files and tests that exist."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROW = re.compile(r"\| V(\d+\.\d+\.\d+) \| ([12]) \| (yes|part|open|n/a) \| (.+?) \| (.*?) ?\|")
# Of each section the levels of its requirements, in their order (version 5.0.0).
LEVELS = {
    "1.1": "22", "1.2": "1111122223", "1.3": "112222222223", "1.4": "222", "1.5": "123",
    "2.1": "122", "2.2": "112", "2.3": "12223", "2.4": "23",
    "3.1": "3", "3.2": "113", "3.3": "12223", "3.4": "11222233", "3.5": "11122333", "3.6": "3", "3.7": "22333",
    "4.1": "12233", "4.2": "23333", "4.3": "22", "4.4": "1222",
    "5.1": "2", "5.2": "112333", "5.3": "113", "5.4": "222",
    "6.1": "122", "6.2": "111111112222", "6.3": "11223333", "6.4": "112233", "6.5": "22222333", "6.6": "2223",
    "6.7": "33", "6.8": "2222",
    "7.1": "222", "7.2": "1111", "7.3": "22", "7.4": "11222", "7.5": "223", "7.6": "22",
    "8.1": "1233", "8.2": "1123", "8.3": "133", "8.4": "23",
    "9.1": "111", "9.2": "1222",
    "10.1": "22", "10.2": "223", "10.3": "22223", "10.4": "1111122222233333", "10.5": "22222", "10.6": "22",
    "10.7": "222",
    "11.1": "2233", "11.2": "22233", "11.3": "11233", "11.4": "1222", "11.5": "23", "11.6": "23", "11.7": "33",
    "12.1": "12233", "12.2": "11", "12.3": "22223",
    "13.1": "2333", "13.2": "222223", "13.3": "2233", "13.4": "1222233",
    "14.1": "22", "14.2": "12223333", "14.3": "122",
    "15.1": "12233", "15.2": "12233", "15.3": "1222222", "15.4": "3333",
    "16.1": "2", "16.2": "22222", "16.3": "2222", "16.4": "222", "16.5": "2223",
    "17.1": "23", "17.2": "22223333", "17.3": "22",
}  # fmt: skip


def rows() -> list[tuple[str, str, str, str, str]]:
    text = (ROOT / "deploy" / "asvs.md").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line.startswith("| V")]
    found = [ROW.fullmatch(line) for line in lines]
    assert all(found), [line for line, one in zip(lines, found, strict=True) if one is None]
    return [(one[1], one[2], one[3], one[4], one[5]) for one in found if one]


def test_every_requirement_of_two_levels_is_answered_once() -> None:
    wanted = {f"{section}.{n}": level for section, levels in LEVELS.items() for n, level in enumerate(levels, 1)}
    assert len(wanted) == 345
    answered = [(number, level) for number, level, *_ in rows()]
    assert dict(answered) == {number: level for number, level in wanted.items() if level in "12"}
    assert len(answered) == len(dict(answered))


def test_what_is_said_to_fulfil_a_requirement_exists() -> None:
    missing = []
    for number, _, state, _, places in rows():
        named = re.findall(r"`([^`]+)`", places)
        if state in ("yes", "part") and not named:
            missing.append(f"{number}: nothing is named")
        for place in named:
            path, _, test = place.partition("::")
            if not (ROOT / path).exists() or (test and f"def {test}(" not in (ROOT / path).read_text("utf-8")):
                missing.append(f"{number}: {place}")
    assert missing == []


def test_the_counts_at_the_top_are_those_of_the_table() -> None:
    states = Counter(state for _, _, state, _, _ in rows())
    counts = ", ".join(f"{states[one]} {one}" for one in ("yes", "part", "open", "n/a"))
    assert f"{states.total()} requirements: {counts}." in (ROOT / "deploy" / "asvs.md").read_text("utf-8")


def test_weaknesses_have_their_time_frames() -> None:
    text = (ROOT / "deploy" / "security.md").read_text("utf-8")
    assert re.findall(r"\| (\d+) days \| (\d+) days \|", text) == [("2", "2"), ("7", "7"), ("30", "30")]
    assert "at least every three months" in " ".join(text.split())
    assert "security.md" in (ROOT / "deploy" / "runbook.md").read_text("utf-8")
