"""What is done to minutes and promises, in the words of the audit trail."""

from __future__ import annotations

from consult.errors import N_

KINDS: dict[str, str] = {
    "minutes.changed": N_("Minutes changed"),
    "minutes.published": N_("Minutes published"),
    "photo.added": N_("Photo of a meeting added"),
    "photo.removed": N_("Photo of a meeting removed"),
    "promise.settled": N_("Promise: what became of it"),
}
WORDS: dict[str, str] = {
    "photo": N_("Photo"),
    "shows": N_("What the photo shows"),
    "promise": N_("Promise"),
    "summary": N_("Summary"),
    "heading": N_("Heading"),
    "kind": N_("Kind"),
    "text": N_("Text"),
    "due_on": N_("Due"),
    "items": N_("Items"),
    "promises": N_("Promises"),
    "note": N_("Note"),
    "open": N_("In progress"),
    "kept": N_("Kept"),
    "withdrawn": N_("Withdrawn"),
    "said": N_("What was said"),
    "answer": N_("Question and answer"),
    "decision": N_("Decision"),
}
