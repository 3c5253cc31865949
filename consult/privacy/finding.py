"""Where somebody stands in the database: rows that are theirs, and other places where the address is written.

Rows are theirs by the address they left, or, where they left none, by their telephone number. Where only keyed hashes
are kept, the hash is made again. Anonymous answers, answers saved for later and supports of a browser lead to nobody
and are found by nobody: that is what they are for.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from consult.drafts.comments.support import email_mark
from consult.errors import N_, Problem
from consult.forums.slots.slot import contacts
from consult.mail.message import BadAddress, email_address
from consult.privacy.holding import Holding, Sort
from consult.privacy.holdings import ALL, BY_TABLE
from consult.storage import fetch, fetchval

SEARCHED = (Sort.IDENTITY, Sort.CONTACT, Sort.WORDS, Sort.SPECIAL, Sort.MARK, Sort.TRACE, Sort.NOTHING)
TEXTS = ("text", "jsonb", "text[]", "character varying")
BYTES = "bytea"
WHOLE = [
    (one.table, one.name)
    for holding in ALL
    for one in holding.columns()
    if one.sort is Sort.CONTACT and one.name in ("email", "recipient")
]
"""Columns that hold one address and nothing else."""
TYPES = """
    SELECT c.relname AS table, a.attname AS name, format_type(a.atttypid, NULL) AS type
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
    WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace AND a.attnum > 0 AND NOT a.attisdropped
    ORDER BY 1, a.attnum
"""
IN_JSON = "EXISTS (SELECT FROM jsonb_path_query({column}, '$.**') v WHERE lower(btrim(v #>> '{{}}')) = $1)"
"""The address is one of the texts in a column of JSON, not only a part of one: ana@… stands in dana@… too."""
# Whose the rows are, by the address; $1 is in small letters.
BY_ADDRESS = {
    "contact": "SELECT id FROM contact WHERE lower(email) = $1",
    "follower": "SELECT id FROM follower WHERE lower(email) = $1",
    "notification": "SELECT id FROM notification WHERE lower(recipient) = $1",
    "registration": "SELECT id FROM registration WHERE lower(email) = $1",
    "forum_question": "SELECT id FROM forum_question WHERE lower(email) = $1",
    "forum_slot_request": "SELECT id FROM forum_slot_request WHERE lower(email) = $1",
    "comment": "SELECT id FROM comment WHERE lower(email) = $1",
    "person": "SELECT id FROM person WHERE lower(email) = $1",
    "contact_upload": f"SELECT id FROM contact_upload WHERE {IN_JSON.format(column='rows')}",  # noqa: S608
    "response": """SELECT response AS id FROM response_contact l JOIN contact c ON c.id = l.contact
                   WHERE lower(c.email) = $1""",
    "forum_speaker": """SELECT s.id FROM forum_speaker s JOIN forum_question q ON q.id = s.question
                        WHERE lower(q.email) = $1 AND s.name <> ''""",
}
CELL = "v #>> '{}'"
DIGITS = "right(regexp_replace({}, '[^0-9]', '', 'g'), 8)"
ALONE = f"coalesce(email, '') = '' AND {DIGITS.format('phone')} = $1"
IN_CELL = f"jsonb_typeof(v) = 'string' AND {CELL} ~ '^[0-9 +/().-]+$' AND {DIGITS.format(CELL)} = $1"
IN_UPLOAD = f"EXISTS (SELECT FROM jsonb_path_query(rows, '$.**') v WHERE {IN_CELL})"
# The same by a telephone number, for whoever left no address; $1 is its last eight digits.
BY_NUMBER = {
    "contact": f"SELECT id FROM contact WHERE {ALONE}",  # noqa: S608 - ours, as all of these
    "registration": f"SELECT id FROM registration WHERE {ALONE}",  # noqa: S608
    "forum_slot_request": f"SELECT id FROM forum_slot_request WHERE {ALONE}",  # noqa: S608
    "contact_upload": f"SELECT id FROM contact_upload WHERE {IN_UPLOAD}",  # noqa: S608
    "response": f"SELECT l.response AS id FROM response_contact l JOIN contact c ON c.id = l.contact WHERE {ALONE}",  # noqa: S608
}
BESIDE = " UNION ".join(
    f"SELECT lower(email) AS email FROM {table} WHERE email <> '' AND {DIGITS.format('phone')} = $1"  # noqa: S608
    for table in ("contact", "registration", "forum_slot_request")
)
NUMBER = re.compile(r"[0-9 +/().-]{8,40}")
LAST = 8
"""So many digits tell a number, with or without the country's (as in forums.slots.slot.contacts)."""
HEARD = "SELECT unnest(contacts) AS contact FROM forum_slot_request WHERE id = ANY($1)"
"""Who asked with an address and a number was heard under both."""
SUPPORTED = "SELECT id, comment, email FROM comment_support WHERE email IS NOT NULL"


@dataclass(frozen=True, slots=True)
class Owned:
    """The rows of somebody, by table. Those of hashes are named by the hash itself."""

    address: str
    rows: dict[str, list[UUID]]
    heard: list[bytes]
    tries: bytes

    def of(self, table: str) -> list[UUID]:
        return self.rows.get(table, [])


@dataclass(frozen=True, slots=True)
class Hit:
    """So many rows of a table; columns are those where the address stands, none for rows that are somebody's."""

    holding: Holding
    rows: int
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """theirs: what is erased. mentioned: where the address is written besides, for a person to look at.

    beside: addresses of whoever left this telephone number together with one; what is theirs is found by them.
    """

    address: str
    theirs: tuple[Hit, ...]
    mentioned: tuple[Hit, ...]
    beside: tuple[str, ...] = ()

    @property
    def is_nothing(self) -> bool:
        return not self.theirs and not self.mentioned


async def find(*, email: str, secret: bytes) -> Found:
    """Say what there is, and change nothing. Raises BadAddress."""
    owned = await owned_by(email=email, secret=secret)
    theirs = {table: len(ids) for table, ids in owned.rows.items()}
    theirs["forum_heard"] = await fetchval("SELECT count(*) FROM forum_heard WHERE contact = ANY($1)", owned.heard)
    theirs["sign_in_attempt"] = await fetchval("SELECT count(*) FROM sign_in_attempt WHERE account = $1", owned.tries)
    hits = tuple(Hit(BY_TABLE[table], rows) for table, rows in theirs.items() if rows)
    found = tuple(hit for hit in await mentions(owned.address) if hit.rows > theirs.get(hit.holding.table, 0))
    beside = () if "@" in owned.address else tuple(row["email"] for row in await fetch(BESIDE, owned.address))
    return Found(owned.address, hits, found, beside)


def key_of(written: str) -> str:
    """An address in small letters, or the last digits of a telephone number. Raises BadAddress."""
    if "@" in written:
        return email_address(written).lower()
    digits = re.sub("[^0-9]", "", written)
    if not NUMBER.fullmatch(written.strip()) or len(digits) < LAST:
        message = N_("Write an e-mail address, or a telephone number of at least eight digits.")
        raise BadAddress([Problem("email", message)])
    return digits[-LAST:]


async def owned_by(*, email: str, secret: bytes) -> Owned:
    """The rows that belong to an address. Raises BadAddress."""
    address = key_of(email)
    is_number = "@" not in address
    parts = " UNION ALL ".join(
        f"SELECT '{table}' AS table, id FROM ({sql}) t"  # noqa: S608 - both are ours
        for table, sql in (BY_NUMBER if is_number else BY_ADDRESS).items()
    )
    rows: dict[str, list[UUID]] = {}
    for row in await fetch(parts, address):
        rows.setdefault(row["table"], []).append(row["id"])
    supports = [
        row["id"] for row in await fetch(SUPPORTED) if row["email"] == email_mark(secret, row["comment"], address)
    ]
    if supports:
        rows["comment_support"] = supports
    heard = contacts(secret, "", address) if is_number else contacts(secret, address, "")
    known = await fetch(HEARD, rows.get("forum_slot_request", []))
    return Owned(address, rows, sorted({*heard, *(row["contact"] for row in known)}), _tries_of(address))


async def mentions(words: str) -> list[Hit]:
    """Every table in which some words stand, whatever the column is for. Compressed files cannot be searched."""
    types = {(row["table"], row["name"]): row["type"] for row in await fetch(TYPES)}
    sieve = "position($1 in {}) > 0" if "@" in words else "$1::text <> ''"
    asked: list[str] = []
    for holding in ALL:
        wheres = []
        for column in holding.columns():
            kind = types.get((column.table, column.name), "")
            if column.sort not in SEARCHED:
                continue
            if kind in TEXTS:
                text = f'lower("{column.name}"::text)'
                wheres.append((column.name, f"{sieve.format(text)} AND {text} ~ $2"))
            elif kind == BYTES and column.sort is Sort.WORDS:
                wheres.append((column.name, f"position(convert_to($1, 'UTF8') in \"{column.name}\") > 0"))
        asked += [
            f"SELECT '{holding.table}' AS table, '{name}' AS name, count(*) AS rows "  # noqa: S608 - names of the register
            f'FROM "{holding.table}" WHERE {where}'
            for name, where in wheres
        ]
    found: dict[str, list[tuple[str, int]]] = {}
    everywhere = f"SELECT * FROM ({' UNION ALL '.join(asked)}) t WHERE rows > 0"  # noqa: S608 - names of the register
    for row in await fetch(everywhere, words.lower(), by_itself(words.lower())):
        found.setdefault(row["table"], []).append((row["name"], row["rows"]))
    return [
        Hit(BY_TABLE[table], max(rows for _, rows in columns), tuple(name for name, _ in columns))
        for table, columns in found.items()
    ]


def by_itself(words: str) -> str:
    """A pattern for an address that is not the end of a longer one; in JSON a letter may belong to an end of line.

    A number may have signs between its digits, and others before them.
    """
    if "@" not in words:
        return "[ ()/.-]{0,2}".join(words) + "($|[^[:alnum:]])"
    before, after = r"^|[^[:alnum:]!#$%&'*+/=?^_`{|}~.-]|\\[bfnrt]", r"$|[^[:alnum:].-]|[.-]($|[^[:alnum:]])"
    return f"({before}){re.escape(words)}({after})"


async def addresses() -> Sequence[str]:
    """Every address that stands in the database as somebody's, and numbers without one, both as `key_of` has them."""
    cells = "FROM contact_upload, jsonb_path_query(rows, '$.**') v"
    asked = [f"SELECT lower({name}) AS address FROM {table}" for table, name in WHOLE]  # noqa: S608 - of the register
    asked += [
        f"SELECT {DIGITS.format('phone')} FROM {table} WHERE coalesce(email, '') = ''"  # noqa: S608 - ours
        for table in ("contact", "registration", "forum_slot_request")
    ]
    asked += [f"SELECT lower(btrim({CELL})) {cells}", f"SELECT {DIGITS.format(CELL)} {cells}"]
    return [row["address"] for row in await fetch(" UNION ".join(asked)) if row["address"]]


def _tries_of(address: str) -> bytes:
    """What people.sessions keeps of the address that somebody signs in with."""
    return hashlib.sha256(address.encode()).digest()
