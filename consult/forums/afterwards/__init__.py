"""What remains of a meeting: its minutes, what was decided and promised, who came, pictures.

Owns `forum_minutes`, `minutes_item`, `minutes_entry` and `forum_photo`. Minutes hold no names of residents. Must not
know surveys or drafts. Start reading in minutes.py (the rules: when a promise is late, what can still change), then
operations.py.
"""
