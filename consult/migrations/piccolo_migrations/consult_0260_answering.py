from consult.storage import sql_migration

ID = "consult_0260_answering"
VERSION = "1.38.0"
DESCRIPTION = "Comments that are owed an answer are counted and listed without reading their texts."

forwards = sql_migration(
    ID,
    DESCRIPTION,
    """
    CREATE INDEX comment_owed_answer ON comment (draft, article, version) INCLUDE (id, number)
        WHERE state = 'published' AND reply_to IS NULL;
    """,
)
