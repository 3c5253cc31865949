"""`python -m consult` is the same as `consult`."""

from consult.cli import main

main()
