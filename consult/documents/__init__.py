"""Reading tables that people send, and setting pages as PDF. Knows no domain.

Owns: what may be in a table file and how it is read safely (`sheets.py`), and the one way to typst (`pdf.py`).
Must not know: what a row or a page is about.
Start reading: sheets.read, pdf.compile_pdf.
"""
