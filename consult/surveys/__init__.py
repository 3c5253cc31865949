"""Surveys: their definitions, published versions, pages for residents and the answers that came in.

The face of the domain stands here: survey.py (a survey and its dates), access.py (who may answer, from where),
queries.py, operations.py, published.py (what the hot paths keep in memory), tables.py. The folders, each of which
imports only those below it:

    staff         what staff see and decide while a survey is open
    answering     the ways in for residents: what a posted page leads to
    admission     invitations, challenges, the wait under a rush
    pages         pages for residents as bytes
    responses     answers on their way into the database; totals, flags, anonymity
    authoring     YAML, checks, the ledger of translations
    files         files of respondents, pictures of authors
    answers       what a posted form means
    conditions    when a question is asked
    definition    what a survey asks: the format `consult: survey/1`

Must not know: drafts, forums, or how results are counted and drawn.
Start reading: definition/schema.py, then answers/flow.py, then operations.py.
"""
