"""Pages over several kinds of participation: home, what is open, a consultation with all that belongs to it, the draft
with its charts, search, calendar and feeds. It also owns the evidence: which survey chart hangs on which article.

It asks every domain's queries and changes nothing of theirs. Start in gathering.py (what is open), then pages.py.
"""
