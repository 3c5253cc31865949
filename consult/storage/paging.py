"""One page of a long list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Slice(Generic[T]):
    """The items of one page. number counts from 1; total counts all items; size is the most a page holds."""

    items: Sequence[T]
    number: int
    total: int
    size: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.size))

    @property
    def has_previous(self) -> bool:
        return self.number > 1

    @property
    def has_next(self) -> bool:
        return self.number < self.pages

    @property
    def first(self) -> int:
        """The number of the first item on this page, counted from 1; 0 when the list is empty."""
        return self.offset(self.number, self.size) + 1 if self.items else 0

    @property
    def last(self) -> int:
        return self.offset(self.number, self.size) + len(self.items)

    @staticmethod
    def offset(number: int, size: int) -> int:
        """How many items come before page `number`: for OFFSET."""
        return (number - 1) * size
