"""Two people at once: what one has changed in a part is laid over what the other has changed meanwhile.

A part (question, page, settings) is taken apart into leaves by path. Items of lists are known by their code or key, so
that moving an option is not changing it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Leaves = dict[str, Any]
ORDER = "#"
GONE = object()


@dataclass(frozen=True, slots=True)
class Clash:
    """A leaf that both have changed, differently. None: it is not there."""

    path: str
    mine: Any
    theirs: Any


def leaves(plain: Mapping[str, Any], path: str = "") -> Leaves:
    found: Leaves = {}
    for name, value in plain.items():
        place = f"{path}{name}"
        if isinstance(value, dict) and value:
            found |= leaves(value, place + ".")
        elif isinstance(value, list) and all(isinstance(one, dict) for one in value):
            names = [_name(one, number) for number, one in enumerate(value)]
            if len(set(names)) < len(names):
                names = [str(number) for number in range(len(names))]
            found[f"{place}.{ORDER}"] = names
            for item, one in zip(names, value, strict=True):
                found |= leaves(one, f"{place}.{item}.") if one else {f"{place}.{item}": {}}
        else:
            found[place] = value
    return found


def _name(item: Mapping[str, Any], number: int) -> str:
    for name in ("code", "key"):
        if name in item:
            return f"={item[name]}"
    return str(number)


def built(found: Leaves) -> dict[str, Any]:
    """The part again: the other way round."""
    made: dict[str, Any] = {}
    for path, value in sorted(found.items(), key=lambda one: one[0].count(".")):
        place = made
        *parents, last = path.split(".")
        for parent in parents:
            place = place.setdefault(parent, {})
        place[last] = value
    return {name: _listed(value) for name, value in made.items()}


def _listed(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    if ORDER in value:
        return [_listed(value[name]) for name in value[ORDER] if name in value]
    return {name: _listed(one) for name, one in value.items()}


def merged(
    base: Mapping[str, Any], mine: Mapping[str, Any], theirs: Mapping[str, Any]
) -> tuple[dict[str, Any], list[Clash]]:
    """Lay my changes since `base` over theirs. Where both changed one leaf, mine stands in the result, with a clash."""
    was, own, other = leaves(base), leaves(mine), leaves(theirs)
    result = dict(other)
    clashes = []
    for path in {**was, **own}:
        before, now = was.get(path, GONE), own.get(path, GONE)
        if before == now:
            continue
        there = other.get(path, GONE)
        if there not in (before, now):
            if path.endswith("." + ORDER):
                now = _orders(before, now, there)
            else:
                clashes.append(Clash(path, None if now is GONE else now, None if there is GONE else there))
        if now is GONE:
            result.pop(path, None)
        else:
            result[path] = now
    return built(result), clashes


def _orders(before: Any, now: Any, there: Any) -> list[str]:
    """Both have added, removed or moved items: my order, with what they added; what either removed is gone."""
    was = [] if before is GONE else before
    own = [] if now is GONE else now
    other = [] if there is GONE else there
    return [name for name in own if name in other or name not in was] + [
        name for name in other if name not in own and name not in was
    ]
