"""Surveys: building, inviting, answering, coding, counting."""

from __future__ import annotations

from consult.errors import N_
from consult.privacy.activities import ACCOUNTABILITY, ANSWERING, COUNTING, INVITING, PUBLISHING
from consult.privacy.holding import Holding
from consult.privacy.retention import (
    ANSWERS,
    CONTACTS,
    EXPORTS,
    KEYED,
    LASTING,
    LATEST,
    REFUSED,
    SAVED,
    TESTED,
    UPLOADS,
    WAITING_FILES,
    WITH_ANSWER,
    WITH_CONTACT,
)

ANSWERED = (
    Holding(
        table="response",
        activity=ANSWERING,
        rule=ANSWERS,
        what=N_(
            "The answers somebody sent, the language, the way and the day; the exact time and any link to a "
            "person only where the survey is not anonymous. Free texts may name people; questions may be "
            "sensitive."
        ),
        words="answers",
        mark="id supersedes",
        trace="language channel day submitted_at flags",
        rest="survey version is_mixed",
    ),
    Holding(
        table="response_contact",
        activity=ANSWERING,
        rule=WITH_CONTACT,
        what=N_(
            "Whose answer it is, in surveys that are confidential or with names; anonymous surveys have no such "
            "row, and the database refuses it."
        ),
        mark="response contact",
    ),
    Holding(
        table="test_response",
        activity=ANSWERING,
        rule=TESTED,
        what=N_("Answers that were typed to try a survey out."),
        words="answers",
        mark="id supersedes",
        trace="language channel day submitted_at flags",
        rest="survey version",
    ),
    Holding(
        table="survey_saved",
        activity=ANSWERING,
        rule=SAVED,
        what=N_("Unfinished answers, encrypted with a key that only the link in the letter holds."),
        words="content",
        mark="id",
        trace="expires_on",
        rest="survey",
    ),
    Holding(
        table="survey_file",
        activity=ANSWERING,
        rule=WAITING_FILES,
        what=N_("A file that somebody sent with the answers; pictures without place, time and device."),
        words="name content",
        mark="response",
        trace="expires_at",
        rest="id survey question is_test media_type size sha256 is_mixed",
    ),
    Holding(
        table="keyed_sheet",
        activity=ANSWERING,
        rule=LASTING,
        what=N_("What clerks typed from a sheet of paper until both agree, and who typed it."),
        words="first second",
        mark="number response",
        trace="channel language day",
        colleague="first_by second_by",
        rest="id survey version state",
        sooner={"first second": KEYED},
    ),
    Holding(
        table="coded_answer",
        activity=ANSWERING,
        rule=WITH_ANSWER,
        what=N_("That a colleague read a written answer and gave it codes."),
        mark="response",
        colleague="coded_by",
        trace="coded_at",
        rest="id frame coder",
    ),
    Holding(
        table="code_assignment",
        activity=ANSWERING,
        rule=WITH_ANSWER,
        what=N_("Which code a written answer was given."),
        mark="answer",
        colleague="assigned_by",
        trace="assigned_at",
        rest="id code",
    ),
    Holding(
        table="response_pending",
        activity=COUNTING,
        rule=WITH_ANSWER,
        what=N_("That an answer has yet to join the column files."),
        mark="response",
        rest="survey is_new id",
    ),
    Holding(
        table="response_erasure",
        activity=ACCOUNTABILITY,
        rule=LASTING,
        colleague="erased_by",
        rest="id survey version reason erased_at",
    ),
)

INVITED = (
    Holding(
        table="contact",
        activity=INVITING,
        rule=CONTACTS,
        what=N_(
            "Name, addresses and phone of a person or household that was drawn, the number in the list they came "
            "from, their stratum and weight, and whether they want no more letters."
        ),
        identity="name household external_id",
        contact="email phone address",
        mark="id",
        trace="language stratum weight is_issued has_opted_out bounce printed_on created_at",
        rest="survey",
    ),
    Holding(
        table="contact_upload",
        activity=INVITING,
        rule=UPLOADS,
        what=N_("A list of contacts while its columns are being matched."),
        identity="rows",
        words="note numbers",
        colleague="person",
        trace="created_at",
        rest="id survey name head",
    ),
    Holding(
        table="mailing_letter",
        activity=INVITING,
        rule=WITH_CONTACT,
        what=N_("That a contact was sent a letter of a round."),
        mark="contact notification",
        trace="state queued_at",
        rest="id mailing",
    ),
    Holding(
        table="open_token",
        activity=INVITING,
        rule=WITH_CONTACT,
        what=N_(
            "An invitation that is still good: a keyed hash; the contact beside it only where the survey is not "
            "anonymous."
        ),
        mark="contact",
        keys="hash",
        rest="survey",
    ),
    Holding(
        table="invitation_refusal",
        activity=INVITING,
        rule=REFUSED,
        what=N_("That an address wants no invitations: a keyed hash, never the address."),
        mark="address_hash",
        trace="refused_on",
    ),
    Holding(
        table="mailing",
        activity=INVITING,
        rule=CONTACTS,
        colleague="started_by",
        rest="id survey kind subject body state started_at",
    ),
)

BUILT = tuple(
    Holding(table=table, activity=PUBLISHING, rule=LASTING, colleague=colleague, rest=rest)
    for table, colleague, rest in (
        ("survey", "", "id slug code test_key consultation opens_at closes_at is_testing is_demo created_at"),
        ("survey_working_copy", "changed_by", "survey document changed_at revision"),
        ("survey_version", "published_by", "id survey number document content_hash languages published_at"),
        ("survey_certificate", "made_by", "version kind browser content_hash cases decisions made_at"),
        (
            "survey_translation",
            "made_by approved_by",
            "id survey source_language language source value source_hash value_hash made_at approved_at",
        ),
        (
            "survey_access",
            "changed_by",
            "survey who sites kiosk kiosk_idle_s least_seconds network_rate burst changed_at",
        ),
        ("survey_image", "", "id survey name digest content width height added_at"),
        ("survey_retention", "decided_by", "survey days decided_at"),
        ("survey_eligibility", "decided_by", "survey share reason decided_at"),
        ("entry_setting", "", "survey is_double"),
    )
)

COUNTED = (
    Holding(
        table="survey_revision",
        activity=PUBLISHING,
        rule=LATEST,
        colleague="changed_by",
        rest="id survey number document said parameters undo redo changed_at",
    ),
    Holding(
        table="result_export",
        activity=COUNTING,
        rule=EXPORTS,
        what=N_("Which colleague asked for which file of answers; the file itself lies in the data folder."),
        colleague="asked_by",
        words="asked",
        trace="asked_at finished_at expires_at",
        rest="id survey state done total name size sha256 failure cuts",
    ),
    *(
        Holding(table=table, activity=COUNTING, rule=LASTING, colleague=colleague, rest=rest)
        for table, colleague, rest in (
            ("survey_quota", "", "id survey key taken"),
            ("survey_tally", "", "id survey version day language channel event page count"),
            ("survey_design", "declared_by", "survey document declared_at"),
            ("weight_set", "changed_by", "id survey key name document is_default changed_at"),
            ("code_frame", "created_by", "id survey question created_at"),
            ("code", "", "id frame number key label gone_at"),
            ("column_segment", "", "id survey rows digest"),
            ("column_store", "", "survey generation"),
            ("standing_index", "", "id key created_at"),
            ("standing_index_version", "created_by", "id standing_index number document created_at"),
            (
                "standing_index_measurement",
                "measured_by",
                "id standing_index number survey on_day label value low high people snapshot origin measured_at",
            ),
            ("results_publication", "published_by", "survey published_at without"),
            ("report_text", "changed_by", "survey introduction conclusions changed_at"),
        )
    ),
)
HOLDINGS = (*ANSWERED, *INVITED, *BUILT, *COUNTED)
