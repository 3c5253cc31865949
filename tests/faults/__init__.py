"""Faults on purpose, and what became of the answers: `make faults`, or `python -m tests.faults [PART ...] [--short]`.

A part is a module with `TITLE` and `run(short)`, which gives an Outcome for each line of the table. Residents answer
all the while (load.py); what they were told is held against what is stored (outcome.py). What is lost, stored twice or
answered wrongly is a failure.
"""
