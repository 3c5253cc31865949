"""YAML as a tree of nodes that know their line. Nothing in a file can run code, nest without end or grow by aliases.

Scalars keep their written text, so `yes`, `01` or `1.10` stay what the author wrote; the reader that knows the wanted
type makes numbers and truth values of them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import yaml

from consult.errors import N_

Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

LARGEST_BYTES = 2 * 1024 * 1024
DEEPEST = 20
MOST_NODES = 200_000


@dataclass(slots=True)
class Node:
    kind: Literal["scalar", "list", "map"]
    line: int
    value: str = ""
    is_plain: bool = False
    items: list[Node] = field(default_factory=list)
    entries: list[tuple[Node, Node]] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return self.kind == "scalar" and (not self.value.strip() or (self.is_plain and self.value in ("~", "null")))


class Unreadable(Exception):
    """The file is no YAML, or a kind that is refused; says where and why."""

    def __init__(self, line: int, message: str, **parameters: object) -> None:
        super().__init__(message)
        self.line, self.message, self.parameters = line, message, parameters


def parse(source: str | bytes) -> Node:
    """The one document in a file. Raises Unreadable."""
    text = _decode(source)
    builder = _Builder()
    try:
        for event in yaml.parse(text, Loader=Loader):
            builder.take(event)
    except yaml.YAMLError as fault:
        mark = getattr(fault, "problem_mark", None)
        raise Unreadable(
            mark.line + 1 if mark else 1,
            N_("This is not valid YAML: %(reason)s. Check indentation and quotes near this line."),
            reason=getattr(fault, "problem", None) or "unreadable",
        ) from None
    if builder.root is None:
        raise Unreadable(1, N_("The file is empty. Begin it with `consult: survey/1`."))
    return builder.root


def _decode(source: str | bytes) -> str:
    if len(source) > LARGEST_BYTES:
        raise Unreadable(1, N_("The file is larger than 2 MiB. Split the survey."))
    if isinstance(source, str):
        return source
    try:
        return source.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = source.count(b"\n", 0, fault.start) + 1
        raise Unreadable(line, N_("The file is not UTF-8 text. Save it as UTF-8.")) from None


class _Builder:
    """Makes nodes of parser events, without recursion."""

    def __init__(self) -> None:
        self.root: Node | None = None
        self.stack: list[tuple[Node, list[Node]]] = []
        self.anchors: dict[str, Node] = {}
        self.weights: dict[int, int] = {}
        self.documents = 0

    def take(self, event: yaml.Event) -> None:
        line = event.start_mark.line + 1 if event.start_mark else 1
        match event:
            case yaml.DocumentStartEvent():
                self.documents += 1
                if self.documents > 1:
                    raise Unreadable(line, N_("The file holds more than one document. Remove the line `---`."))
            case yaml.AliasEvent():
                target = self.anchors.get(event.anchor or "")
                if target is None or id(target) not in self.weights:
                    raise Unreadable(line, N_("The alias *%(name)s points to nothing before it."), name=event.anchor)
                self._put(target, line)
            case yaml.ScalarEvent():
                self._refuse_tag(event.tag, line)
                node = Node("scalar", line, event.value, is_plain=event.style in (None, ""))
                self.weights[id(node)] = 1
                self._anchor(event.anchor, node, line)
                self._put(node, line)
            case yaml.SequenceStartEvent() | yaml.MappingStartEvent():
                self._refuse_tag(event.tag, line)
                if len(self.stack) >= DEEPEST:
                    raise Unreadable(line, N_("Lists and maps are nested too deeply here."))
                opened = Node("list" if isinstance(event, yaml.SequenceStartEvent) else "map", line)
                self._anchor(event.anchor, opened, line)
                self.stack.append((opened, []))
            case yaml.SequenceEndEvent() | yaml.MappingEndEvent():
                self._close(line)

    def _close(self, line: int) -> None:
        node, children = self.stack.pop()
        if node.kind == "list":
            node.items = children
        else:
            node.entries = list(zip(children[::2], children[1::2], strict=True))
        self.weights[id(node)] = 1 + sum(self.weights[id(child)] for child in children)
        if self.weights[id(node)] > MOST_NODES:
            raise Unreadable(line, N_("The file is too large once its aliases are filled in."))
        self._put(node, line)

    def _put(self, node: Node, line: int) -> None:
        if self.stack:
            self.stack[-1][1].append(node)
        elif self.root is None:
            self.root = node

    def _anchor(self, name: str | None, node: Node, line: int) -> None:
        if name is None:
            return
        if name in self.anchors:
            raise Unreadable(line, N_("The anchor &%(name)s is there twice. Give it another name."), name=name)
        self.anchors[name] = node

    @staticmethod
    def _refuse_tag(tag: str | None, line: int) -> None:
        if tag not in (None, "!"):
            raise Unreadable(line, N_("The tag %(tag)s is not used in survey files. Remove it."), tag=tag)
