"""Languages: texts in many of them, the catalogues, and how each writes numbers and dates.

Knows no domain. `configure(profile)` names the languages of this installation once, at start-up; `locale(code)` then
gives everything that a page needs to speak one of them.
"""

from consult.errors import N_
from consult.i18n.locale import AUTONYMS, Locale, UnknownLanguage, configure, languages, locale, negotiate, standalone
from consult.i18n.text import Text, complete_in, pick

__all__ = [
    "AUTONYMS",
    "N_",
    "Locale",
    "Text",
    "UnknownLanguage",
    "complete_in",
    "configure",
    "languages",
    "locale",
    "negotiate",
    "pick",
    "standalone",
]
