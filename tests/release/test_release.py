"""A release: licences that are permitted, a bill of materials by its schema, and the same bytes each time."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from tests.release.parts import ROOT, Part, locked, npm_parts, python_parts, refusal


def part(licence: str, name: str = "thing") -> Part:
    return Part(name, "1", "PyPI", licence, ())


def test_every_part_of_the_product_has_a_licence_that_is_permitted() -> None:
    parts = [*python_parts(), *npm_parts()]
    assert {one.name: reason for one in parts if (reason := refusal(one))} == {}
    assert {"litestar", "psycopg", "govuk-frontend", "plotly.js-basic-dist-min"} <= {one.name for one in parts}
    assert all(one.hashes for one in parts)


@pytest.mark.parametrize(
    ("licence", "is_refused"),
    [
        ("MIT", False),
        ("BSD License", False),
        ("GPL-2.0-only OR MIT", False),
        ("GPL-3.0-or-later", True),
        ("AGPL-3.0-only", True),
        ("GNU General Public License v3 (GPLv3)", True),
        ("MIT AND GPL-2.0-only", True),
        ("LGPL-3.0-only", True),
        ("BSD License AND GNU Lesser General Public License v3 or later (LGPLv3+)", True),
        ("Proprietary", True),
        ("", True),
    ],
)
def test_licences_that_may_not_be_in_the_product_are_refused(licence: str, is_refused: bool) -> None:
    assert bool(refusal(part(licence))) is is_refused
    assert not refusal(part("LGPL-3.0-only", "psycopg"))


def test_everything_is_locked_with_hashes() -> None:
    assert [name for name, _, hashes in locked() if not hashes] == []


def packed(folder: Path) -> list[str]:
    (found,) = folder.glob("consult-*-deploy.tar")
    with tarfile.open(found) as one:
        return one.getnames()


def is_signed(file: Path, signers: Path) -> bool:
    """What the runbook's step 4 asks."""
    who = ["-f", str(signers), "-I", "release@example.org", "-n", "consult-release", "-s", f"{file}.sig"]
    done = subprocess.run(
        ["ssh-keygen", "-Y", "verify", *who], input=file.read_bytes(), capture_output=True, check=False
    )
    return done.returncode == 0


@pytest.mark.slow
def test_a_release_is_whole_and_the_same_each_time(tmp_path: Path) -> None:
    key = tmp_path / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
    environment = {**os.environ, "RELEASE_KEY": str(key)}
    made = []
    for folder in (tmp_path / "one", tmp_path / "two"):
        command = [sys.executable, "-m", "tests.release", "--out", str(folder)]
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        made.append({path.name: path.read_bytes() for path in folder.iterdir()})
    assert made[0] == made[1]
    (wheel,) = (tmp_path / "one").glob("*.whl")
    for line in (tmp_path / "one" / "SHA256SUMS").read_text().splitlines():
        digest, name = line.split("  ")
        assert hashlib.sha256(made[0][name]).hexdigest() == digest
    assert "consult/web/static/manifest.json" in zipfile.ZipFile(wheel).namelist()
    assert {"deploy/runbook.md", "deploy/systemd/consult.service", "CHANGELOG.md"} <= set(packed(tmp_path / "one"))
    (tmp_path / "signers").write_text(f"release@example.org {key.with_suffix('.pub').read_text()}")
    assert is_signed(tmp_path / "one" / "SHA256SUMS", tmp_path / "signers")
    (tmp_path / "one" / "SHA256SUMS").write_text("0000  consult.whl\n")
    assert not is_signed(tmp_path / "one" / "SHA256SUMS", tmp_path / "signers")
    bill = json.loads(made[0]["consult.cdx.json"])
    assert bill["bomFormat"] == "CycloneDX"
    names = {one["name"] for one in bill["components"]}
    assert {"litestar", "asyncpg", "govuk-frontend"} <= names
    assert not {"pytest", "ruff", "esbuild"} & names
