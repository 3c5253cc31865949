"""`python -m tests.fuzz TARGET --seconds N`: look for an input that a reader cannot stand, guided by the code it runs.

Needs what deploy/requirements-fuzz.txt locks (`make fuzz` installs it). What is found is printed and kept in
corpus/TARGET under its hash; mend the reader, and the corpus keeps it mended. `all` gives each target its share.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

CORPUS = Path(__file__).parent / "corpus"
LONGEST_INPUT = 20_000


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz")
    parser.add_argument("target")
    parser.add_argument("--seconds", type=int, default=60)
    asked = parser.parse_args()
    if asked.target == "all":
        from tests.fuzz.targets import TARGETS

        share = max(1, asked.seconds // len(TARGETS))
        command = [sys.executable, "-m", "tests.fuzz"]
        failed = [name for name in TARGETS if subprocess.call([*command, name, "--seconds", str(share)])]
        print("Nothing found." if not failed else f"Found something in: {', '.join(failed)}")
        return len(failed)
    return fuzz(asked.target, asked.seconds)


def fuzz(name: str, seconds: int) -> int:
    """Fuzz one target in this process; libFuzzer ends it, with a status above 0 when something was found."""
    import atheris

    with atheris.instrument_imports(include=["consult", "litestar._multipart", "markdown_it", "babel.messages"]):
        from tests.fuzz.targets import TARGETS

    kept = CORPUS / name
    kept.mkdir(parents=True, exist_ok=True)
    grown = tempfile.mkdtemp(prefix=f"consult-fuzz-{name}-")
    print(f"{name}: {seconds} s, {len(list(kept.iterdir()))} inputs to begin with", flush=True)
    options = [f"-max_total_time={seconds}", f"-max_len={LONGEST_INPUT}", "-timeout=20", "-rss_limit_mb=2048"]
    options += [f"-artifact_prefix={kept}{os.sep}", "-print_final_stats=1", "-verbosity=0", "-close_fd_mask=0"]
    atheris.Setup([sys.argv[0], *options, grown, str(kept)], TARGETS[name])
    atheris.Fuzz()
    return 0


if __name__ == "__main__":
    sys.exit(main())
