"""Invented answers that make sense: a latent satisfaction drives scales, recommendation and comments. No I/O, no clock.

Each person has traits (district by the census margins, age, sex, language) and a latent satisfaction: a normal score
lifted or lowered by the traits. An ordered answer cuts a second normal score, correlated with the latent one by its
loading, at the quantiles of the wanted shares: so the shares come out as written and items agree with one another.
The person then fills in the form as posted, and the survey's own compiled rules (surveys.flow) drop what its conditions
hide and refuse what no resident could send.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import NormalDist
from typing import Any

import numpy as np
from numpy.typing import NDArray

from consult.demo.content import Answers, Fieldwork, Group, Item
from consult.profile import Margin
from consult.surveys.answers.flow import Compiled
from consult.surveys.definition import schema as d

Floats = NDArray[np.float64]
REMINDER_AT, REMINDER_LIFT, HALF_LIFE_DAYS = 0.55, 0.8, 5.0


@dataclass(frozen=True, slots=True)
class Simulated:
    """One invented response; answers by codes, as the survey stores them."""

    answers: dict[str, Any]
    language: str
    channel: str
    day: date
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _People:
    latent: Floats
    traits: dict[str, list[str]]
    languages: list[str]


def simulate(
    definition: d.Definition, fieldwork: Fieldwork, answers: Answers, margins: Sequence[Margin], *, today: date
) -> list[Simulated]:
    """All responses to one survey up to today. The same seed gives the same people, whatever the day."""
    salt = sum(ord(letter) * place for place, letter in enumerate(fieldwork.slug, start=1))
    random = np.random.default_rng([answers.seed, salt])
    people = _people(fieldwork, answers.groups, margins, random)
    channels = _drawn(fieldwork.channels, fieldwork.responses, random)
    days = _days(fieldwork, today, random)
    forms = [_Form() for _ in range(fieldwork.responses)]
    for question in definition.questions:
        if question.key in people.traits:
            for form, code in zip(forms, people.traits[question.key], strict=True):
                form.put(question.key, code)
        elif not isinstance(question, d.Information):
            _fill(question, answers.items[question.key], people, forms, random)
    marks = _flags(fieldwork, channels, random)
    compiled = Compiled(definition)
    found = []
    for form, language, channel, day, flags in zip(forms, people.languages, channels, days, marks, strict=True):
        decoded = compiled.decode(form.fields)
        if decoded.problems:
            raise ValueError(f"{fieldwork.slug}: the model wrote what the survey refuses: {decoded.problems[0]}")
        found.append(Simulated(decoded.answers, language, channel, day, flags))
    return sorted(found, key=lambda one: one.day)


def _flags(fieldwork: Fieldwork, channels: Sequence[str], random: np.random.Generator) -> list[tuple[str, ...]]:
    """What the pages would have remarked; nobody watches how a form on paper is filled in."""
    drawn = {flag: _happens(percent, len(channels), random) for flag, percent in fieldwork.flagged.items()}
    return [
        tuple(flag for flag, happened in drawn.items() if channel in ("web", "kiosk") and happened[place])
        for place, channel in enumerate(channels)
    ]


class _Form:
    """A form being filled in, field by field."""

    def __init__(self) -> None:
        self.fields: dict[str, list[str]] = {}

    def put(self, name: str, *values: str) -> None:
        self.fields[name] = [value for value in values if value]


def _people(
    fieldwork: Fieldwork, groups: Mapping[str, Group], margins: Sequence[Margin], random: np.random.Generator
) -> _People:
    size = fieldwork.responses
    latent = random.standard_normal(size) + fieldwork.lift
    traits = {}
    for key, group in groups.items():
        shares = dict(group.shares)
        if group.margin is not None:
            margin = next(one for one in margins if one.variable == group.margin)
            whole = sum(category.count for category in margin.categories)
            left = 100 - sum(group.extra.values()) - group.refused
            shares = {category.code: left * category.count / whole for category in margin.categories}
        shares |= group.extra
        if group.refused:
            shares["refused"] = group.refused
        traits[key] = _drawn(shares, size, random)
        latent += np.array([group.effects.get(code, 0.0) for code in traits[key]])
    languages = _drawn(fieldwork.languages, size, random)
    return _People(latent=latent, traits=traits, languages=languages)


def _drawn(shares: Mapping[str, float], size: int, random: np.random.Generator) -> list[str]:
    codes = list(shares)
    weights = np.array([shares[code] for code in codes], dtype=np.float64)
    return [codes[index] for index in random.choice(len(codes), size=size, p=weights / weights.sum())]


def _days(fieldwork: Fieldwork, today: date, random: np.random.Generator) -> list[date]:
    """Many at the beginning, fewer later, and a second wave after the reminder; nothing after today."""
    length = fieldwork.closes - fieldwork.opens + 1
    passed = np.arange(min(length, 1 - fieldwork.opens), dtype=np.float64)
    weights = 0.5 ** (passed / HALF_LIFE_DAYS) + 0.15
    since_reminder = passed - round(REMINDER_AT * length)
    weights += np.where(since_reminder >= 0, REMINDER_LIFT * 0.5 ** (np.maximum(since_reminder, 0) / 2), 0)
    chosen = random.choice(len(passed), size=fieldwork.responses, p=weights / weights.sum())
    return [today + timedelta(days=fieldwork.opens + int(day)) for day in chosen]


def _fill(
    question: d.AnyQuestion, item: Item, people: _People, forms: Sequence[_Form], random: np.random.Generator
) -> None:
    match question:
        case d.Scale() | d.Nps():
            _fill_scale(question, question.key, _as_list(item.shares), item, people, forms, random)
        case d.MatrixScale():
            for row in question.rows:
                name = f"{question.key}.{row.code}"
                _fill_scale(question, name, item.rows[row.code], item, people, forms, random)
        case d.Single():
            _fill_single(question, item, people, forms, random)
        case d.Multiple():
            _fill_multiple(question, item, people, forms, random)
        case d.Number():
            _fill_number(question, item, people, forms, random)
        case d.Free():
            _fill_text(question, item, people, forms, random)
        case _:
            raise ValueError(f"The model cannot answer a question of type {type(question).__name__}.")


def _as_list(shares: list[float] | dict[str, float]) -> list[float]:
    return shares if isinstance(shares, list) else list(shares.values())


def _ordered(shares: Sequence[float], loading: float, latent: Floats, random: np.random.Generator) -> NDArray[np.int64]:
    """Positions 0, 1, ...: a normal score correlated with the latent one, cut at the quantiles of the shares."""
    centred = (latent - latent.mean()) / latent.std()
    score = loading * centred + np.sqrt(1 - loading**2) * random.standard_normal(len(latent))
    # The lift of a whole wave and of its groups moves everybody, so it is put back after centring.
    score += loading * latent.mean()
    cumulated = np.cumsum(np.array(shares, dtype=np.float64))
    bounds = [NormalDist().inv_cdf(float(part)) for part in cumulated[:-1] / cumulated[-1]]
    positions: NDArray[np.int64] = np.searchsorted(bounds, score, side="right").astype(np.int64)
    return positions


def _happens(percent: float, size: int, random: np.random.Generator) -> NDArray[np.bool_]:
    return random.random(size) < percent / 100


def _fill_scale(
    question: d.Scaled | d.Nps,
    name: str,
    shares: Sequence[float],
    item: Item,
    people: _People,
    forms: Sequence[_Form],
    random: np.random.Generator,
) -> None:
    positions = _ordered(shares, item.loading, people.latent, random)
    unsure = _happens(item.dont_know, len(forms), random)
    skipped = _happens(0 if question.required else item.skip, len(forms), random)
    outside = question.outside[0].code if question.outside else ""
    for form, position, is_unsure, is_skipped in zip(forms, positions, unsure, skipped, strict=True):
        value = str(question.values[position])
        form.put(name, "" if is_skipped else outside if is_unsure else value)


def _fill_single(
    question: d.Single, item: Item, people: _People, forms: Sequence[_Form], random: np.random.Generator
) -> None:
    shares = item.shares
    if not isinstance(shares, dict):
        raise ValueError(f"{question.key}: give shares by option code")
    if item.ordered:
        codes = list(shares)
        chosen = [codes[at] for at in _ordered(_as_list(shares), item.loading, people.latent, random)]
    else:
        chosen = _drawn(shares, len(forms), random)
    unsure = _happens(item.dont_know, len(forms), random)
    skipped = _happens(0 if question.required else item.skip, len(forms), random)
    missing = next((option.code for option in question.options if option.missing), "")
    for place, form in enumerate(forms):
        code = "" if skipped[place] else missing if unsure[place] and missing else chosen[place]
        form.put(question.key, code)
        _write_other(question, form, [code], item, people.languages[place], random)


def _fill_multiple(
    question: d.Multiple, item: Item, people: _People, forms: Sequence[_Form], random: np.random.Generator
) -> None:
    shares = item.shares
    if not isinstance(shares, dict):
        raise ValueError(f"{question.key}: give shares by option code")
    alone = next((option.code for option in question.options if option.exclusive), "")
    picks = {code: _happens(share, len(forms), random) for code, share in shares.items()}
    skipped = _happens(0 if question.required else item.skip, len(forms), random)
    for place, form in enumerate(forms):
        chosen = [code for code, taken in picks.items() if taken[place]]
        if question.max is not None and len(chosen) > question.max:
            kept = sorted(random.permutation(len(chosen))[: question.max])
            chosen = [chosen[at] for at in kept]
        if skipped[place]:
            chosen = []
        elif not chosen and alone:
            chosen = [alone]
        form.put(question.key, *chosen)
        _write_other(question, form, chosen, item, people.languages[place], random)


def _write_other(
    question: d.Single | d.Multiple,
    form: _Form,
    chosen: Sequence[str],
    item: Item,
    language: str,
    random: np.random.Generator,
) -> None:
    other = next((option.code for option in question.options if option.other), None)
    if other is not None and other in chosen and item.other:
        form.put(f"{question.key}.other", _one_of(item.other[language], random))


def _fill_number(
    question: d.Number, item: Item, people: _People, forms: Sequence[_Form], random: np.random.Generator
) -> None:
    if item.median is None:
        raise ValueError(f"{question.key}: give a median")
    noise = np.sqrt(1 - item.loading**2) * random.standard_normal(len(forms))
    values = item.median * np.exp(item.sigma * (item.loading * people.latent + noise))
    values = np.where(_happens(item.zero, len(forms), random), 0.0, values)
    step = 10.0**-question.decimals if question.decimals == 0 else 0.5
    values = np.clip(np.round(values / step) * step, question.min or 0.0, question.max)
    unsure = _happens(item.dont_know, len(forms), random)
    skipped = _happens(0 if question.required else item.skip, len(forms), random)
    outside = question.outside[0].code if question.outside else ""
    for form, value, is_unsure, is_skipped in zip(forms, values, unsure, skipped, strict=True):
        form.put(question.key, "" if is_skipped else outside if is_unsure else f"{value:g}")


def _fill_text(
    question: d.Free, item: Item, people: _People, forms: Sequence[_Form], random: np.random.Generator
) -> None:
    writes = _happens(item.share, len(forms), random)
    for place, form in enumerate(forms):
        is_low = people.latent[place] + 0.6 * random.standard_normal() < 0
        bank = item.low if is_low else item.high
        form.put(question.key, _one_of(bank[people.languages[place]], random) if writes[place] else "")


def _one_of(sentences: Sequence[str], random: np.random.Generator) -> str:
    return sentences[int(random.integers(len(sentences)))]
