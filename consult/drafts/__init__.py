"""Draft regulations: their versions and articles, the comments on them and the town's reasoned answers.

Owns the text of a draft regulation, the comments and their moderation. Must not know surveys, forums or charts: the
reading page, where charts hang beside articles, belongs to `portal`; this domain gives it its data (queries.reading)
and its macros (templates/parts.html).
Start reading in regulation.py (the Markdown format), then operations.py; comments/ has its own.
"""
