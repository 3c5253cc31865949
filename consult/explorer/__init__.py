"""The explorer: where analysts put their own questions to a survey's answers.

Owns what is asked (rows, columns, filter, weights, statistic), kept in the address of the page alone, and turns it into
charts and tables. Leaves formulas to `consult.analysis`, drawing to `consult.charts`, weights to `consult.weighting`.
Only for staff: nothing is hidden here, so nothing of it is public unless staff hang it on an article.

Owns also the pages of written answers (text_*.py), with words and groups from `consult.textmatch` and codes from
`consult.coding`. What somebody wrote is shown to those alone who may read single answers, and never hung anywhere.

Start reading at state.py (what can be asked), then tabulating.py (what is answered); for written answers at
text_pages.py, then text_state.py and text_corpus.py.
"""
