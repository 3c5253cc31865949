"""The surveys that come with the platform: sources, permanent concepts, and groups that join with the census."""

from __future__ import annotations

from pathlib import Path

import pytest

from consult.profile import load_profile
from consult.surveys.answers.flow import Compiled
from consult.surveys.answers.forms import Fields
from consult.surveys.authoring.yaml_reading import load
from consult.surveys.definition import schema as d

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / "surveys").glob("*.yaml"))
LANGUAGES = {"mk", "ka", "en"}


def survey(name: str) -> d.Definition:
    return load((ROOT / "surveys" / f"{name}.yaml").read_bytes())


def test_there_are_at_least_ten() -> None:
    assert len(FILES) >= 10


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_each_names_its_source_and_what_it_measures(file: Path) -> None:
    found = load(file.read_bytes())
    assert found.key == file.stem
    assert set(found.languages) == LANGUAGES
    assert found.source.keys() == LANGUAGES
    asked = [question for question in found.questions if isinstance(question, d.Question)]
    nameless = [question.key for question in asked if not question.concept]
    nameless += [f"{q.key}.{row.code}" for q in asked for row in getattr(q, "rows", ()) if not row.concept]
    assert nameless == []
    assert found.minutes is not None and found.minutes <= 10


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_each_can_be_answered(file: Path) -> None:
    found = Compiled(load(file.read_bytes())).decode(Fields({}))
    required = {question.key for question in load(file.read_bytes()).questions if getattr(question, "required", False)}
    assert {problem.place.partition(".")[0] for problem in found.problems} <= required


def test_a_concept_means_the_same_type_everywhere() -> None:
    types: dict[str, set[str]] = {}
    for file in FILES:
        for question in load(file.read_bytes()).questions:
            if isinstance(question, d.Question) and question.concept:
                kind = type(question).__name__
                shape = f"{kind} {question.first}-{question.points}" if isinstance(question, d.Scaled) else kind
                types.setdefault(question.concept, set()).add(shape)
    assert {concept: found for concept, found in types.items() if len(found) > 1} == {}


def test_demographics_join_with_the_census() -> None:
    profile = load_profile(ROOT / "deploy" / "profiles" / "skopje.toml")
    attitudes = survey("citizens-attitudes")
    for margin in profile.margins:
        question = attitudes.question(margin.variable)
        assert isinstance(question, d.Single)
        codes = [option.code for option in question.options]
        assert [category.code for category in margin.categories] == codes[: len(margin.categories)]
        assert margin.variable in attitudes.results.breaks
