"""The demonstration: a municipality with content as a town hall would write it, and invented answers that make sense.

Owns: the content (content/<profile>/*.yaml and *.md), the seeded model of answers (model.py) and the seeding (seed.py),
which uses only the operations that staff and residents use. Knows every domain; no domain knows it.
Start reading: content.py for the shape of the files, model.py for the answers, seed.py for the order of things.
"""
