"""The check of letter case sees what it should see."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.checks.letter_case import faults


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("web/styles/a.css", "h1 { text-transform: uppercase; }"),
        ("web/styles/a.css", "h1 { font-variant-caps: all-small-caps; }"),
        ("drafts/templates/a.html", "<h1>{{ name | upper }}</h1>"),
        ("drafts/templates/a.html", "<h1>{{ name.title() }}</h1>"),
        ("drafts/templates/a.html", '<p style="color: red">x</p>'),
        ("drafts/templates/a.html", '<button\n  onclick="x()">x</button>'),
        ("drafts/templates/a.html", "<script>x()</script>"),
        ("web/scripts/a.js", "name.toUpperCase()"),
    ],
)
def test_fault_is_found(tmp_path: Path, name: str, text: str) -> None:
    path = tmp_path / name
    path.parent.mkdir(parents=True)
    path.write_text(text)
    assert len(list(faults(tmp_path))) == 1


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("web/styles/a.css", "h1 { text-transform: none; } /* text-transform: uppercase */"),
        (
            "drafts/templates/a.html",
            '<script type="module" src="/a.js"></script>{# | upper #}<script type="application/json"></script>',
        ),
        ("web/static/a.css", "h1 { text-transform: uppercase; }"),
        ("web/frontend/node_modules/x/a.js", "name.toUpperCase()"),
    ],
)
def test_what_is_allowed_passes(tmp_path: Path, name: str, text: str) -> None:
    path = tmp_path / name
    path.parent.mkdir(parents=True)
    path.write_text(text)
    assert list(faults(tmp_path)) == []


def test_this_project_keeps_its_letters() -> None:
    assert list(faults()) == []
