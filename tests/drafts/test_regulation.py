"""The Markdown format of a draft regulation and its alignment over languages."""

import time

import pytest

from consult.drafts.regulation import align, article_key, parse
from consult.errors import Problem

MK = """Врз основа на член 36 од Законот, Советот донесе

# Глава 1. Општи одредби

## Член 1. Предмет
(1) Со оваа одлука се уредува зеленилото.
(2) Се применува во целиот град.

> Едноставно кажано: важи насекаде.

## Член 2
Текст без наслов.

# Глава 2. Дрвја
## Член 2-а. Садење
Се сади дрво.
"""
KA = """## მუხლი 1. საგანი
(1) ეს დადგენილება აწესრიგებს გამწვანებას.
## მუხლი 2
ტექსტი.
## მუხლი 2-ა. დარგვა
ირგვება ხე.
"""
EN = """## Article 1. Subject
(1) This decision governs greenery.
## Article 2
Text without a heading.
## Article 2A – Planting
A tree is planted.
"""


def said(problems: tuple[Problem, ...]) -> list[tuple[str, object]]:
    return [(problem.place, problem.parameters.get("line")) for problem in problems]


def test_articles_chapters_notes_and_the_preamble_are_recognised() -> None:
    parsed = parse(MK, "mk")
    assert parsed.problems == ()
    assert parsed.preamble == "Врз основа на член 36 од Законот, Советот донесе"
    assert [(a.key, a.label, a.heading, a.chapter) for a in parsed.articles] == [
        ("1", "1", "Предмет", "Глава 1. Општи одредби"),
        ("2", "2", "", ""),
        ("2-a", "2-а", "Садење", "Глава 2. Дрвја"),
    ]
    first = parsed.articles[0]
    assert first.body == "(1) Со оваа одлука се уредува зеленилото.\n(2) Се применува во целиот град."
    assert first.plain_words == "Едноставно кажано: важи насекаде."
    assert first.line == 5


@pytest.mark.parametrize(
    ("label", "key"),
    [
        ("4", "4"),
        ("04", "4"),
        ("12-а", "12-a"),
        ("12-ა", "12-a"),
        ("12A", "12-a"),
        ("12–б", "12-b"),
        ("4¹", "4-1"),
        ("12-в", "12-c"),
    ],
)
def test_a_number_is_the_same_in_every_language(label: str, key: str) -> None:
    assert article_key(label) == key


@pytest.mark.parametrize(
    ("line", "label", "heading"),
    [
        ("## Член 4. Дрвја", "4", "Дрвја"),
        ("## ЧЛЕН 4 Дрвја", "4", "Дрвја"),
        ("##  Член  12-а.  Дрвја", "12-а", "Дрвја"),
        ("## Член 4A – Дрвја", "4A", "Дрвја"),
        ("## Член 4 а. Дрвја", "4а", "Дрвја"),
        ("## Член 4 а за дрвја", "4а", "за дрвја"),
        ("## Член 4: Дрвја", "4", "Дрвја"),
        ("## Член 4¹. Дрвја", "4¹", "Дрвја"),
        ("## Член 4", "4", ""),
        ("## Член 4. 12 дрвја", "4", "12 дрвја"),
    ],
)
def test_a_heading_is_read_as_people_write_it(line: str, label: str, heading: str) -> None:
    (article,) = parse(f"{line}\nТекст.", "mk").articles
    assert (article.label, article.heading) == (label, heading)


def test_every_problem_is_told_with_its_line() -> None:
    text = "# Наслов\n## Општо\nx\n## Член 1. А\n\n## Article 2. B\ntext\n## Член 2. В\nтекст\n# Глава 9"
    parsed = parse(text, "mk")
    assert [problem.parameters["line"] for problem in parsed.problems] == [1, 1, 2, 4, 6, 8]
    assert {problem.place for problem in parsed.problems} == {"text-mk"}
    for problem in parsed.problems:
        assert problem.message % problem.parameters


def test_a_text_without_articles_says_how_an_article_begins() -> None:
    (problem,) = parse("Само текст.", "ka").problems
    assert problem.parameters["example"] == "## მუხლი 1. …"


def test_deeper_headings_belong_to_the_article() -> None:
    (article,) = parse("## Article 1. Fees\n### Table\ntext", "en").articles
    assert article.body == "### Table\ntext"


def test_a_text_over_the_limit_is_refused_without_reading_it() -> None:
    begin = time.process_time()
    parsed = parse("## Член 1\n" * 200_000, "mk")
    assert len(parsed.problems) == 1
    assert time.process_time() - begin < 0.5


def test_languages_are_aligned_by_number_in_the_order_of_the_authentic_text() -> None:
    regulation = align({"mk": MK, "ka": KA, "en": EN}, "mk")
    assert regulation.problems == ()
    assert [article.number for article in regulation.articles] == ["1", "2", "2-a"]
    last = regulation.articles[2]
    assert last.position == 3
    assert last.label == {"mk": "2-а", "ka": "2-ა", "en": "2A"}
    assert last.heading == {"mk": "Садење", "ka": "დარგვა", "en": "Planting"}
    assert last.chapter == {"mk": "Глава 2. Дрвја"}
    assert regulation.preamble == {"mk": "Врз основа на член 36 од Законот, Советот донесе"}


def test_a_language_may_be_missing_as_a_whole_but_not_in_part() -> None:
    assert align({"mk": MK, "ka": "  "}, "mk").problems == ()
    problems = align({"mk": MK, "ka": KA.partition("## მუხლი 2\n")[0]}, "mk").problems
    assert [(p.place, p.parameters["numbers"]) for p in problems] == [("text-ka", "2, 2-а")]


def test_an_article_too_many_and_another_order_are_told() -> None:
    english = "## Article 2. B\nx\n## Article 1. A\nx\n## Article 2A. P\nx\n## Article 9. Z\nx"
    assert said(align({"mk": MK, "en": english}, "mk").problems) == [("text-en", 7), ("text-en", 1)]


def test_the_authentic_text_must_be_there() -> None:
    regulation = align({"en": EN}, "mk")
    assert said(regulation.problems) == [("text-mk", None)]
    assert regulation.articles == ()
