"""`make release`: dist/ with the wheel, deploy/ as a tar, the bill of materials, licences of the parts, and checksums.

Everything is made from the last commit, twice and in two folders, assets included: the wheel is released only if both
are equal byte by byte. Nothing in dist/ depends on the day or on the machine. RELEASE_KEY in the environment, a private
key of OpenSSH, signs the checksums.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from tests.release.bill import bill
from tests.release.parts import LOCK, ROOT, Part, npm_parts, python_parts, refusal

MODULES = "consult/web/frontend/node_modules"
READ_HERE = ("pyproject.toml", "deploy/requirements.txt", "consult/web/frontend/package-lock.json")
NAMESPACE = "consult-release"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.release", description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "dist")
    out: Path = parser.parse_args().out
    if git("diff", "--name-only", "HEAD", "--", *READ_HERE):
        print(f"Commit {', '.join(READ_HERE)} first: a release is made from the last commit.", file=sys.stderr)
        return 1
    parts = [*python_parts(), *npm_parts()]
    refused = {part.name: reason for part in parts if (reason := refusal(part))}
    for name, reason in refused.items():
        print(f"{name} {reason}", file=sys.stderr)
    if refused:
        return 1
    epoch = int(git("log", "-1", "--format=%ct"))
    wheels = [wheel(epoch) for _ in range(2)]
    if wheels[0] != wheels[1]:
        print("The wheel is not reproducible: two builds of one commit differ.", file=sys.stderr)
        return 1
    name, content = wheels[0]
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    (out / name).write_bytes(content)
    (out / f"{'-'.join(name.split('-')[:2])}-deploy.tar").write_bytes(archive("deploy", "CHANGELOG.md"))
    (out / "consult.cdx.json").write_text(bill(epoch))
    (out / "licences.md").write_text(licences(parts))
    shutil.copyfile(LOCK, out / "requirements.txt")
    sums(out)
    if key := os.environ.get("RELEASE_KEY"):
        sign(out / "SHA256SUMS", key)
    print((out / "SHA256SUMS").read_text(), end="")
    return 0


def wheel(epoch: int) -> tuple[str, bytes]:
    """The wheel of the last commit with its assets, which are built from nothing: its name and its bytes."""
    with tempfile.TemporaryDirectory(prefix="consult-release-") as name:
        folder = Path(name)
        tree = folder / "consult"
        tree.mkdir()
        subprocess.run(["tar", "-x"], cwd=tree, input=archive(), check=True)
        if (
            ROOT / MODULES
        ).exists():  # what npm has fetched by the lock; looked at again, and fetched anew where it differs
            shutil.copytree(ROOT / MODULES, tree / MODULES, symlinks=True)
        subprocess.run([sys.executable, "-m", "consult.web.assets"], cwd=tree, check=True, stdout=subprocess.DEVNULL)
        shutil.rmtree(tree / MODULES)
        build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir"]
        environment = {**os.environ, "SOURCE_DATE_EPOCH": str(epoch)}
        subprocess.run([*build, folder / "dist", tree], env=environment, check=True, stdout=subprocess.DEVNULL)
        (made,) = (folder / "dist").glob("*.whl")
        return made.name, made.read_bytes()


def archive(*paths: str) -> bytes:
    """A tar of files of the last commit, all with its date."""
    return subprocess.run(["git", "archive", "HEAD", *paths], cwd=ROOT, capture_output=True, check=True).stdout


def sign(file: Path, key: str) -> None:
    """FILE.sig beside the file; asks for the passphrase of the key where it has one."""
    command = ["ssh-keygen", "-q", "-Y", "sign", "-f", str(Path(key).expanduser()), "-n", NAMESPACE, str(file)]
    subprocess.run(command, check=True)


def licences(parts: Iterable[Part]) -> str:
    rows = sorted(parts, key=lambda part: (part.source, part.name.lower()))
    head = "# Licences of what Consult is made of\n\n| package | version | from | licence |\n|---|---|---|---|\n"
    return head + "".join(f"| {one.name} | {one.version} | {one.source} | {one.licence} |\n" for one in rows)


def sums(folder: Path) -> None:
    files = sorted(path for path in folder.iterdir() if path.is_file())
    lines = (f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in files)
    (folder / "SHA256SUMS").write_text("".join(lines))


def git(*words: str) -> str:
    return subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()


if __name__ == "__main__":
    sys.exit(main())
