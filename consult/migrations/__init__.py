"""The one history of the schema. How to write a migration stands in consult.storage."""
