"""Versions of a draft beside each other: which article became which, and what changed in it word by word.

Owns the comparison of two texts, the mapping of old articles to new ones and how both are shown. Must not know
comments: whoever hangs something on a changed passage takes it from here. Start reading in comparison.py.
"""
