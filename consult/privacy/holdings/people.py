"""Colleagues' accounts, the audit trail, letters, followers."""

from __future__ import annotations

from consult.errors import N_
from consult.privacy.activities import ACCOUNTABILITY, ACCOUNTS, FOLLOWING, LETTERS, SECURITY
from consult.privacy.holding import Holding
from consult.privacy.retention import (
    ACCOUNT,
    CHAINED,
    FOLLOWERS,
    LASTING,
    LINKS,
    MEMBERSHIP,
    PLACES,
    SENT,
    SENT_BODY,
    SESSIONS,
    TRIES,
)

HOLDINGS = (
    Holding(
        table="person",
        activity=ACCOUNTS,
        rule=ACCOUNT,
        what=N_(
            "Name, address, roles and language of a colleague, and who they are to the town’s sign-in service; the "
            "password and the codes of the second factor only as hashes or encrypted."
        ),
        identity="name",
        contact="email",
        mark="id oidc_sub",
        trace="roles language created_at disabled_at totp_since oidc_issuer",
        keys="password_hash totp_sealed totp_step recovery_salt recovery_hashes",
    ),
    Holding(
        table="staff_session",
        activity=ACCOUNTS,
        rule=SESSIONS,
        what=N_(
            "That a colleague’s browser is signed in, which browser and system it is, and when it was last seen; "
            "no address of a network. Whoever came through the town’s sign-in service: also their name there, and the "
            "signed statement of that service about them, encrypted, to sign them out there too."
        ),
        keys="token_hash oidc_token",
        colleague="person",
        mark="oidc_sub oidc_sid",
        trace="created_at seen_at expires_at device",
        rest="id awaits",
    ),
    Holding(
        table="one_time_link",
        activity=ACCOUNTS,
        rule=LINKS,
        what=N_("That a colleague was sent a link to choose a password."),
        keys="token_hash",
        colleague="person",
        trace="created_at expires_at used_at",
        rest="id purpose",
    ),
    Holding(
        table="sign_in_attempt",
        activity=SECURITY,
        rule=TRIES,
        what=N_("That somebody tried to sign in: a hash of the address that was typed, and the network it came from."),
        mark="account network own",
        trace="at succeeded",
        rest="id purpose",
    ),
    Holding(
        table="known_place",
        activity=SECURITY,
        rule=PLACES,
        what=N_(
            "That a colleague signed in with this browser, or from this larger network, before: hashes, so that a "
            "letter can tell of a sign-in from elsewhere."
        ),
        colleague="person",
        mark="mark",
        trace="seen_at",
        rest="id kind",
    ),
    Holding(
        table="unit_member",
        activity=ACCOUNTS,
        rule=MEMBERSHIP,
        what=N_("Which colleague works in which unit."),
        colleague="person",
        trace="unit",
        rest="id",
    ),
    Holding(table="unit", activity=ACCOUNTABILITY, rule=LASTING, rest="id key name"),
    Holding(
        table="audit_entry",
        activity=ACCOUNTABILITY,
        rule=CHAINED,
        what=N_(
            "What a colleague did, to which record and with what reason; residents’ names, addresses and words do"
            " not belong here and are left out."
        ),
        colleague="actor on_behalf_of",
        trace="at kind",
        words="before after reason",
        rest="id number record record_id previous hash",
    ),
    Holding(
        table="attachment",
        activity=ACCOUNTABILITY,
        rule=LASTING,
        what=N_(
            "Files of drafts and consultations, and files that residents sent with a comment, with the name the "
            "file had."
        ),
        words="name content",
        colleague="added_by",
        trace="added_at",
        rest="id record record_id media_type size sha256",
    ),
    Holding(
        table="notification",
        activity=LETTERS,
        rule=SENT,
        what=N_(
            "To which address a letter went about what, and what the mail server said; the text only until it is sent."
        ),
        contact="recipient",
        words="subject body_text body_html attachments",
        keys="unsubscribe",
        trace="event language state attempts created_at sent_at last_error",
        rest="id channel",
        sooner={"body_text body_html attachments unsubscribe": SENT_BODY},
    ),
    Holding(
        table="follower",
        activity=FOLLOWING,
        rule=FOLLOWERS,
        what=N_(
            "The address of somebody who follows a consultation or the town, the language, and when it was asked "
            "for and confirmed."
        ),
        contact="email",
        trace="language consultation asked_at confirmed_at",
        mark="id",
    ),
)
