"""What intruders send, through every field to every output.

tricks.py has what is sent (`corpus/tricks.json`), forms.py fills pages' forms with it, proving.py parses whatever comes
out and says where a trick worked, world.py goes through the whole town. Coverage-guided fuzzing is `tests.fuzz`.
"""
