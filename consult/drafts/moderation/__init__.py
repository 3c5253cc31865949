"""Moderation of comments: the queue, covered words, hidden comments, the public log, and groups that say the same.

Owns the decision what the public sees of a comment's words (redaction.py; `queries.overlaid` is the one place that
covers them) and the groups of near-equal comments (groups.py). The words themselves and their way to the public are
`drafts.comments`'. Start with redaction.py and grouping.py (rules), then operations.py.
"""
