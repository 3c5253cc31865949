"""Components: what a reader of the page's code (and a screen reader) needs to find in them."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from lxml import html

from consult import i18n
from consult.errors import Problem
from consult.profile import load_profile
from consult.settings import resource
from consult.web.templating import environment

PROBLEMS = [Problem("name", "Write your name, %(who)s.", {"who": "<b>you</b>"}), Problem("", "The session is full.")]


@pytest.fixture(autouse=True)
def skopje() -> None:
    i18n.configure(load_profile(resource("profiles", "skopje.toml")))


def made(source: str, **context: object) -> html.HtmlElement:
    template = '{% import "web/components.html" as c %}<div>' + source + "</div>"
    text = environment(i18n.locale("en")).from_string(template).render({"problems": PROBLEMS, **context})
    element: html.HtmlElement = html.fromstring(text)
    return element


def test_values_labels_and_problems_are_escaped() -> None:
    page = made('{{ c.field("name", "<i>N</i>", value, "<u>h</u>", problems) }}', value='"><script>')
    assert not page.xpath("//script | //i | //u | //b")
    assert page.xpath("//input/@value") == ['"><script>']
    assert "Write your name, <b>you</b>." in page.text_content()


def test_field_is_described_by_its_hint_and_its_problem() -> None:
    page = made('{{ c.field("name", "Name", hint="In full", problems=problems) }}')
    described = page.xpath("//input/@aria-describedby")[0].split()
    assert ["In full" in page.get_element_by_id(described[0]).text_content(), len(described)] == [True, 2]
    assert "Error:" in page.get_element_by_id(described[1]).text_content()
    assert page.xpath("//input/@aria-invalid") == ["true"]
    assert page.xpath("//label/@for") == page.xpath("//input/@id") == ["name"]


def test_field_without_problem_claims_none() -> None:
    page = made('{{ c.field("other", "Other", problems=problems) }}')
    assert not page.xpath("//@aria-invalid | //@aria-describedby")
    assert not page.find_class("govuk-error-message")


def test_optional_field_says_so() -> None:
    assert "(optional)" in made('{{ c.textarea("text", "Text", optional=True) }}').text_content()


def test_textarea_keeps_a_leading_line_break() -> None:
    """Browsers drop the first line break inside a textarea, so one stands before what was typed."""
    text = environment(i18n.locale("en")).from_string(
        '{% import "web/components.html" as c %}{{ c.textarea("t", "T", "\\n\\nx") }}'
    )
    assert ">\n\n\nx</textarea>" in text.render()


def test_error_summary_leads_to_the_field_and_shows_what_has_no_field() -> None:
    page = made("{{ c.error_summary(problems) }}")
    assert page.xpath("//li/a/@href") == ["#name"]
    assert [item.text_content() for item in page.xpath("//li[not(a)]")] == ["The session is full."]


def test_no_problems_make_no_summary() -> None:
    assert made("{{ c.error_summary([]) }}").text_content().strip() == ""


def test_problem_of_a_choice_leads_to_its_first_option() -> None:
    page = made('{{ c.radios("name", "Pick", [("a", "A"), ("b", "B", "more")], "b", problems=problems) }}')
    assert page.xpath("//input/@id") == ["name", "name-2"]
    assert page.xpath("//input[@checked]/@value") == ["b"]
    assert page.xpath("//fieldset/@aria-describedby") == ["name-error"]
    assert page.get_element_by_id(page.xpath("//input[@id='name-2']/@aria-describedby")[0]).text == "more"


def test_number_and_text_of_a_value_are_the_same_choice() -> None:
    page = made('{{ c.select("n", "N", [(1, "a"), (2, "b")], "2") }}{{ c.checkboxes("m", "M", [(1, "x")], ["1"]) }}')
    assert page.xpath("//option[@selected]/@value") == ["2"]
    assert page.xpath("//input/@checked") == ["checked"]


def test_exclusive_option_stands_apart() -> None:
    page = made('{{ c.checkboxes("m", "M", [("a", "A"), ("z", "None")], exclusive=("z",)) }}')
    assert [e.text for e in page.find_class("govuk-checkboxes__divider")] == ["or"]
    assert page.xpath("//input[@data-exclusive]/@value") == ["z"]


@dataclass(frozen=True)
class Slice:
    number: int
    total: int
    size: int = 10


@pytest.mark.parametrize(
    ("number", "total", "pages"),
    [(1, 10, []), (1, 11, ["1", "2"]), (5, 100, ["1", "⋯", "4", "5", "6", "⋯", "10"]), (1, 100, ["1", "2", "⋯", "10"])],
)
def test_pagination_names_neighbours_and_ends(number: int, total: int, pages: list[str]) -> None:
    page = made('{{ c.pagination(slice, "/x?q=%26") }}', slice=Slice(number, total))
    assert [item.text_content().strip() for item in page.find_class("govuk-pagination__item")] == pages


def test_pagination_keeps_the_question_asked() -> None:
    page = made('{{ c.pagination(slice, "/x?q=%26") }}', slice=Slice(1, 11))
    assert page.xpath("//a[@rel='next']/@href") == ["/x?q=%26&page=2"]


def test_table_marks_its_heads_and_numbers() -> None:
    page = made('{{ c.table("T", ["A", "B"], [["x", "1"]], numeric=(1,)) }}')
    assert page.xpath("//th[@scope='col']/text()") == ["A", "B"]
    assert page.xpath("//th[@scope='row']/text()") == ["x"]
    assert page.xpath("//td/@class") == ["govuk-table__cell govuk-table__cell--numeric"]


def test_language_switch_in_a_form_sends_what_was_typed() -> None:
    alternates = [
        {"code": "mk", "name": "Македонски", "href": "/mk/x", "current": False},
        {"code": "en", "name": "English", "href": "/en/x", "current": True},
    ]
    switch = made('{{ c.language_switch(alternates, "survey") }}', alternates=alternates)
    assert switch.xpath("//button[@form='survey' and @name='language' and @formnovalidate]/@value") == ["mk"]
    links = made("{{ c.language_switch(alternates) }}", alternates=alternates)
    assert links.xpath("//a[@hreflang='mk']/@href") == ["/mk/x"]


def test_body_may_come_from_a_call() -> None:
    page = made('{% call c.details("More") %}<em>inside</em>{% endcall %}{{ c.details("Less", "<em>") }}')
    assert page.xpath("//details//em/text()") == ["inside"]
    assert page.xpath("//summary/span/text()") == ["More", "Less"]


def test_current_phase_is_marked_for_all_senses() -> None:
    page = made('{{ c.phases([("A", "1 May", "done"), ("B", "2 May", "now"), ("C", "", "")]) }}')
    assert page.xpath("//li/@class") == ["is-done", "is-now"]
    assert page.xpath("//li[@aria-current='step']/strong/text()") == ["B"]
