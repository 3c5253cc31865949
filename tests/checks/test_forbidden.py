"""What may not stand in the product: code made from text, pickled objects, shells, loaders that run what they read.

And sentences inside f-strings: they would stay English.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from consult.demo.content import LOADER

CONSULT = Path(__file__).resolve().parents[2] / "consult"
CALLS = {"eval", "exec", "compile", "__import__", "input"}
MODULES = {"pickle", "cPickle", "dill", "cloudpickle", "marshal", "shelve", "jsonpickle", "telnetlib", "xmlrpc", "imp"}
ATTRIBUTES = {
    ("os", "system"),
    ("os", "popen"),
    ("subprocess", "getoutput"),
    ("subprocess", "getstatusoutput"),
    ("asyncio", "create_subprocess_shell"),
    ("yaml", "load"),
    ("yaml", "load_all"),
    ("yaml", "full_load"),
    ("yaml", "unsafe_load"),
    ("tempfile", "mktemp"),
    ("numpy", "load"),
    ("np", "load"),
    ("ssl", "_create_unverified_context"),
}
SAFE = {"Loader=yaml.SafeLoader", "Loader=LOADER", "Loader=content.LOADER"}


def found(source: str) -> Iterator[str]:
    """Forbidden things in a module, each with its line."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        what = ""
        if isinstance(node, ast.Import):
            what = next((one.name for one in node.names if one.name.partition(".")[0] in MODULES), "")
        elif isinstance(node, ast.ImportFrom):
            what = node.module if (node.module or "").partition(".")[0] in MODULES and node.module else ""
            named = [one.name for one in node.names if (node.module, one.name) in ATTRIBUTES]
            what = what or ", ".join(named)
        elif isinstance(node, ast.Call):
            what = forbidden_call(node)
        elif isinstance(node, ast.JoinedStr) and any(is_sentence(one) for one in ast.walk(node)):
            what = "a sentence inside an f-string, where nobody gathers it for translation,"
        if what:
            yield f"{what} in line {node.lineno}"  # type: ignore[attr-defined]


def is_sentence(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "N_"


def forbidden_call(node: ast.Call) -> str:
    keywords = {f"{one.arg}={ast.unparse(one.value)}" for one in node.keywords}
    if "shell=True" in keywords or "allow_pickle=True" in keywords:
        return ast.unparse(node.func)
    match node.func:
        case ast.Name(id=name) if name in CALLS:
            return name
        case ast.Attribute(value=ast.Name(id=module), attr=name) if (module, name) in ATTRIBUTES:
            return "" if keywords & (SAFE | {"allow_pickle=False"}) else f"{module}.{name}"
    return ""


def test_the_product_makes_no_code_from_text_and_starts_no_shell() -> None:
    told = {str(path.relative_to(CONSULT)): list(found(path.read_text())) for path in sorted(CONSULT.rglob("*.py"))}
    assert {name: what for name, what in told.items() if what} == {}


def test_the_loader_of_the_demonstration_is_the_safe_one() -> None:
    assert issubclass(LOADER, yaml.constructor.SafeConstructor)


@pytest.mark.parametrize(
    "source",
    [
        "eval('1')",
        "import pickle",
        "from pickle import loads",
        "import subprocess\nsubprocess.run('ls', shell=True)",
        "import os\nos.system('ls')",
        "import yaml\nyaml.load('a')",
        "import numpy as np\nnp.load('a', allow_pickle=True)",
    ],
)
def test_the_check_finds_what_it_looks_for(source: str) -> None:
    assert len(list(found(source))) == 1


def test_the_check_lets_safe_ways_pass() -> None:
    assert list(found("import yaml\nyaml.load('a', Loader=yaml.SafeLoader)\nimport re\nre.compile('a')")) == []
