"""What is held beside the database: files, copies, the memory of the program, browsers, other machines."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from consult.errors import N_

BACKUPS_KEPT = timedelta(days=30)
"""How long a town should keep its backups at most: the outcome of an erasure counts with it."""


@dataclass(frozen=True, slots=True)
class Place:
    """where: a folder, a program or a machine. ends: how what lies there goes away."""

    where: str
    holds: str
    ends: str


PLACES = (
    Place(
        N_("Column files (`columns/` in the data folder)"),
        N_("Answers as codes with the random number of each answer; no texts, no times, no order of arrival."),
        N_("written anew at once when an answer is erased"),
    ),
    Place(
        N_("Files for colleagues (`exports/` in the data folder)"),
        N_("Answers as a colleague asked for them."),
        N_(
            "after seven days, and at once when an answer of the survey is erased; copies that were downloaded "
            "are the colleague’s to delete"
        ),
    ),
    Place(
        N_("Backups"),
        N_("Everything in the database as it was on that day, also what was erased later."),
        N_(
            "when the town deletes the file: keep backups no longer than 30 days, and repeat the erasures after "
            "one is restored"
        ),
    ),
    Place(
        N_("PostgreSQL’s write-ahead log and its deleted rows"),
        N_("The latest changes, and rows that were deleted until their place is cleaned."),
        N_(
            "the log within hours, unless it is archived; rows are cleaned by PostgreSQL itself, those of "
            "invitations and answers every night"
        ),
    ),
    Place(
        N_("Logs of the platform"),
        N_(
            "Faults and refusals with addresses of pages, without what was typed; no names, no network addresses, no "
            "cookies, no answers. Of a colleague who is refused, the number of the account."
        ),
        N_("as the machine’s journal is set"),
    ),
    Place(
        N_("Memory of the program"),
        N_("How much comes from one network, and search results; nothing of it is written down."),
        N_("within minutes, and when the program ends"),
    ),
    Place(
        N_("Browsers of residents"),
        N_(
            "A cookie with a random value once somebody supports a comment or a question; answers of a survey that "
            "are not sent yet, which nobody else gets."
        ),
        N_(
            "the cookie after a year; answers when they are sent or deleted on the page, else when a survey is opened "
            "there after seven days"
        ),
    ),
    Place(
        N_("Browsers of the town hall"),
        N_(
            "The list of a door while a meeting goes on, acts and kiosk answers that wait for the network, a "
            "cookie while signed in, and one with a random value by which the next sign-in knows the browser."
        ),
        N_(
            "the list when the colleague signs out and at the latest after 20 hours, waiting acts after three days, "
            "the cookies when the session ends and after 180 days"
        ),
    ),
    Place(
        N_("The mail server and mailboxes"),
        N_("Letters that were sent."),
        N_("by the rules of that server and by the recipients"),
    ),
    Place(
        N_("A proxy before the platform"),
        N_("By its own settings network addresses with times; our configurations write neither."),
        N_("as it is set; leave out the paths of invitations"),
    ),
)
