"""The satisfaction report of a survey, after ISO 10004, as PDF, Word document and workbook.

Owns what staff write for it (the table `report_text`). It makes no figure of its own kind: shares come from `results`,
weights from `weighting`, codes from `coding`, and `analysis` does the arithmetic. Everything in it may be published.

Three steps, each in its own modules: `compiling` gathers a `report.Report`, which is in no language; `writing` says it
in one language as a `document.Document`; `pdf`, `word` and `workbook` set that document as a file.
"""
