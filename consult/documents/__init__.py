"""Reading tables that people send, setting pages as PDF, asking a virus scanner. Knows no domain.

Owns: what may be in a table file and how it is read safely (`sheets.py`, in the child process of `reader.py`),
what may stand in a cell that others open (`cells.py`), the one way to typst (`pdf.py`) and which letters its fonts
have (`glyphs.py`), and what is asked of a virus scanner (`scanning.py`).
Must not know: what a row or a page is about.
Start reading: sheets.read, pdf.compile_pdf.
"""
