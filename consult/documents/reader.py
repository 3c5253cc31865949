"""The program that opens a workbook: started for one file, with little memory and time, so that a hostile one ends it.

Runs as a script of its own (it imports nothing of Consult): bytes on standard input, JSON on standard output.
"""

from __future__ import annotations

import datetime as dt
import json
import resource
import sys
from io import BytesIO

from python_calamine import CalamineError, load_workbook

MEMORY = 1024 * 2**20
CPU_S = 20


def plain(cell: object) -> str:
    """A cell as it would be typed: 5 and not 5.0, days as ISO text."""
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, dt.datetime) and cell.time() == dt.time():
        return cell.date().isoformat()
    if isinstance(cell, dt.date | dt.time):
        return cell.isoformat()
    return str(cell)


def main() -> int:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S))
    rows, columns = int(sys.argv[1]), int(sys.argv[2])
    try:
        book = load_workbook(BytesIO(sys.stdin.buffer.read()))
        found = book.get_sheet_by_index(0).to_python(skip_empty_area=False, nrows=rows + 1)
    except (CalamineError, OSError, ValueError, IndexError, MemoryError):
        return 3
    if any(len(row) > columns for row in found[:1]):
        found = [row[: columns + 1] for row in found]
    sys.stdout.buffer.write(json.dumps([[plain(cell) for cell in row] for row in found]).encode())
    return 0


if __name__ == "__main__":
    sys.exit(main())
