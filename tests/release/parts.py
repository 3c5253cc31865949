"""What the product is made of: locked Python packages and the npm packages that are built into its assets."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import Distribution, distribution
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[2]
LOCK = ROOT / "deploy" / "requirements.txt"
NPM_LOCK = ROOT / "consult" / "web" / "frontend" / "package-lock.json"
HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Part:
    """One package. hashes: SHA-256 of its files for Python, one SHA-512 in base64 for npm."""

    name: str
    version: str
    source: str
    licence: str
    hashes: tuple[str, ...]

    @property
    def purl(self) -> str:
        kind = "pypi" if self.source == "PyPI" else "npm"
        return f"pkg:{kind}/{self.name.replace('@', '%40')}@{self.version}"


def locked() -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Name, version and hashes of everything in the lock file that this platform needs."""
    for block in re.split(r"\n(?=\S)", LOCK.read_text()):
        pin = Requirement(block.partition("\n")[0].rstrip(" \\"))
        if pin.marker is None or pin.marker.evaluate():
            (version,) = pin.specifier
            yield pin.name, version.version, tuple(HASH.findall(block))


def python_parts() -> list[Part]:
    found = []
    for name, version, hashes in locked():
        package = distribution(name)
        if package.version != version:
            raise SystemExit(f"{name} {package.version} is installed, {version} is locked: run make again")
        found.append(Part(name, version, "PyPI", licence_of(package), hashes))
    return found


def npm_parts() -> list[Part]:
    packages = json.loads(NPM_LOCK.read_text())["packages"]
    return [
        Part(
            path.rpartition("node_modules/")[2],
            one["version"],
            "npm",
            one.get("license", ""),
            (one["integrity"].removeprefix("sha512-"),),
        )
        for path, one in sorted(packages.items())
        if path and not one.get("dev") and not one.get("optional") and "integrity" in one
    ]


CLASSIFIER = "License :: OSI Approved :: "
# What the metadata do not say clearly; read in the packages' own licence files.
KNOWN = {"rich-click": "MIT", "feedgen": "BSD-2-Clause OR LGPL-3.0-or-later"}


def licence_of(package: Distribution) -> str:
    """What a package says about its licence, in few words; empty where it says nothing."""
    metadata = package.metadata
    name = metadata["Name"].lower().replace("_", "-")
    if name in KNOWN:
        return KNOWN[name]
    if "License-Expression" in metadata:
        return str(metadata["License-Expression"])
    named = [one.removeprefix(CLASSIFIER) for one in metadata.get_all("Classifier") or [] if one.startswith(CLASSIFIER)]
    if named:
        return " AND ".join(named)
    text = str(metadata["License"]).strip() if "License" in metadata else ""
    return text if 0 < len(text) <= 60 and "\n" not in text else ""


PERMITTED = re.compile(
    r"MIT|BSD|Apache|ISC|PSF|Python Software Foundation|MPL|Mozilla Public|Zlib|0BSD|Unlicense|CC0|HPND|OFL"
    r"|Public Domain|PostgreSQL|BlueOak|CNRI|NCSA",
    re.IGNORECASE,
)
# Copyleft that ends at the library: used unchanged, as a library of its own that anybody may replace.
LESSER = re.compile(r"LGPL|Lesser General Public", re.IGNORECASE)
FORBIDDEN = re.compile(r"(?<!L)(?<!Lesser )\b(A?GPL|Affero|GNU General Public)", re.IGNORECASE)
LESSER_PARTS = {"psycopg", "psycopg-binary", "psycopg-pool"}


def refusal(part: Part) -> str:
    """Why a part may not be in the product; empty where it may: one way of an OR will do, each part of an AND must."""
    if not part.licence:
        return "says nothing about its licence"
    ways = re.split(r"\bOR\b", part.licence)
    if any(all(_is_permitted(part.name, one) for one in re.split(r"\bAND\b", way)) for way in ways):
        return ""
    return f"has a licence that is not permitted: {part.licence}"


def _is_permitted(name: str, licence: str) -> bool:
    if FORBIDDEN.search(licence):
        return False
    if LESSER.search(licence):
        return name in LESSER_PARTS
    return bool(PERMITTED.search(licence))
