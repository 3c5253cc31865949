"""deploy/keys.md names every place of the code that signs, seals or draws at random, and every label of a key."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CODE = ROOT / "consult"
SIGNING = {"hmac.new", "blake2b", "hashlib.blake2b", "AESGCM", "hash_secret_raw", "PasswordHasher", "keyed", "labelled"}
DRAWING = re.compile(r"secrets\.(?!compare_digest)\w+|token_(urlsafe|hex|bytes)|os\.urandom")
MENTIONS = re.compile(r"hmac|blake2b|secrets|urandom|argon2|AESGCM|form_id|signed")
LABEL = re.compile(r"[a-z][a-z -]{2,}[a-z]:?")


def is_keyed(call: ast.Call) -> bool:
    """BLAKE2 without key and label is a mere checksum."""
    name, given = ast.unparse(call.func), {one.arg for one in call.keywords}
    return name in SIGNING and (not name.endswith("blake2b") or bool(given & {"key", "person"}))


def labels(tree: ast.Module) -> set[str]:
    """What stands before words that are signed, or marks a key: bytes in a sum or a call, or f"label …".encode()."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.BinOp | ast.keyword | ast.Call):
            parts = [one.value for one in ast.iter_child_nodes(node) if isinstance(one, ast.Constant)]
            found |= {one.decode("latin-1") for one in parts if isinstance(one, bytes)}
        elif isinstance(node, ast.Attribute) and node.attr == "encode" and isinstance(node.value, ast.JoinedStr):
            begin = node.value.values[0]
            found |= {str(begin.value).strip()} if isinstance(begin, ast.Constant) else set()
    return {one for one in found if LABEL.fullmatch(one)}


def places() -> tuple[set[str], dict[str, set[str]]]:
    """The modules that sign, seal or draw; and each label with the modules in which it stands."""
    modules: set[str] = set()
    told: dict[str, set[str]] = defaultdict(set)
    for path in sorted(CODE.rglob("*.py")):
        text = path.read_text("utf-8")
        if "node_modules" in path.parts or not re.search(
            r"hmac|blake2b|secrets|urandom|argon2|AESGCM|form_id|signed", text
        ):
            continue
        tree, name = ast.parse(text), str(path.relative_to(ROOT))
        calls = [one for one in ast.walk(tree) if isinstance(one, ast.Call)]
        signs = any(is_keyed(one) for one in calls)
        if signs or any(DRAWING.fullmatch(ast.unparse(one.func)) for one in calls):
            modules.add(name)
        for label in labels(tree) if signs else ():
            told[label].add(name)
    return modules, told


def test_every_key_and_every_random_value_is_in_the_inventory() -> None:
    inventory = (ROOT / "deploy" / "keys.md").read_text("utf-8")
    modules, told = places()
    assert len(modules) > 30 and len(told) > 20
    assert [one for one in sorted(modules) if f"`{one}`" not in inventory] == []
    assert [one for one in sorted(told) if f"`{one}`" not in inventory] == []
    gone = set(re.findall(r"`(consult/[\w/]+\.py)`", inventory)) - modules
    assert not {one for one in gone if not (ROOT / one).is_file()}


def test_no_two_purposes_share_a_label() -> None:
    assert {label: names for label, names in places()[1].items() if len(names) > 1} == {}
