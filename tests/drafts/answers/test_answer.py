"""The rules of answers, without a database."""

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID, uuid4

from consult.drafts.answers.answer import Decision, Stage, Work, reason_problems
from consult.drafts.answers.due import Basis, Due, due, usual
from consult.drafts.answers.effects import changed_articles, origins
from consult.drafts.answers.readiness import Coverage, Readiness
from consult.drafts.comments.comment import Moderation
from consult.drafts.draft import Article, Draft
from consult.i18n import configure, locale
from consult.profile import load_profile
from consult.settings import resource

AT = datetime(2026, 11, 20, 12, tzinfo=UTC)
ANNA, GORAN = UUID(int=1), UUID(int=2)
WORK = Work(
    uuid4(), uuid4(), Decision.ACCEPTED, {"mk": "Да."}, AT, ANNA, None, None, None, None, None, "", None, None, {}
)
DRAFT = Draft(uuid4(), "trees", None, {}, {}, "mk", Moderation.BEFORE, None, False, 1, AT)


def an_article(number: str, body: str, identity: int) -> Article:
    return Article(UUID(int=identity), int(number), number, {"mk": number}, {}, {"mk": "Дрвја"}, {"mk": body}, {})


def test_an_answer_goes_from_hand_to_hand() -> None:
    assert WORK.stage is Stage.DRAFTED
    sent = replace(WORK, sent_at=AT, sent_by=ANNA)
    assert sent.stage is Stage.IN_REVIEW
    assert sent.may_review(GORAN)
    assert not sent.may_review(ANNA)
    assert not replace(sent, sent_by=GORAN).may_review(GORAN)
    reviewed = replace(sent, reviewed_at=AT, reviewed_by=GORAN)
    assert reviewed.stage is Stage.REVIEWED
    assert not reviewed.may_review(GORAN)
    assert replace(reviewed, released_at=AT).stage is Stage.RELEASED


def test_a_reason_is_needed_in_the_language_of_the_author_and_in_the_authentic_one() -> None:
    assert [p.place for p in reason_problems({}, ("ka", "mk", "ka"))] == ["reason-ka", "reason-mk"]
    assert reason_problems({"ka": "რადგან", "mk": "Бидејќи"}, ("ka", "mk")) == []
    assert [p.place for p in reason_problems({"mk": "x" * 5001}, ("mk",))] == ["reason-mk"]


def test_a_comment_is_due_when_its_consultation_promised_and_overdue_from_the_next_day() -> None:
    promised = Due(date(2026, 12, 20), Basis.PROMISED, date(2026, 12, 20))
    assert not promised.is_overdue(date(2026, 12, 20))
    assert promised.is_overdue(date(2026, 12, 21))
    assert promised.days_left(date(2026, 12, 23)) == -3
    by_hand = due(promised, date(2026, 12, 10), "Судот чека.")
    assert (by_hand.day, by_hand.basis, by_hand.usual) == (date(2026, 12, 10), Basis.SET, date(2026, 12, 20))
    assert due(promised, None, "") == promised


def test_a_draft_without_a_promise_counts_from_its_closing_by_the_rule_of_the_town() -> None:
    profile = load_profile(resource("profiles", "skopje.toml"))
    configure(profile)
    assert usual(DRAFT, profile) == Due(None, Basis.NONE)
    assert not usual(DRAFT, profile).is_overdue(date(2030, 1, 1))
    closed = usual(replace(DRAFT, closes_at=datetime(2026, 11, 30, 23, tzinfo=UTC)), profile)  # midnight in Skopje
    assert (closed.day, closed.basis) == (date(2026, 12, 30), Basis.RULE)
    assert closed.counted is not None
    assert "30" in " ".join(closed.counted.steps(locale("en")))


def test_release_says_why_it_is_possible_or_not() -> None:
    assert not Readiness(missing=2, in_review=1).may_release
    some = Readiness(missing=1, drafted=1, in_review=1, reviewed=2, released=3)
    assert (some.total, some.releasable, some.unready) == (8, 2, 3)
    assert some.may_release
    assert some.needs_consent
    assert not Readiness(reviewed=2).needs_consent
    assert Readiness(reviewed=2, takes_comments=True).needs_consent
    assert Readiness(released=2, corrections=1).releasable == 1


def test_coverage_tells_what_is_missing() -> None:
    found = Coverage(comments=5, answered=3, accepted=2, rejected=1, leading_to_text=1)
    assert (found.missing, found.is_complete) == (2, False)
    assert found.by_decision[Decision.ACCEPTED] == 2


def test_changed_articles_are_those_whose_words_differ() -> None:
    old = [an_article("1", "Едно дрво.", 1), an_article("2", "Исто.", 2), an_article("3", "Ќе замине.", 3)]
    new = [an_article("1", "Две дрва на секое место.", 1), an_article("2", "Исто.", 2), an_article("4", "Ново.", 4)]
    changed = changed_articles(old, new, "mk")
    assert [(one.number, one.what) for one in changed] == [("1", "changed"), ("4", "new"), ("3", "removed")]
    assert changed[0].passages[0].inserted
    assert "Ново." in changed[1].passages[0].inserted
    assert "Ќе замине." in changed[2].passages[0].deleted


def test_comments_on_the_article_that_another_came_from_are_offered_with_it() -> None:
    one, two, three = (UUID(int=number) for number in (1, 2, 3))
    assert origins([(two, one), (three, None)]) == {two: {one}, one: {two}}
