"""Addresses that stand in letters people have: what is written here may never change."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from consult import i18n
from consult.consultations.following.links import Links as Following
from consult.drafts.comments.support import email_mark, read_ticket, ticket
from consult.errors import NotFound
from consult.fieldwork.links import Links as Fieldwork
from consult.forums.door.codes import code_of
from consult.forums.links import Links as Forums
from consult.forums.registration import Placed, State
from consult.forums.slots import links as slots
from consult.profile import load_profile
from consult.settings import resource
from consult.surveys.answers.file_tokens import FileSigner, Sent, id_in
from consult.surveys.responses.answer_keys import AnswerKeys
from consult.surveys.responses.response_ids import Issued, Signer

SECRET = b"k" * 32
ONE, OTHER = UUID("12345678-90ab-cdef-1234-567890abcdef"), UUID(int=0x4000_8000_0000_0000_0007)
HERE = "https://consult.test"


def test_links_in_letters_are_made_and_read_as_they_always_were() -> None:
    i18n.configure(load_profile(resource("profiles", "skopje.toml")))
    mk = i18n.locale("mk")
    following, fieldwork, forums = (made(HERE, SECRET) for made in (Following, Fieldwork, Forums))
    assert isinstance(following, Following) and isinstance(fieldwork, Fieldwork) and isinstance(forums, Forums)
    assert following.following(mk, ONE) == f"{HERE}/mk/following/EjRWeJCrze8SNFZ4kKvN7xmiqrCZYvYNuF9MMw"
    assert following.read("EjRWeJCrze8SNFZ4kKvN7xmiqrCZYvYNuF9MMw") == ONE
    assert fieldwork.way_out(mk, ONE) == f"{HERE}/mk/opt-out/EjRWeJCrze8SNFZ4kKvN71f4JxFHeMvgRlF7HA"
    assert fieldwork.read_way_out("EjRWeJCrze8SNFZ4kKvN71f4JxFHeMvgRlF7HA") == ONE
    assert fieldwork.address_hash("Ana@x.mk").hex() == "e4f094865fb801bd7b31989dcd3e3ff08113b2a921d07d90"
    assert forums.token(ONE) == "Pg_prEa7yFLVfbJaiaOmmv0MdPPmp3iTu9XjPI5qYIo"
    assert slots.token(forums, ONE) == "L68h-mThGR6ONXtWTErbl2NJ502n7kt6jyUIiDy0yKY"
    assert code_of(forums, ONE) == "61820611"


def test_what_is_signed_for_one_thing_opens_no_other() -> None:
    following, fieldwork = Following(HERE, SECRET), Fieldwork(HERE, SECRET)
    for read, others in ((following.read, "EjRWeJCrze8SNFZ4kKvN71f4JxFHeMvgRlF7HA"),
                         (fieldwork.read_way_out, "EjRWeJCrze8SNFZ4kKvN7xmiqrCZYvYNuF9MMw")):  # fmt: skip
        for wrong in (others, others[:-4], others + "AAAA", "", "A", "ж", others.replace("E", "F", 1)):
            with pytest.raises(NotFound):
                read(wrong)


def test_a_slip_says_what_it_always_said() -> None:
    placed = [Placed(ONE, State.HELD), Placed(OTHER, State.CONFIRMED, 3)]
    receipt = (
        "MTIzNDU2Nzg5MGFiY2RlZjEyMzQ1Njc4OTBhYmNkZWYuaGVsZC4wLDAwMDAwMDAwMDAwMDQwMDA4MDAwMDAwMDAwMDAwMDA3LmNvbmZpcm1lZC4z"
        ".nqyCs-6Js-gvcE7EE0dwfA"
    )
    assert Forums(HERE, SECRET).receipt(placed) == receipt
    assert Forums(HERE, SECRET).read_receipt(receipt) == placed


def test_the_link_that_confirms_support_stays_the_same() -> None:
    written = (
        "EjRWeJCrze8SNFZ4kKvN74Lfm65l2k0S_T2X2KIEjkDOrVeswov_k6yO-FKtDwJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmIAC0nd"
        "Ob6vrGOxVIfcPRpU3Mk9qg"
    )
    day = datetime(2026, 7, 1, tzinfo=UTC)
    assert ticket(SECRET, comment=ONE, address="Ana@x.mk", browser=b"b" * 32, at=day) == written
    given = read_ticket(SECRET, written)
    assert given is not None and (given.comment, given.browser, given.until) == (ONE, b"b" * 32, date(2026, 7, 8))
    assert given.email == email_mark(SECRET, ONE, "Ana@x.mk")


def test_what_forms_of_a_survey_carry_stays_the_same() -> None:
    keys, files = AnswerKeys(SECRET, OTHER), FileSigner(SECRET, OTHER, is_test=False)
    assert keys.key_of(ONE) == b"EjRWeJCrze8SNFZ4kKvN72jonCjIDU1jrQzfbYUoBr8"
    assert keys.read("EjRWeJCrze8SNFZ4kKvN72jonCjIDU1jrQzfbYUoBr8") == ONE
    token = "EjRWeJCrze8SNFZ4kKvN7wAABNLRgdC70LjQutCwLnBuZ7gSlM0I9xINbRzbUg"
    assert files.issue("photo", Sent(ONE, 1234, "слика.png")) == token
    assert (files.read("photo", token), id_in(token)) == (Sent(ONE, 1234, "слика.png"), ONE)
    signer, form = Signer(SECRET, OTHER, 3, is_test=False), "445lkt4oT06pa_e7spxx12qxO4ChBzn5LroozecRbsE"
    read = signer.read(form, 1_790_000_000)
    assert isinstance(read, Issued)
    assert (str(read.id), read.second) == ("e38e6592-de28-4f4e-a96b-f7bbb29c71d7", 1_790_000_000)
    assert Signer(SECRET, OTHER, 3, is_test=True).read(form, 1_790_000_000) is None
