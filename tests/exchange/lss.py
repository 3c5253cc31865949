"""LimeSurvey files in small, written after the tables of its own export (those before version 4, and those since)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

SID, GID = "900001", "10"


@dataclass
class Asked:
    """A question: its subquestions and answers as code -> text."""

    type: str
    code: str = "q"
    text: str = "Text?"
    subs: dict[str, str] = field(default_factory=dict)
    answers: dict[str, str] = field(default_factory=dict)
    settings: dict[str, str] = field(default_factory=dict)
    more: dict[str, str] = field(default_factory=dict)
    scales: int = 1


def table(name: str, rows: Sequence[dict[str, str]]) -> str:
    cells = ("".join(f"<{key}><![CDATA[{said}]]></{key}>" for key, said in row.items()) for row in rows)
    return f"<{name}><rows>{''.join(f'<row>{row}</row>' for row in cells)}</rows></{name}>"


def lss(
    *asked: Asked, modern: bool = True, languages: Sequence[str] = ("en",), extra: str = "", head: str = ""
) -> bytes:
    questions, subs, answers, named, said, settings = (list[dict[str, str]]() for _ in range(6))
    number = 100
    for place, one in enumerate(asked):
        qid = str(number := number + 1)
        row = {"qid": qid, "parent_qid": "0", "sid": SID, "gid": GID, "type": one.type, "title": one.code,
               "mandatory": "N", "other": "N", "question_order": str(place), "relevance": "1", **one.more}  # fmt: skip
        _put(questions, named, row, "question", one.text, modern, languages)
        for order, (code, text) in enumerate(one.subs.items()):
            number += 1
            sub = {"qid": str(number), "parent_qid": qid, "title": code, "question_order": str(order), "scale_id": "0"}
            _put(subs, named, sub, "question", text, modern, languages)
        for scale in range(one.scales):
            for order, (code, text) in enumerate(one.answers.items()):
                number += 1
                answer = {"qid": qid, "code": code, "sortorder": str(order), "scale_id": str(scale)}
                answer |= {"aid": str(number)} if modern else {}
                _put(answers, said, answer, "answer", text, modern, languages)
        settings += [{"qid": qid, "attribute": key, "value": value} for key, value in one.settings.items()]
    groups: list[dict[str, str]] = []
    group_names: list[dict[str, str]] = []
    _put(groups, group_names, {"gid": GID, "group_order": "0"}, "group_name", "A group", modern, languages)
    titles = [{"surveyls_language": code, "surveyls_title": f"Title {code}", "surveyls_welcometext": "<p>Welcome</p>"}
              for code in languages]  # fmt: skip
    survey = {"sid": SID, "language": languages[0], "additional_languages": " ".join(languages[1:])}
    tables = [
        table("answers", answers), table("groups", groups), table("questions", questions), table("subquestions", subs),
        table("question_attributes", settings), table("surveys", [survey]), table("surveys_languagesettings", titles),
    ]  # fmt: skip
    if modern:
        tables += [table("question_l10ns", named), table("answer_l10ns", said), table("group_l10ns", group_names)]
    body = f"<LimeSurveyDocType>Survey</LimeSurveyDocType><DBVersion>640</DBVersion>{''.join(tables)}{extra}"
    return f'<?xml version="1.0" encoding="UTF-8"?>{head}<document>{body}</document>'.encode()


def _put(
    rows: list[dict[str, str]], names: list[dict[str, str]], row: dict[str, str], column: str, text: str,
    modern: bool, languages: Sequence[str],
) -> None:  # fmt: skip
    shown = [{column: text if code == languages[0] else f"{text} ({code})", "language": code} for code in languages]
    if not modern:
        rows += [{**row, **one} for one in shown]
        return
    key = "aid" if column == "answer" else "gid" if column == "group_name" else "qid"
    rows.append(row)
    names += [{key: row[key], **one} for one in shown]
