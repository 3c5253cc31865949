"""One installation for all tests of the command line: each works with surveys of its own."""

from __future__ import annotations

import re
import shutil
import tempfile
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

from consult.storage import embedded
from consult.storage.embedded import Options
from tests.cli.town import ROOT, Town


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
    """The file that the README shows."""
    shown = re.search(r"( *)```yaml\n(.*?)\n *```", (ROOT / "README.md").read_text(), re.DOTALL)
    assert shown is not None
    file = tmp_path_factory.mktemp("surveys") / "parks.yaml"
    file.write_text(textwrap.dedent(shown[2]) + "\n")
    return file
