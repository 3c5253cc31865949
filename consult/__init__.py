"""Consult: surveys, public forums and consultations on draft regulations, in the languages of the residents."""

__version__ = "0.1.0"
