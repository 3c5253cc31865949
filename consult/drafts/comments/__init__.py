"""Comments on draft regulations: their words, their way to the public, and the letters about them.

Start with comment.py (rules), then operations.py. It knows drafts by identity only; versions and articles come from
`drafts.queries`.
"""
