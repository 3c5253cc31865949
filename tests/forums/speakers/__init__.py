"""Tests of the speakers’ list."""
