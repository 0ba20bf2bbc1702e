"""Choices that somebody wants explained: months of single worlds, weighed anew when asked for.

What is told is `sim.analysis.decision`'s, the account that `fulcrum explain` prints. It is worked
out by the processes that simulate; finished explanations are kept, the latest asked for longest.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from sim.analysis.decision import Decision
    from sim.explorer.runs import Work

MOST_KEPT: Final = 240
"""Months of worlds, about 0.1 MB each."""

type Told = dict[str, Decision]


@dataclass(frozen=True)
class Inquiry:
    """A month of a world whose choices are to be explained.

    Attributes:
        key: identity of the run that the world is of.
        world: its number.
        month: as `2024-03`.
        work: the run.
    """

    key: str
    world: int
    month: str
    work: Work = field(compare=False, repr=False)

    @classmethod
    def of(cls, work: Work, world: int, month: str) -> Inquiry:
        """The inquiry into a month of a world of a run."""
        return cls(work.key, world, month, work)


class Inquiries:
    """Who asks what, what is being worked out, and what is known. Its owner holds the lock."""

    def __init__(self) -> None:
        self._asked: OrderedDict[str, tuple[tuple[Inquiry, ...], float]] = OrderedDict()
        self._under_way: set[Inquiry] = set()
        self._known: OrderedDict[Inquiry, Told | str] = OrderedDict()

    def ask(self, ticket: str, inquiries: Sequence[Inquiry], now: float, until: float) -> None:
        """Put a page's inquiries in the place of those that it had; none takes them back."""
        before = self._asked.pop(ticket, ((), 0.0))[0]
        for lapsed in [one for one, (_, end) in self._asked.items() if end < now]:
            del self._asked[lapsed]
        if not inquiries:
            return
        for one in set(inquiries) - set(before):  # asked anew: what failed is tried again
            if isinstance(self._known.get(one), str):
                del self._known[one]
        self._asked[ticket] = tuple(inquiries), until

    def next(self, now: float) -> Inquiry | None:
        """The first that waits, by who was heard of longest ago; it counts as under way."""
        for asked, until in self._asked.values():
            for one in asked:
                if until >= now and one not in self._known and one not in self._under_way:
                    self._under_way.add(one)
                    return one
        return None

    def waiting(self, now: float) -> bool:
        """Whether any is left that nobody works on."""
        return any(
            until >= now and one not in self._known and one not in self._under_way
            for asked, until in self._asked.values()
            for one in asked
        )

    def known(self, inquiry: Inquiry) -> Told | str | None:
        """What was found: decisions by actor, words on why not, None while it is not there."""
        found = self._known.get(inquiry)
        if found is not None:
            self._known.move_to_end(inquiry)
        return found

    def settle(self, inquiry: Inquiry, found: Told | str) -> None:
        """Take down what was found, or words on why nothing was."""
        self._under_way.discard(inquiry)
        self._known[inquiry] = found
        while len(self._known) > MOST_KEPT:
            self._known.popitem(last=False)
