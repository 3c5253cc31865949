"""Messages to people: written in the transaction that causes them, sent later by a job, each one once.

Owns `notification`. Knows no domain: subject and body arrive ready, in the reader's language. Start with
`operations.notify`; `delivery.py` is the only place that speaks SMTP.

A message is kept only until it is sent: then its text and attachments are erased and the fact remains.
"""
