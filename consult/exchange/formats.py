"""Any file with a survey: which format it is in, judged by what it holds, and what comes of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath

from consult.errors import N_
from consult.exchange import limesurvey, xlsform
from consult.exchange.report import Loss
from consult.exchange.workbooks import is_workbook, refused
from consult.surveys.authoring.yaml_reading import Fault, read, write
from consult.surveys.definition.schema import Definition

ENDINGS = {".xlsx": "xlsform", ".xlsm": "xlsform", ".xls": "xlsform", ".lss": "lss", ".yaml": "yaml", ".yml": "yaml"}
OTHER_INSIDE = N_("The file is named %(name)s, but what is in it is something else.")
OLD_KIND = N_("Such files are not read. Save it as .xlsx, .xls, .lss or .yaml.")


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of a file.

    definition  None when a file of our own format cannot even be kept to be mended
    source      the definition in our own format
    losses      what could not be carried over; never any for our own format
    faults      what has to be mended before it can be published, by line of `source`
    """

    format: str
    definition: Definition | None
    source: str
    losses: tuple[Loss, ...] = ()
    faults: tuple[Fault, ...] = ()


def inside(content: bytes) -> str:
    if is_workbook(content):
        return "xlsform"
    return (
        "lss" if content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"<?xml", b"<document", b"<!DOCTYPE")) else "yaml"
    )


def take(content: bytes, name: str = "", *, language: str = "en") -> Imported:
    """Read a survey file. language: that of texts which name none. Raises NotReadable."""
    ending = PurePath(name).suffix.lower()
    if ending and ending not in ENDINGS:
        raise refused(OLD_KIND)
    kind = inside(content)
    if kind not in (*TAKERS, "yaml"):
        raise refused(OLD_KIND)
    if ending and ENDINGS[ending] != kind:
        raise refused(OTHER_INSIDE, name=PurePath(name).name[-60:])
    if kind == "yaml":
        reading = read(content)
        return Imported(kind, reading.draft, content.decode(errors="replace"), faults=reading.faults)
    taken = TAKERS[kind](content, language=language, name=PurePath(name).stem)
    source = write(taken.definition)
    return Imported(kind, taken.definition, source, taken.losses, read(source).faults)


TAKERS = {"xlsform": xlsform.take, "lss": limesurvey.take}


def as_pasted(content: bytes) -> Imported:
    """A pasted text that was refused, to be shown again."""
    return Imported("yaml", None, content.decode(errors="replace"))
