"""Names of the languages that are spoken or interpreted at meetings."""

from collections.abc import Iterable

from consult.errors import N_
from consult.forums.forum import SIGN
from consult.i18n import Locale

SIGN_LANGUAGE = N_("Sign language")


def tongue_names(codes: Iterable[str], locale: Locale) -> dict[str, str]:
    """Code -> its name in the reader's language, in the order of the codes."""
    names = locale.babel.languages
    return {code: locale.gettext(SIGN_LANGUAGE) if code == SIGN else str(names.get(code, code)) for code in codes}
