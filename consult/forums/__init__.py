"""Public forums: meetings of the town with its residents, and who comes to them.

Owns forums, their sessions and the registrations. Must not know surveys, drafts or what a consultation holds: a forum
only names the consultation it belongs to.
Start reading in registration.py (the rules of places and of the waiting list), then registering.py (taking places, one
or hundreds at once), registration_operations.py (what becomes of a place) and operations.py (what staff do with a
forum). venue.py says where it is, agenda.py what is planned, notice.py how early it must be published; gatherings/ adds
voters and quorum. Other folders put their sections on a forum's pages through parts.py.

How a place is kept, decided once and here:
- A registration takes its places at once and needs no confirmation of the address: a resident who overlooks a mail
  must not lose the place. The mail holds the link to change and to cancel. The state `held` (address not confirmed yet)
  exists in the rules and in the database for a forum that will ask for it.
- The session row is locked before places are counted; `seats_taken` changes in the same transaction under a CHECK; a
  partial unique index keeps an address to one living registration for a session, another one to one of a forum's
  sessions where the organiser says so.
- Residents' registrations go through desk.py: those that arrive together share one lock and one commit.
- Whoever registers an address that is registered already sees the page that everybody sees; only the mail tells.
"""
