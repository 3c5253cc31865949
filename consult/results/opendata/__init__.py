"""Open data: the published questions as tables that may be passed on, protected so that nobody can be found in them.

Owns no table of the database. Start in protected.py (what is counted, hidden and rounded), then package.py (the ZIP).
"""
