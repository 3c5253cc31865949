"""Pictures of surveys, to everybody: an address names their content, so a browser keeps them for good."""

from __future__ import annotations

import re

from litestar import Response, get

from consult.errors import NotFound
from consult.surveys.files import gallery
from consult.surveys.files.pictures import MEDIA_TYPE
from consult.web import AnyRequest

NAME = re.compile(r"([0-9a-f]{32})\.webp")


@get("/pictures/{name:str}")
async def picture(request: AnyRequest) -> Response[bytes]:
    found = NAME.fullmatch(request.path_params["name"])
    if found is None:
        raise NotFound
    headers = {"cache-control": "public, max-age=31536000, immutable"}
    return Response(await gallery.content(found[1]), media_type=MEDIA_TYPE, headers=headers)


routes = [picture]
