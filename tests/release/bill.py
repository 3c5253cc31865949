"""The bill of materials in CycloneDX: what the wheel needs and what is built into it."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from tests.release.parts import ROOT, Part, npm_parts, python_parts

FORMAT = SchemaVersion.V1_6


class Unsound(Exception):
    """The bill of materials does not follow its schema."""


def bill(epoch: int) -> str:
    """CycloneDX JSON: what cyclonedx-py finds in this environment, without what only development needs, with the locked
    hashes, and with the npm packages that are built into the assets. Raises Unsound."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    found = environment(epoch)
    root = found["metadata"]["component"]["bom-ref"]
    wanted = {normal(part.name): part for part in python_parts()}
    kept = [one for one in found["components"] if normal(one["name"]) in wanted]
    missing = wanted.keys() - {normal(one["name"]) for one in kept}
    if missing:
        raise Unsound(f"not found in this environment: {', '.join(sorted(missing))}")
    for one in kept:
        # A component has one hash of each kind, but a package has a file for each platform: all of them, as properties.
        values = wanted[normal(one["name"])].hashes
        one["properties"] = [{"name": "consult:file:sha256", "value": value} for value in values]
    names = {one["bom-ref"] for one in kept} | {root}
    npm = [npm_component(part) for part in npm_parts()]
    found["components"] = [*kept, *npm]
    found["dependencies"] = [
        {**one, "dependsOn": sorted(set(one.get("dependsOn", ())) & names)}
        for one in found["dependencies"]
        if one["ref"] in names
    ]
    for one in found["dependencies"]:
        if one["ref"] == root:
            one["dependsOn"] = sorted({*one["dependsOn"], *(part["bom-ref"] for part in npm)})
    found["metadata"]["component"]["version"] = project["version"]
    text = json.dumps(found, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    fault = JsonStrictValidator(FORMAT).validate_str(text)
    if fault is not None:
        raise Unsound(str(fault))
    return text


def environment(epoch: int) -> dict[str, Any]:
    command = [
        sys.executable,
        "-m",
        "cyclonedx_py",
        "environment",
        "--output-reproducible",
        "--sv",
        FORMAT.to_version(),
    ]
    command += ["--pyproject", str(ROOT / "pyproject.toml"), sys.executable]
    environ = {**os.environ, "SOURCE_DATE_EPOCH": str(epoch)}
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=True, cwd=Path(sys.prefix))
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def normal(name: str) -> str:
    return name.lower().replace("_", "-").replace(".", "-")


def npm_component(part: Part) -> dict[str, Any]:
    digest = base64.b64decode(part.hashes[0]).hex()
    return {
        "type": "library",
        "bom-ref": part.purl,
        "name": part.name,
        "version": part.version,
        "purl": part.purl,
        "hashes": [{"alg": "SHA-512", "content": digest}],
        "licenses": [{"expression": part.licence}],
    }
