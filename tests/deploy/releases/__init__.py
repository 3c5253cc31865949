"""Two releases on one bare Debian under its own systemd, as the runbook says it, while residents answer."""
