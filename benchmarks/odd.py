"""Writes the tables of docs/ODD.md and docs/model.md anew from the code: `make odd`.

What a table says is read where it is declared: state variables and dials from their annotations,
parameters from the registry, stages, levers, aims and records from the lists that run the model.
Which stage changes what, and what chance is drawn for, is watched in months that are played.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import fields

import numpy as np
from numpy.typing import NDArray

from agents import roster
from agents.outlook import Array
from benchmarks import symbols
from benchmarks.pages import DOCS, put, table
from sim.analysis.facts import load_facts
from sim.deliberation.answers import PAIRS
from sim.ensemble.recording import VARIABLES
from sim.model import ConflictModel
from sim.scenario.distributions import Distribution
from sim.scenario.registry import Parameter, load_registry
from sim.scenario.shocks import SHOCKS
from sim.scenario.values import Value
from sim.stages import STAGES
from sim.world.functions import LINEAR, supplies
from sim.world.masks import closures
from sim.world.state import State

ODD = DOCS / "ODD.md"
MODEL = DOCS / "model.md"
WATCHED = 2
"""Months that are played: the second of `status_quo` is a January, so all that happens in a month
happens in one of them."""


class Watched(ConflictModel):
    """A model that takes down which stage changes which variable, and what chance is drawn for."""

    def __init__(self) -> None:
        super().__init__("status_quo", collect=False)
        self.changed: dict[str, set[str]] = {f.name: set() for f in fields(State)}
        self.drawn: dict[str, str] = {}
        self.now = ""

    def chance(self, purpose: str) -> NDArray[np.float64]:
        """As the model draws it, with the stage taken down."""
        self.drawn.setdefault(purpose, self.now)
        return super().chance(purpose)

    def step(self) -> None:
        """One month, watched."""
        for stage in STAGES:
            self.now = stage.name
            before = self._standing()
            stage.run(self)
            after = self._standing()
            for name in before:
                if after[name] is not before[name]:
                    self.changed[name].add(stage.name)

    def _standing(self) -> dict[str, Array]:
        """Every variable as the stages so far leave it."""
        held = {f.name: getattr(self.state, f.name) for f in fields(State)}
        month = self.underway
        if month is not None and month.start is self.state:  # the month is not closed yet
            held |= month.changes
            held |= {} if month.end is None else {n: getattr(month.end, n) for n in held}
        if self.now == "deal":
            held |= self.promised
        return held


def watch() -> Watched:
    """The months, played."""
    model = Watched()
    for _ in range(WATCHED):
        model.promised = {}
        model.step()
    return model


def value_of(value: Value) -> str:
    """A number or a distribution as the page shows it."""
    if isinstance(value, Distribution):
        return f"{value.kind} {', '.join(f'{a:g}' for a in value.args)}"
    return f"{value:g}"


def origin_of(parameter: Parameter) -> str:
    """Where a number comes from, in words."""
    kind, said = parameter.origin.kind, str(parameter.origin)
    words = f"{kind} {said}" if kind != "assumption" else f"assumption: {said}"
    if parameter.neutral is not None:
        words += f"; {parameter.neutral:g} with the claim off"
    return words + (f" ({parameter.reference})" if parameter.reference else "")


def state_table(model: Watched) -> str:
    """Every state variable of a world."""
    registry = {p.name: p for p in load_registry()}
    some = {name: np.zeros(1) for name in registry if name.startswith("initial.")}
    without = State.initial(some)
    order = [stage.name for stage in STAGES]
    movable = {name.replace(".", "_") for name in SHOCKS}
    rows = []
    for name, (unit, meaning) in symbols.declared(State).items():
        start = registry.get(f"initial.{name}")
        starts = value_of(start.prior) if start else f"{getattr(without, name)[0]:g}"
        stages = model.changed[name] | ({"shocks"} if name in movable else set())
        changed = ", ".join(sorted(stages, key=order.index))
        rows.append([f"`{name}`", meaning, unit, starts, changed])
    return table(("variable", "what it is", "unit", "starts at", "changed by"), rows)


def patterns_table() -> str:
    """The facts that the model has to face."""
    rows = (
        [str(fact["id"]), fact["title"], str(len(fact["checks"]))] for fact in load_facts()["facts"]
    )
    return table(("", "fact of 2022-23", "checks"), rows)


def closed_table(model: Watched) -> str:
    """What a state closes, and why."""
    menus = {name: actor.menu.levels() for name, actor in roster().items()}
    rows = []
    for one in closures(model.state):
        levels = menus[one.actor][one.lever]
        closed = [level for k, level in enumerate(levels) if one.closes(k)]
        rows.append([one.actor, f"`{one.lever}`", ", ".join(closed), one.why])
    return table(("actor", "lever", "closed", "where"), rows)


def stages_table() -> str:
    """The order of a month."""
    rows = ([str(k), stage.name, stage.does] for k, stage in enumerate(STAGES, start=1))
    return table(("", "stage", "what happens"), rows)


def levers_table() -> str:
    """What every actor can do."""
    rows = []
    for name, actor in roster().items():
        for lever in actor.menu.levers:
            notes = ["cannot be undone"] if lever.irreversible else []
            notes += [f"first step costs `{lever.threshold}`"] if lever.threshold else []
            rows.append([name, f"`{lever.name}`", ", ".join(lever.levels), "; ".join(notes)])
    return table(("actor", "lever", "levels, least to most", ""), rows)


def aims_table() -> str:
    """What every actor wants."""
    rows = (
        [name, f"`{aim.name}`", aim.unit, "yes" if aim.in_peace else "no", actor.reference]
        for name, actor in roster().items()
        for aim in actor.incentives
    )
    return table(("actor", "term", "unit of the primitive", "goes on in peace", "origin"), rows)


def answers_table() -> str:
    """Levers whose answers are foreseen."""
    rows = ([p.actor, f"`{p.lever}`", p.other, f"`{p.answer}`"] for p in PAIRS)
    return table(("actor", "lever", "who answers", "with"), rows)


def functions_table(model: Watched) -> str:
    """Who supplies what to whom."""
    given = supplies(model.state, model.last.c, model.parameters)
    rows = []
    for name, by_supplier in given.items():
        owner, _, function = name.partition(".")
        how = "add up" if name in LINEAR else "CES"
        rows.append([owner, function, ", ".join(by_supplier), how])
    return table(("actor", "function", "suppliers", "combined"), rows)


def chance_table(model: Watched) -> str:
    """What is drawn each month, one number a world each."""
    return table(
        ("purpose", "stage"), ([f"`{purpose}`", stage] for purpose, stage in model.drawn.items())
    )


def records_table() -> str:
    """What is written down of a world every month."""
    rows = (
        [f"`{name}`", v.long_name, v.units, ", ".join(v.dims) or "-"]
        for name, v in VARIABLES.items()
    )
    return table(("variable", "what it is", "unit", "beside world and month, by"), rows)


def origins_table() -> str:
    """How many parameters there are of each kind of origin."""
    registry = load_registry()
    rows = []
    for kind in ("claim", "figure", "assumption"):
        of_kind = [p for p in registry if p.origin.kind == kind]
        drawn = sum(isinstance(p.prior, Distribution) for p in of_kind)
        rows.append([kind, str(len(of_kind)), str(drawn), str(len(of_kind) - drawn)])
    drawn = sum(isinstance(p.prior, Distribution) for p in registry)
    rows.append(["all", str(len(registry)), str(drawn), str(len(registry) - drawn)])
    return table(("origin", "parameters", "drawn from a prior", "single number"), rows)


def parameters_table() -> str:
    """Every parameter, in the order of the registry."""
    rows = (
        [f"`{p.name}`", p.meaning, p.unit, value_of(p.prior), origin_of(p), f"`{p.used_by}`"]
        for p in load_registry()
    )
    return table(("parameter", "meaning", "unit", "value or prior", "origin", "read by"), rows)


def odd_tables() -> Iterator[tuple[str, str]]:
    """Name and text of every table of docs/ODD.md."""
    model = watch()
    yield "patterns", patterns_table()
    yield "state", state_table(model)
    yield "levers", levers_table()
    yield "stages", stages_table()
    yield "closed", closed_table(model)
    yield "aims", aims_table()
    yield "answers", answers_table()
    yield "functions", functions_table(model)
    yield "chance", chance_table(model)
    yield "records", records_table()
    yield "origins", origins_table()
    yield "parameters", parameters_table()


def odd_page(page: str) -> str:
    """docs/ODD.md with its tables as the code has them now."""
    for name, text in odd_tables():
        page = put(page, name, text)
    return page


def model_page(page: str) -> str:
    """docs/model.md with its tables of symbols as the code has them now."""
    for name, text in symbols.tables(page):
        page = put(page, name, text)
    return page


def main() -> int:
    """Write both pages."""
    for path, anew in ((ODD, odd_page), (MODEL, model_page)):
        path.write_text(anew(path.read_text(encoding="utf-8")), encoding="utf-8")
        print(f"Wrote {path}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
