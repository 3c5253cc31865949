"""Every rule of time, with the background work that keeps it. The days are those that the work itself uses."""

from __future__ import annotations

from consult.consultations.following.follower import UNCONFIRMED_KEPT
from consult.drafts.comments.files import WAITING as COMMENT_FILES_WAIT
from consult.drafts.comments.operations import ADDRESSES_KEPT
from consult.errors import N_
from consult.fieldwork.operations import KEPT as CONTACTS_KEPT
from consult.fieldwork.operations import UPLOAD_KEPT
from consult.forums.questions.operations import ADDRESS_KEPT
from consult.forums.registration import KEPT_AFTER as REGISTRATIONS_KEPT
from consult.forums.slots.slot import KEPT_AFTER as REQUESTS_KEPT
from consult.forums.slots.slot import REMEMBERED
from consult.forums.speakers.operations import NAMES_KEPT
from consult.jobs.housekeeping import KEPT_DAYS as JOBS_KEPT_DAYS
from consult.mail.operations import KEPT as MAIL_KEPT
from consult.people.limits import KEPT as TRIES_KEPT
from consult.people.places import KEPT as PLACES_KEPT
from consult.privacy.holding import Rule
from consult.results.downloads.export import KEPT as EXPORTS_KEPT
from consult.studio.operations import KEPT as REVISIONS_KEPT
from consult.surveys.files.uploads import WAITING as SURVEY_FILES_WAIT
from consult.surveys.responses.saved_answers import KEPT as SAVED_KEPT

# Kept by background work.
ANSWERS = Rule(
    "answers",
    N_("until the day that staff set for the survey; without one for good, unless they are erased"),
    job="fieldwork.erase_due",
)
SAVED = Rule("saved", N_("%(days)s days, or until the answers are sent"), SAVED_KEPT.days, "surveys.purge_saved")
WAITING_FILES = Rule(
    "waiting_files",
    N_("with the answers; %(days)s days if they are never sent"),
    SURVEY_FILES_WAIT.days,
    "surveys.forget_files",
)
CONTACTS = Rule("contacts", N_("%(days)s days after the survey has closed"), CONTACTS_KEPT.days, "fieldwork.forget")
UPLOADS = Rule("uploads", N_("until it is taken in, at most %(days)s day"), UPLOAD_KEPT.days, "fieldwork.forget")
COMMENT_FILES = Rule(
    "comment_files",
    N_("with the comment; %(days)s days if it is never sent"),
    COMMENT_FILES_WAIT.days,
    "comments.forget_files",
)
ADDRESSES = Rule(
    "addresses",
    N_("until the reasoned response has been sent, at most %(days)s days after comments have closed"),
    ADDRESSES_KEPT.days,
    "comments.forget_addresses",
)
KEYED = Rule(
    "keyed",
    N_("until the sheet becomes an answer, at most %(days)s days after the survey has closed"),
    CONTACTS_KEPT.days,
    "fieldwork.forget",
)
FOLLOWERS = Rule(
    "followers",
    N_("until it is ended by the link in every letter; %(days)s days if it is never confirmed"),
    UNCONFIRMED_KEPT.days,
    "consultations.forget_followers",
)
REGISTRATIONS = Rule(
    "registrations", N_("deleted %(days)s days after the meeting"), REGISTRATIONS_KEPT.days, "forums.forget"
)
DOORS = Rule("doors", N_("deleted %(days)s days after the meeting"), REGISTRATIONS_KEPT.days, "forums.forget_door")
ASKERS = Rule("askers", N_("deleted %(days)s days after the meeting"), ADDRESS_KEPT.days, "forums.forget_askers")
SPEAKERS = Rule("speakers", N_("deleted %(days)s days after the meeting"), NAMES_KEPT.days, "forums.forget_speakers")
REQUESTS = Rule(
    "requests",
    N_("deleted %(days)s days after the last appointment"),
    REQUESTS_KEPT.days,
    "forums.forget_requests",
)
RECEIVED = Rule("received", N_("%(days)s days after the appointment"), REMEMBERED.days, "forums.forget_requests")
SENT = Rule("sent", N_("%(days)s days"), MAIL_KEPT.days, "mail.forget")
SESSIONS = Rule("sessions", N_("until the session ends, at most half a day"), job="people.forget")
LINKS = Rule("links", N_("until it is used or has run out, at most seven days"), job="people.forget")
PLACES = Rule("places", N_("%(days)s days after the last sign-in from there"), PLACES_KEPT.days, "people.forget")
TRIES = Rule("tries", N_("%(days)s day"), TRIES_KEPT.days, "people.forget")
EXPORTS = Rule("exports", N_("%(days)s days"), EXPORTS_KEPT.days, "results.forget_exports")
JOBS = Rule("jobs", N_("until it is done; %(days)s days if it has failed"), JOBS_KEPT_DAYS, "jobs.forget")

# Ended by something else.
SENT_BODY = Rule("sent_body", N_("until the letter is sent"))
TESTED = Rule("tested", N_("until the test ends or the survey opens"))
WITH_ANSWER = Rule("with_answer", N_("with the answer"))
WITH_CONTACT = Rule("with_contact", N_("with the contact; an invitation also ends when it is used"))
WITH_COMMENT = Rule("with_comment", N_("with the comment"))
WITH_QUESTION = Rule("with_question", N_("with the question"))
ACCOUNT = Rule(
    "account",
    N_("until an administrator erases the ended account; its number stays beside what was decided"),
)
MEMBERSHIP = Rule("membership", N_("until somebody leaves the unit"))
LATEST = Rule("latest", N_("the last %(days)s states"), REVISIONS_KEPT)
REMOVED = Rule("removed", N_("until a colleague removes it"))
PUBLISHED = Rule("published", N_("for good: it is part of the public record of a consultation"))
REFUSED = Rule("refused", N_("for good, so that nobody is written to against their wish"))
CHAINED = Rule("chained", N_("for good: entries are chained and can be neither changed nor removed"))
LASTING = Rule("lasting", N_("as long as the record it belongs to"))

KEPT_BY_WORK = (
    ANSWERS,
    SAVED,
    WAITING_FILES,
    CONTACTS,
    UPLOADS,
    COMMENT_FILES,
    ADDRESSES,
    KEYED,
    FOLLOWERS,
    REGISTRATIONS,
    DOORS,
    ASKERS,
    SPEAKERS,
    REQUESTS,
    RECEIVED,
    SENT,
    SESSIONS,
    LINKS,
    PLACES,
    TRIES,
    EXPORTS,
    JOBS,
)
