"""Results: what the answers of a survey say, as sentences, charts, tables and files to take away.

Owns the chart specification and everything drawn or written from it, disclosure control before publication, exports and
imports of answers, and when results are public. Reads surveys through `consult.surveys.queries` and leaves every
formula to `consult.analysis`. Must not know drafts, forums or pages over several kinds: those ask for a chart here.

Start reading at chart.py (the one specification), then charts.py (all that can be made of it).
"""
