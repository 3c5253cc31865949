"""Render every component and both layouts into a folder, to look at: `python -m tests.web.gallery FOLDER`."""

from __future__ import annotations

import shutil
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from consult import i18n
from consult.errors import N_, Problem
from consult.profile import Profile, load_profile
from consult.settings import Settings, resource
from consult.web.pages import NavItem, Shell, layout_context
from consult.web.site import theme
from consult.web.templating import environment

NAV = (
    NavItem(N_("Home"), ""),
    NavItem(N_("Open now"), "open"),
    NavItem(N_("Results"), "results"),
    NavItem(N_("Meetings"), "forums"),
    NavItem(N_("How it works"), "how-it-works"),
)
STAFF_NAV = (NavItem(N_("Results"), "results"), NavItem(N_("Meetings"), "forums"))
FIELDS = ("name", "text", "choice", "boxes", "agree", "choose", "day", "file")
WORDS = {
    "en": {
        "home": "Home",
        "kind": "Public consultation",
        "title": "Draft decision on street trees and green areas",
        "lead": "How many trees each car park should have, who waters them, and what follows when one is felled.",
        "phase": "Reasoned responses",
        "day": "until 15 January",
        "label": "How satisfied are you with public transport in your neighbourhood?",
        "short": "neither satisfied nor dissatisfied",
        "action": "Read and comment",
        "month": "December",
        "name": "Elena P.",
    },
    "mk": {
        "home": "Почетна",
        "kind": "Јавна консултација",
        "title": "Нацрт-одлука за дрворедите и зелените површини",
        "lead": "Колку дрвја треба да има на секој паркинг, кој ги полева и што следува ако некој исече дрво.",
        "phase": "Образложени одговори",
        "day": "до 15 јануари",
        "label": "Колку сте задоволни од јавниот превоз во вашата населба?",
        "short": "ниту задоволен ниту незадоволен",
        "action": "Прочитај и коментирај",
        "month": "декември",
        "name": "Елена П.",
    },
    "ka": {
        "home": "მთავარი",
        "kind": "საჯარო განხილვა",
        "title": "ხეივნებისა და მწვანე სივრცეების შესახებ დადგენილების პროექტი",
        "lead": "რამდენი ხე უნდა იდგეს თითოეულ ავტოსადგომზე, ვინ რწყავს და რა მოჰყვება ხის უნებართვოდ მოჭრას.",
        "phase": "დასაბუთებული პასუხები",
        "day": "15 იანვრამდე",
        "label": "რამდენად კმაყოფილი ხართ საჯარო ტრანსპორტით თქვენს უბანში?",
        "short": "არც კმაყოფილი, არც უკმაყოფილო",
        "action": "წაკითხვა და კომენტარი",
        "month": "დეკემბერი",
        "name": "თამარ ჯ.",
    },
}


@dataclass(frozen=True)
class Slice:
    number: int = 4
    total: int = 190
    size: int = 20


@dataclass(frozen=True)
class Person:
    name: str
    roles: frozenset[str]


def shell_of(profile: Profile, folder: Path) -> Shell:
    settings = Settings.from_env({"CONSULT_DATA": str(folder)})
    return Shell(settings, profile, lambda: datetime.now(UTC), NAV, STAFF_NAV, is_demo=True)


def pages(profile: Profile, folder: Path) -> dict[str, str]:
    """Return file name -> HTML of every page of the gallery in every language of the profile."""
    i18n.configure(profile)
    shell = shell_of(profile, folder)
    here = Path(__file__).parent
    made = {}
    for code in profile.languages:
        locale = i18n.locale(code)
        env = environment(locale)
        words = WORDS[code]
        sample = {
            "w": words,
            "options": [("a", words["short"]), ("b", words["label"], words["lead"]), ("c", words["action"])],
            "slice": Slice(),
        }
        problems = [
            Problem(name, N_("There were too many attempts. Please wait a little and try again.")) for name in FIELDS
        ]
        gallery = env.from_string((here / "gallery.html").read_text(encoding="utf-8"))
        around = layout_context(shell, locale, f"/{code}/open")
        made[f"filled-{code}.html"] = gallery.render({**around, **sample, "problems": []})
        front = env.from_string((here / "front.html").read_text(encoding="utf-8"))
        made[f"front-{code}.html"] = front.render({**layout_context(shell, locale, f"/{code}/"), **sample})
        made[f"errors-{code}.html"] = gallery.render({**around, **sample, "problems": problems})
        error = env.get_template("web/error.html")
        texts = {
            "title": N_("Page not found"),
            "advice": N_("Check the address, or begin again from the front page."),
            "parameters": {},
            "is_form": False,
            "may_pass": False,
        }
        made[f"missing-{code}.html"] = error.render({**around, **texts})
        person = Person(words["name"], frozenset({"designer", "moderator"}))
        workspace = layout_context(shell, locale, f"/staff/{code}/results", person=person)
        made[f"staff-{code}.html"] = error.render({**workspace, **texts})
    return made


def main() -> None:
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copytree(resource("static"), folder / "static", dirs_exist_ok=True)
    for key in ("skopje", "telavi"):
        profile = load_profile(resource("profiles", f"{key}.toml"))
        place = folder / key
        place.mkdir(exist_ok=True)
        for name, html in pages(profile, folder).items():
            (place / name).write_text(html.replace('"/theme.css', f'"/{key}/theme.css'), encoding="utf-8")
        (place / "theme.css").write_bytes(theme(profile))


if __name__ == "__main__":
    main()
