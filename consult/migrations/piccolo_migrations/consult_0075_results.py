"""Results: which surveys' results staff have made public."""

from consult.storage import sql_migration

ID = "consult_0075_results"
VERSION = "1.38.0"
DESCRIPTION = "When the results of a survey were made public, and by whom"

forwards = sql_migration(
    ID,
    DESCRIPTION,
    """
create table results_publication (
    survey uuid primary key references survey (id),
    published_at timestamptz not null,
    published_by uuid
);
""",
)
