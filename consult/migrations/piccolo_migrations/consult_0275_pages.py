"""Answers to write are listed in the order of an index."""

from consult.storage import sql_migration

ID = "consult_0275_pages"
VERSION = "1.38.0"
DESCRIPTION = "A page deep in the list of answers to write is found without sorting the whole list."

forwards = sql_migration(
    ID,
    DESCRIPTION,
    """
    CREATE INDEX comment_owed_in_order ON comment (number COLLATE "C") INCLUDE (id, draft)
        WHERE state = 'published' AND reply_to IS NULL;
    """,
)
