"""Where staff build surveys: editor, condition builder, preview, translation ledger, checks, certificate, versions.

Owns: the way from an empty survey to a published version in every language.
Must not know: respondents, contacts, or how results are counted.
Start reading: edits.py (what an edit is), then operations.py.
"""
