"""`fulcrum influence`: who moves whom, measured twice side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import permutations
from typing import TYPE_CHECKING, Annotated, cast

import typer

from sim.cli.commands import app, print_json, say_notes
from sim.cli.drivers import print_drivers
from sim.cli.engines import announce, executor_for
from sim.cli.inputs import BadInput, Numbers, read_scenarios
from sim.cli.moved import number, signed
from sim.cli.options import (
    DRAWS,
    SEED,
    AsJson,
    Draws,
    EngineName,
    OneScenario,
    Seed,
    Settings,
    VaryWhat,
    Workers,
)
from sim.scenario.problems import did_you_mean

if TYPE_CHECKING:
    from sim.analysis.who_moves_whom import Measured, PairTold
    from sim.draws import Vary
    from sim.ensemble.twins import Pair
    from sim.kernel import Engine

WORLDS = 400
FEWER_WORLDS = 128
ENTRY = ("held", "allowed")


@app.command()
def influence(
    scenario: OneScenario,
    pair: Annotated[
        list[str] | None,
        typer.Option(
            metavar="SOURCE.TARGET",
            help="Whose influence over whom, as belarus.russia, or all; repeatable. Belarus and "
            "Russia over each other unless given.",
        ),
    ] = None,
    entry: Annotated[
        str,
        typer.Option(metavar="WHAT", help="Whether the source may enter the war: held or allowed."),
    ] = "held",
    drivers: Annotated[
        bool,
        typer.Option("--drivers", help="Divide a shift in influence among payoff terms instead."),
    ] = False,
    against: Annotated[
        str | None,
        typer.Option(metavar="SCENARIO", help="With --drivers: the shift from this one."),
    ] = None,
    at: Annotated[
        list[str] | None,
        typer.Option(
            metavar="YYYY-MM",
            help="With --drivers: the month, the last unless given; twice for the shift between.",
        ),
    ] = None,
    worlds: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            help=f"Possible histories of each ensemble, {WORLDS}; with --drivers {FEWER_WORLDS}.",
            show_default=False,
        ),
    ] = None,
    vary: VaryWhat = "both",
    seed: Seed = SEED,
    draws: Draws = DRAWS,
    workers: Workers = 1,
    engine: EngineName = "numpy",
    settings: Settings = None,
    as_json: AsJson = False,
) -> None:
    """Measure influence by belief swap and along the path, side by side."""
    if worlds is None:
        worlds = FEWER_WORLDS if drivers else WORLDS
    numbers = Numbers(worlds, seed, draws, workers, engine, vary)
    pairs, misread = _pairs(pair or [])
    troubles = [*numbers.problems(), *misread]
    if entry not in ENTRY:
        troubles.append(f"--entry: {entry}: there are {' and '.join(ENTRY)}")
    if drivers:
        if entry == ENTRY[1]:
            troubles.append("--entry: shifts are divided with entry held; leave it out")
        if workers != 1:
            troubles.append("--workers: shifts are divided in one process; leave it out")
        named = [*filter(None, [against]), scenario]
        ends = read_scenarios(named, settings or [], troubles)
        say_notes(ends)
        print_drivers(ends, pairs, numbers, at or [], as_json)
        return
    if against or at:
        troubles.append("influence: --against and --at are about shifts; add --drivers")
    [read] = read_scenarios([scenario], settings or [], troubles)
    say_notes([read])

    from sim.analysis.who_moves_whom import document, limits, measure_both
    from sim.cli.terminal import print_words, progress_bars
    from sim.ensemble.twins import Worlds
    from sim.influence.path import PathError

    asked = Worlds(worlds, seed, draws, cast("Vary", vary), cast("Engine", engine))
    allowed = entry == "allowed"
    try:
        with progress_bars() as bars, executor_for(numbers, [read], bars.say) as executor:
            announce(numbers, bars.say)
            told = measure_both(
                read,
                pairs,
                asked,
                entry=allowed,
                executor=executor,
                progress=bars.of(read.title),
            )
    except PathError as error:
        raise BadInput([f"influence: {error}"]) from None
    if as_json:
        print_json(document(read, asked, allowed, told))
        return
    used = worlds - worlds % draws
    print_words(
        f"{read.title}: {used:,} worlds in {used // draws:,} sets of assumptions, {read.months} "
        f"months, entry {entry}."
    )
    print_both(told)
    for words in limits(asked):
        print_words(words)


def print_both(told: Mapping[Pair, PairTold]) -> None:
    """Both measures, pair by pair and lever by lever, and where they disagree."""
    from sim.analysis.who_moves_whom import disagreements, pair_words
    from sim.cli.terminal import print_table, print_words
    from sim.report.deeds import lever_words

    rows: list[Sequence[str]] = []
    for pair, one in told.items():
        rows += [[""], [pair_words(pair)]]
        if one.nothing:
            rows.append([f"cannot be told: {one.nothing}"])
            continue
        for lever, measured in one.levers.items():
            rows.append([lever_words(lever), *_cells(measured, "closed")])
        rows.append(["mean of its levers", *_cells(one.whole, "")])
        rows.append(["ensembles apart", "", "", number(one.apart), "", ""])
        rows.append(["chance alone", "", "", number(one.chance), "", ""])
    head = ["Of 100 choices", "swap", "levels", "path", "levels", ""]
    print_table(head, rows)
    print_words(
        "So many choices of the second would be others if the first only served it. Swap: what it "
        "would do now if it expected that. Path: how far its play over the months lies from that "
        "beside such a puppet, chance taken off. After ±: Monte Carlo standard error, leaving out "
        "one set at a time. Levels: how far the first's own aims move 100 choices in all; an arrow "
        "where the sign is sure."
    )
    said = disagreements(told)
    if not said and any(one.whole.gap.error is not None for one in told.values()):
        said = ["The two measures are not told apart anywhere."]
    for sentence in said:
        print_words(sentence)


def _cells(measured: Measured, closed: str) -> list[str]:
    if measured.path.mean is None and measured.swap.mean is None:
        return ["", "", "", "", closed]
    shifts = [signed(measured.shifts.get(measure)) for measure in ("swap", "path")]
    verdict = "" if "told" in measured.verdict else measured.verdict
    return [number(measured.swap), shifts[0], number(measured.path), shifts[1], verdict]


def _pairs(words: Sequence[str]) -> tuple[list[Pair], list[str]]:
    """The pairs that are meant, and what is wrong with them, one line each."""
    from agents import menus
    from sim.influence.behavioural import HEADLINE_PAIRS

    known = [f"{source}.{target}" for source, target in permutations(menus(), 2)]
    found: dict[Pair, None] = {}
    problems = []
    for word in words:
        if word != "all" and word not in known:
            hint = did_you_mean(word, known)
            problems.append(f"--pair: {word}: write two actors, as belarus.russia, or all{hint}")
        for name in known if word == "all" else [word]:
            source, _, target = name.partition(".")
            found[source, target] = None
    return (list(found) or list(HEADLINE_PAIRS)), problems
