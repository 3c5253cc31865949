"""Meetings: registrations, the door, questions, speakers, appointments, minutes, photos."""

from __future__ import annotations

from consult.errors import N_
from consult.privacy.activities import MEETING, PUBLISHING
from consult.privacy.holding import Holding
from consult.privacy.retention import (
    ASKERS,
    DOORS,
    LASTING,
    PUBLISHED,
    RECEIVED,
    REGISTRATIONS,
    REMOVED,
    REQUESTS,
    SPEAKERS,
    WITH_QUESTION,
)

PEOPLE = (
    Holding(
        table="registration",
        activity=MEETING,
        rule=LASTING,
        what=N_(
            "Name, e-mail address and phone of somebody who registers, how many come along, what they need in the"
            " hall, and whether they came."
        ),
        identity="name",
        contact="email phone",
        special="needs needs_note",
        mark="id party only_one_of",
        keys="token_hash",
        trace="state companions seats language channel created_at offered_until cancelled_at erased_at",
        rest="number session",
        sooner={"name email phone needs needs_note": REGISTRATIONS},
    ),
    Holding(
        table="door_act",
        activity=MEETING,
        rule=LASTING,
        what=N_("That a party was let in or sent away, by whom and when; the code of its ticket until it is emptied."),
        mark="registration",
        keys="code",
        trace="act people voters acted_at received_at outcome settled settled_at",
        colleague="actor",
        rest="id session door",
        sooner={"code": DOORS},
    ),
    Holding(
        table="arrival",
        activity=MEETING,
        rule=LASTING,
        what=N_("When a party came in, and why an entry was wrong."),
        mark="registration",
        words="reason",
        trace="people voters came_at is_wrong undone_at",
        rest="id session door",
        sooner={"reason": DOORS},
    ),
    Holding(
        table="forum_question",
        activity=MEETING,
        rule=PUBLISHED,
        what=N_(
            "A question in advance with the name chosen for it, both public once it is published; the e-mail "
            "address for the answer, never public."
        ),
        identity="name",
        contact="email",
        words="text",
        mark="id",
        trace="language channel asked_at published_at erased_at",
        colleague="moderated_by",
        rest="forum number session head state refusal moderated_at shortlisted_at answer answered_at",
        sooner={"email": ASKERS},
    ),
    Holding(
        table="forum_question_support",
        activity=MEETING,
        rule=WITH_QUESTION,
        what=N_("That one browser supports a question: a keyed hash made for this question alone."),
        mark="mark",
        trace="supported_at",
        rest="question",
    ),
    Holding(
        table="forum_speaker",
        activity=MEETING,
        rule=LASTING,
        what=N_("Who speaks in the hall, for which side and how long."),
        identity="name",
        trace="side state used_s started_at first_started_at joined_at",
        rest="id session position question limit_s",
        sooner={"name": SPEAKERS},
    ),
    Holding(
        table="forum_slot_request",
        activity=MEETING,
        rule=LASTING,
        what=N_(
            "Name, e-mail address and phone of somebody who asks for an appointment, what it is about, what was "
            "done before, and the answer."
        ),
        identity="name",
        contact="email phone",
        words="text prior answer",
        mark="id contacts",
        keys="token_hash",
        trace="state slot language topic channel heard_before rank answered_at created_at changed_at erased_at",
        colleague="answered_by",
        rest="forum number",
        sooner={"name email phone text prior answer contacts": REQUESTS},
    ),
    Holding(
        table="forum_heard",
        activity=MEETING,
        rule=RECEIVED,
        what=N_(
            "That somebody was received: a keyed hash of the address or phone, so that those who were not come first."
        ),
        mark="contact",
        trace="heard_at",
    ),
)

NAMED = (
    Holding(
        table="forum_official",
        activity=PUBLISHING,
        rule=REMOVED,
        what=N_("Name and office of those who give appointments."),
        office="name",
        rest="number office is_active",
    ),
    Holding(
        table="forum_photo",
        activity=PUBLISHING,
        rule=REMOVED,
        what=N_("Photos of a meeting, drawn anew without place, time and device; people may be seen on them."),
        words="content shows",
        trace="added_at",
        rest="id forum position hash width height",
    ),
    Holding(
        table="minutes_entry",
        activity=PUBLISHING,
        rule=PUBLISHED,
        what=N_("What was said and promised at a meeting, as the town hall published it."),
        words="text note",
        rest="id item position kind unit due_on first_due_on state settled_on",
    ),
    Holding(
        table="forum_session",
        activity=PUBLISHING,
        rule=PUBLISHED,
        what=N_("When and where a meeting is, and who was announced to speak."),
        office="speakers",
        rest="id forum starts_at ends_at title place capacity wished_capacity seats_taken sequence reminded settlement"
        " venue address latitude longitude facts transport",
    ),
    Holding(
        table="forum_agenda_item",
        activity=PUBLISHING,
        rule=PUBLISHED,
        what=N_("The agenda of a meeting with those who were announced to speak."),
        office="speakers",
        rest="id forum session position starts title",
    ),
)

FACTS = tuple(
    Holding(table=table, activity=PUBLISHING, rule=PUBLISHED, rest=rest)
    for table, rest in (
        (
            "forum",
            "id slug kind consultation title summary agenda venue address access organiser opens_at closes_at state"
            " cancel_reason latitude longitude facts transport stream spoken interpreted smaller_may_pass one_session"
            " offer_hours remind_before notice_reason is_demo published_at created_at changed_at",
        ),
        (
            "forum_gathering",
            "forum settlement called_by supporters voters counted_on source call_percent quorum_percent",
        ),
        ("forum_minutes", "forum summary published_at corrected_at"),
        ("minutes_item", "id forum position heading"),
        ("forum_asking", "forum is_open closes_at moderation"),
        ("forum_question_apart", "question other"),
        ("forum_stage", "forum question changed_at"),
        ("forum_speaking", "session limit_s alternates"),
        (
            "forum_slots",
            "forum rule tie opens_at closes_at topics note seed seed_hash frozen_at allocated_at",
        ),
        (
            "forum_slot",
            "id forum official starts_at ends_at place topic language has_interpreter capacity taken cancelled_at",
        ),
    )
)
HOLDINGS = (*PEOPLE, *NAMED, *FACTS)
