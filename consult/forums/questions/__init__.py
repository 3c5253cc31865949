"""Questions in advance of a forum: asked, checked, supported, grouped, chosen, shown in the hall, answered.

Owns the questions and what is on stage in the hall. Knows forums and their sessions, nothing of registrations.
Start reading in question.py (what a question is and when one may be asked), then operations.py.

Decided here:
- A browser supports a question once: the database holds a keyed hash of its cookie and of the forum, so that the
  supporters of a group are counted once and nobody can be followed from one forum to another.
- Near-equal questions are proposed as groups, and stand together once a person has confirmed it. Nothing is merged:
  each keeps its number, its words and its support; the group shows how many different browsers support it.
- The words of a question never change (a trigger); lawful erasure empties them.
"""
