"""What data are processed for: the entries of the record of processing."""

from __future__ import annotations

from consult.errors import N_
from consult.privacy.holding import Activity, Ground

RESIDENTS = N_("residents who take part")
NOBODY_ELSE = N_("nobody outside the town hall")

ANSWERING = Activity(
    "answering",
    N_("Answers to surveys"),
    N_("To learn what residents need, want and think of the town’s services."),
    RESIDENTS,
    Ground.TASK,
    N_("analysts of the town hall; the public sees figures in which no single answer can be recognised"),
    besides=Ground.EXPLICIT,
)
INVITING = Activity(
    "inviting",
    N_("Invitations to surveys"),
    N_(
        "To invite a drawn sample, so that the results speak for the whole town, and to remind only those who "
        "have not answered."
    ),
    N_("people and households that were drawn"),
    Ground.TASK,
    N_("designers and clerks of the town hall"),
)
COMMENTING = Activity(
    "commenting",
    N_("Comments on drafts and the responses to them"),
    N_("To prepare regulations together with residents and to respond to each comment with reasons."),
    N_("residents and organisations that comment, their supporters, and colleagues who answer"),
    Ground.TASK,
    N_("the public: the comment, the name that was chosen for it and the answer; moderators: the rest"),
)
MEETING = Activity(
    "meeting",
    N_("Meetings, questions and appointments"),
    N_("To keep places in a hall, to let residents ask and speak, and to give appointments by a published rule."),
    N_("residents who register, ask, speak or request an appointment"),
    Ground.TASK,
    N_(
        "colleagues who run the meeting and its door; the public: questions that were published, speakers’ names "
        "in the hall"
    ),
    besides=Ground.EXPLICIT,
)
FOLLOWING = Activity(
    "following",
    N_("Following by e-mail"),
    N_("To tell those who asked for it what is new."),
    N_("people who follow a consultation or the town"),
    Ground.CONSENT,
    NOBODY_ELSE,
)
LETTERS = Activity(
    "letters",
    N_("Letters by e-mail"),
    N_("To send receipts, links, invitations and answers, and to try again while a mail server is away."),
    N_("everybody who is written to"),
    Ground.TASK,
    N_("the mail server of the town"),
)
ACCOUNTS = Activity(
    "accounts",
    N_("Staff accounts"),
    N_("To let only those act who may, each with the rights of the role."),
    N_("colleagues in the town hall"),
    Ground.TASK,
    N_("administrators"),
)
SECURITY = Activity(
    "security",
    N_("Protection against break-ins"),
    N_("To stop those who guess passwords."),
    N_("whoever tries to sign in"),
    Ground.TASK,
    N_("nobody; the program alone counts them"),
)
ACCOUNTABILITY = Activity(
    "accountability",
    N_("Who decided what"),
    N_("To show afterwards who decided, changed or published what, and why."),
    N_("colleagues in the town hall"),
    Ground.DUTY,
    N_("administrators; the public sees the office that decided, not the person"),
)
PUBLISHING = Activity(
    "publishing",
    N_("Documents and dates of the town"),
    N_("To publish drafts, consultations, meetings, minutes and reports."),
    N_("persons who are named for their office, and whoever a published text or photo shows"),
    Ground.TASK,
    N_("the public"),
)
COUNTING = Activity(
    "counting",
    N_("Figures"),
    N_("To count answers, weigh them and show results."),
    N_("nobody: the figures come from answers of many"),
    Ground.NONE,
    N_("analysts; the public after the check for disclosure"),
)
RUNNING = Activity(
    "running",
    N_("Running the platform"),
    N_("To do work in the background, once and reliably."),
    N_("nobody: the work names records by number"),
    Ground.NONE,
    NOBODY_ELSE,
)
ACTIVITIES = (
    ANSWERING,
    INVITING,
    COMMENTING,
    MEETING,
    FOLLOWING,
    LETTERS,
    ACCOUNTS,
    SECURITY,
    ACCOUNTABILITY,
    PUBLISHING,
    COUNTING,
    RUNNING,
)
