"""Tests of questions in advance."""
