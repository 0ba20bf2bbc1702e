"""What weighing costs most in NumPy, each as one pass over memory in machine code.

Every graph here does what a function in NumPy does, in the same order and precision, so the bits
are the same; that function is named, and is the text to read. Exponentials stay with NumPy.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate, product
from math import prod

import numpy as np
from numpy.typing import NDArray

from agents.levers import Menu
from agents.outlook import Array
from sim.deliberation.expansion import Change
from sim.kernel.compiled import Given, Pass
from sim.kernel.graph import Graph

_REAL, _SINGLE, _TRUTH = np.dtype(np.float64), np.dtype(np.float32), np.dtype(bool)


class _Sheet:
    """A graph, and how its inputs lie in memory."""

    def __init__(self) -> None:
        self.graph = Graph()
        self.inputs: dict[int, np.dtype[np.generic]] = {}
        self.do = self.graph.node

    def given(self, count: int, kind: np.dtype[np.generic]) -> list[int]:
        """The next rows given from outside."""
        nodes = [self.graph.input(str(len(self.inputs) + k)) for k in range(count)]
        self.inputs |= dict.fromkeys(nodes, kind)
        return nodes

    def total(self, nodes: Sequence[int]) -> int:
        """A sum, one after the other, as of `agents.response.sum_in_order`."""
        first, *rest = nodes
        for node in rest:
            first = self.do("add", first, node)
        return first

    def shares(self, weights: list[int]) -> list[int]:
        """Weights made to sum to 1."""
        total = self.total(weights)
        return [self.do("divide", weight, total) for weight in weights]

    def marginals(self, options: list[int], shape: tuple[int, ...]) -> list[list[int]]:
        """As `agents.response.marginals`: lever by lever, level by level."""
        out = []
        for size in shape:
            inner = len(options) // size
            lines = [options[level * inner : (level + 1) * inner] for level in range(size)]
            out.append([self.total(line) for line in lines])
            options = [self.total(column) for column in zip(*lines, strict=True)]
        return out

    def variation(self, changes: list[int]) -> int:
        """As `agents.response.total_variation`."""
        total = self.total([self.do("absolute", change) for change in changes])
        return self.do("multiply", self.graph.constant(0.5), total)

    def code(self, outputs: Sequence[int]) -> Pass:
        """Compiled."""
        return Pass(self.graph, self.inputs, outputs)


@dataclass(frozen=True)
class Rows:
    """A quantity in rows that change a standing option.

    Attributes:
        values: shape (rows, worlds).
        anchor: levels of the standing option, shape (levers, worlds).
        changes: what each row changes, the first nothing.
        declared: what the rows would change if every lever left a choice.
        shape: number of levels of each lever.
    """

    values: Array
    anchor: NDArray[np.int64]
    changes: tuple[Change, ...]
    declared: tuple[Change, ...]
    shape: tuple[int, ...]

    @property
    def given(self) -> tuple[tuple[Array, NDArray[np.int64]], Array]:
        """Inputs of a pass: a row for all that is declared, and the standing levels."""
        return (self.values, _places(self.changes, self.declared)), self.anchor.astype(float)


@cache
def _places(changes: tuple[Change, ...], declared: tuple[Change, ...]) -> NDArray[np.int64]:
    """For all that is declared, its row: the effect of a lever without a choice comes out as 0."""
    row_of = {change: row for row, change in enumerate(changes)}
    return np.array(
        [
            row_of[tuple(part for part in change if (part,) in row_of)] if change else 0
            for change in declared
        ]
    )


def over_menu(rows: Rows, before: Array | None = None) -> Array:
    """As `Expansion.over_menu`; with `before`, what is added to that.

    Args:
        rows: to put together.
        before: a quantity of every option, shape (options, worlds).

    Returns:
        Shape (options, worlds).
    """
    code = _over_menu(rows.declared, rows.shape, before is not None, rows.values.dtype)
    return code.run(*rows.given, *([] if before is None else [before]))


@cache
def _over_menu(
    declared: tuple[Change, ...], shape: tuple[int, ...], anew: bool, kind: np.dtype[np.generic]
) -> Pass:
    sheet = _Sheet()
    return sheet.code(_options(sheet, declared, shape, anew, kind))


def _options(
    sheet: _Sheet,
    declared: tuple[Change, ...],
    shape: tuple[int, ...],
    anew: bool,
    kind: np.dtype[np.generic],
) -> list[int]:
    """What options are, from rows and, if it is `anew`, from what they were before."""
    do, number = sheet.do, sheet.graph.constant
    rows = sheet.given(len(declared), kind)
    anchor = sheet.given(len(shape), _REAL)
    none = number(0.0)
    effect = {
        change: do("subtract", row, rows[0])
        for change, row in zip(declared[1:], rows[1:], strict=True)
    }
    for change, joint in effect.items():
        if len(change) == 2:
            alone = do("add", effect[change[0],], effect[change[1],])
            effect[change] = do("subtract", joint, alone)

    def turned(lever: int, steps: list[int]) -> list[int]:
        """What stands at each step from the standing level, at each level instead."""
        size = shape[lever]
        out = []
        for level in range(size):
            node = steps[-1]
            for step in range(size - 2, -1, -1):
                here = do("equal", anchor[lever], number(float((level - step) % size)))
                node = do("where", here, steps[step], node)
            out.append(node)
        return out

    def at_levels(levers: tuple[int, ...]) -> dict[tuple[int, ...], int]:
        """Effects that levers have, by their levels; none where they do not change."""
        by_step = {
            far: effect.get(tuple(zip(levers, far, strict=True)), none)
            for far in product(*(range(shape[k]) for k in levers))
        }
        for n in range(len(levers) - 1, -1, -1):
            others = [range(shape[k]) for k in levers]
            others[n] = range(1)
            for far in product(*others):
                line = [(*far[:n], j, *far[n + 1 :]) for j in range(shape[levers[n]])]
                found = turned(levers[n], [by_step[at] for at in line])
                by_step |= dict(zip(line, found, strict=True))
        return by_step

    groups = dict.fromkeys(tuple(k for k, _ in change) for change in declared[1:])
    parts = {levers: at_levels(levers) for levers in groups}
    total: dict[tuple[int, ...], int] = {(): rows[0]}
    for k, size in enumerate(shape):
        grown = {}
        for option, node in total.items():
            for level in range(size):
                added = [parts[k,][level,]] if (k,) in parts else [none]
                added += [parts[b, k][option[b], level] for b in range(k) if (b, k) in parts]
                grown[*option, level] = do("add", node, sheet.total(added))
        total = grown
    out = list(total.values())
    if anew:
        before = sheet.given(len(out), _REAL)
        out = [do("add", was, more) for was, more in zip(before, out, strict=True)]
    return out


@dataclass(frozen=True)
class Choosing:
    """How somebody weighs.

    Attributes:
        cost: of every option in units of scale, shape (options, worlds).
        feasible: options that may be chosen, same shape.
        scale: what one unit of value is worth, shape (worlds,).
        precision: lambda of the logit response, likewise.
    """

    cost: Array
    feasible: NDArray[np.bool_]
    scale: Array
    precision: Array

    def logit(self, values: Array) -> Array:
        """As `agents.response.logit` of values in units of scale less the cost."""
        weights = self.weights(values)
        return _shares(len(values)).run(weights)

    def weights(self, values: Array) -> Array:
        """The same before the weights are made to sum to 1."""
        return self._powers(_exponents(len(values)), values)

    def weights_anew(self, rows: Rows, before: Array) -> Array:
        """The same of options that are put together on the way, as by `over_menu`."""
        code = _exponents_anew(rows.declared, rows.shape, rows.values.dtype)
        return self._powers(code, *rows.given, before)

    def _powers(self, code: Pass, *given: Given) -> Array:
        found = code.run(*given, self.cost, self.feasible, self.scale, self.precision)
        return np.exp(found, out=found)


@cache
def _exponents(options: int) -> Pass:
    sheet = _Sheet()
    return sheet.code(_scores(sheet, sheet.given(options, _REAL)))


@cache
def _exponents_anew(
    declared: tuple[Change, ...], shape: tuple[int, ...], kind: np.dtype[np.generic]
) -> Pass:
    sheet = _Sheet()
    return sheet.code(_scores(sheet, _options(sheet, declared, shape, True, kind)))


def _scores(sheet: _Sheet, values: list[int]) -> list[int]:
    """What weights are exponentials of, the greatest 0."""
    do = sheet.do
    costs, feasible = (sheet.given(len(values), kind) for kind in (_REAL, _TRUTH))
    scale, precision = sheet.given(2, _REAL)
    scores = []
    for value, cost, allowed in zip(values, costs, feasible, strict=True):
        gain = do("subtract", do("divide", value, scale), cost)
        score = do("multiply", gain, precision)
        scores.append(do("where", allowed, score, sheet.graph.constant(-np.inf)))
    best = scores[0]
    for score in scores[1:]:
        best = do("maximum", best, score)
    return [do("subtract", score, best) for score in scores]


@cache
def _shares(options: int) -> Pass:
    sheet = _Sheet()
    return sheet.code(sheet.shares(sheet.given(options, _REAL)))


def deviation(values: Array, scale: Array, allowed: NDArray[np.bool_]) -> Array:
    """As `sim.influence.coleman.deviation` of values in units of scale."""
    return _deviation(len(values)).run(values, allowed, scale)[0]


@cache
def _deviation(options: int) -> Pass:
    sheet = _Sheet()
    do, none = sheet.do, sheet.graph.constant(0.0)
    given, allowed = sheet.given(options, _REAL), sheet.given(options, _TRUTH)
    [scale] = sheet.given(1, _REAL)
    values = [do("divide", value, scale) for value in given]
    count = sheet.total([do("number", one) for one in allowed])

    def mean(parts: list[int]) -> int:
        kept = [do("where", one, part, none) for one, part in zip(allowed, parts, strict=True)]
        return do("divide", sheet.total(kept), count)

    middle = mean(values)
    off = [do("subtract", value, middle) for value in values]
    return sheet.code([do("sqrt", mean([do("multiply", each, each) for each in off]))])


def marginals(probabilities: Array, menu: Menu) -> dict[str, Array]:
    """As `agents.response.marginals`."""
    found = _marginals(menu.shape).run(probabilities)
    ends = accumulate(menu.shape)
    return {
        name: found[end - size : end]
        for name, size, end in zip(menu.names, menu.shape, ends, strict=True)
    }


@cache
def _marginals(shape: tuple[int, ...]) -> Pass:
    sheet = _Sheet()
    found = sheet.marginals(sheet.given(prod(shape), _REAL), shape)
    return sheet.code([level for levels in found for level in levels])


def difference(own: Array, puppet: Array, shape: tuple[int, ...]) -> tuple[Array, Array, Array]:
    """As `sim.influence.behavioural.difference` of two distributions, given their weights."""
    found = _difference(shape).run(own, puppet)
    return found[: len(shape)], found[len(shape) : -1], found[-1]


@cache
def _difference(shape: tuple[int, ...]) -> Pass:
    sheet = _Sheet()
    do, number = sheet.do, sheet.graph.constant
    own, puppet = (sheet.shares(sheet.given(prod(shape), _REAL)) for _ in range(2))

    def changes(one: list[int], two: list[int]) -> list[int]:
        return [do("subtract", a, b) for a, b in zip(one, two, strict=True)]

    variations, shifts = [], []
    for one, two in zip(sheet.marginals(own, shape), sheet.marginals(puppet, shape), strict=True):
        change = changes(one, two)
        variations.append(sheet.variation(change))
        moved = [do("multiply", number(float(k)), node) for k, node in enumerate(change)]
        shifts.append(sheet.total(moved))
    return sheet.code([*variations, *shifts, sheet.variation(changes(own, puppet))])
