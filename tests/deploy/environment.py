"""deploy/environment.md, made from Settings: `python -m tests.deploy.environment --update` writes it anew."""

from __future__ import annotations

import sys
from dataclasses import Field, fields
from pathlib import Path
from typing import Any

from consult.settings import FILE, PREFIX, Settings

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = ROOT / "deploy" / "environment.md"
HEAD = """# Settings

Read once from the environment. A setting that does not exist or cannot be read stops the program and is named, without
its value where that is secret. `consult doctor` tells whether they work together.

Made from `consult/settings.py`; `python -m tests.deploy.environment --update` writes it anew.

| variable | default | what for |
|---|---|---|
"""
TAIL = f"""
## Secrets

The variables with a second name `…{FILE}` hold secrets. The second name is that of a file whose text is the value: a
credential of systemd (`LoadCredential=`, then `CONSULT_SMTP_PASSWORD{FILE}=%d/smtp-password`), a secret of a container
(`/run/secrets/…`), or any file that only the service may read. Set one of the two names, not both. Secrets are never
logged and never printed, not even by a failure.
"""


def reference() -> str:
    return HEAD + "".join(_row(one) for one in fields(Settings)) + TAIL


def _row(one: Field[Any]) -> str:
    name = f"`{PREFIX}{one.name.upper()}`"
    if one.metadata["secret"]:
        name += f", `{PREFIX}{one.name.upper()}{FILE}`"
    default = one.metadata["shown"] or one.default
    shown = "none" if default in (None, ()) else f"`{default}`"
    return f"| {name} | {shown} | {one.metadata['words']} |\n"


if __name__ == "__main__":
    if "--update" in sys.argv[1:]:
        REFERENCE.write_text(reference())
    elif REFERENCE.read_text() != reference():
        sys.exit("deploy/environment.md is older than the settings: python -m tests.deploy.environment --update")
