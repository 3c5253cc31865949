"""Appointments with the mayor and other officials: times, requests for them, and a fair way to give them.

Owns officials, times (slots), requests and the rule by which times are given. Start reading in allocation.py (the rules
as pure functions, and how anybody repeats a draw), then request_operations.py.

Decided here:
- The rule is frozen before requests open: a CHECK compares the two moments, a trigger refuses every later change.
- A draw is announced by the SHA-256 of its seed when the rule is frozen, and the seed is shown once the times are
  given. Whoever has both can see that the seed was not chosen afterwards, and repeat the order with any SHA-256.
- "First those never heard" needs a memory without names: keyed hashes of addresses and telephone numbers of whoever was
  received, kept for two years. The key is the installation's secret, so the list tells nobody anything.
- An official cannot be in two places: an exclusion constraint on the official's number and the span of time.
- Capacity is guarded by a lock on the times of a forum and by a CHECK on `taken`.
"""
