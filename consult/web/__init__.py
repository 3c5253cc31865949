"""The shell every page stands in: rendering, forms, headers, error pages, static files, health.

It knows no domain and no table; domains hand it templates and records. Start in pages.py (`page`, `render`), then
forms.py (`read_form`) and guard.py (what happens to a request before any handler sees it).
"""

from consult.web.forms import Form, Upload, brings_files, identity, read_files, read_form, read_query, scanned
from consult.web.pages import (
    AnyRequest,
    NavItem,
    Shell,
    absolute,
    page,
    plain_page,
    render,
    see_other,
    shell,
    to_staff,
    url,
)

__all__ = [
    "AnyRequest",
    "Form",
    "NavItem",
    "Shell",
    "Upload",
    "absolute",
    "brings_files",
    "identity",
    "page",
    "plain_page",
    "read_files",
    "read_form",
    "read_query",
    "render",
    "scanned",
    "see_other",
    "shell",
    "to_staff",
    "url",
]
