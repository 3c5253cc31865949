"""The audit trail speaks words: each act that the code writes down has a name."""

from __future__ import annotations

import re
from pathlib import Path

import httpx

import consult
from consult.domains import ACTS
from consult.people import trail
from consult.records.operations import audit
from tests.conftest import Clock
from tests.people.makers import NOON, staff

WRITTEN = re.compile(
    r'"((?:person|consultation|draft|comment|evidence|survey|response|result|registration|forum|answer|unit)s?\.[a-z_]+)"'
)
JOBS = {
    "drafts.group_comments",
    "consultations.tell",
    "results.export",
    "forums.expire_offers",
    "forums.forget",
    "forums.remind",
}


def test_every_act_in_the_code_has_a_name() -> None:
    vocabulary = trail.Vocabulary.of(*((module.KINDS, module.WORDS) for module in ACTS))
    folder = Path(consult.__file__).parent
    used = {
        act
        for source in folder.glob("*/**/*operations.py")
        for act in WRITTEN.findall(source.read_text(encoding="utf-8"))
    }
    assert len(used) > 30
    assert used - JOBS - set(vocabulary.kinds) == set()


def test_one_word_may_mean_different_things_in_two_domains() -> None:
    vocabulary = trail.Vocabulary.of(({"draft.made": "Made"}, {"state": "A"}), ({"forum.made": "Held"}, {"state": "B"}))
    assert vocabulary.kinds == {"draft.made": "Made", "forum.made": "Held"}
    assert (vocabulary.words["draft.made"]["state"], vocabulary.words["forum.made"]["state"]) == ("A", "B")


def test_words_of_one_domain_do_not_push_those_of_another_aside() -> None:
    vocabulary = trail.Vocabulary.of(
        ({"survey.closed": "Closed"}, {"closes_at": "Closes", "kind": "Kind of survey"}),
        ({"survey.invited": "Invited"}, {"kind": "Kind of letter"}),
        ({"forum.made": "Held"}, {"kind": "Kind of meeting"}),
    )
    assert vocabulary.words["survey.closed"]["closes_at"] == "Closes"
    assert vocabulary.words["survey.closed"]["kind"] == "Kind of survey"
    assert vocabulary.words["survey.invited"]["closes_at"] == "Closes"
    assert vocabulary.words["forum.made"]["kind"] == "Kind of meeting"
    assert vocabulary.words["forum.made"]["number"] == "Number"


async def test_the_page_names_acts_of_all_domains(client: httpx.AsyncClient, clock: Clock) -> None:
    await staff(client, clock.now, "admin")
    await audit(
        actor=None,
        kind="survey.closed",
        record="survey",
        record_id="s1",
        at=NOON,
        before={"closes_at": None},
        after={"closes_at": "x"},
    )
    page = await client.get("/staff/en/audit")
    assert "Survey closed" in page.text
    assert "survey.closed</b>" not in page.text
    assert "?&amp;page" not in page.text
