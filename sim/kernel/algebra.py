"""Sums and products put in the order in which their parts become known.

First numbers, then parameters, then what differs by world, then what differs by row, earlier months
before later ones. A part that is known earlier is computed earlier and less often. Only the
rounding of the last digit changes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from sim.kernel.graph import UFUNCS, Graph
from sim.kernel.trace import BELIEVED

type Signed = tuple[int, int]
"""Sign (1 or -1) and node."""

type Level = tuple[int, int]
"""When a value is known: by what it varies, and from which month on."""


class Varies(IntEnum):
    """By what a value varies."""

    NOT = 0
    PARAMETERS = 1
    WORLDS = 2
    ROWS = 3


@dataclass(frozen=True)
class Term:
    """Part of a sum: a coefficient that is known earlier, times what is known last.

    Attributes:
        sign: 1 or -1.
        coefficient: node.
        rest: node; None where the term is no more than its coefficient.
    """

    sign: int
    coefficient: int
    rest: int | None


class Builder:
    """A graph under construction that knows by what, and from which month on, a node varies."""

    def __init__(self, by_row: Iterable[str]) -> None:
        self.graph = Graph()
        self.varies: list[Varies] = []
        self.since: list[int] = []
        self.by_row = frozenset(by_row)
        self.one = self.constant(1.0)

    def _note(self, node: int, varies: Varies, since: int) -> int:
        if node == len(self.varies):
            self.varies.append(varies)
            self.since.append(since)
        return node

    def input(self, name: str) -> int:
        """Something given from outside."""
        if name in self.by_row:
            varies = Varies.ROWS
        elif is_parameter(name):
            varies = Varies.PARAMETERS
        else:
            varies = Varies.WORLDS
        return self._note(self.graph.input(name), varies, 0)

    def constant(self, value: float) -> int:
        """A number."""
        return self._note(self.graph.constant(value), Varies.NOT, 0)

    def number(self, node: int) -> float | None:
        """The value of a constant."""
        return self.graph.constants[node] if self.graph.ops[node] == "constant" else None

    def level(self, node: int) -> Level:
        """When a node is known."""
        return self.varies[node], self.since[node]

    def node(self, op: str, *args: int) -> int:
        """An operation; on numbers it is carried out at once."""
        if all(self.graph.ops[a] == "constant" for a in args):
            return self.constant(_fold(op, [self.graph.constants[a] for a in args]))
        varies = max(self.varies[a] for a in args)
        since = max(self.since[a] for a in args)
        return self._note(self.graph.node(op, *args), varies, since)

    def plain(self, signed: Signed) -> int:
        """A node without a sign in front."""
        sign, node = signed
        return node if sign > 0 else self.node("negative", node)

    def multiply(self, nodes: Iterable[int]) -> Signed:
        """Factors multiplied in the order in which they become known."""
        number, rest = 1.0, list[int]()
        for node in nodes:
            value = self.number(node)
            if value is None:
                rest.append(node)
            else:
                number *= value
        if number == 0.0:
            return 1, self.constant(0.0)
        rest.sort(key=lambda n: (self.level(n), n))
        if abs(number) != 1.0 or not rest:
            rest.insert(0, self.constant(abs(number)))
        product = rest[0]
        for node in rest[1:]:
            product = self.node("multiply", product, node)
        return (1 if number > 0.0 else -1), product

    def term_level(self, term: Term) -> Level:
        """When a term is known."""
        return self.level(term.coefficient if term.rest is None else term.rest)

    def term(self, above: Iterable[Signed], below: Iterable[Signed] = ()) -> Term:
        """Factors and divisors as a term."""
        sign, factors, divisors = 1, list[int](), list[int]()
        for s, node in above:
            sign *= s
            factors.append(node)
        for s, node in below:
            sign *= s
            if self.varies[node] < Varies.ROWS:
                factors.append(self.node("divide", self.one, node))
            else:
                divisors.append(node)
        top = max((self.level(n) for n in [*factors, *divisors]), default=(0, 0))
        flip, early = self.multiply(n for n in factors if self.level(n) < top)
        late = [n for n in factors if self.level(n) == top]
        if top[0] < Varies.ROWS:
            turn, whole = self.multiply(factors)
            return Term(sign * turn, whole, None)
        turn, rest = self.multiply(late)
        if divisors:
            _, divisor = self.multiply(divisors)
            if not late:
                rest, early = self.node("divide", early, divisor), self.one
            else:
                rest = self.node("divide", rest, divisor)
        return Term(sign * flip * turn, early, rest)

    def times(self, term: Term, factor: Signed) -> Term:
        """A term times something that is known before it."""
        sign, coefficient = self.multiply([term.coefficient, factor[1]])
        return Term(term.sign * factor[0] * sign, coefficient, term.rest)

    def value(self, term: Term) -> Signed:
        """A term carried out."""
        if term.rest is None:
            return term.sign, term.coefficient
        if self.number(term.coefficient) == 0.0:
            return 1, term.coefficient
        sign, node = self.multiply([term.coefficient, term.rest])
        return term.sign * sign, node

    def sum(self, terms: Iterable[Term]) -> Signed:
        """Terms added up in the order in which they become known, alike ones together."""
        terms = self.gather(terms)
        total, rest = 0.0, list[Signed]()
        for term in terms:
            sign, node = self.value(term)
            number = self.number(node)
            if number is None:
                rest.append((sign, node))
            else:
                total += sign * number
        levels = {node: self.level(node) for _, node in rest}
        rest.sort(key=lambda s: (levels[s[1]], s[1]))
        if total != 0.0 or not rest:
            rest.insert(0, (1 if total >= 0.0 else -1, self.constant(abs(total))))
        sign, node = rest[0]
        for other, added in rest[1:]:
            if other == sign:
                node = self.node("add", node, added)
            elif sign > 0:
                node = self.node("subtract", node, added)
            else:
                node, sign = self.node("subtract", added, node), 1
        return sign, node

    def gather(self, terms: Iterable[Term]) -> list[Term]:
        """Terms of the same thing made one."""
        alike: dict[int | None, list[Term]] = {}
        out: list[Term] = []
        for term in terms:
            alike.setdefault(term.rest, []).append(term)
        for rest, same in alike.items():
            if rest is None or len(same) == 1:
                out += same
                continue
            sign, coefficient = self.sum(Term(t.sign, t.coefficient, None) for t in same)
            if self.number(coefficient) != 0.0:
                out.append(Term(sign, coefficient, rest))
        return out


def is_parameter(name: str) -> bool:
    """Whether an input is a parameter, as opposed to the state, the play or somebody's odds."""
    return name != BELIEVED and not name.startswith(("state.", "dial.", "boost."))


def _fold(op: str, numbers: list[float]) -> float:
    if op == "where":
        return numbers[1] if numbers[0] else numbers[2]
    if op == "clip":
        value, low, high = numbers
        return float(np.clip(value, low, high))
    return numbers[0] if op == "number" else float(UFUNCS[op](*numbers))
