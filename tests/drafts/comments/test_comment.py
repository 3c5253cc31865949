"""The rules of a comment and of its form's signed id, without a database."""

from uuid import UUID

import pytest

from consult.drafts.comments import form_id
from consult.drafts.comments.comment import LONGEST_TEXT, Submission

SECRET = b"0" * 32


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


def test_a_form_id_comes_back() -> None:
    token = form_id.issue(SECRET)
    assert form_id.read(SECRET, token) == UUID(token.partition(".")[0])


@pytest.mark.parametrize(
    "change", [lambda t: "", lambda t: t[:-1], lambda t: t.upper(), lambda t: "x" + t, lambda t: t.replace(".", "")]
)
def test_an_altered_form_id_is_refused(change: object) -> None:
    assert callable(change)
    with pytest.raises(form_id.AlteredForm):
        form_id.read(SECRET, change(form_id.issue(SECRET)))


def test_another_installations_form_id_is_refused() -> None:
    with pytest.raises(form_id.AlteredForm):
        form_id.read(b"1" * 32, form_id.issue(SECRET))
