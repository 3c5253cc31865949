"""From an author's YAML to a definition that can be published: reading, checks with line and place, the ledger of
translations. The builder in the browser is `consult.studio`.
"""
