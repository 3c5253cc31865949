"""Marks of answers for the column files are found by their survey alone."""

from consult.storage import sql_migration

ID = "consult_0272_marks"
VERSION = "1.38.0"
DESCRIPTION = "No index over the random ids of marks: each stored answer wrote a page of it anew"

forwards = sql_migration(
    ID,
    DESCRIPTION,
    """
-- With millions of answers that nobody has counted yet, a key of random ids touches another page for each answer, and
-- after every checkpoint that page goes into the write-ahead log as a whole. Whoever looks for marks knows a survey.
alter table response_pending drop constraint response_pending_pkey;
create index response_pending_survey on response_pending (survey);
""",
)
