"""File formats that answers are taken away in: one module a format, each a writer that takes answers block by block.

`taking.py` says what is taken (columns, language, weights), `typed.py` what kind of value a column holds, `names.py`
what other programs allow as a name. Whoever wants a file asks `writing.write`; nothing here holds more than a block.
"""
