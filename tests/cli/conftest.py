"""One installation for all tests of the command line: each works with surveys of its own."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from consult.storage import embedded
from consult.storage.embedded import Options
from tests.cli.town import Town, of_the_readme


@pytest.fixture(scope="package")
def town() -> Iterator[Town]:
    folder = Path(tempfile.mkdtemp(prefix="consult-cli-"))
    with embedded.start(folder, Options(durable=False)):
        made = Town(folder)
        done = made.consult("migrate")
        assert done.returncode == 0, done.stderr
        yield made
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def parks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return of_the_readme(tmp_path_factory.mktemp("surveys"))
