"""What every domain keeps: the audit trail, organisation units and attachments.

Owns `audit_entry`, `unit` and `attachment`. Knows no domain: a record is a word (`survey`, `draft`) and an id.
Start with `operations.audit`: one call at the end of a transaction that changed something.
"""
