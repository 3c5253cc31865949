"""`python -m tests.bench`: what a survey page and a stored answer cost, beside the limits measured in the same run.

CPU time of the application and of PostgreSQL is read from /proc and divided by what was served, so that other work on
the machine hardly matters. Nothing is gated on absolute figures; the ratios to the bare handlers are the result.
"""
