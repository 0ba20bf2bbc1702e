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
from functools import cached_property

from sim.kernel.algebra import Builder, Signed, Term, Varies, is_parameter
from sim.kernel.graph import Graph
from sim.kernel.trace import Trace


@dataclass(frozen=True, eq=False)
class Projection:
    """The graph of a projection; itself and no other, so that what follows from it can be kept.

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

    @cached_property
    def apart(self) -> tuple[list[int], list[int], list[int]]:
        """Nodes that depend on parameters alone, that differ by world, and that differ by row."""
        nodes = self.graph.needed(self.payoff.values())
        return (
            [node for node in nodes if self.varies[node] <= Varies.PARAMETERS],
            [node for node in nodes if self.varies[node] == Varies.WORLDS],
            [node for node in nodes if self.varies[node] == Varies.ROWS],
        )


_SUM = frozenset(("add", "subtract", "negative"))
_PRODUCT = frozenset(("multiply", "divide", "negative"))


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

    def after(self, b: Builder, before: _SoFar, weight: int) -> _SoFar:
        """A month put together.

        Args:
            b: the graph so far.
            before: what the month begins with.
            weight: node of what it counts for.
        """

        def given(name: str) -> int:
            if name in before.state:
                return before.state[name]
            if name.startswith("weight."):  # payoffs are linear, so the discount goes in here
                return b.multiply([b.input(name), weight])[1]
            return b.input(name)

        done = self.build(b, given)
        return _SoFar(
            {f"state.{name}": b.plain(done[node]) for name, node in self.trace.state.items()},
            {
                actor: b.sum(b.term([part]) for part in (total, done[self.trace.payoff[actor]]))
                for actor, total in before.payoff.items()
            },
        )

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
                    outside = b.value(b.term([*above, *others], below))
                    return [b.times(t, outside) for t in terms]
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


@dataclass(frozen=True)
class _SoFar:
    """What a month begins with: the state, none before the first, and payoffs up to now."""

    state: dict[str, int]
    payoff: dict[str, Signed]

    def look(self, b: Builder, month: int) -> tuple[object, ...]:
        """What decides how the month's graph looks, apart from the names of new nodes."""
        new = {node: k for k, node in enumerate(self.state.values()) if b.since[node] == month}
        return (
            month > 0,
            tuple(
                (b.varies[node], new[node] if node in new else -1 - node)
                for node in self.state.values()
            ),
            tuple(sign for sign, _ in self.payoff.values()),
        )


@dataclass(frozen=True)
class _Pattern:
    """A month that is built, to build others after.

    Attributes:
        look: of what it began with.
        before: what it began with.
        weight: what it counts for.
        end: length of the graph after it.
        after: what it ended with.
    """

    look: tuple[object, ...]
    before: _SoFar
    weight: int
    end: int
    after: _SoFar

    def again(self, b: Builder, before: _SoFar, weight: int) -> _SoFar:
        """The same month after another."""
        now = {self.weight: weight}
        now |= dict(zip(self.before.state.values(), before.state.values(), strict=True))
        for name, (_, node) in self.before.payoff.items():
            now[node] = before.payoff[name][1]
        # some may be older than the month: the month before may have asked the same of its end
        for node in range(min(now), self.end):
            args = b.graph.args[node]
            if node not in now and any(arg in now for arg in args):
                now[node] = b.node(b.graph.ops[node], *(now.get(arg, arg) for arg in args))
        return _SoFar(
            {name: now.get(node, node) for name, node in self.after.state.items()},
            {name: (sign, now.get(node, node)) for name, (sign, node) in self.after.payoff.items()},
        )


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
    so_far = _SoFar({}, {actor: (1, b.constant(0.0)) for actor in actors})
    pattern: _Pattern | None = None
    for number, weight in enumerate(of_months):
        start = len(b.graph)
        look = so_far.look(b, number)
        if pattern is not None and look == pattern.look:
            after = pattern.again(b, so_far, known[weight])
        else:
            after = month.after(b, so_far, known[weight])
            pattern = _Pattern(look, so_far, known[weight], len(b.graph), after)
        for node in after.state.values():
            if node >= start:
                b.since[node] = number + 1
        so_far = after
    return Projection(
        b.graph,
        b.varies,
        {actor: b.plain(total) for actor, total in so_far.payoff.items()},
        {name.removeprefix("state."): node for name, node in so_far.state.items()},
    )
