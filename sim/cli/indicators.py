"""`fulcrum indicators`: what of an early month tells how the war stands at the end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli.commands import app, fetch_all, print_json, say_notes
from sim.cli.inputs import BadInput, Numbers, obstacle, read_scenarios
from sim.cli.options import (
    DRAWS,
    HERE,
    SEED,
    WORLDS,
    AsJson,
    Draws,
    EngineName,
    OneScenario,
    Results,
    Scheduler,
    Seed,
    Settings,
    Workers,
    Worlds,
)
from sim.scenario.month import Month

if TYPE_CHECKING:
    from sim.scenario import Scenario

EARLY = 6
"""Month of the run that is looked at unless another is named."""
MOST_WORLDS = 4000
"""Every world that comes to an end is held against every one that does not."""


@app.command()
def indicators(
    scenario: OneScenario,
    month: Annotated[
        str | None,
        typer.Option(metavar="YYYY-MM", help="The early month; the sixth of the run."),
    ] = None,
    worlds: Worlds = WORLDS,
    seed: Seed = SEED,
    draws: Draws = DRAWS,
    workers: Workers = 1,
    scheduler: Scheduler = None,
    engine: EngineName = "numpy",
    settings: Settings = None,
    results: Results = HERE,
    as_json: AsJson = False,
) -> None:
    """Say what anybody could see of an early month tells how the war stands at the end."""
    from sim.analysis.thesis.indicators import early_indicators

    numbers = Numbers(worlds, seed, draws, workers, engine, scheduler=scheduler)
    troubles = [*numbers.problems(), *obstacle(results)]
    if worlds > MOST_WORLDS:
        troubles.append(f"--worlds: at most {MOST_WORLDS:,} here, where worlds are held in pairs")
    read = read_scenarios([scenario], settings or [], troubles)
    [chosen] = read
    number = _number(chosen, month)
    say_notes(read)
    [stored] = fetch_all(read, numbers, results)
    found = early_indicators(stored.dataset, draws, number)
    told: dict[str, Any] = {
        "scenario": chosen.name,
        "title": chosen.title,
        "at": str(chosen.start + (number - 1)),
        "seed": seed,
        "draws": draws,
        "worlds_in_all": worlds,
        **found,
    }
    if as_json:
        print_json(told)
    else:
        _print(told, str(chosen.end))


def _number(scenario: Scenario, month: str | None) -> int:
    """Which month of the run is meant, counted from 1."""
    if month is None:
        number = EARLY
    else:
        try:
            number = Month.parse(month) - scenario.start + 1
        except ValueError as error:
            raise BadInput([f"--month: {month}: {error}"]) from None
    if not 1 <= number < scenario.months:
        said = f"month {EARLY} of the run" if month is None else month
        raise BadInput(
            [f"--month: {said} is not before the end of {scenario.name}, {scenario.end}; give one"]
        )
    return number


def _print(told: dict[str, Any], end: str) -> None:
    from sim.analysis.outcomes import STATUS
    from sim.cli.terminal import print_names, print_words
    from sim.report.labels import month_words

    ends = told["ends"]
    early, late = month_words(f"{told['at']}-01"), month_words(f"{end}-01")
    print_words(
        f"{told['title']}: what is seen in {early} of {told['worlds']:,} worlds at war, and how "
        f"the war stands in {late}."
    )
    if not ends:
        print_words("No end comes in ten worlds or more and stays away in ten: nothing to tell.")
        return
    typer.echo()
    head = ["", *(f"{STATUS[name]} ({many:,})" for name, many in ends.items())]
    rows = [
        [one["label"], *(_cell(one["ends"][name]) for name in ends)]
        for one in told["observables"].values()
    ]
    print_names(head, rows, left=1)
    beyond = sum(
        f["beyond_chance"] for o in told["observables"].values() for f in o["ends"].values()
    )
    pairs = len(rows) * len(ends)
    print_words(
        "Of two worlds, one of which comes to that end and one does not, how often in 100 the "
        "former has the larger value (area under the ROC curve); 50 is no better than a coin. A "
        "star: more than two standard errors from it, sets of assumptions left out one at a time."
    )
    print_words(
        f"{beyond} of {pairs} have a star; of {pairs} that tell nothing about "
        f"{max(1, round(0.05 * pairs))} would. A model's output, not a forecast."
    )


def _cell(one: dict[str, Any]) -> str:
    star = " *" if one["beyond_chance"] else "  "
    return f"{100 * one['area']:.1f} ± {100 * one['error']:.1f}{star}"
