"""Addresses that are answered before the router is asked: the few that very many ask for at once.

The router still has a route for each of them. What such an answer raises is handed on to it: the route raises it again
(`raise_again`), and the application's own handlers make the page of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from litestar import Litestar

from consult.i18n import languages
from consult.web.guard import App, Receive, Scope, Send

METHODS = frozenset({"GET", "POST"})
FAULT = "consult.fault"


class Shortcuts:
    """ASGI in front of the router. handlers: by the middle of /{language}/{middle}/{slug}."""

    def __init__(self, app: Litestar, handlers: Mapping[str, App]) -> None:
        self.app: Any = app
        self.handlers = handlers
        self.languages = frozenset(languages())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] in METHODS:
            parts = scope["path"].split("/")
            if len(parts) == 4 and parts[2] in self.handlers and parts[1] in self.languages and parts[3]:
                try:
                    scope["app"] = scope["litestar_app"] = self.app
                    scope["path_params"] = {"language": parts[1], "slug": parts[3]}
                    scope["path_template"] = f"/{{language}}/{parts[2]}/{{slug}}"
                    scope.setdefault("state", {})
                    await self.handlers[parts[2]](scope, receive, send)
                except Exception as fault:  # noqa: BLE001 - the route raises it again
                    scope[FAULT] = fault
                else:
                    return
        await self.app(scope, receive, send)


def raise_again(scope: Any) -> None:
    """In the route of a shortcut: raise what it raised."""
    fault = scope.pop(FAULT, None)
    if fault is not None:
        raise fault
