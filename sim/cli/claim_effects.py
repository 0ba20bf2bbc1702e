"""`fulcrum thesis --claims`: claims in the order of what they do."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from sim.cli.engines import executor_for, simulate_with
from sim.ensemble.store import Store

if TYPE_CHECKING:
    import xarray as xr

    from sim.analysis.claim_effects import ClaimEffects, Effect
    from sim.analysis.compare import When
    from sim.cli.inputs import Numbers
    from sim.scenario import Scenario

_SHOWN = 3
_SMALLEST = 0.0005


def rank_claims(base: Scenario, numbers: Numbers, when: When, folder: Path) -> ClaimEffects:
    """Runs a scenario with each claim off and holds it against the scenario, with progress.

    Runs are kept block by block, so that one that was stopped goes on where it stood.

    Args:
        base: the scenario.
        numbers: of each run; what is recorded is among them.
        when: what of an outcome is compared.
        folder: where the runs are kept.
    """
    from sim.analysis.claim_effects import claim_effects
    from sim.cli.terminal import progress_bars
    from sim.draws import check_vary
    from sim.ensemble.levels import check_keep
    from sim.scenario.without import switchable

    runs = 1 + len(switchable(base))
    with progress_bars() as bars, executor_for(numbers, [base], bars.say) as executor:
        store = Store(folder, simulate_with(numbers, bars.say), executor=executor, notify=bars.say)
        tell = bars.of("Claims")
        done = 0

        def fetch(scenario: Scenario) -> xr.Dataset:
            nonlocal done
            found = store.fetch(
                scenario,
                numbers.worlds,
                numbers.seed,
                numbers.draws,
                _within(tell, done, runs),
                check_vary(numbers.vary),
                check_keep(numbers.keep),
            )
            done += 1
            return found.dataset

        return claim_effects(base, when=when, fetch=fetch)


def _within(tell: Callable[[int, int], None], before: int, runs: int) -> Callable[[int, int], None]:
    """Progress of one run told as progress of all of them."""
    return lambda done, worlds: tell(before * worlds + done, runs * worlds)


def print_claim_effects(found: ClaimEffects, most: int = _SHOWN) -> None:
    """Claims ranked over all outcomes, then each outcome with the claims that move it most.

    Args:
        found: from `claim_effects`.
        most: claims told of each outcome.
    """
    from sim.analysis.outcomes import measure
    from sim.cli.terminal import print_names, print_words
    from sim.scenario.ledger import switches

    claims = [
        (f"{claim} {switches()[claim].paraphrase}", _moves_most(found, claim), _size(size))
        for claim, size in found.ranked()
    ]
    print_names(("Claim, on less off", "moves most", "mean size, sd"), claims, left=2)
    typer.echo()
    outcomes = []
    for outcome in found.outcomes:
        told = [f"{one.claim} {_change(one)}" for one in found.on(outcome) if one.change.clear]
        told = told[:most] or ["none beyond its error"]
        label = f"{measure(outcome).label}, {_units(outcome)}"
        outcomes.append((label, *told, *[""] * (most - len(told))))
    head = ("Outcome", "moved most by", *[""] * (most - 1))
    print_names(head, outcomes, left=2)
    month = "last month" if found.when == "final" else "mean over months"
    print_words(
        f"{found.scenario}, {found.worlds:,} worlds, {month}; differences within worlds ± standard "
        "error clustered by set, only those whose 95 % interval leaves out 0. Size: of the mean "
        "change, in standard deviations over worlds. One claim at a time. A model’s output, not a "
        "forecast."
    )
    for name, sharing in found.shared().items():
        print_words(
            f"{' and '.join(sharing)} share {name}: what they do alone does not add up to what "
            "they do together."
        )


def _moves_most(found: ClaimEffects, claim: str) -> str:
    """The outcome that a claim moves most for its spread, with the change."""
    from sim.analysis.outcomes import measure

    clear = [one for one in found.of(claim) if one.change.clear]
    if not clear:
        return "nothing beyond its error"
    most = clear[0]
    return f"{measure(most.outcome).label} {_change(most)} ({_units(most.outcome)})"


def _size(size: float) -> str:
    """A size in standard deviations; what is not nothing is not told as nothing."""
    return f"{size:.3f}" if size >= _SMALLEST else "<0.001" if size > 0 else "0"


def _units(outcome: str) -> str:
    from sim.analysis.outcomes import measure

    read = measure(outcome)
    return "of 100 worlds" if read.event else read.shown_units


def _change(one: Effect) -> str:
    """A mean change with its error, in the units of its outcome; no digit finer than the error."""
    from sim.analysis.outcomes import measure
    from sim.report.numbers import decimals, number, signed

    read = measure(one.outcome)
    scale = 100.0 if read.event else read.scale
    difference = scale * one.change.difference
    if one.change.se is None:
        return signed(difference, decimals(None, difference))
    error = scale * one.change.se
    # one digit of the error, and the difference to the same place
    places = decimals(None, error) - 1
    return f"{signed(difference, places)} ± {number(error, places)}"
