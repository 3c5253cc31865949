"""Coding: what people wrote, sorted by hand under codes that can be counted like any choice.

Owns the codes of each open question, which answers have them and who gave them, a second coder's independent work and
how far the two agree. Codes become variables of a survey (variables.py), joined to its answers by their ids. Must not
know tables, charts, weights or pages: those take the variables.

Start reading at code.py (what a code is, which questions are open), then operations.py and variables.py. An erased
response takes its codes along (foreign keys); one that a later response replaces keeps them, but counts nowhere.
"""
