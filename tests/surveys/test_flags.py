"""Marks on answers: what they find, what they leave alone, and what staff see of them."""

from __future__ import annotations

from uuid import uuid4

import httpx

from consult.columns.frame import flagged
from consult.surveys.responses import flags, inserts
from tests.conftest import NOON
from tests.people.makers import staff
from tests.surveys.conftest import publish
from tests.surveys.makers import DONT_KNOW, free, matrix, survey
from tests.surveys.test_operations import row

ROWS = ("waste", "parks", "buses", "light", "water")
WISH = "More shade at the bus stops, and benches please."
COPIED = inserts.encoded({"wish": WISH})


def test_same_point_in_every_row_is_found() -> None:
    asked = survey(matrix(codes=ROWS, outside=(DONT_KNOW,)))
    same = dict.fromkeys(ROWS, 4)
    assert flags.straight_lined(asked, {"services": same}) == ("services",)
    for other in ({**same, "parks": 5}, {**same, "parks": "dont_know"}, {**same, "parks": None}, None):
        assert flags.straight_lined(asked, {"services": other}) == ()
    assert flags.straight_lined(asked, {}) == ()


def test_short_tables_are_left_alone() -> None:
    assert flags.straight_lined(survey(matrix(codes=ROWS[:4])), {"services": dict.fromkeys(ROWS[:4], 4)}) == ()


def test_copied_text_is_found_whatever_its_case_and_blanks() -> None:
    asked = survey(free("wish"), free("why"))
    first, second, third, fourth = (uuid4() for _ in range(4))
    found = flags.duplicate_texts(
        [
            (first, asked, {"wish": WISH, "why": "Because."}),
            (second, asked, {"wish": WISH.upper().replace(" ", "  ").rstrip("."), "why": "Because."}),
            (third, asked, {"why": WISH}),
            (fourth, asked, {"wish": None}),
        ]
    )
    assert found == {first: ("wish",), second: ("wish",)}


def test_every_mark_has_words_and_a_reason() -> None:
    assert set(flags.NAMES) == set(flags.REASONS) == set(flags.ALL)


async def test_staff_see_marks_and_filter_by_them(client: httpx.AsyncClient) -> None:
    survey_id = await publish(survey(free("wish")))
    fast = row(survey_id, flags=("too_fast",), answers='{"wish":null}')
    copied = [row(survey_id, answers=COPIED) for _ in range(2)]
    quiet = row(survey_id, answers='{"wish":"Trees"}')
    for one in (fast, *copied, quiet):
        await inserts.responses.store(one)
    assert await flagged(survey_id) == {
        fast.id: ("too_fast",), copied[0].id: ("duplicate_text",), copied[1].id: ("duplicate_text",),
    }  # fmt: skip
    await staff(client, NOON, "analyst")
    path = "/staff/en/surveys/small/responses"
    everything = await client.get(path)
    assert everything.text.count("/surveys/small/responses/") == 4
    assert "Too fast (1)" in everything.text
    for flag, number in (("too_fast", 1), ("duplicate_text", 2), ("none", 1), ("burst", 0)):
        page = await client.get(path, params={"flag": flag})
        assert page.text.count("/surveys/small/responses/") == number
    single = await client.get(f"{path}/{fast.id}")
    assert "The form came back sooner than its pages can be read." in single.text
    late = row(survey_id, answers=COPIED, flags=("burst",))
    await inserts.responses.store(late)
    assert (await flagged(survey_id))[late.id] == ("burst", "duplicate_text")
