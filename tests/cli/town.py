"""An installation on a disk of its own, and `consult` as an operator runs it: in another process."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.ports import free_port

ROOT = Path(__file__).parents[2]
PATIENCE_S = 90


def of_the_readme(folder: Path) -> Path:
    """Write the survey that the README shows."""
    shown = re.search(r"( *)```yaml\n(.*?)\n *```", (ROOT / "README.md").read_text(), re.DOTALL)
    assert shown is not None
    file = folder / "parks.yaml"
    file.write_text(textwrap.dedent(shown[2]) + "\n")
    return file


@dataclass
class Serving:
    """A running server. log holds what it wrote to standard error when it has ended."""

    process: subprocess.Popen[str]
    port: int
    said: list[str]
    log: str = ""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def stop(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.ended()

    def ended(self) -> int:
        out, self.log = self.process.communicate(timeout=PATIENCE_S)
        self.said += out.splitlines()
        return self.process.returncode


@dataclass
class Town:
    data: Path
    settings: dict[str, str] = field(default_factory=dict)

    def environment(self, **more: str) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("CONSULT_")}
        return {**kept, "CONSULT_DATA": str(self.data), **self.settings, **more}

    def consult(
        self, *words: str | Path, typed: str | None = None, **settings: str
    ) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "consult", *map(str, words)]
        return subprocess.run(
            command,
            env=self.environment(**settings),
            cwd=ROOT,
            input=typed,
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
        )

    def json(self, *words: str | Path, **settings: str) -> Any:
        """What a command prints with --json; it must succeed."""
        done = self.consult(*words, "--json", **settings)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    @contextmanager
    def serving(self, *words: str, command: str = "serve", **settings: str) -> Iterator[Serving]:
        """A server that has said that it is ready; killed at the end unless the test stopped it."""
        port = free_port()
        process = subprocess.Popen(
            [sys.executable, "-m", "consult", command, "--port", str(port), *words],
            env=self.environment(**settings),
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        said: list[str] = []
        try:
            for line in process.stdout:
                said.append(line.rstrip("\n"))
                if line.startswith("Ready: "):
                    break
            serving = Serving(process, port, said)
            assert said and said[-1].startswith("Ready: "), serving.ended() or serving.log
            yield serving
        finally:
            if process.poll() is None:
                process.terminate()
                process.communicate(timeout=PATIENCE_S)
