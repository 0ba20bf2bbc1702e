"""What is moved out of the way, and that it stays the same."""

import numpy as np
import pytest

from agents.actor import Incentive
from sim.kernel.algebra import Builder, Term, Varies
from sim.kernel.trace import trace, trace_weights
from sim.kernel.unroll import Projection, unroll

POSSIBLE = {"world.substitution": np.array([0.5, 1.0])}
DIALS = ("dial.host", "dial.launch")


def projection(horizon: int, incentive: Incentive, by_row: tuple[str, ...] = DIALS) -> Projection:
    month = trace({"one": (incentive,)}, POSSIBLE)
    return unroll(month, trace_weights(horizon, terminal=True), ["one"], by_row)


def counted(found: Projection, varies: Varies) -> int:
    needed = found.graph.needed(found.payoff.values())
    return sum(found.varies[n] == varies for n in needed)


def test_only_what_payoffs_need_is_computed() -> None:
    oil = projection(6, Incentive("oil", lambda o: o.stress_russia, "", True), ())
    everything = projection(
        6, Incentive("all", lambda o: o.unshielded_cost + o.flank, "", True), ()
    )
    assert counted(oil, Varies.WORLDS) < counted(everything, Varies.WORLDS)
    names = {oil.graph.names[n] for n in oil.graph.needed(oil.payoff.values())}
    assert "state.status_index" not in names


def test_nothing_is_computed_oftener_than_its_inputs_ask() -> None:
    found = projection(4, Incentive("front", lambda o: o.front, "", True))
    graph = found.graph
    of = {n: {graph.names[n]} if graph.ops[n] == "input" else set() for n in range(len(graph))}
    for node in range(len(graph)):
        for arg in graph.args[node]:
            of[node] |= of[arg]
    for node in graph.needed(found.payoff.values()):
        worlds = any(name.startswith(("state.", "dial.")) for name in of[node])
        expected = Varies.NOT if not of[node] else Varies.PARAMETERS
        expected = Varies.WORLDS if worlds else expected
        expected = Varies.ROWS if of[node] & set(DIALS) else expected
        assert found.varies[node] == expected


def test_what_play_alone_decides_is_computed_once_for_all_months() -> None:
    sizes = []
    for horizon in (3, 6):
        found = projection(horizon, Incentive("front", lambda o: o.front, "", True))
        graph = found.graph
        play_alone = set()
        for node in graph.needed(found.payoff.values()):
            if graph.ops[node] == "input":
                fixed = not graph.names[node].startswith("state.")
            else:
                fixed = all(arg in play_alone for arg in graph.args[node])
            if fixed:
                play_alone.add(node)
        sizes.append(sum(found.varies[n] == Varies.ROWS for n in play_alone))
    assert 0 < sizes[1] <= sizes[0] + 3


def test_later_months_are_the_second_over_again() -> None:
    front = Incentive("front", lambda o: o.front, "", True)
    sizes = [counted(projection(h, front), Varies.ROWS) for h in (4, 5, 6, 7)]
    assert sizes[1] - sizes[0] == sizes[2] - sizes[1] == sizes[3] - sizes[2] > 0


def test_sums_put_together_what_is_alike() -> None:
    b = Builder(["x"])
    x, p = b.input("x"), b.input("world.p")
    # x + p (q - x): x once, with the coefficient 1 - p
    q = b.input("world.q")
    terms = [b.term([(1, x)]), b.term([(1, p), (1, q)]), b.term([(-1, p), (1, x)])]
    sign, node = b.sum(terms)
    assert sign == 1
    ops = [b.graph.ops[n] for n in b.graph.needed([node]) if b.varies[n] == Varies.ROWS]
    assert sorted(ops) == ["add", "input", "multiply"]
    for px, pp, pq in ((2.0, 0.25, 8.0), (-1.0, 0.5, 3.0)):
        given = {"x": np.array(px), "world.p": np.array(pp), "world.q": np.array(pq)}
        [found] = b.graph.evaluate([node], given)
        assert float(found) == pytest.approx(px + pp * (pq - px))


def test_what_cancels_is_gone() -> None:
    b = Builder(["x"])
    x = b.input("x")
    sign, node = b.sum([b.term([(1, x)]), Term(-1, b.one, x)])
    assert (sign, b.number(node)) == (1, 0.0)


def test_signs_and_divisors_come_out_right() -> None:
    b = Builder(["x", "y"])
    x, y, p = b.input("x"), b.input("y"), b.input("world.p")
    sign, node = b.value(b.term([(-1, x), (1, b.constant(-2.0))], [(1, y), (1, p)]))
    given = {"x": np.array(3.0), "y": np.array(5.0), "world.p": np.array(7.0)}
    [found] = b.graph.evaluate([node], given)
    assert sign * float(found) == pytest.approx(-3.0 * -2.0 / (5.0 * 7.0))
