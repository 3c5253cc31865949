"""LimeSurvey files: each question type, relevance, quotas; what has no counterpart is told by the question's code."""

from __future__ import annotations

from typing import Any

import pytest

from consult.exchange import formats, limesurvey
from consult.exchange.report import NotReadable, Taken
from consult.surveys.definition import schema as d
from tests.exchange.lss import Asked, lss, table
from tests.exchange.makers import told

ROWS = {"SQ001": "Parks", "SQ002": "Streets"}
ANSWERS = {"A1": "Good", "A2": "Bad"}


def take(*asked: Asked, **more: Any) -> Taken:
    return limesurvey.take(lss(*asked, **more), name="town")


def only(found: Taken) -> d.AnyQuestion:
    (question,) = found.definition.questions
    return question


@pytest.mark.parametrize("modern", [True, False], ids=["since 4", "before 4"])
@pytest.mark.parametrize(
    ("kind", "made"),
    [
        ("L", d.Single), ("!", d.Single), ("Y", d.Single), ("G", d.Single), ("M", d.Multiple), ("5", d.Scale),
        ("S", d.Free), ("T", d.Free), ("U", d.Free), ("N", d.Number), ("D", d.Date), ("X", d.Information),
        ("A", d.MatrixScale), ("B", d.MatrixScale), ("C", d.MatrixSingle), ("E", d.MatrixSingle),
        ("F", d.MatrixSingle), ("H", d.MatrixSingle), ("R", d.Ranking), ("|", d.File),
    ],
)  # fmt: skip
def test_each_type_becomes_its_counterpart(kind: str, made: type[d.AnyQuestion], modern: bool) -> None:
    found = take(Asked(kind, subs=ROWS, answers=ANSWERS), modern=modern, languages=("en", "mk"))
    question = only(found)
    assert type(question) is made
    assert question.text == {"en": "Text?", "mk": "Text? (mk)"}
    assert found.losses == ()
    if isinstance(question, d.MatrixScale | d.MatrixSingle):
        assert [row.code for row in question.rows] == ["sq001", "sq002"]
    if kind in "L!FHR":
        assert isinstance(question, d.Single | d.MatrixSingle | d.Ranking)
        assert [(o.code, o.text["mk"]) for o in question.options] == [("a1", "Good (mk)"), ("a2", "Bad (mk)")]


@pytest.mark.parametrize(
    ("kind", "why"), [(":", "no such type"), (";", "no such type"), ("I", "language can be changed")]
)
def test_what_has_no_counterpart_is_told(kind: str, why: str) -> None:
    found = take(Asked(kind, subs=ROWS), Asked("S", "kept"))
    assert [question.key for question in found.definition.questions] == ["kept"]
    assert told(found)[0].startswith("question, q, type: ")
    assert why in told(found)[0]


def test_several_inputs_become_questions_of_their_own() -> None:
    found = take(
        Asked("K", "cost", subs=ROWS), Asked("O", "why", answers=ANSWERS),
        Asked("1", "dual", subs=ROWS, answers=ANSWERS, scales=2),
    )  # fmt: skip
    assert [(q.key, type(q)) for q in found.definition.questions] == [
        ("cost", d.Information), ("cost_sq001", d.Number), ("cost_sq002", d.Number), ("why", d.Single),
        ("why_comment", d.Free), ("dual", d.MatrixSingle), ("dual_2", d.MatrixSingle),
    ]  # fmt: skip
    assert [str(loss.place) for loss in found.losses] == [
        "question, cost, type",
        "question, why, type",
        "question, dual, type",
    ]


def test_settings_are_kept_or_told() -> None:
    settings = {
        "max_answers": "2",
        "exclude_all_others": "SQ002",
        "array_filter": "q0",
        "cssclass": "x",
        "random_order": "1",
    }
    found = take(Asked("M", subs=ROWS, settings=settings, more={"mandatory": "Y", "other": "Y", "preg": "/x/"}))
    question = only(found)
    assert isinstance(question, d.Multiple)
    assert (question.max, question.required, question.order) == (2, True, "random")
    assert [(o.code, o.exclusive, o.other) for o in question.options] == [
        ("sq001", False, False), ("sq002", True, False), ("other", False, True),
    ]  # fmt: skip
    assert [loss.place.column for loss in found.losses] == ["preg", "array_filter"]


@pytest.mark.parametrize(
    ("relevance", "condition"),
    [
        ('((colour.NAOK == "A1"))', "colour == 'a1'"),
        ('((colour.NAOK == "A1" or colour.NAOK == "A2"))', "colour in ['a1', 'a2']"),
        ('((modes_SQ001.NAOK == "Y") and (age.NAOK >= 18))', "'sq001' in modes && age >= 18"),
        ('modes_SQ001 != "Y"', "!answered(modes) || !('sq001' in modes)"),
        ("!is_empty(wish.NAOK)", "answered(wish)"),
        ("is_empty(wish)", "!answered(wish)"),
        ('grid_SQ002.NAOK == "A2"', "grid.sq002 == 'a2'"),
        ('900001X10X101.NAOK == "A1"', "colour == 'a1'"),
        ('colour ne "A1" && age lt 18', "(!answered(colour) || colour != 'a1') && age < 18"),
        ("strlen(wish.NAOK) > 3", "size(wish) > 3"),
        ("1", ""),
    ],
)
def test_relevance_becomes_a_condition_with_the_same_outcome(relevance: str, condition: str) -> None:
    found = take(
        Asked("L", "colour", answers=ANSWERS), Asked("M", "modes", subs=ROWS), Asked("N", "age"), Asked("S", "wish"),
        Asked("F", "grid", subs=ROWS, answers=ANSWERS), Asked("S", "asked", more={"relevance": relevance}),
    )  # fmt: skip
    assert told(found) == []
    assert found.definition.question("asked").show_if == condition


@pytest.mark.parametrize(
    "relevance", ['regexMatch("/a/", wish)', "sum(that.NAOK) > 2", "wish = 3", "nobody == 1", "age ~ 2", "=="]
)
def test_relevance_beyond_that_is_told_and_never_guessed(relevance: str) -> None:
    found = take(Asked("S", "wish"), Asked("N", "age"), Asked("S", "asked", more={"relevance": relevance}))
    assert found.definition.question("asked").show_if == ""
    (said,) = told(found)
    assert said.startswith("question, asked, relevance: ")


def test_equations_and_names_in_texts() -> None:
    found = take(
        Asked("N", "Age"), Asked("*", "twice", "{Age.NAOK * 2}"), Asked("*", "when", "Today {date('Y')}"),
        Asked("S", "wish", "At {Age.shown}, {TOKEN:FIRSTNAME}?"),
    )  # fmt: skip
    assert [q.key for q in found.definition.questions] == ["age", "twice", "wish"]
    twice = found.definition.question("twice")
    assert isinstance(twice, d.Calculated)
    assert twice.value == "age * 2"
    assert found.definition.question("wish").text == {"en": "At ${age}, {TOKEN:FIRSTNAME}?"}
    assert [str(loss.place) for loss in found.losses] == ["question, when, equation", "question, wish, question"]


def test_simple_quotas_are_kept() -> None:
    extra = table(
        "quota",
        [{"id": "1", "name": "Women", "qlimit": "50", "active": "1"}, {"id": "2", "name": "Odd", "qlimit": "²"}],
    )
    members = [{"quota_id": one, "qid": "101", "code": "F"} for one in ("1", "2")]
    extra += table("quota_members", members)
    extra += table(
        "quota_languagesettings", [{"quotals_quota_id": "1", "quotals_language": "en", "quotals_message": "Full."}]
    )
    found = take(Asked("G", "sex"), extra=extra)
    assert found.definition.quotas == (d.Quota(key="women", when="sex in ['f']", limit=50, text={"en": "Full."}),)
    assert [str(loss.place) for loss in found.losses] == ["quota, Odd"]


def test_markup_and_scripts_fall_away() -> None:
    html = "<p>How <b>many</b>&nbsp;trees?<script>alert(1)</script></p><p onclick='x()'>Say &lt;so&gt;.<img src=x></p>"
    found = take(Asked("S", text=html))
    assert only(found).text == {"en": "How many trees?\nSay <so>."}
    assert found.definition.intro == {"en": "Welcome"}
    assert "Pictures in texts are left out." in told(found)[0]


HEAD = '<!DOCTYPE document [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
LAUGHS = (f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True))
BOMB = f'<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa">{"".join(LAUGHS)}]>'


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (lss(Asked("S", text="]]>&a;<![CDATA["), head=HEAD), "entities"),
        (lss(Asked("S", text="]]>&i;<![CDATA["), head=BOMB), "entities"),
        (lss(Asked("S"), head='<!DOCTYPE document SYSTEM "http://example.org/x.dtd">'), "entities"),
        (lss(Asked("S"))[:-40], "no XML"),
        (lss(Asked("S")).replace(b"Text?", "Што?".encode("cp1251")), "no XML"),
        (lss(Asked("S")).replace(b'encoding="UTF-8"', b'encoding="x-none"'), "no XML"),
        (b'<?xml version="1.0"?><document><LimeSurveyDocType>Group</LimeSurveyDocType></document>', "structure"),
        (b'<?xml version="1.0"?>' + b"<a>" * 100_000, "no XML"),
    ],
    ids=["XXE", "billion laughs", "external DTD", "truncated", "not UTF-8", "unknown encoding", "group", "nested"],
)  # fmt: skip
def test_hostile_files_do_nothing(content: bytes, why: str) -> None:
    with pytest.raises(NotReadable) as fault:
        formats.take(content, "town.lss")
    assert why in fault.value.problems[0].message
