"""The rules of a comment, without a database."""

import pytest

from consult.drafts.comments.comment import LONGEST_TEXT, Submission


def places(submission: Submission) -> list[str]:
    return [problem.place for problem in submission.problems()]


def test_words_alone_are_enough() -> None:
    assert places(Submission("Треба повеќе дрвја.")) == []


def test_all_problems_are_told_at_once() -> None:
    assert places(Submission(" ", kind="shout", name="x" * 81, email="nobody")) == ["text", "kind", "name", "email"]


def test_a_text_of_a_mebibyte_is_too_long() -> None:
    problems = Submission("x" * 2**20).problems()
    assert [(p.place, p.parameters) for p in problems] == [("text", {"length": 2**20, "most": LONGEST_TEXT})]


def test_the_longest_text_is_taken() -> None:
    assert places(Submission("ж" * LONGEST_TEXT)) == []


@pytest.mark.parametrize("email", ["a@example.org", "marija.k+grad@mail.example.mk"])
def test_an_address_is_taken(email: str) -> None:
    assert places(Submission("x", email=email)) == []


@pytest.mark.parametrize("email", ["a", "@b.c", "a@b", "a b@c.org", "a@c.org\nBcc: x@y.org", "a@c.org, d@e.org"])
def test_what_is_no_address_is_refused(email: str) -> None:
    assert places(Submission("x", email=email)) == ["email"]
