"""What can go wrong with a results folder, each with a message that says what to do."""

from __future__ import annotations


class StoreError(Exception):
    """Results that cannot be written or read back; the message says what to do."""


class UnusableError(StoreError):
    """A results folder in which no work can even begin."""


class DamagedError(StoreError):
    """Worlds on disk that cannot be read back as they were written."""


class Interrupted(KeyboardInterrupt):
    """The user stopped a run.

    Attributes:
        run: name of its folder.
        kept: worlds that need not be simulated again.
        worlds: worlds asked for.
    """

    def __init__(self, run: str, kept: int, worlds: int) -> None:
        super().__init__(run)
        self.run = run
        self.kept = kept
        self.worlds = worlds
