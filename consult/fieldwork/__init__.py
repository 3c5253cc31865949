"""How a survey reaches people and how it goes: contacts, invitations, letters, paper, telephone, kiosk, progress.

Owns: whom a survey was sent to, what clerks key in, and the dashboard of a running survey.
Must not know: how surveys are built, or how results are counted and drawn.
Start reading: contact.py, then operations.py.
"""
