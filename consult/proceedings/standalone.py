"""The report as one HTML file that needs nothing beside it: to send, to archive, to put on another site."""

from __future__ import annotations

from consult.i18n import Locale
from consult.proceedings.record import Record
from consult.proceedings.shown import sections_of
from consult.proceedings.writing import document
from consult.profile import Profile
from consult.settings import resource
from consult.web.templating import environment, static


def html(record: Record, locale: Locale, profile: Profile, *, fingerprint: str) -> bytes:
    """The whole report with the site's style sheet inside."""
    made = document(record, locale, profile, fingerprint=fingerprint)
    style = resource("static", static("resident.css").rpartition("/")[2]).read_text(encoding="utf-8")
    template = environment(locale).get_template("proceedings/report_file.html")
    return template.render(
        made=made, sections=sections_of(made, locale, profile), style=style, profile=profile
    ).encode()
