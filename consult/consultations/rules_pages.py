"""The public page of rules: every time limit and threshold of the municipality with the law that it comes from."""

from __future__ import annotations

from datetime import datetime

from litestar import Response, get
from litestar.di import NamedDependency

from consult.errors import N_, NN_
from consult.i18n import Locale
from consult.profile import LegalRule, Profile
from consult.web import AnyRequest, page

KIND_NAMES = {
    "consultation": N_("Public consultations"),
    "phase": N_("Steps of a consultation"),
    "forum": N_("Public forums"),
    "gathering": N_("Gatherings of citizens"),
    "petition": N_("Petitions and proposals"),
    "information": N_("Access to public information"),
    "complaint": N_("Complaints"),
}
CALENDAR = NN_("%(num)s calendar day", "%(num)s calendar days")
WORKING = NN_("%(num)s working day", "%(num)s working days")
MONTHS = NN_("%(num)s month", "%(num)s months")


@get("/{language:str}/rules")
async def rules(
    request: AnyRequest,
    locale: NamedDependency[Locale],
    profile: NamedDependency[Profile],
    now: NamedDependency[datetime],
) -> Response[bytes]:
    today = now.astimezone(profile.zone).date()
    valid = [rule for rule in profile.legal_rules if rule.valid_to is None or today <= rule.valid_to]
    kinds = [
        (name, [(rule, said(rule, locale)) for rule in valid if rule.kind == kind]) for kind, name in KIND_NAMES.items()
    ]
    return page(request, "consultations/rules.html", kinds=[(name, found) for name, found in kinds if found])


def said(rule: LegalRule, locale: Locale) -> str:
    """The value of a rule in words."""
    if rule.percent is not None:
        return locale.percent(rule.percent / 100, 0 if rule.percent == int(rule.percent) else 1)
    if rule.months:
        return locale.ngettext(*MONTHS, rule.months)
    return locale.ngettext(*(WORKING if rule.unit == "working" else CALENDAR), rule.days)


routes = [rules]
