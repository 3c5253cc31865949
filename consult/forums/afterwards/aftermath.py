"""What the public page of a meeting shows of the time after it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from consult.errors import N_
from consult.forums.afterwards import queries
from consult.forums.afterwards.minutes import (
    STANDING_NAMES,
    STANDING_TAGS,
    Entry,
    EntryKind,
    Minutes,
    Promise,
    Standing,
)
from consult.forums.afterwards.photo_operations import photos_of
from consult.forums.afterwards.photos import Photo
from consult.forums.afterwards.queries import Attendance
from consult.forums.forum import Forum, Stage
from consult.forums.parts import Part, Shown
from consult.i18n import Locale


@dataclass(frozen=True, slots=True)
class Aftermath:
    """minutes is None until they are public; attendance until somebody entered who came."""

    minutes: Minutes | None
    attendance: Attendance | None
    today: date
    photos: tuple[Photo, ...] = ()
    names: Mapping[Standing, str] = field(default_factory=lambda: STANDING_NAMES)
    tags: Mapping[Standing, str] = field(default_factory=lambda: STANDING_TAGS)

    @property
    def decisions(self) -> tuple[Entry, ...]:
        return self.minutes.of_kind(EntryKind.DECISION) if self.minutes else ()

    @property
    def promises(self) -> tuple[Promise, ...]:
        return self.minutes.promises if self.minutes else ()


async def box(shown: Shown) -> Part | None:
    """The section of the public page."""
    found = await aftermath_of(shown.forum, shown.locale, shown.now)
    return Part("forums/aftermath_box.html", {"forum": shown.forum, "aftermath": found}) if found else None


async def staff_box(shown: Shown) -> Part | None:
    """The section of the staff page; there from the beginning of the meeting on."""
    if shown.forum.starts_at is None or shown.now < shown.forum.starts_at or not shown.forum.is_public:
        return None
    attendance = (await queries.attendance_of([shown.forum.id])).get(shown.forum.id)
    links = [
        (("forums", shown.forum.id, "minutes"), N_("Minutes")),
        (("forums", shown.forum.id, "photos"), N_("Photos")),
    ]
    return Part("forums/staff_afterwards_part.html", {"attendance": attendance, "links": links})


async def aftermath_of(forum: Forum, locale: Locale, at: datetime) -> Aftermath | None:
    """None while there is nothing to show: before the meeting is over, or after a cancellation."""
    if forum.stage(at) is not Stage.OVER:
        return None
    minutes = (await queries.minutes_of([forum.id])).get(forum.id)
    attendance = (await queries.attendance_of([forum.id])).get(forum.id)
    return Aftermath(minutes, attendance, locale.local(at).date(), await photos_of(forum.id))
