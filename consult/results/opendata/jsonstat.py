"""Protected tables as JSON-stat 2.0 (json-stat.org/format), which statistical offices and their tools read."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from consult.i18n import Locale, Text, pick
from consult.results.opendata.protected import Dimension, Protected

TOTAL = "_total"
"""No code of an author begins with a line."""
HIDDEN = "c"
"""The sign for a confidential figure in SDMX's list of observation statuses, which JSON-stat's tools know."""


def dataset(
    table: Protected, locale: Locale, *, updated: datetime, source: str, notes: tuple[str, ...]
) -> dict[str, Any]:
    """One table: groups (if any) by answers, each with a total. Hidden figures are null with the status `c`."""
    dimensions = [table.groups, table.answers] if table.groups is not None else [table.answers]
    rows = [(*cells, total) for cells, total in zip(table.cells, table.totals, strict=True)]
    if table.groups is not None:
        rows.append((*table.answers_of_all, table.all))
    values = [value for row in rows for value in row]
    return {
        "version": "2.0",
        "class": "dataset",
        "label": " – ".join(_word(one.label, locale) for one in reversed(dimensions)),
        "source": source,
        "updated": updated.isoformat(timespec="seconds"),
        "note": list(notes),
        "id": [one.key for one in dimensions],
        "size": [len(one.codes) + 1 for one in dimensions],
        "dimension": {one.key: _dimension(one, locale) for one in dimensions},
        "value": values,
        "status": {str(place): HIDDEN for place, value in enumerate(values) if value is None},
    }


def collection(datasets: dict[str, str], label: str) -> dict[str, Any]:
    """A list of datasets: address -> label."""
    items = [{"class": "dataset", "href": address, "label": words} for address, words in datasets.items()]
    return {"version": "2.0", "class": "collection", "label": label, "link": {"item": items}}


def _dimension(one: Dimension, locale: Locale) -> dict[str, Any]:
    words = {code: _word(text, locale) or code for code, text in zip(one.codes, one.labels, strict=True)}
    return {
        "label": _word(one.label, locale),
        "category": {"index": [*one.codes, TOTAL], "label": {**words, TOTAL: locale.gettext("All")}},
    }


def _word(text: Text, locale: Locale) -> str:
    return pick(text, locale.code, locale.order)[0] if text else ""
