"""The ways through a survey beside the straight one, as a browser without JavaScript takes them."""

from __future__ import annotations

import html
import re
from typing import Any
from uuid import uuid4

import httpx
import pytest

from consult.i18n import locale
from consult.storage import fetch, fetchval
from consult.surveys import operations, published, queries
from consult.surveys.answers.flow import Compiled
from consult.surveys.answers.in_words import Copier
from consult.surveys.authoring import checks
from consult.surveys.definition import schema as d
from consult.surveys.responses import daily_totals, quotas
from consult.surveys.responses.submissions import Sender, store_response
from tests.conftest import NOON, Clock
from tests.surveys.conftest import Resident, hidden, publish
from tests.surveys.makers import compiled, fields, free, multiple, number, page, scale, single, survey, text

TWO = (page(single("colour"), number("age"), key="you"), page(free("wish"), key="more"))


def resident_of(client: httpx.AsyncClient, language: str = "en") -> Resident:
    return Resident(client, "small", language)


async def answers(survey_id: object) -> list[dict[str, object]]:
    return [found[1] for found in await queries.answers(survey_id)]  # type: ignore[arg-type]


def link(body: str, part: str) -> str:
    found = re.search(rf'href="(/en/[^"]*/{part}/[^"]+)"', body)
    assert found is not None, body
    return html.unescape(found[1])


# Piping


def piped() -> d.Definition:
    return survey(
        pages=(
            page(single("colour"), multiple("modes"), number("age"), free("wish"), key="you"),
            page(
                scale("mood", text=text("Why ${colour} and ${modes}, being ${age}? You wrote ${wish}. $${colour}")),
                key="more",
                title=text("About ${colour}"),
            ),
        )
    )


async def test_answers_stand_in_later_texts_escaped_and_in_words(client: httpx.AsyncClient) -> None:
    await publish(piped())
    resident = resident_of(client)
    await resident.open()
    sent = {"colour": "red", "modes": ["bus", "car"], "age": "1250", "wish": "<b>${age}</b>"}
    second = await resident.send(sent)
    assert "Why Red and Bus, Car, being 1,250? You wrote &lt;b&gt;${age}&lt;/b&gt;. ${colour}" in second.text
    assert "About Red" in second.text
    receipt = await resident.send({"mood": "3"})
    assert "<dt>Why Red and Bus, Car, being 1,250? You wrote &lt;b&gt;${age}&lt;/b&gt;. ${colour}</dt>" in receipt.text
    assert "<dd>&lt;b&gt;${age}&lt;/b&gt;</dd>" in receipt.text


async def test_a_dash_stands_for_no_answer(client: httpx.AsyncClient) -> None:
    await publish(piped())
    resident = resident_of(client)
    await resident.open()
    assert "Why – and –, being –? You wrote –." in (await resident.send()).text


def test_numbers_are_piped_as_the_language_writes_them() -> None:
    definition = survey(number("price", decimals=1))
    assert Copier(definition, locale("mk")).plain("price", {"price": 1250.5}) == "1.250,5"


@pytest.mark.parametrize(
    ("pages", "at"),
    [
        ((page(single("colour", text=text("${colour}?"))),), "text"),
        ((page(single("colour")), page(free("wish", text=text("${colours}?")), key="two")), "text"),
        ((page(single("colour")), page(number("age"), free("wish", text=text("${age}?")), key="two")), "text"),
        ((page(single("colour")), page(free("wish"), key="two", title=text("${wish}"))), "title"),
    ],
)
def test_references_that_cannot_be_filled_are_found(pages: tuple[d.Page, ...], at: str) -> None:
    assert [found.path[-1] for found in checks.check(survey(pages=pages))] == [at]


# Rules


def test_a_rule_is_broken_only_when_it_can_be_decided() -> None:
    rule = d.Rule(must="work <= age", message=text("You cannot have worked longer than you live."))
    form = compiled(number("age"), number("work", rules=(rule,)))
    (problem,) = form.decode(fields(age="30", work="40")).problems
    assert (problem.place, problem.parameters) == ("work", {"message": rule.message})
    assert form.decode(fields(age="30", work="20")).problems == []
    assert form.decode(fields(work="40")).problems == []
    assert form.decode(fields(age="30")).problems == []


async def test_a_rules_own_words_are_shown_at_the_question(client: httpx.AsyncClient) -> None:
    rule = d.Rule(must="age != 13.0", message=text("Thirteen < unlucky."))
    await publish(survey(number("age", rules=(rule,))))
    resident = resident_of(client)
    await resident.open()
    refused = await resident.send({"age": "13"})
    assert refused.status_code == 422
    assert '<a href="#age">Thirteen &lt; unlucky.</a>' in refused.text
    assert (await resident.send({"age": "14"})).status_code == 200


def test_faults_of_rules_and_quotas_are_found_at_their_places() -> None:
    wrong = survey(
        number("age", rules=(d.Rule(must="later > 3", message=text("No")),)),
        number("later"),
        quotas=(d.Quota(key="a", when="nobody == 1", limit=1, text=text("Full")),),
    )
    places = [found.path for found in checks.check(wrong)]
    assert ("pages", 0, "questions", 0, "rules", 0, "must", 0) in places
    assert ("quotas", 0, "when", 0) in places


# Screening out


def screening() -> d.Definition:
    return survey(
        pages=(
            page(number("age"), key="you"),
            page(key="young", show_if="age < 18", screen_out=text("Only for adults, not for ${age}.")),
            page(free("wish"), key="more"),
        )
    )


async def test_who_is_screened_out_leaves_only_a_total(client: httpx.AsyncClient) -> None:
    survey_id = await publish(screening())
    resident = resident_of(client)
    await resident.open()
    out = await resident.send({"age": "15"})
    assert "Only for adults, not for 15." in out.text
    assert "<form" not in out.text
    everything_at_once = await resident.send({"age": "15", "wish": "x"}, _page="more")
    assert "Only for adults" in everything_at_once.text
    assert await queries.count(survey_id) == 0
    await daily_totals.drain()
    events = {(line.event, line.page): times for line, times in (await daily_totals.totals(survey_id)).items()}
    assert events == {("page_posted", "you"): 1, ("page_posted", "more"): 1, ("screened_out", "young"): 2}


async def test_who_is_not_screened_out_goes_on(client: httpx.AsyncClient) -> None:
    survey_id = await publish(screening())
    resident = resident_of(client)
    assert "Page 1 of 2" in (await resident.open()).text
    assert "Page 2 of 2" in (await resident.send({"age": "18"})).text
    assert 'id="receipt"' in (await resident.send({"wish": "trees"})).text
    assert await answers(survey_id) == [{"age": 18, "wish": "trees"}]


def test_pages_that_screen_out_wrongly_are_found() -> None:
    wrong = survey(pages=(page(single()), page(free("wish"), key="out", screen_out=text("Bye"))))
    assert [found.path for found in checks.check(wrong)] == [("pages", 1, "screen_out")] * 2


# Quotas


def with_quota(limit: int = 1) -> d.Definition:
    quota = d.Quota(key="reds", when="colour == 'red'", limit=limit, text=text("Enough reds, thank you."))
    return survey(pages=TWO, quotas=(quota,), editable=True)


async def test_a_full_quota_ends_the_survey_early_and_late(client: httpx.AsyncClient) -> None:
    survey_id = await publish(with_quota())
    first, second, third = resident_of(client), resident_of(client), resident_of(client)
    for one in (first, second):
        await one.open()
        await one.send({"colour": "red"})
    assert 'id="receipt"' in (await first.send({"wish": "a"})).text
    assert "Enough reds" in (await second.send({"wish": "b"})).text  # the last place went while this one was writing
    quotas.forget()
    await third.open()
    assert "Enough reds" in (await third.send({"colour": "red"})).text
    await third.open()
    assert "Enough reds" not in (await third.send({"colour": "blue"})).text
    assert len(await answers(survey_id)) == 1


async def test_a_changed_answer_gives_its_place_back(client: httpx.AsyncClient) -> None:
    survey_id = await publish(with_quota())
    resident = resident_of(client)
    await resident.open()
    await resident.send({"colour": "red"})
    receipt = await resident.send({"wish": "a"})
    await change(resident, receipt)
    await resident.send({"colour": "red"})
    receipt = await resident.send({"wish": "again"})
    assert 'id="receipt"' in receipt.text
    await change(resident, receipt)
    await resident.send({"colour": "blue"})
    await resident.send()
    assert await fetchval("select taken from survey_quota where survey = $1", survey_id) == 0


# Values from the link


@pytest.mark.parametrize("review", [False, True])
async def test_a_value_from_the_link_goes_through_pages_languages_and_back(
    client: httpx.AsyncClient, review: bool
) -> None:
    everywhere: Any = {"mk": "A", "ka": "B", "en": "C"}
    hidden_one = d.Hidden(key="source", text=everywhere, parameter="from")
    pages = (
        page(hidden_one, free("wish", text=everywhere), key="one"),
        page(free("more", text=everywhere), key="two"),
        page(free("last", text=everywhere, show_if="source == 'library'"), key="three"),
    )
    survey_id = await publish(
        survey(pages=pages, languages=("mk", "ka", "en"), title=everywhere, review=review), is_open=True
    )
    resident = resident_of(client)
    resident.fields = hidden((await client.get("/en/surveys/small?from=library&x=1")).text)
    assert resident.fields["source"] == ["library"]
    await resident.send({"wish": "trees"})
    resident.path = "/ka/surveys/small"
    switched = await resident.send({"more": "benches"}, go="stay")
    assert 'lang="ka"' in switched.text
    assert "benches" in switched.text
    back = await resident.send({"more": "benches"}, go="back")
    assert "trees" in back.text
    await resident.send({"wish": "trees"})
    third = await resident.send({"more": "benches"})
    assert 'name="last"' in third.text
    last = await resident.send({"last": "shade"})
    if review:
        assert "library" in last.text
        resident.path = "/mk/surveys/small"
        await resident.send(go="stay")
        last = await resident.send()
    assert 'id="receipt"' in last.text
    assert await answers(survey_id) == [{"source": "library", "wish": "trees", "more": "benches", "last": "shade"}]
    assert await fetchval("select language from response") == ("mk" if review else "ka")


# Changing what was sent


async def change(resident: Resident, receipt: httpx.Response) -> httpx.Response:
    form = await resident.client.get(link(receipt.text, "answers") + "/change")
    resident.fields = hidden(form.text)
    return form


async def test_changed_answers_replace_the_older_ones_everywhere(client: httpx.AsyncClient) -> None:
    survey_id = await publish(survey(pages=TWO, editable=True))
    resident = resident_of(client)
    await resident.open()
    await resident.send({"colour": "red", "age": "30"})
    receipt = await resident.send({"wish": "trees"})
    form = await change(resident, receipt)
    assert 'value="red" checked' in form.text
    assert 'value="30"' in form.text
    second = await resident.send({"colour": "blue", "age": "30"})
    assert 'value="trees"' in second.text
    sent = dict(resident.fields)
    newer = await resident.send({"wish": "trees"})
    resident.fields = sent
    twice = await resident.send({"wish": "trees"})
    assert link(twice.text, "answers") == link(newer.text, "answers") != link(receipt.text, "answers")
    assert await answers(survey_id) == [{"colour": "blue", "age": 30, "wish": "trees"}]
    assert (await queries.counts())[survey_id] == await queries.count(survey_id) == 1
    assert [day.count for day in await queries.per_day(survey_id)] == [1]
    assert (await queries.responses(survey_id)).total == 1
    older = await client.get(link(receipt.text, "answers"))
    assert "<dd>Blue</dd>" in older.text


async def test_receipt_in_another_language_still_leads_to_the_answers(client: httpx.AsyncClient) -> None:
    await publish(survey(single("colour")))
    resident = resident_of(client)
    await resident.open()
    receipt = await resident.send({"colour": "red"})
    for language in ("mk", "ka"):
        own = await client.get(link(receipt.text, "answers").replace("/en/", f"/{language}/", 1))
        assert own.status_code == 200
        assert f'href="{own.url.path}"' in receipt.text
    assert "[[" not in receipt.text


async def test_two_windows_cannot_both_replace_one_answer(client: httpx.AsyncClient) -> None:
    survey_id = await publish(survey(single("colour"), editable=True))
    resident, other = resident_of(client), resident_of(client)
    await resident.open()
    receipt = await resident.send({"colour": "red"})
    await change(resident, receipt)
    await change(other, receipt)
    assert 'id="receipt"' in (await resident.send({"colour": "blue"})).text
    late = await other.send({"colour": "red"})
    assert late.status_code == 409
    assert "changed in another window" in late.text
    assert await answers(survey_id) == [{"colour": "blue"}]


async def test_own_answers_open_only_with_their_key_and_change_only_where_allowed(
    client: httpx.AsyncClient, clock: Clock
) -> None:
    survey_id = await publish(survey(single("colour")))
    resident = resident_of(client)
    await resident.open()
    at = link((await resident.send({"colour": "red"})).text, "answers")
    own = await client.get(at)
    assert "<dd>Red</dd>" in own.text
    assert "/change" not in own.text
    kept = await client.get(f"{at}/text")
    assert kept.headers["content-type"] == "text/plain; charset=utf-8"
    assert "Which colour?\n    Red\n" in kept.text
    assert "attachment" in kept.headers["content-disposition"]
    assert (await client.get(f"{at}/change")).status_code == 200
    assert "_edit" not in (await client.get(f"{at}/change")).text
    other = at[:-2] + ("AA" if at[-2:] != "AA" else "BB")
    assert (await client.get(other)).status_code == 404
    forged = await resident.send({"colour": "blue"}, _edit=at.rpartition("/")[2])
    assert forged.status_code in (404, 409)
    assert await answers(survey_id) == [{"colour": "red"}]


async def test_nothing_in_the_database_tells_the_key_of_an_answer(client: httpx.AsyncClient) -> None:
    await publish(survey(single("colour"), editable=True))
    resident = resident_of(client)
    await resident.open()
    key = link((await resident.send({"colour": "red"})).text, "answers").rpartition("/")[2]
    for table in ("response", "survey_saved", "audit_entry", "notification"):
        rows = await fetch(f"select t::text as line from {table} t")
        assert not any(key in row["line"] or key[22:] in row["line"] for row in rows)


async def test_erasing_one_answer_erases_what_it_replaced_and_gives_its_place_back(client: httpx.AsyncClient) -> None:
    survey_id = await publish(with_quota())
    resident = resident_of(client)
    await resident.open()
    await resident.send({"colour": "red"})
    receipt = await resident.send({"wish": "a"})
    await change(resident, receipt)
    await resident.send({"colour": "red"})
    await resident.send({"wish": "b"})
    ((newest,),) = await fetch("select id from response where supersedes is not null")
    await operations.erase_response(response_id=newest, reason="The sender asked", at=NOON)
    assert await answers(survey_id) == []
    assert await fetchval("select count(*) from response") == 0
    assert await fetchval("select taken from survey_quota where survey = $1", survey_id) == 0
    assert (await client.get(link(receipt.text, "answers"))).status_code == 404


# Review


async def test_review_shows_everything_and_leads_back(client: httpx.AsyncClient) -> None:
    survey_id = await publish(survey(pages=TWO, review=True))
    resident = resident_of(client)
    await resident.open()
    await resident.send({"colour": "red", "age": "30"})
    shown = await resident.send({"wish": "<i>trees</i>"})
    assert "Check your answers" in shown.text
    assert "&lt;i&gt;trees&lt;/i&gt;" in shown.text
    assert await queries.count(survey_id) == 0
    back = await resident.send(go="to:you")
    assert 'value="red" checked' in back.text
    assert await resident.send(go="stay")
    again = await resident.send({"colour": "blue", "age": "31"})
    assert "Check your answers" in again.text
    assert "<dd>Blue</dd>" in again.text
    assert 'id="receipt"' in (await resident.send()).text
    assert await answers(survey_id) == [{"colour": "blue", "age": 31, "wish": "<i>trees</i>"}]


async def test_what_a_changed_answer_opens_is_asked_before_the_review(client: httpx.AsyncClient) -> None:
    pages = (TWO[0], page(free("why", required=True), key="why", show_if="colour == 'blue'"), TWO[1])
    survey_id = await publish(survey(pages=pages, review=True))
    resident = resident_of(client)
    await resident.open()
    await resident.send({"colour": "red"})
    await resident.send({"wish": "x"})
    await resident.send(go="to:you")
    opened = await resident.send({"colour": "blue"})
    assert opened.status_code == 200
    assert 'name="why"' in opened.text
    assert "Check your answers" in (await resident.send({"why": "sky"})).text
    assert 'id="receipt"' in (await resident.send()).text
    assert await answers(survey_id) == [{"age": None, "colour": "blue", "why": "sky", "wish": "x"}]


# Random order of pages


def shuffled() -> d.Definition:
    middle = tuple(page(single(f"q{n}", required=True), key=f"p{n}") for n in range(5))
    asked = page(free("why"), key="why", show_if="q1 == 'red'")
    return survey(pages=(page(single("colour"), key="first"), *middle, asked), order="random")


def test_pages_change_places_but_for_the_first_and_what_depends_on_what() -> None:
    form = Compiled(shuffled())
    plans = {form.plan(variant) for variant in range(32)}
    assert len(plans) > 3
    for plan in plans:
        assert sorted(plan) == list(range(7))
        assert (plan[0], plan[2], plan[6]) == (0, 2, 6)


async def test_pages_in_random_order_are_all_asked_and_stored(client: httpx.AsyncClient) -> None:
    survey_id = await publish(shuffled())
    orders = set()
    for _ in range(4):
        resident = resident_of(client)
        shown = await resident.open()
        order = []
        while 'id="receipt"' not in shown.text:
            (key,) = resident.fields["_page"]
            order.append(key)
            name = {"first": "colour", "why": "why"}.get(key, f"q{key[1:]}")
            shown = await resident.send({name: "red"})
            assert shown.status_code == 200
        orders.add(tuple(order))
        assert sorted(order) == ["first", "p0", "p1", "p2", "p3", "p4", "why"]
    assert len(await answers(survey_id)) == 4
    assert all(len(found) == 7 for found in await answers(survey_id))


# Storing for others


async def test_a_form_from_elsewhere_is_stored_once_and_counted_under_its_channel(db: None) -> None:
    survey_id = await publish(survey(pages=TWO))
    known = await published.survey("small")
    sender = Sender(
        id=uuid4(), survey=known, version=1, language="en", at=NOON, zone=locale("en").zone, channel="phone"
    )
    stored = await store_response(sender, fields(colour="red", age="30"))
    again = await store_response(sender, fields(colour="red", age="30"))
    refused = await store_response(sender, fields(colour="green"))
    assert (stored.outcome.value, again.outcome.value, refused.outcome) == ("stored", "same", None)  # type: ignore[union-attr]
    assert [problem.place for problem in refused.problems] == ["colour"]
    ((_, found, channel, _, _),) = await queries.answers(survey_id)
    assert (channel, found) == ("phone", {"colour": "red", "age": 30, "wish": None})
    await daily_totals.drain()
    assert [(line.channel, line.event) for line in await daily_totals.totals(survey_id)] == [("phone", "sent")]


# Progress


async def test_progress_counts_only_what_can_still_come(client: httpx.AsyncClient) -> None:
    pages = (
        page(single("colour"), key="you"),
        page(free("why"), key="why", show_if="colour == 'red'"),
        page(free("how"), key="how", show_if="colour == 'blue'"),
        page(free("wish"), key="end"),
    )
    await publish(survey(pages=pages))
    resident = resident_of(client)
    assert "Page 1 of 4" in (await resident.open()).text
    assert "Page 2 of 3" in (await resident.send({"colour": "red"})).text
    assert "Page 3 of 3" in (await resident.send({"why": "x"})).text
