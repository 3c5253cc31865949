"""The register in plain words, for the people whom it is about: what the public privacy page shows.

Each line names the columns that it tells, and how long they stay is read from the register; a test fails where
something about people is told by no line.
"""

from __future__ import annotations

from dataclasses import dataclass

from consult.errors import N_
from consult.privacy import activities, retention
from consult.privacy.holding import Activity, Rule
from consult.privacy.holdings import BY_TABLE


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that is kept. columns: `table.column`, those that the sentence is about, parted by spaces.

    ends  where the register says that they end with something else: the rule of that.
    """

    words: str
    columns: str
    ends: Rule | None = None

    @property
    def rule(self) -> Rule:
        return self.ends or next(iter(self.rules()))

    def rules(self) -> set[Rule]:
        """Those of the register, of all columns."""
        wanted = set(self.columns.split())
        tables = {one.partition(".")[0] for one in wanted}
        return {
            one.rule for table in tables for one in BY_TABLE[table].columns() if f"{one.table}.{one.name}" in wanted
        }


@dataclass(frozen=True, slots=True)
class Chapter:
    """What is kept for one purpose; its name, ground and readers are those of the register."""

    activity: Activity
    lines: tuple[Line, ...]
    opening: str = ""


CHAPTERS = (
    Chapter(
        activities.ANSWERING,
        (
            Line(
                N_(
                    "Anonymous surveys: your answers, the language, the day and the way they came. No name, no address "
                    "on the internet, no exact time. If you were invited, your code is deleted when you send your "
                    "answers, and nothing connects the two."
                ),
                "response.answers response.language response.day response.channel",
            ),
            Line(
                N_("Confidential surveys and surveys with your name: besides, the exact time."), "response.submitted_at"
            ),
            Line(
                N_(
                    "Which invitation an answer came by: only where the survey is not anonymous. Results never show it."
                ),
                "response_contact.contact response_contact.response",
                retention.CONTACTS,
            ),
            Line(
                N_(
                    "Files: of a picture we keep what it shows, without the place, the time and the device. Documents "
                    "are kept as you send them and may name their author."
                ),
                "survey_file.content survey_file.name",
            ),
            Line(
                N_("Answers saved for later: locked so that only the link in your letter opens them."),
                "survey_saved.content",
            ),
            Line(N_("Sheets of paper: what our colleagues type from them."), "keyed_sheet.first keyed_sheet.second"),
            Line(N_("Lists of answers that our analysts prepare for their work."), "result_export.asked"),
        ),
        N_(
            "Every survey says at its top whether it is anonymous, confidential or with your name. That never changes "
            "afterwards."
        ),
    ),
    Chapter(
        activities.INVITING,
        (
            Line(
                N_(
                    "Your name and where we can reach you. We can see whose invitation has not been used, so that "
                    "reminders go to nobody else."
                ),
                "contact.name contact.household contact.external_id contact.email contact.phone contact.address "
                "contact.has_opted_out",
            ),
            Line(
                N_("The list from which we take names and addresses over."),
                "contact_upload.rows contact_upload.name contact_upload.note contact_upload.numbers",
            ),
            Line(
                N_("If you want no more invitations: a mark made from your address, never the address itself."),
                "invitation_refusal.address_hash",
            ),
        ),
    ),
    Chapter(
        activities.COMMENTING,
        (
            Line(
                N_("Your words and the name you chose to show. Both are public."),
                "comment.text comment.name comment.quote comment.quote_before comment.quote_after",
            ),
            Line(
                N_("Your e-mail or postal address for the response, if you gave one. It is never published."),
                "comment.email comment.postal",
            ),
            Line(
                N_("If a clerk enters your comment: how and on which day it came."),
                "comment.channel comment.received_on",
            ),
            Line(N_("Files that you send with it."), "attachment.content attachment.name", retention.COMMENT_FILES),
            Line(
                N_(
                    "Support: when you press “I support this”, your browser gets a cookie with a random value for a "
                    "year. We keep neither the cookie nor an address that you confirm, only a mark made from them for "
                    "this one comment or question, so that one person counts once."
                ),
                "comment_support.browser comment_support.email",
            ),
        ),
    ),
    Chapter(
        activities.MEETING,
        (
            Line(
                N_(
                    "Registering: your name, e-mail address and phone, and what you need in the hall. How many places "
                    "were taken stays, without names."
                ),
                "registration.name registration.email registration.phone registration.needs registration.needs_note",
            ),
            Line(
                N_("At the door: the code of your ticket. How many came in and when stays, without names."),
                "door_act.code arrival.reason",
            ),
            Line(
                N_("Questions in advance: your words and the name you chose to show. Both are public."),
                "forum_question.text forum_question.name",
            ),
            Line(N_("The e-mail address for the answer to a question. It is never published."), "forum_question.email"),
            Line(
                N_("Support for a question: the same mark as for a comment."),
                "forum_question_support.mark",
            ),
            Line(N_("Speaking in the hall: your name."), "forum_speaker.name"),
            Line(
                N_("Appointments: your name, e-mail address and phone, what it is about, and the answer."),
                "forum_slot_request.name forum_slot_request.email forum_slot_request.phone forum_slot_request.text "
                "forum_slot_request.prior forum_slot_request.answer",
            ),
            Line(
                N_(
                    "That you were received: a mark made from your address or phone, so that those who were not "
                    "received come first."
                ),
                "forum_heard.contact",
            ),
        ),
    ),
    Chapter(
        activities.FOLLOWING,
        (
            Line(
                N_("Your address, your language, what you follow and when you asked."),
                "follower.email follower.language follower.consultation follower.asked_at",
            ),
        ),
    ),
    Chapter(
        activities.LETTERS,
        (
            Line(
                N_("To which address a letter went, about what and when."),
                "notification.recipient notification.subject notification.sent_at",
            ),
            Line(
                N_("The text of the letter."), "notification.body_text notification.body_html notification.attachments"
            ),
        ),
    ),
    Chapter(
        activities.PUBLISHING,
        (
            Line(
                N_("Minutes and reports, with the names and words that were public."),
                "minutes_entry.text minutes_entry.note proceedings.data proceedings_file.content",
            ),
            Line(
                N_("Photos of meetings, on which you may be seen; without place, time and device."),
                "forum_photo.content forum_photo.shows",
            ),
        ),
    ),
    Chapter(
        activities.ACCOUNTS,
        (
            Line(
                N_("Name, address and role of a colleague; passwords only as hashes."),
                "person.name person.email person.roles person.password_hash",
            ),
            Line(N_("That a colleague is signed in, and on what kind of device."), "staff_session.device"),
            Line(
                N_("What the town’s sign-in service says about a colleague who signs in through it, encrypted."),
                "staff_session.oidc_token staff_session.oidc_sub staff_session.oidc_sid",
            ),
            Line(
                N_("Which browser a colleague has signed in with before: only marks from which nothing can be read."),
                "known_place.mark known_place.seen_at",
            ),
        ),
    ),
    Chapter(
        activities.ACCOUNTABILITY,
        (
            Line(
                N_("What a colleague did and when. Residents’ names, addresses and words are left out."),
                "audit_entry.before audit_entry.after audit_entry.reason audit_entry.at",
            ),
        ),
    ),
    Chapter(
        activities.SECURITY,
        (
            Line(
                N_("Of whoever tries to sign in: the network, and a mark made from the address that was typed."),
                "sign_in_attempt.network sign_in_attempt.account",
            ),
        ),
    ),
)
UNTOLD = frozenset(
    {
        # what lies around answers, invitations and comments and ends with them
        "code_assignment",
        "coded_answer",
        "comment_assignment",
        "comment_redaction",
        "mailing_letter",
        "open_token",
        "response_pending",
        # colleagues who try a survey out, their links and units
        "test_response",
        "one_time_link",
        "unit_member",
        # those who are named for their office, as the public sees them
        "consultation",
        "forum_agenda_item",
        "forum_official",
        "forum_session",
        # numbers of records that work waits for
        "procrastinate_jobs",
    }
)
"""Tables about people that the page passes over, because a line has said it already or it concerns no resident."""
