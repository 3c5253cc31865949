"""At the door: who came, with or without a network.

Owns `door_act` (everything that was done at a door, once for each id) and `arrival` (who is inside). Must not know
minutes or surveys. Start reading in checkin.py (the rules), then operations.py.
"""
