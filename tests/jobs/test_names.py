"""The jobs that are asked for are jobs that a worker knows: names are text, so only a test can hold them together."""

from __future__ import annotations

import re

from consult import domains
from consult.jobs import registry
from consult.settings import PACKAGE

REGISTERED = {task.name for task in registry.tasks()}  # before a test's own registry takes its place


def test_every_jobs_module_is_part_of_the_application() -> None:
    files = {f"consult.{path.parent.name}.{path.stem}" for path in PACKAGE.glob("*/*jobs.py")}
    assert files <= {module.__name__ for module in domains.JOBS}


def test_every_job_that_is_asked_for_exists() -> None:
    asked = {
        name
        for path in PACKAGE.rglob("*.py")
        for name in re.findall(r"\benqueue(?:_all)?\(\s*\"([\w.]+)\"", path.read_text(encoding="utf-8"))
    }
    assert "mail.send" in asked
    assert asked <= REGISTERED
