"""Texts side by side: what is the same word, which words are frequent, which texts are equal or nearly so.

Owns the folding of letters, counts of words and of neighbouring words, groups of near-equal texts, and what two texts
differ in. Knows no survey, no comment and no person: strings come in, plain values go out. Whoever shows them knows
whose they are.

Start reading at letters.py (when are two words the same), then corpus.py (many texts at once), counts.py, near.py
(groups), difference.py (what differs). stopwords/ has one file of frequent small words for each language.

It does not translate, does not know that a text in Latin letters may be Macedonian or Georgian, and forms of a word are
joined only by forms.py, which needs the base form among the same texts.
"""
