"""Indices: standing definitions of a satisfaction figure, measured at each wave, so that a series stays comparable.

Owns what an index consists of (items by their concept, rule, weights, target), its versions, and its measurements.
Reads answers as columns and leaves formulas to `consult.analysis`. Knows no results page: that asks for an index here.

Start reading at standing.py (what an index is), then measuring.py (what it is worth in one survey).
"""
