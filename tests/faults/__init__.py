"""Faults on purpose, and what became of the answers: `make faults`, or `python -m tests.faults [PART ...] [--short]`.

A part is a module with `TITLE` and `run(short: bool) -> list[Outcome]`. Residents answer all the while (load.py); what
they were told is held against what is stored (outcome.py). What is lost, stored twice or answered wrongly is a failure.
"""
