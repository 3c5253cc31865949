from consult.storage import sql_migration

ID = "consult_0258_measures"
VERSION = "1.38.0"
DESCRIPTION = "Messages that were refused for good are counted without reading all others."

forwards = sql_migration(
    ID,
    DESCRIPTION,
    """
    CREATE INDEX notification_failed ON notification (created_at) WHERE state = 'failed';
    """,
)
