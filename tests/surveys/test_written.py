"""Written types, each by the tiny definition in samples/ that is named after it."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import httpx
import pytest

from consult import i18n
from consult.columns.answers import Answered
from consult.columns.reading import columns
from consult.profile import Profile, load_profile
from consult.results import sheet
from consult.results.formats import dictionary
from consult.settings import resource
from consult.surveys import queries
from consult.surveys.answers.as_fields import fields_of_answers
from consult.surveys.answers.flow import Compiled, bindings_of
from consult.surveys.answers.in_words import Copier
from consult.surveys.authoring.yaml_reading import load, read, write
from consult.surveys.definition import municipality, phones
from consult.surveys.definition import schema as d
from consult.surveys.pages.views import for_browser
from tests.conftest import NOON
from tests.surveys.conftest import hidden, publish
from tests.surveys.makers import SAMPLES, fields, number, single, survey, text

# What is posted, what is kept, and what the receipt says.
GIVEN: dict[str, tuple[dict[str, str], dict[str, Any], tuple[str, ...]]] = {
    "email": ({"email": " Ana@Example.COM "}, {"email": "Ana@example.com"}, ("Ana@example.com",)),
    "phone": ({"phone": "070 123-456"}, {"phone": "+38970123456"}, ("+389 70 123 456",)),
    "date": (
        {"date.day": "7", "date.month": "03", "date.year": "2026"}, {"date": "2026-03-07"}, ("7 March 2026",),
    ),
    "time": ({"time": "9.05"}, {"time": "09:05"}, ("09:05",)),
    "date_range": (
        {f"date_range.from.{p}": v for p, v in (("day", "1"), ("month", "2"), ("year", "2026"))}
        | {"date_range.to": "2026-02-03"},
        {"date_range": {"from": "2026-02-01", "to": "2026-02-03"}},
        ("1 February 2026 to 3 February 2026",),
    ),
    "place": (
        {"place.latitude": "41,99734", "place.longitude": "21.42801", "home": "vlae"},
        {"place": None, "place.latitude": 41.9973, "place.longitude": 21.428, "home": "vlae"},
        ("41.9973, 21.4280", "Vlae"),
    ),
    "consent": ({"consent": "yes"}, {"consent": True}, ("Yes, you may quote me",)),
    "calculated": (
        {"adults": "2", "children": "3", "crowded": "No"},
        {"adults": 2, "children": 3, "calculated": 5.0, "crowded": "No"},
        ("Members of the household", ">5<"),
    ),
    "hidden": ({"hidden": "bus", "wish": "Benches"}, {"hidden": "bus", "wish": "Benches"}, ("Bus",)),
    "number": ({"number": "1 250,5"}, {"number": 1250.5}, ("denars",)),
    "text": (
        {"text": "Water ran down.\r\nTwice.", "short": "Ilinden"},
        {"text": "Water ran down.\nTwice.", "short": "Ilinden"},
        ("Water ran down.\nTwice.",),
    ),
    "information": ({"wish": "Benches"}, {"wish": "Benches"}, ("Benches",)),
}  # fmt: skip
TYPES = list(GIVEN)


@pytest.fixture(autouse=True)
def skopje() -> Profile:
    profile = load_profile(resource("profiles", "skopje.toml"))
    i18n.configure(profile)
    municipality.configure(profile)
    return profile


def sample(name: str) -> d.Definition:
    return load((SAMPLES / f"{name}.yaml").read_bytes())


@pytest.mark.parametrize("name", TYPES)
def test_sample_is_read_and_written_without_loss(name: str) -> None:
    definition = sample(name)
    assert load(write(definition)) == definition
    assert definition.questions[0].__struct_config__.tag == name or name in ("calculated",)


@pytest.mark.parametrize("name", TYPES)
def test_answer_is_kept_told_filled_in_again_and_exported(name: str) -> None:
    posted, kept, words = GIVEN[name]
    definition = sample(name)
    compiled = Compiled(definition)
    decoded = compiled.decode(fields_of(posted))
    assert (decoded.problems, decoded.answers) == ([], kept)
    copy = Copier(definition, i18n.locale("en")).copy(kept)
    assert all(word in copy for word in words), copy
    again = compiled.decode(fields_of_answers(definition, kept))
    assert (again.problems, again.answers) == ([], kept)
    row = Answered(uuid4(), 1, "en", "web", NOON.date(), json.loads(json.dumps(kept)))
    cells = {field.name: sheet.cell(field, row, None) for field in sheet.fields(definition)}
    for key, value in kept.items():
        for name_, wanted in (
            {f"{key}.{p}": v for p, v in value.items()} if isinstance(value, dict) else {key: value}
        ).items():
            assert cells[name_] == ("NA" if wanted is None else wanted)
    heads = [line[0] for line in dictionary.lines(definition, i18n.locale("mk"))]
    assert set(cells) <= set(heads)
    assert columns(definition, [(kept, "web")]).n == 1


def fields_of(posted: dict[str, str]) -> dict[str, list[str]]:
    return {name: [value] for name, value in posted.items()}


def told(question: d.AnyQuestion, **posted: str | list[str]) -> list[tuple[str, str]]:
    return [(p.place, p.message) for p in Compiled(survey(question)).decode(fields(**posted)).problems]


def asked(kind: type[Any], **changes: Any) -> Any:
    return kind(**{"key": "q", "text": text("What?"), **changes})


@pytest.mark.parametrize(
    "kind", [d.Email, d.Phone, d.Date, d.Time, d.DateRange, d.Place, d.Consent, d.File, d.Photo]
)  # fmt: skip
def test_required_is_asked_for_and_optional_is_skipped(kind: type[Any]) -> None:
    ((place, _),) = told(asked(kind, required=True))
    assert place == ("q.from" if kind is d.DateRange else "q")
    compiled = Compiled(survey(asked(kind), number()))
    assert compiled.decode({}).answers["q"] is None


@pytest.mark.parametrize(
    "written", ["ana", "ana@", "@b.mk", "a b@c.mk", "a@b", "a@b..mk", "<a@b.mk>", "a@b.mk\nBcc: c@d.mk"]
)
def test_what_is_no_address_is_refused(written: str) -> None:
    ((place, message),) = told(asked(d.Email), q=written)
    assert place == "q"
    assert message.startswith("Write an e-mail address")


@pytest.mark.parametrize(
    ("written", "country", "kept"),
    [
        ("070 123 456", "MK", "+38970123456"),
        ("02/3297-200", "MK", "+38923297200"),
        ("+389 (0)70 123 456", "MK", "+38970123456"),
        ("00389 70 123 456", "GE", "+38970123456"),
        ("38970123456", "MK", "+38970123456"),
        ("555 12 34 56", "GE", "+995555123456"),
        ("0350 27 00 00", "GE", "+995350270000"),
        ("+995 555 123456", "MK", "+995555123456"),
        ("+44 20 7946 0958", "MK", "+442079460958"),
        ("070 123 45", "MK", None),
        ("010 123 456", "MK", None),
        ("+389 70 123 45", "MK", None),
        ("555 12 34 56", "MK", None),
        ("123", "", None),
        ("+0123456789", "MK", None),
        ("070 abc def", "MK", None),
        ("٠٧٠١٢٣٤٥٦", "MK", None),
        ("+" + "1" * 16, "MK", None),
    ],
)
def test_telephone_numbers_have_one_form(written: str, country: str, kept: str | None) -> None:
    assert phones.normal(written, country) == kept


@pytest.mark.parametrize(
    ("day", "month", "year", "place", "message"),
    [
        ("31", "2", "2026", "q", "There is no such day"),
        ("x", "2", "2026", "q", "There is no such day"),
        ("", "2", "2026", "q", "Write the day too"),
        ("3", "", "2026", "q.month", "Write the month too"),
        ("3", "2", "", "q.year", "Write the year too"),
        ("3", "2", "26", "q.year", "Write the year too"),
        ("3", "2", "0026", "q", "There is no such day"),
        ("31", "12", "2019", "q", "Write a day that is not before"),
        ("1", "1", "2031", "q", "Write a day that is not after"),
        ("³", "2", "2026", "q", "There is no such day"),
        ("9" * 5000, "2", "2026", "q", "There is no such day"),
    ],
)
def test_wrong_days_are_said_at_the_part_that_is_wrong(
    day: str, month: str, year: str, place: str, message: str
) -> None:
    question = asked(d.Date, earliest="2020-01-01", latest="2030-12-31")
    ((found, words),) = told(question, q__day=day, q__month=month, q__year=year)
    assert found == place
    assert words.startswith(message)


def test_spans_need_both_days_in_order() -> None:
    question = asked(d.DateRange)
    assert told(question, q__from="2026-02-03", q__to="2026-02-01")[0][0] == "q.to"
    assert told(question, q__from="2026-02-03")[0] == ("q.to", "Write the last day too: “%(question)s”.")
    assert told(question, q__to="2026-02-03")[0][0] == "q.from"
    assert told(question, q__from="2026-02-03", q__to="2026-02-03") == []
    both = told(question, q__from="2026-02-30", q__to__month="2")
    assert [place for place, _ in both] == ["q.from", "q.to"]


@pytest.mark.parametrize("written", ["24:00", "12:60", "noon", "1:2", "12:30:10", "-1:00"])
def test_wrong_times_are_refused(written: str) -> None:
    assert [place for place, _ in told(asked(d.Time), q=written)] == ["q"]


@pytest.mark.parametrize(
    ("written", "kept"), [("9", "09:00"), ("0930", "09:30"), ("9h30", "09:30"), ("23:59", "23:59")]
)
def test_times_have_one_form(written: str, kept: str) -> None:
    assert Compiled(survey(asked(d.Time))).decode(fields(q=written)).answers == {"q": kept}


def test_places_are_those_of_the_profile_and_points_are_whole() -> None:
    question = asked(d.Place, coordinates=True, required=True)
    assert told(question, q="atlantis")[0][0] == "q"
    assert told(question, q="centar") == []
    assert told(question, q__latitude="42", q__longitude="21.4") == []
    assert told(question, q="centar", q__latitude="42")[0][0] == "q.longitude"
    assert told(question, q="centar", q__latitude="91", q__longitude="x") == [
        ("q.latitude", "Write the latitude in degrees, from −90 to 90, such as 41.9973: “%(question)s”."),
        ("q.longitude", "Write the longitude in degrees, from −180 to 180, such as 21.4280: “%(question)s”."),
    ]
    assert told(question, q="centar", q__latitude=["42", "43"], q__longitude="21")[0][0] == "q.latitude"
    assert told(asked(d.Place), q="centar", q__latitude="42")[0][0] == ""  # it was not asked for


def test_hidden_values_that_do_not_fit_are_left_out_in_silence() -> None:
    listed = asked(d.Hidden, parameter="p", options=tuple(d.Option(code=c, text=text(c)) for c in "ab"))
    free = asked(d.Hidden, parameter="p")
    for question, sent, kept in (
        (listed, "a", "a"), (listed, "c", None), (free, "wall 7", "wall 7"), (free, "x" * 101, None),
        (free, "a\x01", None),
    ):  # fmt: skip
        decoded = Compiled(survey(question, number())).decode(fields(q=sent))
        assert (decoded.answers["q"], decoded.problems) == (kept, [])


def test_values_are_computed_from_what_is_answered() -> None:
    def value(source: str, **posted: str) -> Any:
        asked_ = (number(), number("wage", decimals=2), single())
        compiled = Compiled(survey(*asked_, d.Calculated(key="made", text=text("Made"), value=source)))
        return compiled.decode(fields(**posted)).answers["made"]

    assert value("age * 2 + wage", age="20", wage="1.5") == 41.5
    assert value("age * 2", wage="1") is None
    assert value("wage / (age - age)", age="20", wage="1") is None
    assert value("age >= 18 ? 'adult' : 'child'", age="17") == "child"
    assert value("answered(age) && age > 65") is False
    assert value("count(colour) > 1") is None


def test_computed_values_decide_later_questions_and_are_not_shown() -> None:
    compiled = Compiled(sample("calculated"))
    few = compiled.decode(fields(adults="2", children="1", crowded="No"))
    assert "crowded" in few.hidden
    assert "crowded" not in few.answers
    browser = json.loads(for_browser(compiled, 0))
    assert browser["variables"] == {
        "adults": {"kind": "number"},
        "children": {"kind": "number"},
        "calculated": {"kind": "calculated", "value": "(adults + children)", "if": ""},
    }
    assert bindings_of(compiled.definition, few.answers)["calculated"] == 3.0


@pytest.mark.parametrize(
    ("condition", "faulty"),
    [
        ("day >= '2026-01-01'", False),
        ("day >= '2026-1-1'", True),
        ("day >= 5", True),
        ("day < span.to && span.from != '2026-01-01'", False),
        ("day < hour", True),
        ("hour > '9:30'", True),
        ("hour > '09:30'", False),
        ("day.startsWith('2026')", False),
        ("span >= '2026-01-01'", True),
        ("agreed", False),
        ("agreed == true", False),
        ("agreed == 'yes'", True),
        ("answered(paper)", False),
        ("paper == 'x'", True),
        ("mail.contains('@')", False),
        ("mail > 'a'", True),
        ("spot == 'centar'", False),
        ("source == 'bus'", False),
        ("source == 'tram'", True),
        ("sum > 3", False),
        ("sum == 'x'", True),
    ],
)
def test_conditions_know_the_kinds_of_written_answers(condition: str, faulty: bool) -> None:
    bus = d.Option(code="bus", text=text("Bus"))
    questions = (
        asked(d.Date, key="day"), asked(d.DateRange, key="span"), asked(d.Time, key="hour"),
        asked(d.Consent, key="agreed"), asked(d.File, key="paper"), asked(d.Email, key="mail"),
        asked(d.Place, key="spot"), asked(d.Hidden, key="source", parameter="s", options=(bus,)), number(),
        d.Calculated(key="sum", text=text("Sum"), value="age + 1"),
    )  # fmt: skip
    definition = survey(*questions, asked(d.Free, show_if=condition))
    faults = [fault for fault in read(write(definition)).faults if "show_if" in fault.place]
    assert bool(faults) is faulty, [str(fault) for fault in faults]


@pytest.mark.parametrize(
    ("question", "place"),
    [
        (asked(d.Date, earliest="2026-13-01"), "earliest"),
        (asked(d.DateRange, earliest="2026-02-01", latest="2026-01-01"), "latest"),
        (asked(d.Hidden, parameter="a b"), "parameter"),
        (asked(d.File, kinds=("exe",)), "kinds"),
        (d.Calculated(key="q", text=text("Q"), value="1 +"), "value"),
        (d.Calculated(key="q", text=text("Q"), value="later + 1"), "value"),
        (d.Calculated(key="q", text=text("Q"), value="['a']"), "value"),
    ],
)
def test_checks_name_what_is_wrong_in_a_definition(question: d.AnyQuestion, place: str) -> None:
    faults = read(write(survey(question, number("later")))).faults
    assert any(place in fault.place for fault in faults), [str(fault) for fault in faults]


def test_a_page_that_shows_nothing_is_refused() -> None:
    hidden = asked(d.Hidden, parameter="p")
    assert any("page is empty" in str(fault) for fault in read(write(survey(hidden))).faults)


async def test_value_of_the_link_is_kept_and_the_plain_page_does_not_change(client: httpx.AsyncClient) -> None:
    survey_id = await publish(sample("hidden"))
    plain = await client.get("/en/surveys/hidden")
    linked = await client.get("/en/surveys/hidden?poster=bus&other=1")
    assert "hidden" not in hidden(plain.text)
    assert (await client.get("/en/surveys/hidden?" + "a=1&" * 200)).status_code == 200
    assert hidden(linked.text)["hidden"] == ["bus"]
    for page_ in (linked, plain):
        answer = await client.post("/en/surveys/hidden", data={**hidden(page_.text), "_go": "next", "wish": "x"})
        assert 'id="receipt"' in answer.text
    assert sorted(str(answers["hidden"]) for _, answers, *_ in await queries.answers(survey_id)) == ["None", "bus"]
