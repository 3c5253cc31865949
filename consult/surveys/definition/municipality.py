"""What questions take from the municipality's profile: its country, for telephone numbers, and its places.

Set once, at start-up, as the languages are. A definition names no places of its own, so that it serves everywhere.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from consult.profile import Place, Profile


@dataclass(frozen=True, slots=True)
class Locality:
    country: str = ""
    places: dict[str, Place] = field(default_factory=dict)

    @property
    def groups(self) -> list[tuple[Place, list[Place]]]:
        """Places in the profile's order, each with those that are parts of it."""
        found = {place.code: (place, list[Place]()) for place in self.places.values() if not place.part_of}
        for place in self.places.values():
            if place.part_of:
                found[place.part_of][1].append(place)
        return list(found.values())


_here = Locality()


def configure(profile: Profile) -> None:
    global _here
    _here = Locality(profile.country, {place.code: place for place in profile.places})


def here() -> Locality:
    return _here
