"""`fulcrum influence --drivers`: which payoff terms account for a shift in influence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, cast

from sim.cli.commands import print_json
from sim.cli.engines import announce
from sim.cli.inputs import BadInput, Numbers
from sim.cli.moved import number
from sim.scenario import Month

if TYPE_CHECKING:
    from sim.analysis.drivers import Drivers, End, Part
    from sim.draws import Vary
    from sim.ensemble.twins import Pair
    from sim.kernel import Engine
    from sim.scenario import Scenario


def print_drivers(
    scenarios: Sequence[Scenario],
    pairs: Sequence[Pair],
    numbers: Numbers,
    months: Sequence[str],
    as_json: bool,
) -> None:
    """Divide a shift in influence and say what it comes from.

    Args:
        scenarios: one, for the shift between two of its months; or two, for that from the first
            to the second.
        pairs: (source, target).
        numbers: of the run.
        months: as given.
        as_json: whether to print one JSON document.

    Raises:
        BadInput: the shift cannot be divided.
    """
    from sim.analysis.drivers import DriversError, drivers
    from sim.analysis.who_moves_whom import limits
    from sim.cli.terminal import print_words, progress_bars
    from sim.ensemble.twins import Worlds

    before, after = _ends(scenarios, months)
    worlds = Worlds(
        numbers.worlds,
        numbers.seed,
        numbers.draws,
        cast("Vary", numbers.vary),
        cast("Engine", numbers.engine),
    )
    try:
        with progress_bars() as bars:
            announce(numbers, bars.say)
            found = drivers(before, after, pairs, worlds, bars.of(scenarios[-1].title))
    except DriversError as error:
        raise BadInput([f"influence: {error}"]) from None
    used = worlds.count - worlds.count % worlds.draws
    cannot_tell = limits(worlds)
    if as_json:
        print_json(
            {
                "before": {"scenario": before.scenario.name, "month": str(before.month)},
                "after": {"scenario": after.scenario.name, "month": str(after.month)},
                "worlds": used,
                "draws": worlds.draws,
                "seed": worlds.seed,
                "vary": worlds.vary,
                "cannot_tell": " ".join(cannot_tell) or None,
                "pairs": {".".join(pair): one.document() for pair, one in found.items()},
            }
        )
        return
    print_words(f"From {before} to {after}: {used:,} worlds, {used // worlds.draws:,} sets.")
    _print(found)
    for words in cannot_tell:
        print_words(words)


def _print(found: Mapping[Pair, Drivers]) -> None:
    from sim.analysis.who_moves_whom import pair_words
    from sim.cli.terminal import print_table, print_words
    from sim.report.deeds import actor_words, words

    rows: list[Sequence[str]] = []
    for pair, one in found.items():
        rows += [[""], [pair_words(pair)]]
        for term in one.ranked():
            actor, aim = term
            rows.append(
                [f"{actor_words(actor)}: {words(aim)}", *_cells(one.terms[term], shares=True)]
            )
        rows.append(["in all", *_cells(one.whole)])
    print_table(["Of 100 choices", "before", "after", "shift", "by aims"], rows)
    print_words(
        "Belief swap, entry held. A term's share is what having it adds to the influence, averaged "
        "over orders (Owen value, the two actors as unions); a minus means that it lessens it. "
        "Shares add up to what stands below them. By aims: what of the shift comes from other "
        "weights in the two payoffs; the rest comes from state, beliefs and other parameters."
    )


def _cells(part: Part, *, shares: bool = False) -> list[str]:
    """A row; shares add to the influence or lessen it, so that their sign is always shown."""
    from sim.report import numbers

    show = numbers.signed if shares else numbers.number
    ends = [
        "" if one.mean is None else show(100 * one.mean, 2) for one in (part.before, part.after)
    ]
    return [*ends, number(part.shift), number(part.aims)]


def _ends(scenarios: Sequence[Scenario], months: Sequence[str]) -> tuple[End, End]:
    """The two ends that are meant."""
    from sim.analysis.drivers import End

    read = []
    for text in months:
        try:
            read.append(Month.parse(text))
        except ValueError as error:
            raise BadInput([f"--at: {text} is no month; {error}"]) from None
    first, last = scenarios[0], scenarios[-1]
    if len(scenarios) == 2:
        if len(read) > 1:
            raise BadInput(["--at: two scenarios are held against each other in one month"])
        month = read[0] if read else min(first.end, last.end)
        return End(first, month), End(last, month)
    if len(read) == 1 or len(read) > 2:
        raise BadInput(["--at: give two months, or another scenario by --against"])
    start, end = sorted(read) if read else (last.start, last.end)
    return End(last, start), End(last, end)
