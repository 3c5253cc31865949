"""Survey pages inside a frame of another site: without our menu and footer, their links in tabs of their own.

Browsers say with each page they load that it goes into a frame (Sec-Fetch-Dest). Those that do not (Safari before 16.4)
get the ordinary page, which can be answered in a frame just as well.
"""

from __future__ import annotations

import re

from litestar.types import Scope

from consult.i18n import Locale
from consult.surveys.survey import Survey

LINK = re.compile(r'<a ([^>]*?)href="([^"]*)"([^>]*)>(.*?)</a>', re.DOTALL)


def is_framed(scope: Scope, survey: Survey) -> bool:
    """Whether a page goes into another page. Surveys that no site may show need not ask."""
    return bool(survey.access.sites) and (b"sec-fetch-dest", b"iframe") in scope["headers"]


def with_links_outside(html: str, locale: Locale, slug: str) -> str:
    """The same page; links that lead away from answering say so and open a tab: our other pages refuse frames."""
    inside = re.compile(rf"#|\[\[|/[a-z]+/surveys/{re.escape(slug)}(/code)?([?].*)?$")
    told = locale.gettext("(opens in a new tab)")

    def outside(found: re.Match[str]) -> str:
        before, href, after, words = found.groups()
        if inside.match(href):
            return found[0]
        return f'<a {before}href="{href}"{after} target="_blank" rel="noopener">{words} {told}</a>'

    return LINK.sub(outside, html)
