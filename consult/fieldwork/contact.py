"""Contacts: whom a survey is sent to, and what a table of them says. Pure rules."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from consult.errors import N_, Invalid, Problem
from consult.i18n import AUTONYMS
from consult.mail.message import BadAddress, email_address

FIELDS: dict[str, str] = {
    "name": N_("Name"),
    "surname": N_("Surname"),
    "email": N_("E-mail"),
    "phone": N_("Telephone"),
    "language": N_("Language"),
    "address": N_("Address (a line of its own)"),
    "more": N_("Address (goes on with the line)"),
    "household": N_("Household"),
    "external_id": N_("Number in your register"),
    "stratum": N_("Stratum of the sample"),
    "weight": N_("Weight of the sample"),
}
SEVERAL = {"address", "more"}
HEADS: dict[str, str] = {
    "name": "name, full name, first name, given name, contact, име, име и презиме, назив, სახელი,"
    " სახელი და გვარი, სახელი გვარი",
    "surname": "surname, last name, family name, презиме, გვარი",
    "email": "email, e mail, mail, email address, е пошта, е-пошта, епошта, електронска пошта, мејл, емаил, ელფოსტა,"
    " ელ ფოსტა, ელექტრონული ფოსტა, მეილი, იმეილი",
    "phone": "phone, telephone, mobile, tel, телефон, мобилен, тел, ტელეფონი, მობილური, ტელ",
    "language": "language, lang, јазик, ენა",
    "address": "address, street, address 1, address 2, postal address, town, city, postcode, place, settlement, адреса,"
    " улица, град, место, населено место, поштенски број, მისამართი, ქუჩა, ქალაქი, დასახლება, საფოსტო ინდექსი",
    "more": "number, house number, flat, apartment, број, број на куќа, стан, влез, ნომერი, სახლის ნომერი, ბინა",
    "household": "household, household id, household number, домаќинство, ид на домаќинство, ოჯახი, კომლი,"
    " შინამეურნეობა",
    "external_id": "id, external id, register number, case number, number in register, шифра, реден број,"
    " матичен број на предмет, საიდენტიფიკაციო ნომერი, რიგითი ნომერი",
    "stratum": "stratum, strata, group, municipality, district, стратум, група, општина, населба, სტრატა, ჯგუფი,"
    " მუნიციპალიტეტი, უბანი",
    "weight": "weight, design weight, тежина, пондер, წონა",
}
LANGUAGES: dict[str, str] = {
    "mk": "mk, mkd, macedonian, македонски, makedonski, მაკედონური",
    "ka": "ka, geo, kat, georgian, грузиски, ქართული",
    "en": "en, eng, english, англиски, ინგლისური",
    "sq": "sq, alb, sqi, albanian, албански, shqip, ალბანური",
}
PHONE = re.compile(r"\+?[0-9][0-9 ()/.-]{4,30}")
BOUNCES = {"refused": N_("Refused by the mail server"), "returned": N_("Came back")}


@dataclass(frozen=True, slots=True)
class Person:
    """What is known of a contact before it is kept; household: the same word for all who live together."""

    name: str
    email: str | None
    phone: str | None
    language: str
    address: str
    household: str | None = None
    external_id: str | None = None
    stratum: str | None = None
    weight: float | None = None


@dataclass(frozen=True, slots=True)
class Contact(Person):
    id: UUID = field(kw_only=True)
    survey: UUID = field(kw_only=True)
    is_issued: bool = field(kw_only=True)
    has_opted_out: bool = field(kw_only=True)
    bounce: str | None = field(kw_only=True)
    printed_on: date | None = field(kw_only=True)

    @property
    def gets_mail(self) -> bool:
        return self.email is not None and self.bounce is None and not self.has_opted_out


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a row of a file; column is the field's name."""

    row: int
    column: str
    message: str
    parameters: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Taken:
    """What a table holds: persons with their rows, faults by row, and rows that say again what another one said."""

    persons: tuple[tuple[int, Person], ...]
    faults: tuple[Fault, ...]
    doubles: tuple[Fault, ...]


def plain(words: str) -> str:
    """Words for comparing: folded, without signs between them."""
    folded = unicodedata.normalize("NFKC", words).casefold()
    return " ".join(re.sub(r"[\W_]+", " ", folded).split())


def _known(table: Mapping[str, str]) -> dict[str, str]:
    return {plain(word): key for key, words in table.items() for word in words.split(",")}


KNOWN_HEADS = _known(HEADS)
KNOWN_LANGUAGES = _known(LANGUAGES)


def guess(head: Sequence[str]) -> list[str]:
    """Which field each column probably is, "" for none; a field that stands once is given once."""
    found: list[str] = []
    for cell in head:
        key = KNOWN_HEADS.get(plain(cell), "")
        found.append("" if key in found and key not in SEVERAL else key)
    return found


def check_columns(columns: Sequence[str]) -> list[Problem]:
    """What is wrong with a choice of columns; the places are column-0, column-1 and so on."""
    problems = [
        Problem(f"column-{number}", N_("“%(name)s” is chosen twice. Choose it for one column."), {"name": FIELDS[key]})
        for number, key in enumerate(columns)
        if key and key not in SEVERAL and key in columns[:number]
    ]
    if not {"email", "phone", "address"} & set(columns):
        problems.append(Problem("column-0", N_("Say which column holds the e-mail, the telephone or the address.")))
    return problems


def take(
    rows: Iterable[tuple[int, Sequence[str]]], columns: Sequence[str], *, language: str, enabled: Sequence[str],
    one_per_household: bool,
) -> Taken:  # fmt: skip
    """Read the rows of a table. language is that of rows that name none."""
    persons: list[tuple[int, Person]] = []
    faults: list[Fault] = []
    doubles: list[Fault] = []
    seen: dict[tuple[str, str], int] = {}
    for number, row in rows:
        values = _values(row, columns)
        try:
            person = person_of(values, language=language, enabled=enabled)
        except Invalid as refused:
            faults += [Fault(number, one.place, one.message, one.parameters) for one in refused.problems]
            continue
        double = next((mark for mark in marks(person, one_per_household) if mark in seen), None)
        if double is not None:
            message = N_("The same as row %(row)s: %(value)s")
            doubles.append(Fault(number, double[0], message, {"row": seen[double], "value": double[1]}))
            continue
        seen |= dict.fromkeys(marks(person, one_per_household), number)
        persons.append((number, person))
    return Taken(tuple(persons), tuple(faults), tuple(doubles))


def marks(person: Person, one_per_household: bool) -> list[tuple[str, str]]:
    """By what somebody is recognised: (field, value)."""
    found = [("email", person.email.casefold() if person.email else ""), ("external_id", person.external_id or "")]
    if one_per_household:
        found.append(("household", person.household or ""))
    return [mark for mark in found if mark[1]]


def _values(row: Sequence[str], columns: Sequence[str]) -> dict[str, str]:
    values: dict[str, str] = {}
    lines: list[str] = []
    for cell, key in zip(row, columns, strict=True):
        if key == "address" and cell:
            lines.append(cell)
        elif key == "more" and cell:
            lines[-1:] = [f"{lines[-1]} {cell}" if lines else cell]
        elif key and key not in SEVERAL:
            values[key] = cell
    values["name"] = " ".join(filter(None, (values.get("name", ""), values.pop("surname", ""))))
    values["address"] = "\n".join(lines)
    return values


def person_of(values: Mapping[str, str], *, language: str, enabled: Sequence[str]) -> Person:
    """Check what was written about one contact. Raises Invalid with all problems."""
    problems: list[Problem] = []
    email = values.get("email", "") or None
    if email is not None:
        try:
            email = email_address(email)
        except BadAddress as refused:
            problems += refused.problems
    phone = values.get("phone", "") or None
    if phone is not None and not PHONE.fullmatch(phone):
        problems.append(Problem("phone", N_("Write a telephone number in digits.")))
    spoken = values.get("language", "")
    code = KNOWN_LANGUAGES.get(plain(spoken), spoken) if spoken else language
    if code not in enabled:
        offered = ", ".join(AUTONYMS.get(one, one) for one in enabled)
        problems.append(
            Problem("language", N_("Choose one of these languages: %(languages)s."), {"languages": offered})
        )
    weight = _weight(values.get("weight", ""), problems)
    address = values.get("address", "")
    name = values.get("name", "")
    for key, value, most in (("name", name, 200), ("address", address, 1000)):
        if len(value) > most:
            problems.append(Problem(key, N_("Write at most %(number)s characters."), {"number": most}))
    short = {key: values.get(key, "")[:200] or None for key in ("household", "external_id", "stratum")}
    if not (email or phone or address):
        problems.append(Problem("email", N_("Write an e-mail, a telephone number or an address.")))
    if problems:
        raise Invalid(problems)
    return Person(name=name, email=email, phone=phone, language=code, address=address, weight=weight, **short)


def _weight(written: str, problems: list[Problem]) -> float | None:
    if not written:
        return None
    try:
        weight = float(written.replace(" ", "").replace(",", "."))
    except ValueError:
        weight = 0.0
    if not 0 < weight < 1e12:
        problems.append(Problem("weight", N_("Write a weight above 0.")))
    return weight
