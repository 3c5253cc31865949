"""From a posted form to answers, and from answers back to fields and to words: what a form means.

Pure: no database, no page. Start reading: forms.py, then flow.py (a whole survey), decoders/ (each type of question).
"""
