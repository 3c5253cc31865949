"""Who wants to hear of a consultation, or of everything once a week, by e-mail.

An address counts once its owner has pressed the button behind the link in our letter. Start with follower.py;
letters.py says what is written, operations.py does it. The weekly letter itself is put together in `portal`, which
sees everything.
"""
