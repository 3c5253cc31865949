"""A rehearsal that is killed leaves nothing behind."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.cluster.watch import working_in

ROOT = Path(__file__).parents[2]
REHEARSAL = """
import subprocess, sys, time
from pathlib import Path
from tests.cluster.watch import watched
with watched(Path(sys.argv[1]), keep=False):
    subprocess.Popen(["sleep", "60"], env={"ETCD_DATA_DIR": sys.argv[1]}, start_new_session=True, stdout=2)
    print("works", flush=True)
    time.sleep(60)
"""


def test_a_killed_rehearsal_leaves_nothing_behind(tmp_path: Path) -> None:
    folder = tmp_path / "cluster"
    folder.mkdir()
    command = [sys.executable, "-c", REHEARSAL, str(folder)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as rehearsal:
        assert rehearsal.stdout is not None
        assert rehearsal.stdout.readline() == b"works\n"
        left = set(working_in(folder)) - {rehearsal.pid}
        assert len(left) == 2, "what it started, and who watches"
        rehearsal.kill()
        # Who watches holds the pipe too, so its end is the end of all.
        assert rehearsal.stdout.read() == b""
    assert not working_in(folder)
    assert not folder.exists()
