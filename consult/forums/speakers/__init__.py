"""The speakers' list of a session: who waits, who speaks, for how long, and how much time each side has had.

Owns the list and its clock. Start reading in speaker.py (whose turn it is, what a clock shows), then operations.py.
The clock is the difference of two moments in the database, so every screen shows the same and a reload loses nothing.
"""
