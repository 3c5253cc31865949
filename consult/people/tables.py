"""Columns of accounts, sessions, links and attempts; constraints stand in the migration."""

from __future__ import annotations

from piccolo.columns import UUID, Array, BigInt, BigSerial, Boolean, Bytea, ForeignKey, Text, Timestamptz
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from consult.records.tables import Unit
from consult.storage import DB


class PersonRow(Table, db=DB, tablename="person"):
    """A member of staff. Without a password nobody can sign in; disabled_at ends an account and keeps its history.

    totp_sealed    what the app on the phone and we share, encrypted.
    totp_step      the newest 30 seconds whose code was used.
    oidc_sub       who they are to the town's sign-in service oidc_issuer, whatever their address there becomes.
    """

    id = UUID(primary_key=True)
    email = Text(null=False)
    name = Text(null=False)
    roles = Array(base_column=Text(), null=False)
    language = Text(null=False)
    password_hash = Text(null=True)
    totp_since = Timestamptz(null=True)
    recovery_hashes = Array(base_column=Bytea(), null=False)
    created_at = Timestamptz(null=False)
    disabled_at = Timestamptz(null=True)
    totp_sealed = Bytea(null=True)
    totp_step = BigInt(null=True)
    recovery_salt = Bytea(null=True)
    oidc_issuer = Text(null=True)
    oidc_sub = Text(null=True)


class StaffSession(Table, db=DB, tablename="staff_session"):
    """A browser that is signed in; of its cookie only the hash is kept.

    awaits      what is missing before it opens anything: the code, or setting up a second factor; null when whole.
    oidc_token  what the sign-in service said when it began there, encrypted; that service knows it by sub and sid.
    """

    id = UUID(primary_key=True)
    token_hash = Bytea(null=False, unique=True)
    person = ForeignKey(references=PersonRow, null=False, on_delete=OnDelete.cascade)
    created_at = Timestamptz(null=False)
    seen_at = Timestamptz(null=False)
    expires_at = Timestamptz(null=False)
    awaits = Text(null=True)
    device = Text(null=False, default="")
    oidc_sub = Text(null=True)
    oidc_sid = Text(null=True)
    oidc_token = Bytea(null=True)


class OneTimeLink(Table, db=DB, tablename="one_time_link"):
    """A link in a mail that works once; of its secret only the hash is kept."""

    id = UUID(primary_key=True)
    token_hash = Bytea(null=False, unique=True)
    person = ForeignKey(references=PersonRow, null=False, on_delete=OnDelete.cascade)
    purpose = Text(null=False)
    created_at = Timestamptz(null=False)
    expires_at = Timestamptz(null=False)
    used_at = Timestamptz(null=True)


class SignInAttempt(Table, db=DB, tablename="sign_in_attempt"):
    """A try to sign in or to get a link, kept for a day: account is a hash of what was typed.

    own    the known browser or the open session from which it came; such tries are counted by themselves.
    """

    id = BigSerial(primary_key=True)
    purpose = Text(null=False)
    account = Bytea(null=False)
    network = Text(null=False)
    at = Timestamptz(null=False)
    succeeded = Boolean(null=False, default=False)
    own = Bytea(null=True)


class KnownPlace(Table, db=DB, tablename="known_place"):
    """A browser or network from which somebody signed in before: a hash of its cookie or of its address."""

    id = UUID(primary_key=True)
    person = ForeignKey(references=PersonRow, null=False, on_delete=OnDelete.cascade)
    kind = Text(null=False)
    mark = Bytea(null=False)
    seen_at = Timestamptz(null=False)


class UnitMember(Table, db=DB, tablename="unit_member"):
    """Who works in a unit of the town hall."""

    id = UUID(primary_key=True)
    unit = ForeignKey(references=Unit, null=False)
    person = ForeignKey(references=PersonRow, null=False)
