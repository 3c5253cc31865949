"""Staff accounts: who they are, how they sign in, what they may do.

Owns `person`, `staff_session`, `one_time_link`, `sign_in_attempt`, who works in which unit (`unit_member`), browsers
and networks known from before (`known_place`), and recovery codes. Knows no survey, draft or forum: a domain asks for
`requires("moderator")` on its staff routes and for a `person: Person` in its handlers.

Start with person.py, passwords.py and limits.py (pure rules), then operations.py; guards.py is the door of every staff
page; session_pages.py is the way in and out, staff_pages.py the home page, the colleagues and the audit trail;
unit_pages.py the units.
"""
