"""Results: what the answers of a survey say, as sentences, charts, tables and files to take away.

Owns which figures a question has, disclosure control before publication, exports and imports of answers, and when
results are public. Reads surveys through `consult.surveys.queries` and leaves every
formula to `consult.analysis`. Must not know drafts, forums or pages over several kinds: those ask for a chart here.

Start reading at queries.py (what a survey's results are), then building.py (from columns to charts).
"""
