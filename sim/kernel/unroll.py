"""A projection as one graph: months strung together, what stays the same moved out of the way.

Sums and products are put in the order in which their parts become known: numbers, parameters,
things that differ by world, things that differ by row, earlier months before later ones. What
depends on parameters alone is then computed once a run, what does not differ by row once a
projection, and what play alone decides once for all months. Only the rounding of the last digit
changes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from sim.kernel.graph import UFUNCS, Graph
from sim.kernel.trace import BELIEVED, Trace

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
class Projection:
    """The graph of a projection.

    Attributes:
        graph: the operations.
        varies: of every node.
        payoff: actor -> node of its discounted payoff.
        state: field -> node of the state at the end.
    """

    graph: Graph
    varies: list[Varies]
    payoff: dict[str, int]
    state: dict[str, int]


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


_SUM = frozenset(("add", "subtract", "negative"))
_PRODUCT = frozenset(("multiply", "divide", "negative"))


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
        return float(np.clip(*numbers))
    return numbers[0] if op == "number" else float(UFUNCS[op](*numbers))


class _Month:
    """How the graph of a month is taken apart and put together again."""

    def __init__(self, trace: Trace) -> None:
        self.trace = trace
        graph = trace.graph
        ends = {*trace.state.values(), *trace.payoff.values()}
        self.nodes = graph.needed(ends)
        readers: dict[int, list[int]] = {node: [] for node in self.nodes}
        for node in self.nodes:
            for arg in graph.args[node]:
                readers[arg].append(node)
        self.parametric = _parametric(graph, self.nodes)
        # the choice between two formulas by a parameter: both, each times 1 or 0
        self.blends = {
            node
            for node in self.nodes
            if graph.ops[node] == "where" and graph.args[node][0] in self.parametric
        }
        self.inner = {
            node
            for node, by in readers.items()
            if len(by) == 1 and node not in ends and self._joins(node, graph.ops[by[0]])
        }

    def _joins(self, node: int, reader: str) -> bool:
        """Whether an operation that only one other reads is best seen as a part of that one."""
        op = self.trace.graph.ops[node]
        if node in self.blends:
            return reader == "multiply"
        if op in _SUM or op in _PRODUCT:
            return reader in _SUM or reader in _PRODUCT or reader == "clip"
        return False

    def build(self, b: Builder, given: Callable[[str], int]) -> dict[int, Signed]:
        """The month with its inputs filled in: node of the trace -> signed node."""
        graph, done = self.trace.graph, dict[int, Signed]()
        for node in self.nodes:
            if node in self.inner:
                continue
            op, args = graph.ops[node], graph.args[node]
            if op == "input":
                done[node] = (1, given(graph.names[node]))
            elif op == "constant":
                done[node] = (1, b.constant(graph.constants[node]))
            elif op in _SUM or op in _PRODUCT:
                done[node] = b.sum(self._terms(b, node, done))
            elif node in self.blends:
                done[node] = b.sum(self._blend(b, node, done))
            elif op == "clip":
                done[node] = self._clip(b, node, done)
            elif op == "absolute":
                done[node] = (1, b.node(op, done[args[0]][1]))
            elif op == "power":
                done[node] = _power(b, *(b.plain(done[a]) for a in args))
            else:
                done[node] = (1, b.node(op, *(b.plain(done[a]) for a in args)))
        return done

    def _parts(self, b: Builder, node: int, done: Mapping[int, Signed]) -> list[Term]:
        """A node as the terms of a sum."""
        if node in self.inner:
            return self._terms(b, node, done)
        return [b.term([done[node]])]

    def _terms(self, b: Builder, node: int, done: Mapping[int, Signed]) -> list[Term]:
        """What a sum adds up, sums and products within it taken apart."""
        graph = self.trace.graph
        op, args = graph.ops[node], graph.args[node]
        if node in self.blends:
            return self._blend(b, node, done)
        if op in ("multiply", "divide"):
            return self._product(b, node, done)
        if op == "negative":
            return [_minus(term) for term in self._parts(b, args[0], done)]
        one, two = (self._parts(b, arg, done) for arg in args)
        return one + (two if op == "add" else [_minus(term) for term in two])

    def _factors(
        self, b: Builder, node: int, done: Mapping[int, Signed]
    ) -> tuple[list[Signed], list[Signed], list[int]]:
        """Factors, divisors, and factors that are yet to be worked out."""
        graph = self.trace.graph
        above, below, open_ = list[Signed](), list[Signed](), list[int]()
        for k, arg in enumerate(graph.args[node]):
            divides = graph.ops[node] == "divide" and k == 1
            if arg not in self.inner:
                part: tuple[list[Signed], list[Signed], list[int]] = ([done[arg]], [], [])
            elif graph.ops[arg] in _PRODUCT - _SUM:
                part = self._factors(b, arg, done)
            elif divides:
                part = ([b.sum(self._terms(b, arg, done))], [], [])
            else:
                part = ([], [], [arg])
            if divides:
                part = (part[1], part[0] + [b.sum(self._terms(b, n, done)) for n in part[2]], [])
            above, below, open_ = above + part[0], below + part[1], open_ + part[2]
        return above, below, open_

    def _product(self, b: Builder, node: int, done: Mapping[int, Signed]) -> list[Term]:
        """A product as terms: one, or several where a factor goes into the brackets for free."""
        above, below, open_ = self._factors(b, node, done)
        sums = list[list[Term]]()
        for factor in open_:
            terms = b.gather(self._terms(b, factor, done))
            level = max((b.term_level(t) for t in terms), default=(0, 0))
            if level[0] < Varies.ROWS or len(terms) == 1:
                above.append(b.sum(terms))
            else:
                sums.append(terms)
        for k, terms in enumerate(sums):
            level = max(b.term_level(t) for t in terms)
            others = [b.sum(other) for n, other in enumerate(sums) if n != k]
            known = [*above, *others, *below]
            if all(b.level(n) < level for _, n in known):
                plain = sum(
                    b.number(t.coefficient) == 1.0 for t in terms if b.term_level(t) == level
                )
                if plain <= 1:
                    factor = b.value(b.term([*above, *others], below))
                    return [b.times(t, factor) for t in terms]
        return [b.term([*above, *(b.sum(terms) for terms in sums)], below)]

    def _clip(self, b: Builder, node: int, done: Mapping[int, Signed]) -> Signed:
        """A value kept within bounds."""
        value, low, high = self.trace.graph.args[node]
        sign, node = b.sum(self._parts(b, value, done))
        bounds = [b.plain(done[n]) for n in (low, high)]
        if sign < 0:
            bounds = [b.node("negative", n) for n in reversed(bounds)]
        return sign, b.node("clip", node, *bounds)

    def _blend(self, b: Builder, node: int, done: Mapping[int, Signed]) -> list[Term]:
        """A choice by a parameter."""
        which, then, otherwise = self.trace.graph.args[node]
        yes = b.node("number", b.plain(done[which]))
        no = b.node("subtract", b.one, yes)
        return [b.term([(1, yes), done[then]]), b.term([(1, no), done[otherwise]])]


def _minus(term: Term) -> Term:
    return Term(-term.sign, term.coefficient, term.rest)


def _parametric(graph: Graph, nodes: list[int]) -> set[int]:
    """Nodes that depend on parameters alone."""
    found: set[int] = set()
    for node in nodes:
        if graph.ops[node] == "input":
            if is_parameter(graph.names[node]):
                found.add(node)
        elif all(arg in found for arg in graph.args[node]):
            found.add(node)
    return found


def _power(b: Builder, base: int, exponent: int) -> Signed:
    number = b.number(exponent)
    if number == 0.5:
        return 1, b.node("sqrt", base)
    if number is not None and number in (1.0, 2.0, 3.0):
        return b.multiply([base] * int(number))
    return 1, b.node("power", base, exponent)


def unroll(
    trace: Trace,
    weights: tuple[Graph, list[int]],
    actors: Iterable[str],
    by_row: Iterable[str],
) -> Projection:
    """String months together.

    Args:
        trace: of one month.
        weights: what each month counts for, as nodes of a graph of parameters.
        actors: whose payoffs are wanted.
        by_row: inputs that differ by row.
    """
    b = Builder(by_row)
    month = _Month(trace)
    discounts, of_months = weights
    known: dict[int, int] = {}
    for node in discounts.needed(of_months):
        op = discounts.ops[node]
        if op == "input":
            known[node] = b.input(discounts.names[node])
        elif op == "constant":
            known[node] = b.constant(discounts.constants[node])
        else:
            known[node] = b.node(op, *(known[a] for a in discounts.args[node]))
    wanted = list(actors)
    now: dict[str, int] = {}
    totals: dict[str, Signed] = {}
    for number, weight in enumerate(of_months):
        start = len(b.graph)

        def given(name: str, now: dict[str, int] = now, weight: int = known[weight]) -> int:
            if name in now:
                return now[name]
            if name.startswith("weight."):  # payoffs are linear, so the discount goes in here
                return b.multiply([b.input(name), weight])[1]
            return b.input(name)

        done = month.build(b, given)
        for actor in wanted:
            payoff = done[trace.payoff[actor]]
            totals[actor] = b.sum(b.term([part]) for part in (totals[actor], payoff)) if number else payoff
        now = {f"state.{name}": b.plain(done[node]) for name, node in trace.state.items()}
        for node in now.values():
            if node >= start:
                b.since[node] = number + 1
    return Projection(
        b.graph,
        b.varies,
        {actor: b.plain(totals[actor]) for actor in wanted},
        {name.removeprefix("state."): node for name, node in now.items()},
    )
