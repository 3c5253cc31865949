"""The wheel is the whole product: in an empty environment it runs the demonstration from an empty folder."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import httpx
import pytest

from tests.test_demo import demo, is_running

ROOT = Path(__file__).resolve().parent.parent
WANTED = (
    "consult/web/static/manifest.json",
    "consult/_data/locales/mk/LC_MESSAGES/consult.",
    "consult/_data/locales/ka/LC_MESSAGES/consult.",
    "consult/_data/surveys/city-services.yaml",
    "consult/_data/profiles/skopje.toml",
    "consult/_data/profiles/telavi.toml",
    "consult/demo/content/skopje/draft.mk.md",
    "consult/surveys/templates/survey.html",
)
NEVER = ("node_modules", "tests/", "var/", ".env")


def built(folder: Path) -> Path:
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (wheel,) = folder.glob("*.whl")
    return wheel


def installed(wheel: Path, folder: Path) -> Path:
    """The `consult` of a new environment: the wheel, and the locked libraries of this one, but not its sources."""
    venv.create(folder, with_pip=False)
    python = folder / "bin" / "python"
    command = [sys.executable, "-m", "pip", "--quiet", "--python", str(python), "install", "--no-deps", str(wheel)]
    subprocess.run(command, check=True)
    (site,) = folder.glob("lib/python*/site-packages")
    libraries = sysconfig.get_paths()
    (site / "libraries.pth").write_text(f"{libraries['purelib']}\n{libraries['platlib']}\n")
    return folder / "bin" / "consult"


@pytest.fixture(scope="module")
def command(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The installed command of a wheel that holds what it should."""
    folder = tmp_path_factory.mktemp("wheel")
    (folder / "dist").mkdir()
    wheel = built(folder / "dist")
    names = zipfile.ZipFile(wheel).namelist()
    assert [one for one in WANTED if not any(name.startswith(one) for name in names)] == []
    assert [name for name in names if any(part in name for part in NEVER)] == []
    return installed(wheel, folder / "environment")


def test_the_wheel_brings_everything_that_commands_need(command: Path, tmp_path: Path) -> None:
    survey = command.parent.parent.glob("lib/python*/site-packages/consult/_data/surveys/city-services.yaml")
    checked = [str(command), "survey", "check", *(str(one) for one in survey)]
    done = subprocess.run(checked, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_the_wheel_runs_the_demonstration_from_an_empty_folder(command: Path, tmp_path: Path) -> None:
    home = tmp_path / "empty"
    home.mkdir()
    with demo(tmp_path, str(command), cwd=home) as (address, _), httpx.Client(base_url=address, timeout=60) as browser:
        front = browser.get("/mk/")
        assert front.status_code == 200
        style = front.text.partition('rel="stylesheet" href="')[2].partition('"')[0]
        assert browser.get(style).status_code == 200
    assert not is_running(tmp_path)
    assert list(home.iterdir()) == []
