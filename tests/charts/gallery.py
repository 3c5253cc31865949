"""Every kind of chart on one page in each language, as files that a browser can be given without a server.

To look at: `python -m tests.charts.gallery FOLDER`, then serve the folder with any server of files.
"""

from __future__ import annotations

import sys
from pathlib import Path

import msgspec

from consult import i18n
from consult.charts import showing
from consult.charts.spec import Spec
from consult.profile import Profile, load_profile
from consult.settings import resource
from consult.web.pages import layout_context
from consult.web.site import theme
from consult.web.templating import environment
from tests.charts import makers
from tests.results.makers import one_of_each
from tests.web.gallery import shell_of

PAGE = """{% extends "web/layout.html" %}{% from "charts/chart.html" import figure with context %}
{% block title %}{{ title }}{% endblock %}{% block band %}<h1 class="govuk-heading-xl">{{ title }}</h1>{% endblock %}
{% block content %}{% for view in views %}{{ figure(view) }}{% endfor %}{% endblock %}
{% block scripts %}<script type="module" src="{{ static('charts.js') }}"></script>{% endblock %}"""


def specs() -> list[Spec]:
    return [*makers.each_kind(), *one_of_each("sample")]


def files(profile: Profile, folder: Path) -> dict[str, bytes]:
    """Address -> content: /LANGUAGE.html, /figures/LANGUAGE-N.json, /theme.css; the rest is in the folder of assets."""
    i18n.configure(profile)
    shell = shell_of(profile, folder)
    made = {"/theme.css": theme(profile)}
    for code in profile.languages:
        locale = i18n.locale(code)
        views = []
        for number, spec in enumerate(specs()):
            address = f"/figures/{code}-{number}.json"
            made[address] = msgspec.json.encode(showing.plotly(spec, locale, profile, save=f"chart-{number}"))
            views.append(showing.view(spec, locale, profile, id_=f"c{number}", plotly_url=address))
        around = layout_context(shell, locale, f"/{code}/open")
        title = locale.gettext("Results")
        page = environment(locale).from_string(PAGE).render(**around, title=title, views=views)
        made[f"/{code}.html"] = page.encode()
    return made


def main() -> None:
    folder = Path(sys.argv[1])
    for address, content in files(load_profile(resource("profiles", "skopje.toml")), folder).items():
        place = folder / address.lstrip("/")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
    static = folder / "static"
    if not static.exists():
        static.symlink_to(resource("static"))


if __name__ == "__main__":
    main()
