"""Gatherings and general assemblies: whose voters they are for, who called them, and when what they decide is valid.

Owns the row beside a forum with the figures; the percentages come from the profile's rules on the day they are written
down and stay with the gathering. Start reading in gathering.py.
"""
