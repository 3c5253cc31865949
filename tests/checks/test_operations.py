"""Who calls an operation names what is given: of two ids side by side nothing says which is which."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

CODE = Path(__file__).resolve().parents[2] / "consult"


def by_position(source: str) -> Iterator[str]:
    """Public functions of a module that take more than one argument by its position."""
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.startswith("_"):
            given = node.args.posonlyargs + node.args.args
            if len(given) > 1 or node.args.vararg:
                yield node.name


def test_operations_take_their_arguments_by_name() -> None:
    modules = sorted(CODE.rglob("*operations.py"))
    assert len(modules) > 40
    assert [f"{path.relative_to(CODE)}: {name}" for path in modules for name in by_position(path.read_text())] == []


def knows_the_web(source: str) -> bool:
    names = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Import | ast.ImportFrom)]
    return any("litestar" in ast.unparse(node) for node in names)


def test_operations_queries_and_tables_know_no_web_framework() -> None:
    modules = [path for path in sorted(CODE.rglob("*.py")) if path.stem.endswith(("operations", "queries", "tables"))]
    assert len(modules) > 90
    assert [str(path.relative_to(CODE)) for path in modules if knows_the_web(path.read_text())] == []


def test_the_check_sees_what_it_looks_for() -> None:
    source = (
        "async def sign(petition, person): ...\ndef _own(a, b): ...\ndef end(id_, *, at): ...\ndef all_of(*ids): ...\n"
    )
    assert list(by_position(source)) == ["sign", "all_of"]
    assert knows_the_web("def f():\n    from litestar import get\n") and not knows_the_web("import consult.web\n")
