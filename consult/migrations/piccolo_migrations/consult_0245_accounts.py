"""The second factor of staff accounts, sessions that are only half way in, and the device of each session."""

from consult.storage import sql_migration

ID = "consult_0245_accounts"
VERSION = "1.38.0"
DESCRIPTION = "Second factor and devices of staff"

forwards = sql_migration(
    ID,
    DESCRIPTION,
    """
alter table person drop column totp_secret;
alter table person add column totp_sealed bytea;
alter table person add column totp_step bigint;
alter table person add column recovery_salt bytea;
alter table person add constraint person_second_factor_is_whole check (
    num_nulls(totp_sealed, totp_since, totp_step, recovery_salt) in (0, 4)
    and (totp_sealed is not null or recovery_hashes = '{}'));

alter table staff_session add column awaits text;
alter table staff_session add column device text not null default '';
alter table staff_session add constraint staff_session_awaits check (awaits in ('code', 'enrol'));
alter table staff_session add constraint staff_session_device check (length(device) <= 60);

alter table sign_in_attempt drop constraint sign_in_attempt_purpose_check;
alter table sign_in_attempt add constraint sign_in_attempt_purpose_check
    check (purpose in ('sign_in', 'reset', 'code'));
""",
)
