"""Survey definitions in the formats of other programs: XLSForm and LimeSurvey.

Owns: what maps to what, and the list of what cannot be carried over, by place. Nothing is guessed: what has no
counterpart is left out and told. Files from outside are hostile until read (workbooks.py, lss.py).
Must not know: the database, pages, how answers are stored.
Start reading: report.py, then formats.py, then xlsform.py.
"""
