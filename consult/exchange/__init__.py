"""Survey definitions in the formats of other programs: XLSForm, LimeSurvey; translations as .po and XLSX.

Owns: what maps to what, and the list of what cannot be
carried over, by place. Files from outside are hostile until read.
Must not know: the database, pages, how answers are stored.
Start reading: report.py, then xlsform.py.
"""
