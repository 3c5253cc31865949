"""Checks of the sources that no linter makes; `make check` runs each as a program."""
