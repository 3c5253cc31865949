"""Committed answers as columns of codes: the form in which everything is counted.

Knows surveys and their versions; knows no chart and no page. Start in column.py, then answers.py.
"""
