"""When a question is asked: conditions as text, as trees with types, tried out, and said in words.

The rules of the language stand in expression.py (its grammar) and terms.py (its values); conditions.js in the browser
follows the same two, and tests hold the engines together.
"""
