"""Arithmetic as data: what is computed from what, each thing once.

A graph holds the operations of an array expression in an order in which they can be carried out.
Asking twice for the same operation on the same things gives the same node, so common
subexpressions exist once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from agents.outlook import Array

type Values = Array | NDArray[np.bool_]

UFUNCS: dict[str, np.ufunc] = {
    "add": np.add,
    "subtract": np.subtract,
    "multiply": np.multiply,
    "divide": np.divide,
    "negative": np.negative,
    "absolute": np.absolute,
    "sqrt": np.sqrt,
    "log1p": np.log1p,
    "log": np.log,
    "exp": np.exp,
    "power": np.power,
    "maximum": np.maximum,
    "minimum": np.minimum,
    "less": np.less,
    "less_equal": np.less_equal,
    "greater": np.greater,
    "greater_equal": np.greater_equal,
    "equal": np.equal,
    "not_equal": np.not_equal,
    "logical_and": np.logical_and,
    "logical_or": np.logical_or,
    "logical_not": np.logical_not,
}
"""Operations that a mechanism may use, under NumPy's names. `where` and `clip` join them."""

TRUTHS = frozenset(
    [
        "less",
        "less_equal",
        "greater",
        "greater_equal",
        "equal",
        "not_equal",
        "logical_and",
        "logical_or",
        "logical_not",
    ]
)
"""Operations that answer yes or no."""


class Graph:
    """Operations in order; a node is the number of its place.

    Attributes:
        ops: of every node: a name of `UFUNCS`, "where" (condition, then, otherwise), "clip" (value,
            low, high), "number" (a yes or no as 1 or 0), "input" or "constant".
        args: nodes that a node reads.
        names: name of an input, empty for others.
        constants: value of a constant, 0 for others.
    """

    def __init__(self) -> None:
        self.ops: list[str] = []
        self.args: list[tuple[int, ...]] = []
        self.names: list[str] = []
        self.constants: list[float] = []
        self._known: dict[tuple[str, tuple[int, ...], str, float], int] = {}

    def __len__(self) -> int:
        """Number of nodes."""
        return len(self.ops)

    def node(self, op: str, *args: int) -> int:
        """An operation on nodes."""
        return self._put(op, args, "", 0.0)

    def input(self, name: str) -> int:
        """Something given from outside."""
        return self._put("input", (), name, 0.0)

    def constant(self, value: float) -> int:
        """A number; -0.0 is 0."""
        return self._put("constant", (), "", float(value) + 0.0)

    def _put(self, op: str, args: tuple[int, ...], name: str, value: float) -> int:
        key = (op, args, name, value)
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = len(self.ops)
            self.ops.append(op)
            self.args.append(args)
            self.names.append(name)
            self.constants.append(value)
        return known

    def needed(self, wanted: Iterable[int]) -> list[int]:
        """Nodes without which the wanted ones cannot be computed, in order."""
        found = [False] * len(self)
        for node in wanted:
            found[node] = True
        for node in range(len(self) - 1, -1, -1):
            if found[node]:
                for arg in self.args[node]:
                    found[arg] = True
        return [node for node in range(len(self)) if found[node]]

    def evaluate(self, wanted: Sequence[int], inputs: Mapping[str, Values]) -> list[Values]:
        """Carry out the operations plainly, one array each: for tests and for small things.

        Args:
            wanted: nodes.
            inputs: by name, arrays that broadcast against each other.
        """
        values: dict[int, Values] = {}
        for node in self.needed(wanted):
            values[node] = self.carry_out(node, values, inputs)
        return [values[node] for node in wanted]

    def carry_out(
        self, node: int, values: Mapping[int, Values], inputs: Mapping[str, Values]
    ) -> Values:
        """One operation, given what it reads."""
        op = self.ops[node]
        if op == "input":
            return inputs[self.names[node]]
        if op == "constant":
            return np.float64(self.constants[node])  # type: ignore[return-value]
        args = [values[arg] for arg in self.args[node]]
        if op == "where":
            return np.where(*args)
        if op == "clip":
            return np.clip(*args)
        if op == "number":
            return np.asarray(args[0]).astype(float)
        return UFUNCS[op](*args)
