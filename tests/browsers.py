"""A real browser for the tests: `python -m tests.browsers` finds Chromium, or installs it where that is allowed.

Chromium's headless shell comes first: it draws the same pages with half the work. Debian's package of it is installed
when apt-get is there and we may use it. Where no browser can be had, one loud line says that the tests marked `browser`
are not run; with CI set that is a failure.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

QUICK = "chromium-headless-shell"
NAMES = (QUICK, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PACKAGES = (QUICK, "fonts-noto-core")


def find() -> Path | None:
    """Return the browser's program: CONSULT_TEST_BROWSER, else the first known name on the path."""
    named = os.environ.get("CONSULT_TEST_BROWSER")
    if named:
        return Path(named)
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    return Path(found) if found else None


def install() -> None:
    """Install Debian's packages; whatever goes wrong shows in find() afterwards."""
    if shutil.which("apt-get") is None or os.geteuid() != 0:
        return
    quiet = {"DEBIAN_FRONTEND": "noninteractive", **os.environ}
    print("Installing Chromium for the browser tests ...", flush=True)
    subprocess.run(["apt-get", "-qq", "update"], env=quiet, check=False)
    command = ["apt-get", "-qq", "-y", "--no-install-recommends", "install", *PACKAGES]
    subprocess.run(command, env=quiet, check=False, stdout=subprocess.DEVNULL)


def main() -> int:
    found = find()  # in CI, where the time counts, another Chromium is not enough
    if found is None or (os.environ.get("CI") and shutil.which(QUICK) is None):
        install()
    if find() is not None:
        return 0
    print(
        "\n*** NO CHROMIUM: the tests marked `browser` WILL NOT RUN. Install it, or set CONSULT_TEST_BROWSER. ***\n",
        flush=True,
    )
    return 1 if os.environ.get("CI") else 0


if __name__ == "__main__":
    sys.exit(main())
