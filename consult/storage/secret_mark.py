"""By which a secret is known again without being told: a backup says with which secret its data belong together.

Open invitations, links in letters and second factors of colleagues follow from the secret: with another one they end.
"""

from __future__ import annotations

import hashlib
import hmac
from pathlib import Path

RESTORED = "restored-secret"


def mark_of(secret: bytes) -> str:
    return hmac.new(secret, b"mark of the secret", hashlib.sha256).hexdigest()[:16]


def note_restored(data: Path, mark: str) -> None:
    """Remember with which secret the data belong together that were restored."""
    data.mkdir(parents=True, exist_ok=True)
    (data / RESTORED).write_text(f"{mark}\n")


def restored(data: Path) -> str:
    """The mark of that secret; empty where nothing was restored."""
    file = data / RESTORED
    return file.read_text().strip() if file.exists() else ""
