"""Reasoned answers to comments: who answers by when, the decision and its reason, their release, what they changed.

Start with answer.py (rules), then operations.py. It knows comments by their records and never changes their words.
"""
