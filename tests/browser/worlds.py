"""The states of the platform that its pages are looked at in, and the addresses that exist in each of them.

nothing   a fresh installation: one administrator
bare      one survey, draft, forum and consultation, published, in which nobody has taken part yet
filled    the demonstration of Skopje, with what residents have sent and links from their letters
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import timedelta
from uuid import UUID, uuid4

import httpx
import msgspec

from consult.columns.frame import frame
from consult.consultations.following import operations as following
from consult.consultations.following.links import links_of as following_links
from consult.demo.seed import seed
from consult.documents.sheets import parse
from consult.drafts.comments.support import ticket
from consult.fieldwork import entry_operations as entry
from consult.fieldwork import entry_queries
from consult.fieldwork import operations as contacts
from consult.fieldwork.links import links_of
from consult.forums import links as forum_links
from consult.forums import queries as forum_queries
from consult.forums.door import checkin as door
from consult.forums.door import operations as door_operations
from consult.forums.links import links_of as forum_links_of
from consult.forums.links import token_hash
from consult.forums.slots import links as slot_links
from consult.i18n import locale
from consult.people import operations as people
from consult.people.letters import Letterhead
from consult.people.person import Person
from consult.people.unit_operations import save_unit
from consult.profile import Profile
from consult.results import operations as results
from consult.results.downloads import operations as downloads
from consult.results.downloads.export import Asked
from consult.settings import Settings, secret_key
from consult.storage import execute, fetchrow, fetchval
from consult.surveys import operations as surveys
from consult.surveys import queries as survey_queries
from consult.surveys.access import Access, kiosk_key
from consult.surveys.admission import invitations
from consult.surveys.admission.invitation_operations import issue_loose_tokens
from consult.surveys.authoring.yaml_reading import load
from consult.surveys.responses import saved_answers
from consult.surveys.responses.answer_keys import AnswerKeys
from consult.surveys.responses.inserts import Row, encoded, responses
from consult.surveys.staff import access_operations
from consult.surveys.staff.access_operations import set_access
from consult.weighting import operations as weighting
from consult.weighting import population
from consult.weighting.declared import may_group
from consult.weighting.recipe import Recipe, matched
from tests.conftest import NOON
from tests.drafts.makers import a_draft
from tests.fieldwork.makers import a_contact, allow_invitations
from tests.forums.afterwards.makers import a_past_forum, some_minutes
from tests.forums.makers import a_forum
from tests.forums.slots.makers import a_reception, asks
from tests.people.makers import a_person, a_session
from tests.people.test_sessions import the_link
from tests.storage.emptying import empty
from tests.surveys.conftest import publish
from tests.surveys.makers import EVERYTHING

A_RESPONSE = "SELECT r.id FROM response r JOIN survey s ON s.id = r.survey WHERE s.slug = 'city-services' LIMIT 1"
A_REGISTRATION = "SELECT id FROM registration WHERE session = $1 ORDER BY number DESC LIMIT 1"
WORLDS = ("nothing", "bare", "filled")


@dataclass
class World:
    """A running site in one of the states; `places` fill the addresses of cases."""

    name: str
    settings: Settings
    profile: Profile
    staff_token: str = ""
    places: dict[str, str] = field(default_factory=dict)

    async def make(self) -> None:
        """Bring the database into this state."""
        await empty()
        admin = await a_person(roles=["admin"], name="Vesna Ilievska", email="vesna@example.org")
        self.staff_token = await a_session(admin, NOON)
        self.places["person"] = str(admin.id)
        if self.name == "bare":
            await self._bare()
        elif self.name == "filled":
            await seed(self.settings, self.profile, progress=lambda _: None, at=NOON)
            await self._filled()
            await self._thread()
        if self.name != "nothing":
            forum = await forum_queries.forum(self.places["forum"])
            assert forum is not None
            self.places |= {"forum_id": str(forum.id), "session_id": str(forum.sessions[0].id)}
            await self._minutes()
            await self._door(forum.sessions[0].id)
            await self._appointments()
            await self._invite(admin)
            await self._survey_in_test()
            await self._invitation()
            await self._kiosk()
            await self._own_answers()
            await self._contacts(admin)
            await self._weights()
            await self._files(admin)
            await self._unit(admin)

    async def _bare(self) -> None:
        await publish()
        draft = await a_draft()
        forum = await a_forum()
        assert draft.consultation is not None
        survey = await survey_queries.survey("sample")
        await results.publish_results(survey_id=survey.id, at=NOON)
        self.places |= {
            "survey": "sample",
            "conditional": "bus_quality",
            "open_question": "wish",
            "survey_with_results": "sample",
            "draft": draft.slug,
            "compared": draft.slug,
            "newest": "1",
            "article": "1",
            "forum": forum.slug,
            "consultation": draft.consultation.slug,
            "ended_consultation": draft.consultation.slug,
        }

    async def _filled(self) -> None:
        self.places |= {
            "survey": "city-services",
            "conditional": "transport_aspects",
            "open_question": "improve",
            "survey_with_results": "city-services-phone",
            "index": "satisfaction",
            "draft": "street-trees",
            "compared": "summer-terraces",
            "newest": "2",
            "article": "3",
            "forum": "citizens-forum-trees",
            "consultation": "street-trees",
            "ended_consultation": "summer-terraces",
            "reported": "summer-terraces",
            "same": str(await fetchval("SELECT min(number) FROM comment_group WHERE state = 'confirmed'")),
            "proposed_group": str(await fetchval("SELECT min(number) FROM comment_group WHERE state = 'proposed'")),
            "waiting_comment": await fetchval("SELECT min(number) FROM comment WHERE state = 'submitted'"),
            "answered_comment": await fetchval(
                "SELECT min(c.number) FROM comment c JOIN reasoned_answer r ON r.comment = c.id AND released_at IS NULL"
            ),
            "entered_comment": await fetchval("SELECT min(number) FROM comment WHERE channel = 'letter'"),
            "published_comment": await fetchval("SELECT min(number) FROM comment WHERE state = 'published'"),
            "response": str(await fetchval(A_RESPONSE)),
            "sheet": await self._sheet(),
            "gathering_id": str(await fetchval("SELECT id FROM forum WHERE kind = 'gathering'")),
        }

    async def _thread(self) -> None:
        """A comment on the draft that is open, and the link of a letter that confirms support for it."""
        row = await fetchrow(
            "SELECT c.id, c.number FROM comment c JOIN draft d ON d.id = c.draft"
            " WHERE d.slug = $1 AND c.state = 'published' ORDER BY c.quote = '', c.number LIMIT 1",
            self.places["draft"],
        )
        link = ticket(
            secret_key(self.settings), comment=row["id"], address="ana@example.org", browser=bytes(32), at=NOON
        )
        self.places |= {"thread": row["number"], "support_ticket": link}

    async def _files(self, admin: Person) -> None:
        """A file of answers that is ready, one that could not be made and one that waits."""
        survey = await survey_queries.survey(self.places["survey_with_results"])
        wishes = (Asked("sav", "ka"), Asked("csv", "mk", weights="gone"), Asked("ods", "en"))
        for number, wish in enumerate(wishes):
            made = await downloads.ask(survey_id=survey.id, asked=wish, person=admin.id, may_see_persons=True, at=NOON)
            if number < 2:
                await downloads.produce(export_id=made, at=NOON)

    async def _appointments(self) -> None:
        """A forum that takes requests for appointments, and one request."""
        forum = await a_reception(slug="open-reception", at=NOON - timedelta(hours=2))
        request = await asks(forum, 1, at=NOON)
        token = slot_links.token(forum_links_of(self.settings), request)
        await execute("UPDATE forum_slot_request SET token_hash = $1", token_hash(token))
        self.places |= {"reception": forum.slug, "reception_id": str(forum.id), "request": str(request)}
        drawn = self.places["forum"] if self.name == "filled" else forum.slug
        self.places |= {"appointment": token, "drawn": drawn}

    async def _kiosk(self) -> None:
        survey = await survey_queries.survey(self.places["survey"])
        access = replace(survey.access, kiosk=True)
        await access_operations.set_access(survey_id=survey.id, access=access, at=NOON)
        self.places["kiosk"] = kiosk_key(secret_key(self.settings), survey.id)

    async def _door(self, session: UUID) -> None:
        """Somebody without registration inside, and a code that nobody knows."""
        walk_in = door.Act(uuid4(), door.Kind.WALK_IN, NOON, people=2, door="A")
        unknown = door.Act(uuid4(), door.Kind.ARRIVE, NOON, code="00000000", is_forced=True)
        made = forum_links.links_of(self.settings)
        await door_operations.note(session_id=session, acts=[walk_in, unknown], links=made, actor=None, at=NOON)

    async def _minutes(self) -> None:
        """A meeting that is over, its minutes with a decision and a promise."""
        forum = await a_past_forum()
        minutes = await some_minutes(forum)
        self.places |= {
            "past_forum": forum.slug,
            "past_forum_id": str(forum.id),
            "minutes_item": str(minutes.items[0].id),
            "minutes_entry": str(minutes.items[0].entries[0].id),
            "promise": str(minutes.promises[0].id),
        }

    async def _sheet(self) -> str:
        """A sheet of paper that two clerks have read differently."""
        survey = (await survey_queries.survey("city-services")).id
        clerks = [await a_person(roles=["clerk"]), await a_person(roles=["clerk"])]
        await entry.set_double(survey_id=survey, is_double=True, at=NOON, person=clerks[0].id)
        for clerk, read in zip(clerks, ("1", "2"), strict=True):
            await entry.key_sheet(
                survey_id=survey, number="7", channel="paper", language="mk", day=NOON.date(), typed={"district": read},
                at=NOON, person=clerk.id,
            )  # fmt: skip
        return str((await entry_queries.waiting(survey))[0].id)

    async def _invite(self, admin: Person) -> None:
        here = Letterhead(self.settings.base_url, self.profile.name)
        invited = await people.invite(
            by=admin, name="Goran Dimov", email="goran@example.org", roles=["clerk"], language="mk", here=here, at=NOON
        )
        self.places |= {"invited": str(invited), "invitation": await the_link("invite")}

    async def _unit(self, admin: Person) -> None:
        name = {"mk": "Сектор за зеленило", "ka": "გამწვანების სამსახური", "en": "Parks and greenery"}
        unit = await save_unit(unit_id=None, name=name, needed="mk", members=[admin.id], actor=admin.id, at=NOON)
        self.places["unit"] = str(unit)

    async def _survey_in_test(self) -> None:
        sample = msgspec.structs.replace(load(EVERYTHING.read_bytes()), key="in-test")
        survey_id = await publish(sample, is_open=False)
        await surveys.start_test(survey_id=survey_id, at=NOON + timedelta(seconds=1))
        self.places["test_key"] = str((await survey_queries.survey("in-test")).test_key)

    async def _invitation(self) -> None:
        """A survey for the invited, and an invitation."""
        survey_id = await publish(msgspec.structs.replace(load(EVERYTHING.read_bytes()), key="by-invitation"))
        await set_access(survey_id=survey_id, access=Access(who="invited"), at=NOON)
        key = invitations.key(secret_key(self.settings))
        self.places["by_invitation"] = "by-invitation"
        (self.places["token"],) = await issue_loose_tokens(survey_id=survey_id, number=1, key=key)

    async def _own_answers(self) -> None:
        """A survey that may be gone on with and changed: what somebody saved, and what somebody sent."""
        sample = msgspec.structs.replace(
            load(EVERYTHING.read_bytes()), key="changeable", review=True, resume=True, editable=True
        )
        survey_id = await publish(sample)
        page = saved_answers.Saved(1, sample.pages[1].key, {"district": ["centar"]})
        self.places["saved"] = await saved_answers.keep(survey_id, page, until=NOON + timedelta(days=14))
        row = Row(
            uuid4(), survey_id, 1, "mk", "web", NOON.date(), None, encoded({"district": "centar", "age": 34})
        )  # fmt: skip
        await responses.store(row)
        self.places["answers"] = AnswerKeys(secret_key(self.settings), survey_id).key_of(row.id).decode()

    async def _contacts(self, admin: Person) -> None:
        """One contact, and a file that waits for its columns."""
        survey = (await survey_queries.survey(self.places["survey"])).id
        await allow_invitations(survey)
        contact = await a_contact(survey, address="ул. Вардар 5\n1000 Скопје")
        await following.follow(
            email="ana@example.org",
            language="mk",
            consultation_id=None,
            links=following_links(self.settings),
            sender=self.profile.name,
            at=NOON,
        )
        follower = await fetchval("SELECT id FROM follower WHERE email = 'ana@example.org'")
        token = following_links(self.settings).following(locale("mk"), follower).rpartition("/")[2]
        self.places["following"] = token
        way_out = links_of(self.settings).way_out(locale("mk"), contact).rpartition("/")[2]
        self.places |= {"contact": str(contact), "way_out": way_out}
        sheet = parse("Име;Е-пошта;Јазик\nЕва;eva@example.org;mk\nНино;nobody;ka\n".encode())
        kept = await contacts.keep_upload(survey_id=survey, name="list.csv", sheet=sheet, at=NOON, person=admin.id)
        self.places["contact_file"] = str(kept)

    async def _weights(self) -> None:
        """Weights by the municipality's census, for the survey that has results."""
        survey = (await survey_queries.survey(self.places["survey_with_results"])).id
        variables = may_group((await frame(survey)).variables)
        margins = matched(population.of_profile(self.profile), variables)
        self.places["weights"] = await weighting.create_weights(
            survey_id=survey, name="Попис (census)", recipe=Recipe(margins), at=NOON
        )

    async def visit(self, browser: httpx.AsyncClient) -> None:
        """Take part once as a resident, where there is something to take part in."""
        comments = f"/mk/drafts/{self.places['draft']}/comments"
        form = await browser.get(comments)
        hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form.text))
        sent = await browser.post(comments, data={**hidden, "text": "Кој ги полева дрвјата?"})
        self.places["slip"] = sent.headers["location"].split("/comments/")[1]
        forum = f"/mk/forums/{self.places['forum']}"
        session = re.search(r'name="sessions"[^>]* value="([^"]+)"', (await browser.get(forum)).text)
        assert session is not None
        registrant = {"sessions": session[1], "name": "Ана Петрова", "email": "ana@example.com", "companions": "0"}
        registered = await browser.post(forum, data=registrant)
        self.places["registered"] = registered.headers["location"].partition("?")[2]
        self.places["registration_id"] = str(await fetchval(A_REGISTRATION, self.places["session_id"]))
        letter = await fetchval("SELECT body_text FROM notification WHERE recipient = 'ana@example.com'")
        link = re.search(r"/registrations/([\w.~-]+)", letter)
        assert link is not None
        self.places["registration"] = link[1]
        asking = f"/mk/forums/{self.places['forum']}/questions/new"
        hidden = dict(
            re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', (await browser.get(asking)).text)
        )
        asked = await browser.post(asking, data={**hidden, "text": "Кога ќе се засадат дрвјата?"})
        self.places["asked"] = asked.headers["location"].rpartition("/")[2]
        await browser.post("/staff/mk/forgotten-password", data={"email": "vesna@example.org"})
        self.places["reset"] = await the_link("reset")
