"""Pages put together from kept bytes are the very pages that would have been rendered."""

from __future__ import annotations

import gzip
import random
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any
from uuid import uuid4

import msgspec
import pytest
from prometheus_client import REGISTRY

from consult.app import Application
from consult.i18n import locale
from consult.surveys.answers.flow import Compiled, Decoded
from consult.surveys.answers.forms import Fields
from consult.surveys.authoring.checks import check
from consult.surveys.authoring.yaml_reading import load
from consult.surveys.definition import schema as d
from consult.surveys.pages import patterns, side_pages
from consult.surveys.pages.rendering import Face
from consult.surveys.responses.answer_keys import AnswerKeys
from consult.surveys.responses.response_ids import Signer
from consult.surveys.survey import Survey
from tests.conftest import NOON
from tests.surveys import random_surveys
from tests.surveys.makers import free, multiple, page, single, survey
from tests.surveys.test_ready_made import FILES

SAMPLES = sorted((Path(__file__).parent / "samples").glob("*.yaml"))
LANGUAGES = ("mk", "ka", "en")
ODD = ("парк & <b>сенка</b>", "ერთი\n\nორი", '"${wish}" it\'s', " ", "[[token]]", "a\u2028b")


def face_of(application: Application, definition: d.Definition, *, is_framed: bool = False) -> Face:
    compiled = Compiled(definition)
    ours = Survey(
        id=uuid4(), slug=definition.key, code="abc", test_key="t", consultation=None, opens_at=NOON, closes_at=None,
        is_testing=False, is_demo=False, created_at=NOON, version=1, title=definition.title, summary={},
        languages=definition.languages, minutes=5, is_public=True, mode=definition.mode,
    )  # fmt: skip
    if is_framed:
        ours = replace(ours, access=replace(ours.access, sites=("https://example.org",)))
    shell = application.litestar.state.shell
    signer = Signer(b"k" * 32, ours.id, 1, is_test=False)
    return Face(shell, ours, 1, compiled, signer, AnswerKeys(b"k" * 32, ours.id), False, {}, is_framed)


def patterns_made() -> float:
    return REGISTRY.get_sample_value("consult_survey_pages_total", {"made": "pattern"}) or 0.0


def compare(face: Face, draw: random.Random, form: Fields, numbers: Iterator[int] | range) -> int:
    """Look at these pages both ways, as they come and as they come back; how many were put together."""
    compiled, spoken = face.compiled, locale(draw.choice(LANGUAGES))
    put = 0
    for number in numbers:
        variant = draw.randrange(32)
        plan = compiled.plan(variant)
        place = plan.index(number)
        comes_back = draw.random() < 0.2
        fields = {
            name: values
            for name, values in form.items()
            if comes_back or compiled.page_of.get(name) != number or name in compiled.parameters.values()
        }
        before = compiled.decode(fields, plan[place - 1], plan) if place else Decoded()
        own = draw.choice([(), (("_t", "7K<3"),), (("_edit", "key"), ("_seen", "a b"))])
        token = face.token(NOON)
        how: dict[str, Any] = {"token": token, "variant": variant, "own": own}
        wanted = face.page(spoken, number, fields, before, **how)
        asked = patterns_made()
        for accepts in (True, False, True):  # the first of a kind is rendered, then kept
            body, is_packed = patterns.page_of(
                face,
                spoken,
                number,
                fields,
                before,
                **how,
                accepts_gzip=accepts,
            )
            assert is_packed is accepts
            assert (gzip.decompress(body) if is_packed else body).decode() == wanted
        put += patterns_made() > asked
    if compiled.definition.review:
        shown = side_pages.review_of(face, spoken, form, compiled.decode(form))
        whole = side_pages.review(face, spoken, shown, token="t", own=(("_seen", "a<b"),))
        body, _ = patterns.review_page(face, spoken, shown, token="t", own=(("_seen", "a<b"),), accepts_gzip=True)
        assert gzip.decompress(body).decode() == whole
    return put


def shuffled(draw: random.Random, definition: d.Definition) -> d.Definition:
    """The same survey with its pages, options and rows in random order, where it may be."""
    pages = tuple(
        msgspec.structs.replace(
            one,
            questions=tuple(
                msgspec.structs.replace(q, order="random") if hasattr(q, "order") and draw.random() < 0.5 else q
                for q in one.questions
            ),
        )
        for one in definition.pages
    )
    return msgspec.structs.replace(definition, pages=pages, order="random", review=draw.random() < 0.3)


def look(application: Application, draw: random.Random, definition: d.Definition, most: int) -> int:
    face = face_of(application, definition, is_framed=draw.random() < 0.2)
    form = random_surveys.form(draw, definition)
    numbers = [n for n, one in enumerate(face.compiled.pages) if not one.ends]
    return compare(face, draw, form, iter(draw.sample(numbers, min(most, len(numbers)))))


def test_pages_of_the_ready_made_surveys_are_the_same_bytes(application: Application) -> None:
    draw = random.Random(5)
    put = 0
    for file in FILES:
        definition = load(file.read_bytes())
        put += look(application, draw, shuffled(draw, definition) if draw.random() < 0.5 else definition, 2)
    for number in range(6):
        put += look(application, draw, random_surveys.survey(draw, number), 2)
    assert put > 15


@pytest.mark.slow
def test_all_pages_of_all_surveys_are_the_same_bytes(application: Application) -> None:
    seed = random.SystemRandom().randrange(10**9)
    print("seed", seed)  # shown where the test fails
    draw = random.Random(seed)
    put = 0
    for file in (*FILES, *SAMPLES):
        definition = load(file.read_bytes())
        for _ in range(8):
            put += look(application, draw, shuffled(draw, definition) if draw.random() < 0.5 else definition, 100)
    for number in range(200):
        put += look(application, draw, random_surveys.survey(draw, number), 100)
    print(put, "pages put together")
    assert put > 500


def test_answers_in_texts_are_the_same_bytes(application: Application) -> None:
    text = {"en": "${wish} & <i>, ${modes}, ${colour} $${"}
    second = page(
        single("again", text=text, hint=text, help={"en": "One ${wish}\n\nTwo ${colour}"}),
        free("why", text=text, show_if="again == 'red'", max_length=20),
        key="second",
        title=text,
        intro=text,
    )
    first = page(free("wish", max_length=200), multiple("modes"), single("colour"))
    definition = survey(pages=(first, second))
    assert check(definition) == []
    face, draw = face_of(application, definition), random.Random(1)
    put = 0
    for words in ODD:
        put += compare(face, draw, {"wish": [words], "modes": ["bus", "foot"], "colour": ["red"]}, range(1, 2))
    put += compare(face, draw, {}, range(1, 2))
    assert put


def test_early_ends_are_the_same_bytes(application: Application) -> None:
    face = face_of(application, survey(pages=(page(free("wish")),)))
    told = {"en": "Thank you & good <b>bye</b>.\n\nNothing was stored.", "mk": "Ви благодариме."}
    said = {"en": "You wish ${wish}.", "mk": "Вие сакате ${wish}."}
    before = len(patterns.patterns.kept)
    for wish in ("parks", "trees"):
        found = face.compiled.decode({"wish": [wish]})
        for title, text, language, is_used in product(({}, told), (told, said), ("mk", "en"), (True, False)):
            spoken = locale(language)
            whole = side_pages.ended(face, spoken, title, text, found, is_used=is_used)
            how: dict[str, Any] = {"is_used": is_used}
            plain, _ = patterns.ended_page(face, spoken, title, text, found, **how, accepts_gzip=False)
            body, _ = patterns.ended_page(face, spoken, title, text, found, **how, accepts_gzip=True)
            assert gzip.decompress(body) == plain == whole.encode()
    assert len(patterns.patterns.kept) == before + 8  # those in which no answer is said


def test_kinds_of_a_page_that_come_once_are_not_kept(application: Application, monkeypatch: pytest.MonkeyPatch) -> None:
    """Twelve questions that depend on twelve answers: each reader sees a page of another kind."""
    monkeypatch.setattr(patterns, "patterns", patterns.Patterns())
    keys = [f"q{number}" for number in range(12)]
    asked = page(*(single(key) for key in keys))
    hidden = page(*(free(f"why-{key}".replace("-", "_"), show_if=f"{key} == 'red'") for key in keys), key="second")
    face, spoken = face_of(application, survey(pages=(asked, hidden))), locale("en")
    for number in (*range(30), 7, 7):
        form: Fields = {key: ["red" if number >> place & 1 else "blue"] for place, key in enumerate(keys)}
        before = face.compiled.decode(form, 0)
        patterns.page_of(face, spoken, 1, form, before, token="t", accepts_gzip=True)
        assert len(patterns.patterns.kept) == 0 or number == 7
    assert (len(patterns.patterns.kept), len(patterns.patterns.seen)) == (1, 30)
