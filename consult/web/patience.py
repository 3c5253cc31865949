"""Asking for patience where very many forms come from one network at once: comments, registrations.

Nothing is refused for good and nothing typed is lost: the form comes back with a request to press the button again in
five minutes. Only forms that were stored count. Counting is in memory, by process: limits are shared out among
CONSULT_WORKERS processes. A town hall's visitors share an address, so the limits leave room for a full hall.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from consult.errors import N_, Problem
from consult.web.networks import Networks, Rate
from consult.web.pages import AnyRequest, shell

WINDOW_S = 240
RETRY_AFTER_S = 300
BUSY = N_(
    "Many forms have come from your network in the last few minutes, so this one was not sent yet. "
    "What you wrote is still here: wait five minutes and press the button again."
)
PROBLEM = Problem("", BUSY)
HEADERS = {"retry-after": str(RETRY_AFTER_S)}


@dataclass
class Patience:
    """One for each application; it remembers minutes."""

    networks: Networks = field(default_factory=Networks)
    stored: Rate = field(default_factory=lambda: Rate(WINDOW_S))


def must_wait(request: AnyRequest, what: str, most: int, at: datetime) -> bool:
    """Whether this network has sent as many of these as it may within four minutes."""
    settings = shell(request).settings
    if not settings.abuse:
        return False
    own = _of(request)
    counted = own.stored.of((what, own.networks.name(request.scope, at)), at)
    return (counted + 1) * settings.workers > max(most, settings.workers)


def note(request: AnyRequest, what: str, at: datetime) -> None:
    """Count one that was stored."""
    own = _of(request)
    own.stored.add((what, own.networks.name(request.scope, at)), at)


def _of(request: AnyRequest) -> Patience:
    state = request.app.state
    found: Patience | None = state.get("patience")
    if found is None:
        found = state.patience = Patience()
    return found
