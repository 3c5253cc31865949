"""Which account of the town's sign-in service a colleague's account is joined with."""

from consult.storage import sql_migration

ID = "consult_0260_oidc_sub"
VERSION = "1.38.0"
DESCRIPTION = "Accounts of the sign-in service"

forwards = sql_migration(
    ID,
    DESCRIPTION,
    """
alter table person add column oidc_issuer text;
alter table person add column oidc_sub text;
alter table person add constraint person_oidc_is_whole check (num_nulls(oidc_issuer, oidc_sub) in (0, 2));
create unique index person_oidc on person (oidc_issuer, oidc_sub);
""",
)
