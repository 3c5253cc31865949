"""Limits of the measurements: ratios to something of the same run, never a time by itself.

A ratio beyond its limit is told; beyond the limit times the margin it fails the whole run, because on a machine where
others work the two halves of a ratio are not measured in the same moment, and ratios themselves vary by a fifth.
"""

from __future__ import annotations

from dataclasses import dataclass, field

MARGIN = 1.25


@dataclass
class Limits:
    """What was held against a limit in this run, and what was beyond."""

    margin: float = MARGIN
    failed: list[str] = field(default_factory=list)

    def hold(self, words: str, ratio: float, limit: float, *, exactly: bool = False) -> bool:
        """Tell a ratio beside its limit; False where it fails the run. exactly: where nothing varies, no margin."""
        highest = limit if exactly else limit * self.margin
        is_held = ratio <= highest
        mark = "" if ratio <= limit else "   over the limit" if is_held else "   FAILS"
        room = "" if exactly else f", fails above {highest:.2f}"
        print(f"  {words}: {ratio:.2f} (limit {limit:.2f}{room}){mark}", flush=True)
        if not is_held:
            self.failed.append(f"{words}: {ratio:.2f}, limit {limit:.2f}")
        return is_held


LIMITS = Limits()
"""Those of this run: the parts hold their ratios against them, the end of the run looks at what failed."""
