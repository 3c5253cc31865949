"""Styles of a Word file: what a paragraph looks like by its style, and the list that a style belongs to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from xml.etree.ElementTree import Element

from consult.drafts.sources.archive import attribute, child, local

LONGEST_CHAIN = 20


@dataclass(frozen=True, slots=True)
class Look:
    """What a style says; None where it leaves it to the one it is based on."""

    name: str = ""
    is_heading: bool | None = None
    is_centred: bool | None = None
    bold: bool | None = None
    italic: bool | None = None
    list_id: str | None = None
    depth: int | None = None


def on(element: Element | None) -> bool | None:
    """A switch such as <w:b/>: None where it is not there."""
    return None if element is None else attribute(element, "val", "1") not in ("0", "false", "off", "none")


def read(root: Element | None) -> Mapping[str, Look]:
    """Every style with what it takes from those it is based on. The default paragraph style is also there as ""."""
    own: dict[str, tuple[Look, str]] = {}
    default = ""
    for element in root if root is not None else ():
        if local(element) != "style":
            continue
        key = attribute(element, "styleId")
        own[key] = (_own(element), attribute(child(element, "basedOn"), "val"))
        if attribute(element, "type") == "paragraph" and attribute(element, "default") in ("1", "true"):
            default = key
    looks = {key: _whole(key, own) for key in own}
    return looks | {"": looks.get(default, Look())}


def _own(element: Element) -> Look:
    name = attribute(child(element, "name"), "val").lower()
    paragraph, run = child(element, "pPr"), child(element, "rPr")
    outline = child(paragraph, "outlineLvl")
    level = attribute(outline, "val")
    heads = name.startswith(("heading", "title", "subtitle")) or (outline is not None and level != "9")
    alignment = child(paragraph, "jc")
    numbers = child(paragraph, "numPr")
    written = attribute(child(numbers, "ilvl"), "val")
    return Look(
        name=name,
        is_heading=True if heads else None,
        is_centred=None if alignment is None else attribute(alignment, "val") == "center",
        bold=on(child(run, "b")),
        italic=on(child(run, "i")),
        list_id=attribute(child(numbers, "numId"), "val") or None,
        depth=int(written) if written.isdecimal() and len(written) < 3 else None,
    )


def _whole(key: str, own: Mapping[str, tuple[Look, str]]) -> Look:
    look, base = own[key]
    for _ in range(LONGEST_CHAIN):
        if base not in own:
            break
        under, base = own[base]
        look = replace(
            look,
            is_heading=under.is_heading if look.is_heading is None else look.is_heading,
            is_centred=under.is_centred if look.is_centred is None else look.is_centred,
            bold=under.bold if look.bold is None else look.bold,
            italic=under.italic if look.italic is None else look.italic,
            list_id=under.list_id if look.list_id is None else look.list_id,
            depth=under.depth if look.depth is None else look.depth,
        )
    return look
