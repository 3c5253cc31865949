"""Published comments and their answers as files for everybody: CSV and JSON, with a dictionary of their fields.

Only what a visitor of the pages can read goes in: no addresses, no comments that wait, were refused or hidden, and no
words that are covered. Start with fields.py.
"""
