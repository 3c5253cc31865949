"""Between a form that is right and its storing: does one place send very many, or a form faster than anybody reads?

Nothing is refused and nothing is lost. What is remarkable becomes a flag on the response, which analysts may filter by.
A challenge (challenges.py) is asked for where the honeypot was filled in, and of a place that sends much by itself:

    a network         over the survey's `network_rate` within ten minutes, and over NETWORK_PART of its answers
    a neighbourhood   over `burst` within a minute, and over AROUND_PART of the survey's answers

However many answers a survey takes, who comes from elsewhere is asked for nothing: a rush of a whole city, with all who
share a mobile carrier's addresses, is no attack. And while one machine stuffs the ballot, only its own place has work.
Invitations, changes of earlier answers and clerks pass: they have shown who they are in another way.

Counting is in memory, by process: the limits are shared out among CONSULT_WORKERS processes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from consult.errors import TooMany
from consult.settings import secret_key
from consult.surveys.admission import invitations
from consult.surveys.admission.challenges import WAIT_S, Challenges
from consult.surveys.pages.calls import Call
from consult.surveys.survey import Survey
from consult.web.networks import Networks, Rate

NETWORK_S = 600
NETWORK_PART = 1 / 50
AROUND_S = 60
AROUND_PART = 1 / 4
MOST_WAITS = 20  # a minute and network: who waits in parallel gets no further
MOST_GUESSES = 100  # wrong codes in ten minutes from one network; a code is one of 2 to the 55
HONEYPOT, SOLVED, WAITED = "_website", "_altcha", "_wait"


@dataclass(slots=True, eq=False)  # not frozen: see submissions.Sender
class Arrival:
    """A form that could be stored. second: when it was issued; pages: how many were asked.

    is_continued: some of it was filled in before it was issued, so its time tells nothing.
    """

    scope: Mapping[str, Any]
    survey: Survey
    response: UUID
    second: int
    pages: int
    honeypot: str
    solved: str
    waited: str
    is_trusted: bool
    is_continued: bool = False


@dataclass(slots=True, eq=False)  # not frozen: see submissions.Sender
class Verdict:
    """flags of the response; where it has to wait: for how many seconds, and what the waiting page carries."""

    flags: tuple[str, ...] = ()
    wait_s: int = 0
    note: str = ""
    work: str = ""

    @property
    def is_through(self) -> bool:
        return not self.wait_s


@dataclass
class Gate:
    """One for each application; it remembers minutes."""

    is_on: bool
    workers: int
    challenges: Challenges
    invitation_key: bytes
    networks: Networks = field(default_factory=Networks)
    per_network: Rate = field(default_factory=lambda: Rate(NETWORK_S))
    per_neighbourhood: Rate = field(default_factory=lambda: Rate(AROUND_S))
    waits: Rate = field(default_factory=lambda: Rate(60))
    guesses: Rate = field(default_factory=lambda: Rate(NETWORK_S))

    def judge(self, arrival: Arrival, at: datetime) -> Verdict:
        if not self.is_on:
            return Verdict()
        flags = []
        access = arrival.survey.access
        spent_s = int(at.timestamp()) - arrival.second
        if not arrival.is_continued and spent_s < access.least_seconds * arrival.pages:
            flags.append("too_fast")
        if arrival.honeypot:
            flags.append("honeypot")
        if arrival.is_trusted:
            return Verdict(tuple(flags))
        network, neighbourhood = self.networks.names(arrival.scope, at)
        if arrival.solved or arrival.waited:
            return self._tried(arrival, network, at, flags)
        survey = arrival.survey.id.bytes
        here, everywhere = self.per_network.add_part(survey + network, survey, at)
        is_much = here * self.workers > access.network_rate and here > everywhere * NETWORK_PART
        here, everywhere = self.per_neighbourhood.add_part(survey + neighbourhood, survey, at)
        is_near = here * self.workers > access.burst and here > everywhere * AROUND_PART
        if is_much or is_near or arrival.honeypot:
            return self._wait(arrival, at)
        return Verdict(tuple(flags))

    def _tried(self, arrival: Arrival, network: bytes, at: datetime, flags: list[str]) -> Verdict:
        """A challenge was set before: is it met?"""
        passed = Verdict((*flags, "burst"))
        if arrival.solved and self.challenges.is_solved(arrival.response, arrival.solved, at):
            return passed
        left = self.challenges.seconds_left(arrival.response, arrival.waited, at)
        if left:
            work = self.challenges.work(arrival.response, at)
            return Verdict(wait_s=left, note=arrival.waited, work=work)
        if left == 0 and self.waits.add(network, at) * self.workers <= MOST_WAITS:
            return passed
        return self._wait(arrival, at)

    def _wait(self, arrival: Arrival, at: datetime) -> Verdict:
        note = self.challenges.wait(arrival.response, at)
        return Verdict(wait_s=WAIT_S, note=note, work=self.challenges.work(arrival.response, at))

    def guess(self, scope: Mapping[str, Any], at: datetime) -> None:
        """Count a wrong code. Raises TooMany where one network sends very many."""
        network = self.networks.name(scope, at)
        if self.is_on and self.guesses.add(network, at) * self.workers > MOST_GUESSES:
            raise TooMany(retry_after_s=NETWORK_S)


def gate_of(call: Call) -> Gate:
    """The gate of the application that a request came to."""
    state = call.scope["litestar_app"].state
    gate: Gate | None = state.get("survey_gate")
    if gate is None:
        settings = call.shell.settings
        secret = secret_key(settings)
        gate = Gate(settings.abuse, settings.workers, Challenges(secret), invitations.key(secret))
        state.survey_gate = gate
    return gate
