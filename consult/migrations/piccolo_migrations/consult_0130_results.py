"""Results: which answers the published figures leave out."""

from consult.storage import sql_migration

ID = "consult_0130_results"
VERSION = "1.38.0"
DESCRIPTION = "Flags whose answers published results leave out"

forwards = sql_migration(
    ID,
    DESCRIPTION,
    """
alter table results_publication add column without text[] not null default '{}';
""",
)
