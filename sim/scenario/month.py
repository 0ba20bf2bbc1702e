"""Calendar months."""

from __future__ import annotations

import re
from dataclasses import dataclass

_WRITTEN = re.compile(r"([0-9]{4})-([0-9]{2})")


@dataclass(frozen=True, order=True)
class Month:
    """A calendar month; months are ordered, and `month + 3` is three months later.

    Attributes:
        year: four digits.
        month: 1-12.
    """

    year: int
    month: int

    def __post_init__(self) -> None:
        if not 1 <= self.month <= 12:
            raise ValueError(f"a year has months 1 to 12, not {self.month}")
        if not 0 <= self.year <= 9999:
            raise ValueError(f"a year has four digits, {self.year} has not")

    @classmethod
    def parse(cls, text: str) -> Month:
        """The month written as `YYYY-MM`.

        Raises:
            ValueError: `text` is not a month.
        """
        match = _WRITTEN.fullmatch(text)
        if match is None:
            raise ValueError("write YYYY-MM, such as 2024-03")
        return cls(int(match[1]), int(match[2]))

    def __add__(self, months: int) -> Month:
        count = self.year * 12 + self.month - 1 + months
        return Month(count // 12, count % 12 + 1)

    def __sub__(self, other: Month) -> int:
        """Number of months from `other` to this one."""
        return (self.year - other.year) * 12 + self.month - other.month

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"
