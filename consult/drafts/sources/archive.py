"""Opening what people send without being harmed by it: archives with bounds, XML without document types or entities."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from consult.drafts.sources.report import refused
from consult.errors import N_

LARGEST_FILE = 10 * 2**20
LARGEST_TEXT = 5 * 2**20
LARGEST_PART = 24 * 2**20
LARGEST_WHOLE = 64 * 2**20
MOST_PARTS = 4_000
DEEPEST = 120
MOST_ELEMENTS = 600_000

TOO_LARGE = N_("The file is too large: at most %(mib)s MiB.")
DAMAGED = N_("The file is damaged. Open it in your word processor, save it again and try once more.")
BOMB = N_("Unpacked, the file is far larger than any regulation. It was not read.")
PASSWORD = N_("The file has a password. Save it without one.")
ENTITIES = N_("The file has a document type or entities of its own. Such files are not read.")
TOO_DEEP = N_("The file is nested so deeply that it was not read.")


class Archive:
    """A ZIP file whose parts are unpacked one by one, never more than promised."""

    def __init__(self, content: bytes) -> None:
        """Raises NotReadable."""
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
            infos = self._zip.infolist()
        except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError):
            raise refused(DAMAGED) from None
        if len(infos) > MOST_PARTS or sum(info.file_size for info in infos) > LARGEST_WHOLE:
            raise refused(BOMB)
        if any(info.flag_bits & 1 for info in infos):
            raise refused(PASSWORD)
        self.names = frozenset(info.filename for info in infos)

    def read(self, name: str) -> bytes:
        """One part; b"" where there is none. Raises NotReadable."""
        if name not in self.names:
            return b""
        try:
            with self._zip.open(name) as part:
                content = part.read(LARGEST_PART + 1)
        except (zipfile.BadZipFile, NotImplementedError, OSError, zlib.error, EOFError, RuntimeError):
            raise refused(DAMAGED) from None
        if len(content) > LARGEST_PART:
            raise refused(BOMB)
        return content


def xml(content: bytes) -> Element:
    """The root of an XML file. Raises NotReadable for entities, document types, endless nesting and what is no XML."""
    root: Element | None = None
    for event, element in _events(content):
        if event == "start" and root is None:
            root = element
    if root is None:
        raise refused(DAMAGED)
    return root


def _events(content: bytes) -> Iterator[tuple[str, Element]]:
    depth = count = 0
    try:
        for event, element in iterparse(io.BytesIO(content), ("start", "end"), forbid_dtd=True):
            depth += 1 if event == "start" else -1
            count += 1
            if depth > DEEPEST:
                raise refused(TOO_DEEP)
            if count > 2 * MOST_ELEMENTS:
                raise refused(BOMB)
            yield event, element
    except DefusedXmlException:
        raise refused(ENTITIES) from None
    except (ParseError, ValueError, LookupError):
        raise refused(DAMAGED) from None


def local(element: Element) -> str:
    """The name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def attribute(element: Element | None, name: str, default: str = "") -> str:
    """An attribute by its name without its namespace."""
    if element is None:
        return default
    for key, value in element.attrib.items():
        if key == name or key.endswith(f"}}{name}"):
            return value
    return default


def child(element: Element | None, *path: str) -> Element | None:
    """The first element down a path of local names."""
    for name in path:
        element = next((one for one in element if local(one) == name), None) if element is not None else None
    return element
