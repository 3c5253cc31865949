"""Who is let in, and when: invitations, limits of a place, challenges, and the wait beyond capacity."""
