"""The ways in for residents: addresses, what a posted page leads to, saved and own answers, the database away.

Start reading: survey_pages.py (the first hot path), then posting.py.
"""
