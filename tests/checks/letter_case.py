"""Check letter case and the Content-Security-Policy in our sources: `python -m tests.checks.letter_case`.

Georgian has no capitals in use: upper-casing gives letters that most fonts lack. So styles must not transform text, and
templates and scripts must not either. The same reading finds inline styles, scripts and handlers, which the one policy
of all pages forbids; files that people take away (`…_file.html`) carry their style inside.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CASE_IN_STYLES = re.compile(r"text-transform\s*:(?!\s*none)|font-variant(-caps)?\s*:[^;]*(small|petite|unicase)")
CASE_IN_TEMPLATES = re.compile(r"\|\s*(upper|title|capitalize)\b|\.(upper|title|capitalize)\(\)")
CASE_IN_SCRIPTS = re.compile(r"to(Locale)?UpperCase\(")
INLINE = re.compile(
    r"<[^>]*\s(style|on[a-z]+)\s*=|<style\b|<script(?![^>]*\s(src=|type=.application/json))|=.javascript:",
    re.IGNORECASE,
)


def faults(root: Path = ROOT / "consult") -> Iterator[str]:
    for path in sorted(root.rglob("*")):
        parts = path.relative_to(root).parts
        if not path.is_file() or "node_modules" in parts or "static" in parts:
            continue
        if path.suffix in {".css", ".scss"}:
            yield from _found(path, CASE_IN_STYLES, "changes the case of letters")
        elif "templates" in parts and path.suffix in {".html", ".txt", ".xml"}:
            yield from _found(path, CASE_IN_TEMPLATES, "changes the case of letters")
            if path.suffix == ".html" and not path.name.startswith("mail") and not path.name.endswith("_file.html"):
                yield from _found(path, INLINE, "breaks the Content-Security-Policy")
        elif path.suffix == ".js":
            yield from _found(path, CASE_IN_SCRIPTS, "changes the case of letters")


def _found(path: Path, pattern: re.Pattern[str], what: str) -> Iterator[str]:
    comments = re.compile(r"\{#.*?#\}|/\*.*?\*/", re.DOTALL)
    text = comments.sub(lambda comment: "\n" * comment[0].count("\n"), path.read_text(encoding="utf-8"))
    for match in pattern.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        yield f"{path}:{line}: {match[0].strip()!r} {what}"


def main() -> int:
    found = list(faults())
    for fault in found:
        print(fault, file=sys.stderr)
    print(f"Letter case: {len(found)} fault(s)")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
