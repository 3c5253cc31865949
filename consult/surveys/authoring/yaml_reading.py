"""From a YAML file to a Definition, with all problems at once: line, place and what to do; and back to YAML.

The structs of schema.py say what is expected; this module walks the file along them. Where something is wrong
it notes a fault and goes on with a stand-in, so that one mistake does not hide the next.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec
import yaml
from msgspec import inspect

from consult.errors import N_, Invalid, Problem
from consult.surveys.authoring import checks
from consult.surveys.authoring.yaml_nodes import Node, Unreadable, parse
from consult.surveys.definition.schema import SCHEMA_PATH, Definition, from_builtins, to_builtins

Path = tuple[str | int, ...]

WRONG_SHAPE = {
    "list": N_("Here a list is expected: one line with “- ” for each item."),
    "map": N_("Here a block of `name: value` lines is expected."),
    "text": N_("Here a text in every language is expected, such as `{mk: …, ka: …, en: …}`."),
    "scalar": N_("Here a single value is expected, not a list or a block."),
}


@dataclass(frozen=True, slots=True)
class Fault(Problem):
    """A problem in a survey file: line 0 when the definition did not come from a file."""

    line: int = 0

    def __str__(self) -> str:
        sentence = self.message % self.parameters if self.parameters else self.message
        return f"line {self.line}: {self.place}: {sentence}" if self.line else f"{self.place}: {sentence}"


class InvalidSurvey(Invalid):
    message = N_("The survey file has problems.")


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of a file: the definition when there are no faults.

    draft: what can be kept as a working copy, to be mended there; there is one unless the file has a wrong shape.
    """

    definition: Definition | None
    faults: tuple[Fault, ...]
    draft: Definition | None = None


def read(source: str | bytes) -> Reading:
    """Read a survey file and check it completely."""
    try:
        root = parse(source)
    except Unreadable as fault:
        return Reading(None, (Fault("", fault.message, fault.parameters, line=fault.line),))
    reader = _Reader()
    draft = reader.value(root, inspect.type_info(Definition), ())
    has_shape = isinstance(draft, Definition) and not reader.faults
    if isinstance(draft, Definition):
        for found in checks.check(draft, broken=frozenset(reader.broken_keys)):
            path = reader.written(found.path)
            if path not in reader.missing:
                reader.faults.append(Fault(reader.place(path), found.message, found.parameters, line=reader.line(path)))
    faults = tuple(sorted(reader.faults, key=lambda fault: fault.line))
    if not has_shape:
        return Reading(None, faults)
    whole = from_builtins(to_builtins(draft))
    return Reading(None if faults else whole, faults, whole)


def load(source: str | bytes) -> Definition:
    """The definition in a file. Raises InvalidSurvey with all its faults."""
    reading = read(source)
    if reading.definition is None:
        raise InvalidSurvey(reading.faults)
    return reading.definition


def write(definition: Definition) -> str:
    """The definition as a YAML file; reading it gives the same definition."""
    body = yaml.dump(
        to_builtins(definition),
        Dumper=_Dumper,
        allow_unicode=True,
        sort_keys=False,
        default_flow_style=False,
        width=110,
    )
    return f"# yaml-language-server: $schema={SCHEMA_PATH}\n{body}"


class _Dumper(yaml.SafeDumper):
    """Whole numbers without a point and paragraphs as blocks, as people write them."""

    def ignore_aliases(self, data: Any) -> bool:
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


def _figure(dumper: yaml.SafeDumper, value: float) -> yaml.ScalarNode:
    if value.is_integer() and abs(value) < 1e15:
        return dumper.represent_int(int(value))
    return dumper.represent_float(value)


def _words(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style="|" if "\n" in value else None)


_Dumper.add_representer(float, _figure)
_Dumper.add_representer(str, _words)


@dataclass
class _Reader:
    faults: list[Fault] = field(default_factory=list)
    lines: dict[Path, int] = field(default_factory=dict)
    names: dict[Path, str] = field(default_factory=dict)
    broken_keys: set[str] = field(default_factory=set)
    missing: set[Path] = field(default_factory=set)
    kept: dict[Path, list[int]] = field(default_factory=dict)

    def written(self, path: Path) -> Path:
        """Where an item stands in the file, counting those that could not be read."""
        found: Path = ()
        for part in path:
            found = (*found, self.kept[found][part] if isinstance(part, int) and found in self.kept else part)
        return found

    def fault(self, path: Path, message: str, *, at_line: int | None = None, **parameters: object) -> None:
        self.faults.append(Fault(self.place(path), message, parameters, line=at_line or self.line(path)))

    def line(self, path: Path) -> int:
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def place(self, path: Path) -> str:
        """`pages.you.questions.age.min`: items by their key or code where they have one, else by number from 1."""
        parts = []
        for depth, part in enumerate(path):
            name = self.names.get(path[: depth + 1])
            parts.append(name or (str(part + 1) if isinstance(part, int) else part))
        return ".".join(parts)

    def value(self, node: Node, wanted: inspect.Type, path: Path) -> Any:
        self.lines.setdefault(path, node.line)
        if isinstance(wanted, inspect.Metadata):
            wanted = wanted.type
        match wanted:
            case inspect.StructType():
                return self.struct(node, wanted, path)
            case inspect.UnionType():
                return self.union(node, wanted, path)
            case inspect.VarTupleType() | inspect.ListType():
                return self.sequence(node, wanted.item_type, path)
            case inspect.DictType():
                return self.text(node, path)
            case _:
                return self.scalar(node, wanted, path)

    def union(self, node: Node, wanted: inspect.UnionType, path: Path) -> Any:
        kinds = [kind for kind in wanted.types if not isinstance(kind, inspect.NoneType)]
        if len(kinds) == 1:
            return None if node.is_empty else self.value(node, kinds[0], path)
        tagged = {kind.tag: kind for kind in kinds if isinstance(kind, inspect.StructType)}
        if node.kind != "map":
            self.fault(path, WRONG_SHAPE["map"])
            return None
        given = next((entry for key, entry in node.entries if key.value == "type"), None)
        if given is None:
            self.fault(path, N_("The question has no `type`. Write one of: %(types)s."), types=_listed(tagged))
        elif given.value not in tagged:
            self.fault(
                path,
                N_("There is no question type “%(type)s”. %(advice)s"),
                at_line=given.line,
                type=given.value,
                advice=_advice(given.value, [str(tag) for tag in tagged]),
            )
        else:
            return self.struct(node, tagged[given.value], path)
        self.broken_keys.update(entry.value for key, entry in node.entries if key.value == "key")
        return None

    def struct(self, node: Node, wanted: inspect.StructType, path: Path) -> Any:
        if node.kind != "map":
            self.fault(path, WRONG_SHAPE["map"])
            return None
        fields = {spec.encode_name: spec for spec in wanted.fields}
        entries = self.entries(node, path)
        name = next((entries[key].value for key in ("key", "code") if key in entries), "")
        if name and path and isinstance(path[-1], int):
            self.names[path] = name
        values: dict[str, Any] = {}
        for key, child in entries.items():
            if key == wanted.tag_field:
                continue
            if key not in fields:
                known = [*fields, *([wanted.tag_field] if wanted.tag_field else [])]
                self.fault(
                    (*path, key),
                    N_("There is no “%(name)s” here. %(advice)s"),
                    at_line=self.lines[(*path, key)],
                    name=key,
                    advice=_advice(key, known),
                )
                continue
            values[key] = self.value(child, fields[key].type, (*path, key))
        for key, spec in fields.items():
            if spec.required and values.get(key) is None:
                if key not in values:
                    self.fault(path, N_("“%(name)s” is missing here. Add it."), name=key)
                    self.missing.add((*path, key))
                values[key] = _stand_in(spec.type)
            elif key in values and values[key] is None and not _may_be_none(spec.type):
                del values[key]
        return wanted.cls(**values)

    def entries(self, node: Node, path: Path) -> dict[str, Node]:
        found: dict[str, Node] = {}
        for key, child in node.entries:
            if key.kind != "scalar":
                self.fault(path, WRONG_SHAPE["scalar"], at_line=key.line)
                continue
            if key.value in found:
                self.fault(path, N_("“%(name)s” is there twice. Remove one."), at_line=key.line, name=key.value)
                continue
            found[key.value] = child
            self.lines[(*path, key.value)] = key.line
        return found

    def sequence(self, node: Node, item: inspect.Type, path: Path) -> tuple[Any, ...] | None:
        if node.kind != "list":
            self.fault(path, WRONG_SHAPE["list"])
            return None
        values = [self.value(child, item, (*path, number)) for number, child in enumerate(node.items)]
        self.kept[path] = [number for number, value in enumerate(values) if value is not None]
        return tuple(value for value in values if value is not None)

    def text(self, node: Node, path: Path) -> dict[str, str] | None:
        if node.kind != "map":
            self.fault(path, WRONG_SHAPE["text"])
            return None
        text: dict[str, str] = {}
        for language, child in self.entries(node, path).items():
            if child.kind != "scalar":
                self.fault((*path, language), WRONG_SHAPE["scalar"], at_line=child.line)
                text[language] = "?"
            else:
                text[language] = "" if child.is_empty else child.value.strip()
        return text

    def scalar(self, node: Node, wanted: inspect.Type, path: Path) -> Any:
        if node.kind != "scalar":
            self.fault(path, WRONG_SHAPE["scalar"])
            return None
        written = node.value.strip()
        match wanted:
            case inspect.StrType():
                return self.string(written, wanted, path)
            case inspect.LiteralType():
                if written in wanted.values:
                    return written
                choices = [str(value) for value in wanted.values]
                self.fault(
                    path,
                    N_("“%(value)s” is not possible here. %(advice)s"),
                    value=written,
                    advice=_advice(written, choices),
                )
            case inspect.BoolType():
                if written in ("true", "false"):
                    return written == "true"
                self.fault(path, N_("Write `true` or `false` instead of “%(value)s”."), value=written)
            case inspect.IntType() | inspect.FloatType():
                return self.number(written, wanted, path)
        return None

    def string(self, written: str, wanted: inspect.StrType, path: Path) -> str | None:
        if not written:
            self.fault(path, N_("There is nothing after the colon. Write a value or remove the line."))
            return None
        if wanted.pattern and not re.fullmatch(wanted.pattern, written):
            self.fault(
                path,
                N_("“%(value)s” does not fit. Use only `a` to `z`, digits and %(marks)s, and begin with a letter."),
                value=written,
                marks="_" if "_" in wanted.pattern else "-",
            )
        elif wanted.max_length and len(written) > wanted.max_length:
            self.fault(path, N_("This is longer than %(length)s characters. Shorten it."), length=wanted.max_length)
        return written

    def number(self, written: str, wanted: inspect.IntType | inspect.FloatType, path: Path) -> float | int | None:
        whole = isinstance(wanted, inspect.IntType)
        if not re.fullmatch(r"[+-]?\d{1,15}" if whole else r"[+-]?\d{1,15}(\.\d{1,15})?", written):
            hint = N_("Write a whole number instead of “%(value)s”.") if whole else N_("Write a number, such as 2.5.")
            self.fault(path, hint, value=written)
            return None
        number = int(written) if whole else float(written)
        if (wanted.ge is not None and number < wanted.ge) or (wanted.le is not None and number > wanted.le):
            low = wanted.ge if wanted.ge is not None else "…"
            high = wanted.le if wanted.le is not None else "…"
            self.fault(
                path, N_("%(value)s is out of range: from %(low)s to %(high)s."), value=written, low=low, high=high
            )
            return None
        return number


def _may_be_none(wanted: inspect.Type) -> bool:
    return isinstance(wanted, inspect.UnionType) and wanted.includes_none


def _stand_in(wanted: inspect.Type) -> Any:
    """Something of the wanted kind, so that checking goes on."""
    if isinstance(wanted, inspect.Metadata):
        wanted = wanted.type
    match wanted:
        case inspect.StrType():
            return "?"
        case inspect.LiteralType():
            return wanted.values[0]
        case inspect.IntType():
            return wanted.ge or 0
        case inspect.DictType():
            return {}
        case _:
            return ()


def _listed(names: Mapping[Any, object] | list[str]) -> str:
    return ", ".join(str(name) for name in names)


def _advice(given: str, known: list[str]) -> str:
    """Not translated: names of the format only."""
    near = difflib.get_close_matches(given.lower(), known, n=1, cutoff=0.6)
    return f"→ {near[0]}" if near else "→ " + ", ".join(known)


def fault_list(faults: tuple[Fault, ...]) -> list[dict[str, Any]]:
    """For `--json`: plain values."""
    return [
        msgspec.to_builtins({"line": f.line, "place": f.place, "message": f.message % f.parameters}) for f in faults
    ]
