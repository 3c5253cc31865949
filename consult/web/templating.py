"""Jinja: one environment per language, so that a template never has to ask which language it speaks."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache

from jinja2 import Environment, FileSystemLoader, PrefixLoader, StrictUndefined
from markupsafe import Markup, escape

from consult.i18n import Locale, pick
from consult.i18n.locale import one_stop
from consult.settings import PACKAGE, resource

MANIFEST = "manifest.json"
EVERY_PAGE = ("web/layout.html", "web/components.html", "web/emblems.html", "portal/home.html", "surveys/survey.html")
"""What the first pages of a process need: the frame of all of them, the front page and surveys."""


@lru_cache(maxsize=16)
def environment(locale: Locale) -> Environment:
    """Return the templates of every domain (`domain/file.html`), speaking this language."""
    folders = {folder.parent.name: FileSystemLoader(folder) for folder in PACKAGE.glob("*/templates")}
    env = Environment(
        loader=PrefixLoader(folders),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
        auto_reload=False,
    )
    env.newstyle_gettext = True  # type: ignore[attr-defined]  # set by the extension; {% trans %} then calls ours
    env.globals.update(_globals(locale))
    env.filters.update(_filters(locale))
    return env


def preload(locales: Iterable[Locale]) -> None:
    """Compile what every page needs: processes that are forked afterwards share it, and answer at once."""
    noon = dt.datetime(2026, 1, 1, 12, tzinfo=dt.UTC)
    for locale in locales:
        env = environment(locale)
        for name in EVERY_PAGE:
            env.get_template(name)
        env.from_string("{{ 1234.5 | number }}{{ noon | date }}{{ noon | time }}{{ noon | weekday }}").render(noon=noon)


def _globals(locale: Locale) -> dict[str, object]:
    def gettext(message: str, /, **parameters: object) -> Markup:
        sentence = Markup(locale.catalogue.gettext(message)) if message else Markup("")
        return one_stop(sentence % parameters) if parameters else sentence

    def ngettext(singular: str, plural: str, n: int, /, **parameters: object) -> Markup:
        shown = {"num": locale.number(n), **{k: v for k, v in parameters.items() if k != "num"}}
        return one_stop(Markup(locale.catalogue.ngettext(singular, plural, n)) % shown)

    def url(*parts: object) -> str:
        return "/" + "/".join(str(part) for part in (locale.code, *parts)) + ("" if parts else "/")

    def staff_url(*parts: object) -> str:
        return "/staff/" + "/".join(str(part) for part in (locale.code, *parts)) + ("" if parts else "/")

    return {
        "gettext": gettext,
        "ngettext": ngettext,
        "_": gettext,
        "locale": locale,
        "lang": locale.code,
        "url": url,
        "staff_url": staff_url,
        "static": static,
    }


def _ending(name: str) -> str:
    """What kind of file a name says it is: PDF, DOCX. Endings are Latin letters, so their case may change."""
    return name.rpartition(".")[2].upper()


def _filters(locale: Locale) -> dict[str, Callable[..., object]]:
    def text(value: Mapping[str, str]) -> Markup:
        words, language = pick(value, locale.code, locale.order)
        if language == locale.code:
            return escape(words)
        return Markup('<span lang="{}">{}</span>').format(language, words)

    def text_in(value: Mapping[str, str], asked: str) -> Markup:
        """In another language than the page's, where there is one."""
        words, language = pick(value, asked, locale.order)
        return Markup('<span lang="{}">{}</span>').format(language, words) if words else Markup("")

    def text_plain(value: Mapping[str, str]) -> str:
        return pick(value, locale.code, locale.order)[0]

    return {
        "t": text,
        "t_in": text_in,
        "t_plain": text_plain,
        "number": locale.number,
        "percent": locale.percent,
        "date": locale.date,
        "datetime": locale.datetime,
        "time": locale.time,
        "deadline": locale.deadline,
        "last_day": locale.last_day,
        "weekday": locale.weekday,
        "dayofmonth": lambda moment: str(locale.local(moment).day),
        "monthname": locale.month,
        "iso": _iso,
        "ending": _ending,
    }


def _iso(moment: dt.date | dt.datetime) -> str:
    return moment.isoformat()


@lru_cache(maxsize=1)
def _manifest() -> dict[str, str]:
    path = resource("static", MANIFEST)
    if not path.exists():
        raise FileNotFoundError(f"{path}: the assets have not been built; run `make assets`")
    names: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return names


def static(name: str) -> str:
    """Return the address of a built asset; its name holds a hash of its content, so it may be kept for ever."""
    return f"/static/{_manifest()[name]}"
