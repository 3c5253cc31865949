"""The jobs that are asked for are jobs that a worker knows: names are text, so only a test can hold them together."""

from __future__ import annotations

import re

from consult import domains
from consult.jobs import housekeeping, registry
from consult.settings import PACKAGE

REGISTERED = {task.name for task in registry.tasks()}  # before a test's own registry takes its place


def test_every_module_with_background_work_is_part_of_the_application() -> None:
    registering = re.compile(r"^@(?:every|task)\(", re.MULTILINE)
    files = {
        ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts)
        for path in PACKAGE.rglob("*.py")
        if registering.search(path.read_text(encoding="utf-8"))
    }
    assert "consult.mail.jobs" in files
    assert files <= {module.__name__ for module in domains.JOBS} | {housekeeping.__name__}


def test_every_job_that_is_asked_for_exists() -> None:
    asked = {
        name
        for path in PACKAGE.rglob("*.py")
        for name in re.findall(r"\benqueue(?:_all)?\(\s*\"([\w.]+)\"", path.read_text(encoding="utf-8"))
    }
    assert "mail.send" in asked
    assert asked <= REGISTERED
