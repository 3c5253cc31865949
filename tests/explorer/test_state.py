"""What an analyst asks, and how an address says it."""

from typing import Any
from urllib.parse import parse_qs

import pytest

from consult.columns.variables import Variable
from consult.explorer.state import State, read
from consult.web.forms import Form

KNOWN = {
    "gender": Variable("gender", "coded", "gender", None, ("woman", "man")),
    "uses": Variable("uses", "masked", "uses", None, ("parks", "buses")),
    "minutes": Variable("minutes", "measured", "minutes"),
    "services.parks": Variable("services.parks", "coded", "services", "parks", ("1", "2")),
    "services.roads": Variable("services.roads", "coded", "services", "roads", ("1", "2")),
}


def asked(**values: Any) -> tuple[State, list[str]]:
    given = {name: value if isinstance(value, list) else [value] for name, value in values.items()}
    state, problems = read(Form(given), KNOWN)
    return state, [problem.place for problem in problems]


@pytest.mark.parametrize(
    "query",
    [
        "",
        "rows=gender",
        "rows=services&columns=gender&statistic=row&as_random=1",
        "rows=minutes&where=gender%3Awoman&where=uses%3Aparks&where=uses%3Abuses&weights=census&statistic=mean",
        "rows=gender&rows=uses&shade=residual",
    ],
)
def test_an_address_says_all_of_it_and_equal_questions_have_equal_addresses(query: str) -> None:
    state, problems = read(Form(parse_qs(query)), KNOWN)
    assert problems == []
    assert state.query() == query
    assert read(Form(parse_qs(state.query())), KNOWN)[0] == state


def test_answers_of_a_filter_are_put_in_order_and_named_once() -> None:
    first, _ = asked(rows="gender", where=["gender:man", "gender:woman", "gender:man"])
    second, _ = asked(rows="gender", where=["gender:woman", "gender:man"])
    assert first == second
    assert first.where[0].codes == ("woman", "man")


def test_what_cannot_be_meant_is_left_out_and_named_at_its_field() -> None:
    state, places = asked(rows=["gone", "gender"], columns="minutes", where=["gender:robot", "gone:x"], statistic="sum")
    assert state == State(rows=("gender",))
    assert places == ["rows", "columns", "where_key", "where_key"]


def test_a_table_question_stands_for_all_its_rows() -> None:
    state, places = asked(rows="services")
    assert (state.rows, places) == (("services",), [])


def test_a_filter_can_be_taken_away() -> None:
    state, _ = asked(rows="gender", where=["gender:man", "uses:parks"])
    assert state.without("gender").query() == "rows=gender&where=uses%3Aparks"
