"""Where a page leads on to after something was done."""

from __future__ import annotations

from uuid import UUID

from consult import i18n
from consult.profile import load_profile
from consult.settings import resource
from consult.web import see_other, to_staff


def test_after_an_act_a_page_is_asked_for_anew_and_nothing_empty_is_said() -> None:
    led = see_other("/mk/surveys", anchor="files", done="", show=["mk", "ka"], page=None, at="a b", left=0)
    assert (led.status_code, led.headers["cache-control"]) == (303, "no-store")
    assert led.url == "/mk/surveys?show=mk&show=ka&at=a+b&left=0#files"
    assert see_other("/mk/").url == "/mk/"


def test_pages_of_staff_are_led_to_in_the_language_that_is_read() -> None:
    i18n.configure(load_profile(resource("profiles", "skopje.toml")))
    assert to_staff(i18n.locale("ka"), "forums", UUID(int=7), done="saved").url == (
        "/staff/ka/forums/00000000-0000-0000-0000-000000000007?done=saved"
    )
