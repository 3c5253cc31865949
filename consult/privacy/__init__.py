"""What is held about whom, why, on what ground and how long; and how a person is erased from all of it.

The register (`holdings/`) names every column of every table once and says what it holds; `record.py` sets it as the
record of processing (deploy/privacy.md, `consult privacy record`), plain.py says it in short for the public page, and a
check fails where a column has no entry. `retention.py` has every rule of time with the job that keeps it; its days come
from the constants that the jobs themselves use. `outside.py` names what lies beside the database.

Sees all domains, like the composition above it, and is seen by none of them. Start reading at holding.py, then
holdings/people.py as an example; erasing a person starts at erasing.py.
"""
