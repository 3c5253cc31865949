"""Files that staff ask for: made in the background, kept for a week, downloaded in as many pieces as it takes.

Owns the table `result_export` and the folder DATA/exports. Start in export.py (what may be asked for), then making.py.
"""
