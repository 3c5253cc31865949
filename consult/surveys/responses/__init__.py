"""Answers that are right on their way into the database, and what is kept, counted and flagged there.

The second hot path: submissions.py (the same for every way in), inserts.py and its insert_… parts (micro-batches).
The secrets that lead to a response, and what keeps it apart from its person (anonymity.py), stand here too.
"""
