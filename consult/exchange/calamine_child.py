"""Reads one workbook from standard input and writes its cells as JSON: run as a process of its own.

Its memory and time are bounded, so that a hostile workbook ends this process and nothing else. It imports nothing of
Consult and is started by its path. Exit codes: 0 done, 3 no workbook that can be read, 4 protected by a password.
"""

from __future__ import annotations

import io
import json
import sys

MEMORY_BYTES = 1024 * 1024 * 1024
CPU_S = 20
MOST_ROWS, MOST_COLUMNS = 20_000, 400


def bound() -> None:
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def text(value: object) -> str:
    """A cell as XLSForm tools read it: whole numbers without a point; a formula gives its stored value."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)


def main() -> int:
    bound()
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError, XmlError, ZipError

    wanted = frozenset(sys.argv[1:])
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read()))
        sheets = {}
        for name in book.sheet_names:
            if name.strip().lower() not in wanted:
                continue
            sheet = book.get_sheet_by_name(name)
            if sheet.total_height > MOST_ROWS or sheet.total_width > MOST_COLUMNS:
                return 5
            rows = sheet.to_python(skip_empty_area=False)
            sheets[name] = [[text(value) for value in row] for row in rows]
    except PasswordError:
        return 4
    except (CalamineError, XmlError, ZipError, ValueError, OSError, MemoryError):
        return 3
    json.dump({"names": book.sheet_names, "sheets": sheets}, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
