"""Coverage-guided fuzzing of whatever reads what strangers send: `python -m tests.fuzz TARGET --seconds N`.

targets.py has one function for each reader, with what must hold whatever comes in; `corpus/TARGET/` keeps the inputs
that once found something, and small valid ones to begin with; test_corpus.py replays them without a fuzzer.
"""
