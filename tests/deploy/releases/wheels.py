"""Releases to play with: wheels of two commits under version numbers of their own, and one whose migration fails."""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
MIGRATIONS = "consult/migrations/piccolo_migrations"
NODE, STATIC = "consult/web/frontend/node_modules", "consult/web/static"
NUMBERS = {"pyproject.toml": r'^version = "[^"]+"', "consult/__init__.py": r'^__version__ = "[^"]+"'}
FAILING = '''"""A migration that changes something and then fails."""

from consult.storage import sql_migration

ID = "consult_9999_failing"
VERSION = "1.38.0"
DESCRIPTION = "Fails"

forwards = sql_migration(
    ID,
    DESCRIPTION,
    """
create table half_done (id uuid primary key);
alter table response add column half_done text;
insert into half_done select id from survey union all select id from survey;
""",
)
'''


def earlier() -> str:
    """The last commit before the one that brought the newest migration."""
    said = _git("log", "-1", "--diff-filter=A", "--format=%H", "--", MIGRATIONS)
    return f"{said.decode().strip()}^"


def release(commit: str, version: str, folder: Path, *, is_failing: bool = False) -> Path:
    """The folder of a release: wheel, requirements.txt, SHA256SUMS, and deploy/ of the same version."""
    tree = folder / f"tree-{version}"
    tree.mkdir(parents=True)
    subprocess.run(["tar", "-x"], cwd=tree, input=_git("archive", commit), check=True)
    for name, pattern in NUMBERS.items():
        file = tree / name
        begin = pattern.removeprefix("^").partition(" =")[0]
        text, count = re.subn(pattern, f'{begin} = "{version}"', file.read_text(), flags=re.MULTILINE)
        if count != 1:
            raise ValueError(f"{name} of {commit} names {count} versions")
        file.write_text(text)
    if is_failing:
        (tree / MIGRATIONS / "consult_9999_failing.py").write_text(FAILING)
    for made_here in (NODE, STATIC):  # looked at again, and made anew where that commit needs others
        if (ROOT / made_here).exists():
            shutil.copytree(ROOT / made_here, tree / made_here, symlinks=True)
    _python(tree, "-m", "consult.web.assets")
    made = folder / f"consult-{version}"
    _python(tree, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(made))
    shutil.copyfile(tree / "deploy/requirements.txt", made / "requirements.txt")
    lines = [f"{hashlib.sha256(one.read_bytes()).hexdigest()}  {one.name}\n" for one in sorted(made.iterdir())]
    (made / "SHA256SUMS").write_text("".join(lines))
    shutil.copytree(tree / "deploy", made / "deploy")
    shutil.rmtree(tree)
    return made


def parts(folder: Path) -> Path:
    """The packages that releases need, as files: a machine in a network of its own can fetch none."""
    folder.mkdir(parents=True, exist_ok=True)
    words = ("-m", "pip", "download", "--quiet", "--require-hashes", "-r", "deploy/requirements.txt", "-d", str(folder))
    _python(ROOT, *words)
    return folder


def _python(folder: Path, *words: str) -> None:
    done = subprocess.run([sys.executable, *words], cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"python {' '.join(words)}\n{done.stdout[-1500:]}{done.stderr[-1500:]}")


def _git(*words: str) -> bytes:
    return subprocess.run(["git", *words], cwd=ROOT, capture_output=True, check=True).stdout
