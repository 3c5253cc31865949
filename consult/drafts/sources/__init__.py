"""Where the text of a draft comes from, and the documents beside it.

Owns the import of a regulation from Word, HTML, Akoma Ntoso and Markdown files (readers give blocks, `assembling.py`
makes articles of them), the typed parts of a draft beside its explanatory memorandum (legal basis, attachments), and
the page that shows its languages side by side. Must not know comments. Nothing of a file is lost silently: what could
not be carried over is a `Loss` with its place.
Start reading in formats.take and block.py.
"""
