"""Consultations: one public process with its dates, phases, legal basis and outcome.

Owns the consultation record and its states. Must not know what a consultation gathers: surveys, drafts and forums
point to it, never the other way round (`portal` puts them on one page).
Start reading in consultation.py (the states and the rules of dates), then operations.py.
"""
