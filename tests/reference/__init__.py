"""Reference cases: files of `statref/1` that say what a statistic has to be, evaluated against `consult.analysis`.

    python -m tests.reference DIR

evaluates every case of every JSON file in DIR, prints each failure, and ends with `N passed, M failed`. The format is
described in `cases`. Which statistics there are, and which module here computes each, stands in `names`.
"""
