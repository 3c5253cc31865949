"""Drafts, comments on them, and the answers."""

from __future__ import annotations

from consult.errors import N_
from consult.privacy.activities import COMMENTING, PUBLISHING
from consult.privacy.holding import Holding
from consult.privacy.retention import ADDRESSES, LASTING, PUBLISHED, WITH_COMMENT

COMMENTS = (
    Holding(
        table="comment",
        activity=COMMENTING,
        rule=PUBLISHED,
        what=N_(
            "The words of a comment and the name chosen for it, both public; the e-mail or postal address for the"
            " answer, never public; how it came and which clerk typed it."
        ),
        identity="name",
        contact="email postal",
        words="text quote quote_before quote_after",
        mark="id reply_to",
        trace="language letters_in channel received_on submitted_at published_at erased_at",
        colleague="moderated_by entered_by",
        rest="number draft version article kind state refusal supports moderated_at quote_language",
        sooner={"email postal": ADDRESSES},
    ),
    Holding(
        table="comment_support",
        activity=COMMENTING,
        rule=WITH_COMMENT,
        what=N_(
            "That one browser or one address supports a comment: keyed hashes made for this comment alone, so "
            "that supports cannot be joined."
        ),
        mark="browser email",
        trace="supported_on",
        rest="id comment",
    ),
    Holding(
        table="comment_redaction",
        activity=COMMENTING,
        rule=WITH_COMMENT,
        what=N_("Which words of a comment are covered for the public, because they name somebody or offend."),
        trace="begins ends reason",
        colleague="made_by withdrawn_by",
        rest="id comment made_at withdrawn_at",
    ),
    Holding(
        table="reasoned_answer",
        activity=COMMENTING,
        rule=PUBLISHED,
        colleague="decided_by sent_by reviewed_by",
        rest="id comment decision reason decided_at released_at is_current together sent_at reviewed_at note corrects"
        " correction",
    ),
    Holding(
        table="comment_assignment",
        activity=COMMENTING,
        rule=WITH_COMMENT,
        what=N_("Which unit and which colleague answers a comment until when."),
        colleague="person assigned_by",
        trace="due_on due_reason assigned_at",
        rest="comment unit",
    ),
    Holding(
        table="comment_effect",
        activity=COMMENTING,
        rule=PUBLISHED,
        colleague="noted_by",
        rest="id comment version article place before deleted inserted after noted_at",
    ),
    Holding(
        table="moderation_act",
        activity=COMMENTING,
        rule=PUBLISHED,
        colleague="by",
        rest="id comment draft act reason was_published_at at",
    ),
    Holding(
        table="comment_group",
        activity=COMMENTING,
        rule=WITH_COMMENT,
        colleague="decided_by",
        rest="id draft number head state people found_at decided_at",
    ),
    Holding(
        table="comment_group_member",
        activity=COMMENTING,
        rule=WITH_COMMENT,
        rest="id comment_group comment state wording likeness",
    ),
    Holding(
        table="comment_grouping",
        activity=COMMENTING,
        rule=LASTING,
        colleague="asked_by",
        rest="draft asked_at started_at done_at step texts people found is_complete seen_until",
    ),
    Holding(table="comment_number", activity=COMMENTING, rule=LASTING, rest="year last"),
)

TEXTS = tuple(
    Holding(table=table, activity=PUBLISHING, rule=PUBLISHED, colleague=colleague, rest=rest)
    for table, colleague, rest in (
        ("draft", "", "id slug consultation title summary authentic_language moderation closes_at is_demo created_at"),
        ("draft_working", "changed_by", "draft texts memorandum changed_at"),
        ("draft_version", "published_by", "id draft number preamble memorandum reason published_at"),
        ("draft_basis", "changed_by", "draft legal_basis changed_at"),
        ("draft_file", "", "attachment draft position kind title language"),
        ("version_basis", "", "version legal_basis"),
        ("version_file", "", "id version attachment position kind title language sha256"),
        ("article", "", "id draft created_at"),
        ("article_text", "", "id version article position number label chapter heading body plain_words"),
        ("article_change", "", "id version article what number_before number changed_in related"),
    )
)
HOLDINGS = (*COMMENTS, *TEXTS)
