"""Posts with files: multipart/form-data as fields and parts.

What can be read is kept, even where a post broke off.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import chain

from multipart import MultipartError, MultipartSegment, PushMultipartParser

from consult.surveys.answers.forms import LARGEST_BYTES, MOST_FIELDS, Fields, TooLargeForm

BOUNDARY = re.compile(r'boundary=(?:"([^"\\]{1,200})"|([^\s;,"]{1,200}))', re.IGNORECASE)


@dataclass(slots=True)
class Parts:
    """fields: as forms.parse gives them; files: by field, (name, content); is_whole: nothing was lost or mended."""

    fields: Fields = field(default_factory=dict)
    files: dict[str, list[tuple[str, bytes]]] = field(default_factory=dict)
    is_whole: bool = True

    def add(self, segment: MultipartSegment, content: bytes) -> None:
        if segment.filename is not None:
            self.files.setdefault(segment.name, []).append((segment.filename, content))
            return
        text = content.decode(errors="replace")
        if "\0" in text or "\ufffd" in text:
            self.is_whole = self.is_whole and "\ufffd".encode() in content and "\0" not in text
            text = text.replace("\0", "")
        self.fields.setdefault(segment.name, []).append(text)


def boundary(content_type: str) -> str | None:
    found = BOUNDARY.search(content_type)
    return (found[1] or found[2]) if found else None


def parse(body: bytes, content_type: str) -> Parts:
    """Raises TooLargeForm when there is too much beside the files."""
    parts = Parts()
    mark = boundary(content_type)
    if mark is None:
        parts.is_whole = False
        return parts
    segment: MultipartSegment | None = None
    content: list[bytes] = []
    text_bytes = 0
    try:
        with PushMultipartParser(mark, max_segment_count=MOST_FIELDS, max_header_size=2048) as parser:
            for event in chain(parser.parse(body), parser.parse(b"")):
                if isinstance(event, MultipartSegment):
                    segment, content = event, []
                elif event:
                    content.append(bytes(event))
                elif segment is not None:
                    whole = b"".join(content)
                    text_bytes += 0 if segment.filename is not None else len(whole)
                    if text_bytes > LARGEST_BYTES:
                        raise TooLargeForm
                    parts.add(segment, whole)
                    segment = None
    except (MultipartError, UnicodeDecodeError, LookupError):
        parts.is_whole = False
    return parts
