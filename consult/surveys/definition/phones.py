"""Telephone numbers in the form in which they are kept: + and digits (E.164)."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Plan:
    """How numbers are written inside a country: after the 0, so many digits that begin in one of these ways."""

    code: str
    digits: int
    begins: str
    example: str

    def national(self, digits: str) -> str | None:
        bare = digits.removeprefix("0")
        fits = len(bare) == self.digits and bare[0] in self.begins
        return f"+{self.code}{bare}" if fits else None


PLANS = {
    "MK": Plan("389", 8, "2345678", "070 123 456"),
    "GE": Plan("995", 9, "34578", "555 12 34 56"),
}
ABROAD = "+389 70 123 456"
MARKS = re.compile(r"[\s().\u2010-\u2015/-]")


def normal(written: str, country: str) -> str | None:
    """`070 123 456` is +38970123456 in MK; numbers from abroad begin with + or 00. None: this is no number."""
    digits = MARKS.sub("", written.replace("(0)", ""))
    if digits.startswith("00"):
        digits = "+" + digits[2:]
    bare = digits.removeprefix("+")
    if not bare.isascii() or not bare.isdigit():
        return None
    if digits.startswith("+"):
        for plan in PLANS.values():
            if bare.startswith(plan.code):
                return plan.national(bare.removeprefix(plan.code))
        return digits if 7 <= len(bare) <= 15 and bare[0] != "0" else None
    own = PLANS.get(country)
    if own is None:
        return None
    return own.national(bare) or (own.national(bare.removeprefix(own.code)) if bare.startswith(own.code) else None)


def example(country: str) -> str:
    return PLANS[country].example if country in PLANS else ABROAD


def spaced(number: str) -> str:
    """For reading: +389 70 123 456."""
    for plan in PLANS.values():
        if number.startswith(f"+{plan.code}"):
            bare = number[len(plan.code) + 1 :]
            return f"+{plan.code} {bare[:-6]} {bare[-6:-3]} {bare[-3:]}"
    return number
