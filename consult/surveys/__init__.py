"""Surveys: their definitions, published versions, pages for residents and the answers that came in.

Owns: the YAML format `consult: survey/1` (definition.py), its conditions (expression.py, terms.py, conditions.py),
what a posted form means (flow.py), the immutable versions and responses (tables.py), and the two hot paths (pages.py,
inserts.py).
Must not know: drafts, forums, or how results are counted and drawn.
Start reading: definition.py, then flow.py, then operations.py.
"""
