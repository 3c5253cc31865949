"""Writes: the words of staff in a report."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from consult.errors import N_, Invalid, Problem
from consult.i18n import languages
from consult.records.operations import audit
from consult.reports.queries import texts
from consult.storage import execute, transaction
from consult.surveys import queries as surveys

LONGEST = 12_000
FIELDS = ("introduction", "conclusions")


class WrongTexts(Invalid):
    message = N_("These texts cannot be kept like that.")


async def write_texts(
    *,
    survey_id: UUID,
    introduction: Mapping[str, str],
    conclusions: Mapping[str, str],
    at: datetime,
    person: UUID | None = None,
) -> None:
    """Keep the introduction and the conclusions of a survey's report, by language. Raises NotFound, WrongTexts.

    An empty line parts paragraphs. A language without a text has none; its report says so by leaving the part out.
    """
    given = {"introduction": introduction, "conclusions": conclusions}
    found = [
        Problem(f"{name}-{code}", N_("Write at most %(number)s characters."), {"number": LONGEST})
        for name, words in given.items()
        for code in languages()
        if len(words.get(code, "")) > LONGEST
    ]
    if found:
        raise WrongTexts(found)
    kept = {
        name: {code: words[code].strip() for code in languages() if words.get(code, "").strip()}
        for name, words in given.items()
    }
    async with transaction():
        await surveys.survey_by_id(survey_id)
        before = await texts(survey_id)
        if (before.introduction, before.conclusions) == (kept["introduction"], kept["conclusions"]):
            return
        await execute(
            """insert into report_text (survey, introduction, conclusions, changed_at, changed_by)
               values ($1, $2, $3, $4, $5)
               on conflict (survey) do update
               set introduction = $2, conclusions = $3, changed_at = $4, changed_by = $5""",
            survey_id,
            kept["introduction"],
            kept["conclusions"],
            at,
            person,
        )
        after = {name: ", ".join(words) for name, words in kept.items()}
        await audit(actor=person, kind="report.written", record="survey", record_id=survey_id, at=at, after=after)
