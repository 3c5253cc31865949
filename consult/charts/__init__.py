"""Charts: one specification (`chart.py`) that becomes a drawing (SVG), a Plotly figure, a table, a sentence.

Knows no survey and no database: it draws what it is given, in the reader's language.
Start in chart.py, then showing.py.
"""
