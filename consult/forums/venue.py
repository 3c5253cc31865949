"""Where people meet: the place in words, on the map, and what helps to reach it and to move in it. No I/O."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from consult.errors import N_, Problem
from consult.i18n import Text

FACTS: Mapping[str, str] = {
    "step_free": N_("Entrance without steps"),
    "lift": N_("Lift"),
    "toilet": N_("Accessible toilet"),
    "hearing_loop": N_("Hearing loop"),
    "parking": N_("Parking for people with disabilities"),
    "stop_near": N_("Public transport stop nearby"),
    "children": N_("Children’s corner"),
}
"""What the organiser promises about a venue; the order in which pages name it."""

NUMBER = r"(-?\d{1,3}\.\d{2,})"
PAIR = re.compile(rf"\s*{NUMBER}\s*[,;\s]\s*{NUMBER}\s*")
OPENSTREETMAP = re.compile(
    rf"https://www\.openstreetmap\.org/\S*?(?:#map=[\d.]+/|mlat=){NUMBER}(?:/|&mlon=){NUMBER}\S*"
)
MAP_ZOOM = 17
SHIFT = 5
"""Digits after the point that are kept: about a metre."""


@dataclass(frozen=True, slots=True)
class Point:
    latitude: float
    longitude: float

    @property
    def written(self) -> str:
        return f"{self.latitude:.{SHIFT}f}, {self.longitude:.{SHIFT}f}"

    @property
    def map_url(self) -> str:
        """A plain link: nothing is asked of the map before somebody follows it."""
        at = f"{self.latitude:.{SHIFT}f}", f"{self.longitude:.{SHIFT}f}"
        marker = f"mlat={at[0]}&mlon={at[1]}"
        return f"https://www.openstreetmap.org/?{marker}#map={MAP_ZOOM}/{at[0]}/{at[1]}"


@dataclass(frozen=True, slots=True)
class Venue:
    """A place as pages show it; access is in the organiser's own words, transport names lines and stops."""

    name: Text
    address: Text
    point: Point | None = None
    facts: tuple[str, ...] = ()
    transport: Text | None = None

    @property
    def fact_names(self) -> tuple[str, ...]:
        return tuple(name for key, name in FACTS.items() if key in self.facts)


def point_of(written: str) -> Point | None:
    """Read "41.99646, 21.43141" or an address of openstreetmap.org; None for anything else."""
    found = PAIR.fullmatch(written) or OPENSTREETMAP.fullmatch(written.strip())
    if found is None:
        return None
    latitude, longitude = (round(float(number), SHIFT) for number in found.groups())
    return Point(latitude, longitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else None


def venue_problems(place: str, point: str, facts: Sequence[str]) -> Iterator[Problem]:
    """What is wrong with a point and facts; place is what the names of their fields begin with."""
    if point.strip() and point_of(point) is None:
        message = N_("Write two numbers such as %(example)s, or copy the address of the place from openstreetmap.org.")
        yield Problem(f"{place}point", message, {"example": "41.99646, 21.43141"})
    if not set(facts) <= set(FACTS):
        yield Problem(f"{place}facts", N_("Choose from the list what the venue has."))
