"""The explorer: where analysts put their own questions to a survey's answers.

Owns what is asked (rows, columns, filter, weights, statistic), kept in the address of the page alone, and turns it into
charts and tables. Leaves formulas to `consult.analysis`, drawing to `consult.charts`, weights to `consult.weighting`.
Only for staff: nothing is hidden here, so nothing of it is public unless staff hang it on an article.

Start reading at state.py (what can be asked), then tabulating.py (what is answered).
"""
