"""What the scripts of pages may not do: words of people never become names that all objects inherit, or code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from consult.settings import resource

SCRIPTS = Path(resource("static")).parent / "scripts"
FORBIDDEN = {
    "reaches the prototype": r"__proto__|\bsetPrototypeOf\b|\bObject\.prototype\b|\.prototype\[|\bconstructor\s*[\[.]",
    "goes through inherited names": r"\bfor\s*\((?:const|let|var) \w+ in\b",
    "sets a name below a name": r"\w\[[^\]'\"\d][^\]]*\]\[[^\]]+\]\s*(?:\?\?|\|\||&&|[-+])?=(?!=)",
    "merges into a plain object": r"Object\.assign\((?!Object\.create\(null\))",
    "makes code or markup of words": r"\beval\(|new Function|\.(?:inner|outer)HTML\s*=(?!=)|insertAdjacentHTML",
}
TABLE = re.compile(r"(?:const|let) (\w+) = \{\}")


def faults(source: str) -> list[str]:
    code = re.sub(r"^\s*//.*$", "", source, flags=re.MULTILINE)
    found = [why for why, pattern in FORBIDDEN.items() if re.search(pattern, code)]
    named = [name for name in TABLE.findall(code) if re.search(rf"\b{name}\[[^\]'\"\d]", code)]
    return found + [f"a plain object is a table of names: {name}" for name in named]


def test_no_script_lets_words_reach_what_all_objects_inherit() -> None:
    scripts = sorted(SCRIPTS.rglob("*.js"))
    assert len(scripts) > 20
    told = {str(path.relative_to(SCRIPTS)): faults(path.read_text("utf-8")) for path in scripts}
    assert {name: found for name, found in told.items() if found} == {}


@pytest.mark.parametrize(
    "source",
    [
        "const found = {};\nfound[name] = 1;",
        "kept[part][name] = value;",
        "Object.assign({}, told)",
        "for (const name in told) use(name)",
        "thing.__proto__.a = 1",
        "box.innerHTML = words;",
    ],
)
def test_the_check_finds_what_it_looks_for(source: str) -> None:
    assert len(faults(source)) == 1


def test_the_check_lets_safe_ways_pass() -> None:
    assert faults("const found = table();\nfound[name] = list[0][1];\nconst kept = new Map();") == []
