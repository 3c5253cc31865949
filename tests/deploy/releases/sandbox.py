"""What the units promise, held against what their own processes could do."""

from __future__ import annotations

Found = dict[str, dict[str, str]]
DONE = "done"
# What the programs need; everything else that the probe tries must be refused.
MAY = {
    "consult": {("write", "/var/lib/consult"), ("write", "/tmp"), ("connect", "here")},
    "consult-worker": {("write", "/var/lib/consult"), ("write", "/tmp"), ("connect", "here")},
    "consult-backup": {
        ("write", "/var/lib/consult"),
        ("write", "/var/backups/consult"),
        ("write", "/tmp"),
        ("connect", "here"),
    },
}


def judged(found: dict[str, Found]) -> bool:
    """Print what each unit kept its process from; whether all is as promised. An ordinary process could do most."""
    free = {(about, one) for about, tries in found.pop("none").items() for one, said in tries.items() if said == DONE}
    is_good = ("connect", "elsewhere") in free
    for unit, known in found.items():
        could = {(about, one) for about, tries in known.items() for one, said in tries.items() if said == DONE}
        too_much, too_little = sorted(could - MAY[unit]), sorted(MAY[unit] - could)
        is_good &= not (too_much or too_little)
        tried = sum(len(tries) for tries in known.values())
        print(f"{unit:<16} {tried} things tried, {tried - len(could)} refused; an ordinary process did {len(free)}")
        for about, one in too_much:
            print(f"    FAILED: could {about} {one}")
        for about, one in too_little:
            print(f"    FAILED: could not {about} {one}: {known[about][one]}")
    return is_good
