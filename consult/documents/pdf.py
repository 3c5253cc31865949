"""Pages as PDF/UA, set by typst with our own fonts. What people wrote is data of a template, never a part of it."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from consult.documents.glyphs import printable_all
from consult.settings import resource

if TYPE_CHECKING:
    import typst  # loaded by who sets something: web processes need none of it

PICTURES = Path(__file__).with_name("templates") / "pictures.typ"
STANDARD: list[typst.PDFStandard] = ["ua-1"]


@cache
def fonts() -> typst.Fonts:
    """Noto Sans with Cyrillic, and Noto Sans Georgian: the same on every machine."""
    import typst

    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(resource("static", "report-fonts"))]
    )


def compile_pdf(template: Path, data: object, *, made_at: dt.datetime) -> bytes:
    """Set a template as an accessible PDF.

    data    anything JSON-like; the template reads it as `json(bytes(sys.inputs.data))`. Signs that our fonts lack are
            replaced: residents write what they like, and with one such sign no accessible PDF would be made.

    It keeps a core busy for its time: from pages and jobs use `pdf`.
    """
    (made,) = _compile(template, data, format="pdf", pdf_standards=STANDARD, timestamp=made_at.replace(microsecond=0))
    return made


def compile_png(template: Path, data: object, *, ppi: float = 72) -> list[bytes]:
    """Set a template as pictures, one a page."""
    return _compile(template, data, format="png", ppi=ppi)


def pictures_png(drawings: Sequence[tuple[str, float, float]], *, ppi: float = 144) -> list[bytes]:
    """Drawings (SVG, width and height in points) as pictures, in our own fonts, on white."""
    pages = [{"svg": svg, "width": width, "height": height} for svg, width, height in drawings]
    return compile_png(PICTURES, pages, ppi=ppi) if pages else []


async def pdf(template: Path, data: object, *, made_at: dt.datetime) -> bytes:
    """`compile_pdf` beside the event loop."""
    return await asyncio.to_thread(compile_pdf, template, data, made_at=made_at)


def _compile(template: Path, data: object, **options: Any) -> list[bytes]:
    import typst

    inputs = {"data": msgspec.json.encode(printable_all(msgspec.to_builtins(data))).decode()}
    compiler = typst.Compiler(str(template), root=str(template.parent), font_paths=fonts(), sys_inputs=inputs)
    made = compiler.compile(**options)
    return made if isinstance(made, list) else [made] if made is not None else []
