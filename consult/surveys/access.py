"""Who may answer a survey, from which sites, and how much at once: settings that may change while it is open."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from hmac import compare_digest
from typing import Any, Literal, get_args
from uuid import UUID

from consult.errors import N_, Problem
from consult.signed import keyed

Who = Literal["open", "invited", "mixed"]
WHO: tuple[str, ...] = get_args(Who)
MOST_SITES = 20

ORIGIN = re.compile(
    r"(?P<scheme>https|http)://(?P<host>(?:\*\.)?(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)"
    r"(?::(?P<port>[0-9]{1,5}))?"
)
LOCAL = ("localhost", "127.0.0.1")


@dataclass(frozen=True, slots=True)
class Access:
    """The ways into one survey.

    who            open: everybody; invited: with an invitation only; mixed: both
    sites          origins whose pages may show the survey in a frame
    kiosk_idle_s   after so long without a touch a kiosk begins anew
    least_seconds  a page that is filled in faster than this is marked `too_fast`
    network_rate   answers from one network within ten minutes beyond which it is asked for a challenge
    burst          answers from one neighbourhood of networks within a minute beyond which it is asked for a challenge
    (both only of a place that gives a remarkable part of all answers: admission/arrival_checks.py)
    """

    who: Who = "open"
    sites: tuple[str, ...] = ()
    kiosk: bool = False
    kiosk_idle_s: int = 90
    least_seconds: int = 2
    network_rate: int = 100
    burst: int = 120

    @property
    def takes_everybody(self) -> bool:
        return self.who != "invited"

    @property
    def takes_invitations(self) -> bool:
        return self.who != "open"

    @property
    def frame_ancestors(self) -> str:
        """What the Content-Security-Policy of the answering pages says."""
        return " ".join(("'self'", *self.sites)) if self.sites else "'none'"


DEFAULTS = Access()


def of(stored: Mapping[str, Any] | None, mode: str = "anonymous") -> Access:
    """What is stored of a survey; the defaults where nothing is. Without invitations nobody could be identified."""
    if stored is None:
        return replace(DEFAULTS, who="invited") if mode == "identified" else DEFAULTS
    kept = {name: stored[name] for name in Access.__slots__}
    return Access(**{**kept, "sites": tuple(stored["sites"])})


@dataclass(frozen=True, slots=True)
class Limit:
    """A number that staff may set: between which bounds."""

    name: str
    least: int
    most: int


LIMITS = (
    Limit("kiosk_idle_s", 20, 900),
    Limit("least_seconds", 0, 60),
    Limit("network_rate", 5, 100_000),
    Limit("burst", 5, 100_000),
)

BAD_SITE = N_(
    "“%(site)s” is not the address of a site. Write it like https://www.example.org, without anything behind the name."
)
TOO_MANY_SITES = N_("List at most %(most)s sites.")


def origins(lines: str) -> tuple[tuple[str, ...], list[Problem]]:
    """The origins that a text names, one a line, and what is wrong with the others.

    A plain http:// origin is taken for this machine alone: on its way anybody could put another page around the survey.
    """
    found: list[str] = []
    problems: list[Problem] = []
    for line in lines.split():
        site = line.strip().rstrip("/").lower()
        matched = ORIGIN.fullmatch(site)
        is_local = matched is not None and matched["host"] in LOCAL
        is_whole = matched is not None and ("." in matched["host"].removeprefix("*.") or is_local)
        is_safe = matched is not None and (matched["scheme"] == "https" or is_local)
        is_port = matched is not None and (matched["port"] is None or 0 < int(matched["port"]) < 65536)
        if not (is_whole and is_safe and is_port):
            problems.append(Problem("sites", BAD_SITE, {"site": line[:60]}))
        elif site not in found:
            found.append(site)
    if len(found) > MOST_SITES:
        problems.append(Problem("sites", TOO_MANY_SITES, {"most": MOST_SITES}))
    return tuple(found), problems


def numbers(written: dict[str, str]) -> tuple[dict[str, int], list[Problem]]:
    """The limits as numbers, and what is wrong with the others."""
    found: dict[str, int] = {}
    problems: list[Problem] = []
    for limit in LIMITS:
        raw = written.get(limit.name, "").strip()
        if raw.isascii() and raw.isdigit() and len(raw) < 7 and limit.least <= int(raw) <= limit.most:
            found[limit.name] = int(raw)
        else:
            problems.append(
                Problem(limit.name, N_("Write a whole number from %(least)s to %(most)s."),
                        {"least": limit.least, "most": limit.most})
            )  # fmt: skip
    return found, problems


def kiosk_key(secret: bytes, survey: UUID) -> str:
    """What stands in the address of a survey's kiosk; it follows from the installation's secret."""
    mark = keyed(secret, b"survey-kiosk", 16).of(survey.bytes)
    return base64.b32encode(mark).decode().lower()[:20]


def is_kiosk_key(secret: bytes, survey: UUID, written: str) -> bool:
    return written.isascii() and compare_digest(kiosk_key(secret, survey), written.lower())
