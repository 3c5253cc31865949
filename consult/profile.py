"""The municipality this installation serves, described by one TOML file in deploy/profiles/."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

Text = dict[str, str]
Colour = Annotated[str, msgspec.Meta(pattern=r"^#[0-9a-f]{6}$")]


class InvalidProfile(Exception):
    """The profile cannot be used; `faults` names every key that is wrong and what to write."""

    def __init__(self, path: Path, faults: list[str]) -> None:
        self.faults = faults
        super().__init__(f"{path} has {len(faults)} fault(s):\n" + "\n".join(f"  {fault}" for fault in faults))


class Colours(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One municipal colour in three strengths; brand and deep carry white text (at least 4.5 : 1)."""

    brand: Colour
    deep: Colour
    tint: Colour
    bar: Colour = "#4f88a3"


class Contact(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    department: Text
    address: Text
    phone: str
    hours: Text
    email: str


RuleKind = Literal["consultation", "phase", "forum", "gathering", "petition", "information", "complaint"]


class LegalRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A statutory length or threshold, with the law that it comes from: data, whose value no code knows.

    days, unit      a length in calendar or working days; or months, which end on the day of the same number.
    starts          whether the day of the event counts itself or counting begins on the next day.
    rolls           whether a length that ends on a day off ends on the next working day instead.
    extension_days  by how much the body may lengthen it once, with a reason.
    percent, base   a threshold: so much of the people that base names; base_count of them on base_date, by base_source.
    valid_from, valid_to    first and last day of the rule; a key may stand several times for different years.
    verify          a lawyer has not confirmed it yet, and pages say so.
    """

    key: str
    title: Text
    reference: Text
    kind: RuleKind = "consultation"
    days: int = 0
    unit: Literal["calendar", "working"] = "calendar"
    months: int = 0
    starts: Literal["same_day", "next_day"] = "same_day"
    rolls: bool = False
    extension_days: int = 0
    percent: float | None = None
    base: Text = {}
    base_count: int | None = None
    base_date: dt.date | None = None
    base_source: Text = {}
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None
    verify: bool = False

    def holds_on(self, day: dt.date) -> bool:
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


class Holiday(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    date: dt.date
    name: Text


class Holidays(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    country: str
    extra: list[Holiday] = []


class Category(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    code: str
    label: Text
    count: int


class Margin(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Population counts of one variable, for weighting and for comparing who took part."""

    variable: str
    title: Text
    source: Text
    year: int
    categories: list[Category]


class SurveyRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How this municipality builds surveys. translation_approval: a second person approves each translation."""

    translation_approval: bool = False


class AnswerRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What goes with every answer to a comment. appeal: what one can do who does not agree; left out where none.

    verify: a lawyer has not confirmed it yet.
    """

    appeal: Text | None = None
    verify: bool = False


Role = Literal["admin", "designer", "translator", "moderator", "clerk", "analyst"]


class StaffRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Rules for accounts of staff. second_factor: the roles that cannot sign in without one; others may have one.

    By default everybody: a password alone is not enough for any of them (ASVS 6.3.3).
    """

    second_factor: tuple[Role, ...] = ("admin", "designer", "translator", "moderator", "clerk", "analyst")


class Place(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A settlement or neighbourhood that residents may name; part_of is the code of the one that it belongs to."""

    code: Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9][a-z0-9_-]*$", max_length=40)]
    name: Text
    part_of: str = ""


class Profile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    key: str
    name: Text
    tagline: Text
    languages: list[str]
    authentic_language: str
    time_zone: str
    country: str
    emblem: Literal["bridge", "wall"]
    css_class: str
    colours: Colours
    contact: Contact
    controller: Text
    purpose: Text
    retention: Text
    without_internet: Text
    holidays: Holidays
    legal_rules: list[LegalRule] = []
    margins: list[Margin] = []
    places: list[Place] = []
    surveys: SurveyRules = SurveyRules()
    answers: AnswerRules = AnswerRules()
    staff: StaffRules = StaffRules()

    @property
    def default_language(self) -> str:
        return self.languages[0]

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    def rule(self, key: str, on: dt.date | None = None) -> LegalRule | None:
        """The rule of a key that holds on a day; without a day the one that began last."""
        named = [rule for rule in self.legal_rules if rule.key == key and (on is None or rule.holds_on(on))]
        return max(named, key=lambda rule: rule.valid_from or dt.date.min, default=None)


def load_profile(path: Path) -> Profile:
    """Read and check a profile. Raises InvalidProfile with all faults by key."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as fault:
        others = ", ".join(sorted(other.stem for other in path.parent.glob("*.toml")))
        raise InvalidProfile(path, [f"there is no such file; beside it are: {others or 'none'}"]) from fault
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise InvalidProfile(path, [f"this is not valid TOML: {fault}"]) from fault
    faults = list(_shape_faults(data))
    if faults:
        raise InvalidProfile(path, faults)
    profile = msgspec.convert(data, Profile)
    faults = list(_faults(profile))
    if faults:
        raise InvalidProfile(path, faults)
    return profile


def _shape_faults(data: dict[str, object]) -> Iterator[str]:
    """Convert field by field, so that one wrong key does not hide the next."""
    fields = {f.encode_name: f for f in msgspec.structs.fields(Profile)}
    for key in data:
        if key not in fields:
            yield f"{key}: there is no such key"
    for key, field in fields.items():
        if key not in data:
            if field.required:
                yield f"{key}: missing"
            continue
        try:
            msgspec.convert(data[key], field.type)
        except msgspec.ValidationError as fault:
            message = str(fault)
            where = re.search(r" - at `\$(.*)`$", message)
            yield f"{key}{where[1] if where else ''}: {message.partition(' - at')[0]}"


def _faults(profile: Profile) -> Iterator[str]:
    if not profile.languages:
        yield "languages: name at least one"
        return
    if len(set(profile.languages)) < len(profile.languages):
        yield "languages: each only once"
    if profile.authentic_language not in profile.languages:
        yield f"authentic_language: {profile.authentic_language!r} is not among the languages"
    try:
        ZoneInfo(profile.time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        yield f"time_zone: {profile.time_zone!r} is not a time zone; write one such as Europe/Skopje"
    for place, text in _texts(profile, ""):
        missing = [language for language in profile.languages if not text.get(language, "").strip()]
        if missing:
            yield f"{place}: missing in {', '.join(missing)}"
    yield from _place_faults(profile.places)
    for number, rule in enumerate(profile.legal_rules):
        if (rule.days > 0) + (rule.months > 0) + (rule.percent is not None) != 1:
            yield f"legal_rules[{number}]: {rule.key!r} needs one of days, months and percent"
        if rule.percent is not None and not 0 < rule.percent <= 100:
            yield f"legal_rules[{number}].percent: write a share of 100, such as 10"
    for name in ("brand", "deep"):
        ratio = contrast(getattr(profile.colours, name), "#ffffff")
        if ratio < 4.5:
            yield f"colours.{name}: white text on it has a contrast of only {ratio:.1f}; at least 4.5 is needed"


def _place_faults(places: list[Place]) -> Iterator[str]:
    whole = {place.code for place in places if not place.part_of}
    seen: set[str] = set()
    for number, place in enumerate(places):
        if place.code in seen:
            yield f"places[{number}].code: {place.code!r} is there twice"
        seen.add(place.code)
        if place.part_of and place.part_of not in whole:
            yield f"places[{number}].part_of: {place.part_of!r} is not the code of a place that is no part itself"


def _texts(value: object, place: str) -> Iterator[tuple[str, Text]]:
    if isinstance(value, msgspec.Struct):
        for field in msgspec.structs.fields(value):
            if not field.required and not getattr(value, field.name):
                continue
            yield from _texts(getattr(value, field.name), f"{place}.{field.name}" if place else field.name)
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from _texts(item, f"{place}[{number}]")
    elif isinstance(value, dict):
        yield place, value


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two #rrggbb colours, from 1 to 21 (WCAG 2.2, relative luminance)."""

    def luminance(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)
