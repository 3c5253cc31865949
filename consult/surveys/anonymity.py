"""What keeps an answer apart from the person who gave it, and where that ends; test_anonymity.py attacks it.

Anonymous surveys keep of an answer: a random id that the person was given with the form, the survey's version,
language, channel, the day, and the answers. Of an invitation that is still good: a keyed hash and the survey. "Has
answered" is the absence of that row. Database rules (0091) refuse a time, and a link to a contact, whoever writes them.

Against somebody who reads the whole database, its dumps and our backups, and knows who was invited and who answered:

    transaction ids     the row of the invitation is deleted, not marked, so nothing that can be read shares the
                        response's transaction id; after the day is over all its responses are written anew in one
                        transaction (mix_responses), so the ids no longer tell the time either; files likewise
    order               invitations are stored in the order of their hashes; what arrives together is stored in random
                        order; the night's mixing lays a day's responses in random order; ids are random
    deleted rows        stay in their pages until vacuum: autovacuum is told to come at once, and every night the table
                        of invitations is written anew and that of responses vacuumed
    column files        (consult/columns) hold rows sorted by id, and of a day's files the night makes one; their times
                        are wiped. The mark that an answer has yet to join them is a random id beside the answer's own
                        in the same transaction, says nothing else, and by night its table is written anew
    clocks, sequences   none: no time, no counter, no audit entry, no letter and no job comes with an answer;
                        daily totals are written every few seconds for all answers together
    backups             rows are ordered by id

What remains, honestly:

    within the day      whoever watches the live database, or takes two dumps around one single answer, sees which
                        invitation went and which response came. Nightly dumps show those of a day together
    few answers         where one invited person answers on a day, that day's only response is that person's, and where
                        everybody gave the same answer, it is known without any link. Results suppress small groups
    the write-ahead log PostgreSQL's log, archived or replicated, holds both changes side by side. Do not archive it
                        longer than recovery needs; the same goes for snapshots of disks
    commit timestamps   must stay off (they are by default): they tell the second until the night
    proxies             whoever logs addresses with times in front of us can match a day's visitors by hand; the
                        invitation's link is opened there (see entrance.py for a rule that leaves it out)
    the answers         may name their author. The texts are the respondents' own

Confidential and identified surveys keep the time and, in response_contact, the contact; their pages say so.
"""

from __future__ import annotations

from datetime import date, datetime

from consult.jobs import every
from consult.storage import execute, fetchval

# Whose deleted rows say what belonged together.
REWRITTEN = ("open_token", "response_pending")
VACUUMED = ("response", "survey_saved", "survey_file")


async def mix(before: date) -> int:
    """Write the responses of past days anew, in random order; how many there were. Those mixed before are left."""
    mixed = int(await fetchval("select mix_responses($1)", before))
    await fetchval("select mix_survey_files($1)", before)
    for table in REWRITTEN:
        await execute(f"vacuum (full) {table}")
    for table in VACUUMED:
        await execute(f"vacuum {table}")
    return mixed


@every(1440, "surveys.mix")
async def mix_by_night(at: datetime) -> None:
    """By the calendar of Greenwich: our towns lie east of it, so a day that is over there is over here."""
    await mix(at.date())
