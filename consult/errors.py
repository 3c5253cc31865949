"""The only base errors: a rule that says no is a subclass of one of these, written beside the function that raises it.

`message` is an English msgid (see N_); keyword arguments fill its placeholders when the page is made, in the reader's
language. Only `consult.web` turns a base class into a status and a page.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


def N_(message: str) -> str:  # noqa: N802 - gettext's customary name, known to every extractor
    """Mark a sentence for translation; it is translated where it is shown."""
    return message


def NN_(singular: str, plural: str) -> tuple[str, str]:  # noqa: N802
    """Mark a sentence that counts something; %(num)s in it is the number."""
    return singular, plural


class ConsultError(Exception):
    """A refusal that a person can understand. parameters fill the placeholders of message."""

    message: str = N_("Something went wrong. Please try again.")

    def __init__(self, **parameters: object) -> None:
        self.parameters: dict[str, object] = parameters
        super().__init__(self.message % parameters if parameters else self.message)

    def problem(self, place: str = "") -> Problem:
        """The same as a problem of a form: of the field `place`, or of the form as a whole."""
        return Problem(place, self.message, self.parameters)


class Refused(ConsultError):
    """The state of things does not allow it now (409)."""

    message = N_("This is not possible at the moment.")


class NotFound(ConsultError):
    """There is no such thing, or not for this person (404)."""

    message = N_("This page does not exist.")


class NotAllowed(ConsultError):
    """The person may not do this (403)."""

    message = N_("Your account does not allow this.")


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: where (a form field's name, or a place in a file) and what to do about it."""

    place: str
    message: str
    parameters: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.place}: {self.message % self.parameters if self.parameters else self.message}"


class Invalid(ConsultError):
    """What was sent has problems; all of them are reported at once (422)."""

    message = N_("Some answers need your attention.")

    def __init__(self, problems: Iterable[Problem] = (), **parameters: object) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        super().__init__(**parameters)
        self.args = ("; ".join(str(p) for p in self.problems) or self.message,)


class TooMany(ConsultError):
    """Too much in too short a time (429). retry_after_s tells when to try again."""

    message = N_("There were too many attempts. Please wait a little and try again.")

    def __init__(self, retry_after_s: int = 60, **parameters: object) -> None:
        self.retry_after_s = retry_after_s
        super().__init__(**parameters)


class Unavailable(ConsultError):
    """A part of the system is away for the moment (503); nothing was lost."""

    message = N_("This is not available at the moment. Please try again in a minute.")

    def __init__(self, retry_after_s: int = 10, **parameters: object) -> None:
        self.retry_after_s = retry_after_s
        super().__init__(**parameters)
