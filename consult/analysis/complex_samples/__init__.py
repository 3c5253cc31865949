"""Figures and tests under weights, strata and clusters. Start reading: design.py, then linear.py.

The `design_*` modules estimate from rows and a `Design`; table_estimates.py, crosstab.py and rao_scott.py from tables.
"""
