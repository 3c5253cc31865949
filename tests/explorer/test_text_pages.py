"""The pages of written answers: who reads them, what they choose, how answers get codes."""

import re
from urllib.parse import parse_qs, quote, urlsplit
from uuid import UUID

import httpx

from consult.coding import queries
from consult.storage import fetchval
from tests.coding.makers import a_code, a_text_survey, given, responses
from tests.people.makers import staff
from tests.results.makers import NOON, a_survey, definition, question

SAME = {"sec-fetch-site": "same-origin"}
PAGE = "/staff/en/results/trees/texts/wish"


async def test_answers_are_for_those_who_may_read_single_ones(client: httpx.AsyncClient) -> None:
    await a_text_survey()
    assert "sign-in" in (await client.get(PAGE)).headers["location"]
    await staff(client, NOON, "moderator")
    assert (await client.get(PAGE)).status_code == 403


async def test_a_designer_reads_but_gives_no_codes(client: httpx.AsyncClient) -> None:
    survey_id = await a_text_survey()
    await staff(client, NOON, "designer")
    found = await client.get(PAGE)
    assert "Помалку бучава" in found.text
    assert "/assign" not in found.text
    sent = {"answer": str((await responses(survey_id, "Помалку бучава"))[0]), "act": "none", "state": ""}
    assert (await client.post(f"{PAGE}/assign", data=sent, headers=SAME)).status_code == 403
    assert (await client.post(f"{PAGE}/codes", data={"act": "add"}, headers=SAME)).status_code == 403


async def test_every_view_speaks_every_language(client: httpx.AsyncClient) -> None:
    survey_id = await a_text_survey()
    key = await a_code(survey_id)
    await given(survey_id, "Повеќе паркови", key)
    await staff(client, NOON, "analyst")
    for language in ("mk", "ka", "en"):
        listed = await client.get(f"/staff/{language}/results/trees/texts")
        assert f"/staff/{language}/results/trees/texts/wish" in listed.text
        assert f"/staff/{language}/results/trees/texts/q.other" in listed.text
        for view in ("answers", "words", "groups", "codes"):
            found = await client.get(f"/staff/{language}/results/trees/texts/wish?view={view}")
            assert found.status_code == 200
            assert found.headers["cache-control"] == "no-store"


async def test_a_survey_without_open_questions_says_so(client: httpx.AsyncClient) -> None:
    await a_survey(definition(question("nps")), [{"q": 9}])
    await staff(client, NOON, "analyst")
    assert (
        "no question that people answer in their own words" in (await client.get("/staff/en/results/trees/texts")).text
    )
    assert (await client.get("/staff/en/results/trees/texts/q")).status_code == 404
    assert (await client.get("/staff/en/results/nothing/texts")).status_code == 404


async def shown(client: httpx.AsyncClient, query: str) -> set[str]:
    found = await client.get(f"{PAGE}?{query}")
    assert found.status_code == 200
    words = re.findall(r'<p class="c-texts__words" lang="mk">(.*?)</p>', found.text)
    return {re.sub("<[^>]+>", "", one) for one in words}


async def test_the_address_chooses_among_the_answers(client: httpx.AsyncClient) -> None:
    survey_id = await a_text_survey()
    key = await a_code(survey_id)
    await given(survey_id, "Помалку бучава", key)
    await staff(client, NOON, "analyst")
    everything = {"Повеќе паркови", "повеќе Паркови!", "Помалку бучава", "Повеќе паркови и помалку бучава"}
    assert await shown(client, "") == everything
    assert await shown(client, "q=ПАРКОВИ") == everything - {"Помалку бучава"}
    assert await shown(client, "q=bucava") == set()
    assert await shown(client, "where=q:no") == {"Повеќе паркови", "Помалку бучава"}
    assert await shown(client, "codes=none") == everything - {"Помалку бучава"}
    assert await shown(client, f"codes={key}") == {"Помалку бучава"}
    assert await shown(client, "codes=some&q=бучава&language=mk") == {"Помалку бучава"}
    assert await shown(client, "where=q:never&language=xx&codes=c99&page=many&view=x&coder=9&group=%00") == everything
    assert await shown(client, "page=99") == set()


async def test_what_was_looked_for_is_marked(client: httpx.AsyncClient) -> None:
    await a_text_survey(["Паркови <b>и</b> улици"])
    await staff(client, NOON, "analyst")
    found = (await client.get(f"{PAGE}?q=улиц")).text
    assert "Паркови &lt;b&gt;и&lt;/b&gt; <mark>улици</mark>" in found


async def test_ticked_answers_get_codes_and_a_new_one_is_made_on_the_way(client: httpx.AsyncClient) -> None:
    survey_id = await a_text_survey()
    await staff(client, NOON, "analyst")
    (noise,) = await responses(survey_id, "Помалку бучава")
    sent = {"answer": str(noise), "new": "Noise", "act": "add", "state": f"q={quote('бучава')}"}
    answer = await client.post(f"{PAGE}/assign", data=sent, headers=SAME)
    assert answer.status_code == 303
    back = urlsplit(answer.headers["location"])
    assert parse_qs(back.query) == {"q": ["бучава"], "done": ["1"]}
    page = (await client.get(answer.headers["location"])).text
    assert "The codes of 1 answer have changed." in page
    assert await codes_of(survey_id, noise) == ["Noise"]


async def codes_of(survey_id: UUID, response: UUID) -> list[str] | None:
    frame = await queries.code_frame(survey_id, "wish")
    assert frame is not None
    found = (await queries.codes_of(frame, [response])).get(response)
    return None if found is None else [next(iter(code.label.values())) for code in found]


async def test_all_that_is_found_gets_a_code_and_loses_it_again(client: httpx.AsyncClient) -> None:
    survey_id = await a_text_survey()
    key = await a_code(survey_id)
    await staff(client, NOON, "analyst")
    for act, left in (("add", 3), ("remove", 0), ("none", 0), ("clear", 0)):
        sent = {"everything": "1", "code": key, "act": act, "state": f"q={quote('паркови')}"}
        answer = await client.post(f"{PAGE}/assign", data=sent, headers=SAME)
        assert answer.headers["location"].endswith("done=3")
        frame = await queries.code_frame(survey_id, "wish")
        assert frame is not None
        assert frame.codes[0].answers == left
        assert frame.coded == (3 if act in ("add", "none") else 0)


LONG = "Предложената станарина е {} за семејство со две деца и двајца вработени, па барам советот да ја усвои одлуката"


async def test_a_group_shows_what_differs_and_gets_a_code_at_once(client: httpx.AsyncClient) -> None:
    survey_id = await a_text_survey([LONG.format("affordable")] * 3 + [LONG.format("unaffordable"), "Нешто друго"])
    key = await a_code(survey_id)
    await staff(client, NOON, "analyst")
    page = (await client.get(f"{PAGE}?view=groups")).text
    assert "4 answers" in page
    assert re.search(r"<b>affordable</b></span>&nbsp;<span[^>]*>3</span>", page)
    assert re.search(r"<b>unaffordable</b></span>&nbsp;<span[^>]*>1</span>", page)
    group = re.search(r'name="group" value="(\w+)"', page)
    assert group is not None
    inside = (await client.get(f"{PAGE}?view=groups&group={group[1]}")).text
    assert re.search(r"<del>.*?affordable</del> <ins>.*?unaffordable</ins>", inside)
    wordings = re.findall(r'name="wording" value="(\w+)"', inside)
    sent = {"wording": wordings[1], "code": key, "act": "add", "state": f"view=groups&group={group[1]}"}
    answer = await client.post(f"{PAGE}/assign", data=sent, headers=SAME)
    assert answer.headers["location"].endswith("done=1")
    sent = {"group": group[1], "code": key, "act": "add", "state": "view=groups"}
    answer = await client.post(f"{PAGE}/assign", data=sent, headers=SAME)
    assert answer.headers["location"].endswith("done=3")


async def test_a_form_that_names_too_little_comes_back(client: httpx.AsyncClient) -> None:
    await a_code(await a_text_survey(), "Parks")
    await staff(client, NOON, "analyst")
    forms: list[tuple[dict[str, str], str]] = [
        ({"act": "add", "code": "c1"}, "Tick the answers that you mean."),
        ({"act": "add", "everything": "1"}, "Tick at least one code"),
        ({"act": "add", "everything": "1", "new": "x" * 121}, "at most 120 characters"),
        ({"act": "remove", "everything": "1"}, "Tick at least one code"),
        ({"act": "clear", "answer": "nobody"}, "Tick the answers that you mean."),
    ]
    for sent, said in forms:
        answer = await client.post(f"{PAGE}/assign", data={**sent, "state": ""}, headers=SAME)
        assert answer.status_code == 422
        assert said in answer.text
    assert (
        'value="c1" id="code" checked'
        in (await client.post(f"{PAGE}/assign", data={**forms[0][0], "state": ""}, headers=SAME)).text
    )


async def test_forms_with_unknown_codes_or_acts_find_nothing(client: httpx.AsyncClient) -> None:
    await a_text_survey()
    await staff(client, NOON, "analyst")
    for sent in ({"act": "add", "code": "c7", "everything": "1"}, {"act": "x", "everything": "1"}):
        assert (await client.post(f"{PAGE}/assign", data=sent, headers=SAME)).status_code == 404
    for changed in ({"act": "delete", "key": "c7"}, {"act": "x"}):
        assert (await client.post(f"{PAGE}/codes", data=changed, headers=SAME)).status_code == 404


async def test_codes_are_added_renamed_merged_and_deleted(client: httpx.AsyncClient) -> None:
    survey_id = await a_text_survey()
    await staff(client, NOON, "analyst")

    async def send(**fields: str) -> httpx.Response:
        return await client.post(f"{PAGE}/codes", data={"state": "view=codes", **fields}, headers=SAME)

    async def labels() -> list[dict[str, str]]:
        frame = await queries.code_frame(survey_id, "wish")
        return [code.label for code in frame.codes] if frame else []

    for fields in ({"label-mk": "Паркови"}, {"label-en": "Noise", "label-ka": "ხმაური"}, {"label-en": "Streets"}):
        assert (await send(act="add", **fields)).headers["location"].endswith("/wish?view=codes")
    await send(act="rename", key="c1", **{"c1-mk": "Зеленило", "c1-en": "Green"})
    await given(survey_id, "Помалку бучава", "c2")
    await send(act="merge", key="c2", **{"into-c2": "c3"})
    assert await labels() == [{"mk": "Зеленило", "en": "Green"}, {"en": "Streets"}]
    refused = await send(act="rename", key="c3", **{"c3-en": "green"})
    assert refused.status_code == 422
    assert 'value="green"' in refused.text
    assert (await send(act="merge", key="c1", **{"into-c1": "c1"})).status_code == 422
    assert (await send(act="add")).status_code == 422
    page = (await client.get(f"{PAGE}?view=codes")).text
    assert '<svg role="img"' in page
    await send(act="delete", key="c3")
    assert await labels() == [{"mk": "Зеленило", "en": "Green"}]


async def test_the_second_coder_does_not_see_the_first_ones_codes(client: httpx.AsyncClient) -> None:
    survey_id = await a_text_survey()
    key = await a_code(survey_id)
    await given(survey_id, "Помалку бучава", key)
    await staff(client, NOON, "analyst")
    assert await shown(client, "coder=2&codes=some") == set()
    sent = {"everything": "1", "act": "none", "state": f"q={quote('бучава')}&coder=2"}
    await client.post(f"{PAGE}/assign", data=sent, headers=SAME)
    assert await shown(client, "coder=2&codes=differs") == {"Помалку бучава"}
    page = (await client.get(f"{PAGE}?view=codes")).text
    assert "Two people have coded 1 answer, and gave exactly the same codes to 0." in page
    mine = await client.post(
        f"{PAGE}/assign", data={"everything": "1", "act": "none", "state": f"q={quote('паркови')}"}, headers=SAME
    )
    assert mine.status_code == 303
    twice = await client.post(
        f"{PAGE}/assign", data={"everything": "1", "act": "none", "state": "coder=2"}, headers=SAME
    )
    assert twice.status_code == 422
    assert "has to be another person" in twice.text


async def test_no_written_answer_is_on_a_public_page(client: httpx.AsyncClient) -> None:
    survey_id = await a_text_survey()
    await given(survey_id, "Помалку бучава", await a_code(survey_id))
    await staff(client, NOON, "analyst")
    await client.post("/staff/mk/results/trees/publish", data={}, headers=SAME)
    assert await fetchval("select count(*) from results_publication") == 1
    for path in ("results", "results/tables.csv"):
        assert "бучава" not in (await client.get(f"/mk/surveys/trees/{path}")).text
