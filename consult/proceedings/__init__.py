"""The report on a consultation: what was asked, who took part, every comment with its answer, what changed, what came.

Start with record.py: all that a report says, in no language, as data that is hashed. compiling.py gathers it from every
domain, writing.py says it in one language; files.py makes PDF and DOCX, pages.py the page. A compiled report never
changes: its data and files are kept with their SHA-256.
"""
