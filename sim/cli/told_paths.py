"""What people and other programs are told of a world that takes another path."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

import typer

from sim.cli.terminal import Row, print_table, print_words

if TYPE_CHECKING:
    import xarray as xr

    from sim.analysis.outcomes import Measure
    from sim.analysis.paths import Effect, Otherwise

MOST_PLACES: Final = 3


def print_fork(
    ds: xr.Dataset,
    changes: Sequence[str],
    otherwise: Sequence[Otherwise],
    found: Mapping[str, Effect],
) -> None:
    """What was changed, who did what otherwise, and what that came to.

    Args:
        ds: the other path.
        changes: in words.
        otherwise: what was done otherwise in the future with the world's own chance.
        found: outcome -> effect.
    """
    print_words(f"{ds.attrs['title']}; until then everything is as it was.")
    for change in changes:
        print_words(change, indent=2)
    typer.echo()
    _print_moves(otherwise)
    typer.echo()
    _print_effects(ds, found)


def _print_moves(otherwise: Sequence[Otherwise]) -> None:
    """Which levers come to stand elsewhere, and when first."""
    from sim.report.otherwise import HEAD, cells

    if not otherwise:
        print_words("Under the world’s own chance nobody does anything otherwise for it.")
        return
    rows = [cells(one) for one in otherwise]
    print_words("What then stands elsewhere, under the world’s own chance:")
    print_table(list(HEAD), rows, left=4)


def _print_effects(ds: xr.Dataset, found: Mapping[str, Effect]) -> None:
    from sim.analysis.outcomes import measure
    from sim.report.numbers import change_decimals, decimals, interval, number, signed

    many = ds.sizes["world"] > 1
    rows: list[Row] = []
    for name, effect in found.items():
        read, change = measure(name), effect.change
        scale = _scale(read, many)
        low, high = (change.difference if end is None else end for end in (change.lo, change.hi))
        error = None if change.se is None else change.se * scale
        sizes = (change.difference * scale, low * scale, high * scale)
        places = change_decimals(error, *sizes)
        if sizes[0] == 0:  # a change of nothing has no digits to go by
            places = decimals(None, effect.before * scale, effect.after * scale)
        places = 0 if read.event else min(max(places, 0), MOST_PLACES)
        ends = (effect.before * scale, effect.after * scale)
        while not read.event and places < MOST_PLACES and not _adds_up(*ends, sizes[0], places):
            places += 1
        row = [_label(read, many)]
        row += [number(value * scale, places) for value in (effect.before, effect.after)]
        row.append(signed(sizes[0], places))
        if many:
            lo, hi = (None if end is None else end * scale for end in (change.lo, change.hi))
            row.append(interval(lo, hi, places, sign=True))
        rows.append(row)
    head = [f"in {_last(ds)}", "as it was", "now", "change"]
    print_table([*head, "95 % interval"] if many else head, rows)
    if many:
        print_words(
            f"Means over {ds.sizes['world']:,} futures, and over the change within each future. "
            "Chance after the path parts is all that differs between them; what we do not know is "
            "held as it is in this one world."
        )
    else:
        print_words(
            "One future, that of the world’s own chance; --futures says how much of this is chance."
        )


def _adds_up(before: float, after: float, change: float, places: int) -> bool:
    """Whether a change is the difference of what stands beside it, as shown."""
    left = round(after, places) - round(before, places) - round(change, places)
    return abs(left) < 0.5 * 10.0**-places


def print_futures(ds: xr.Dataset) -> None:
    """Where the futures of one world end."""
    from sim.analysis.outcomes import headline, measure, outcome
    from sim.analysis.spread import summary
    from sim.report.labels import month_words
    from sim.report.numbers import decimals, number, of_worlds

    futures = ds.sizes["world"]
    print_words(
        f"{ds.attrs['title']}: {futures:,} futures from {month_words(str(ds.attrs['fork_at']))} on."
    )
    typer.echo()
    rows: list[Row] = []
    for name in headline(ds):
        read = measure(name)
        if read.event:
            share = float(outcome(ds, name).isel(month=-1).mean())
            rows.append([read.label, of_worlds(share, futures), ""])
            continue
        final = summary(ds, name)["final"]
        middle, low, high = (
            None if final[key] is None else final[key] * read.scale
            for key in ("median", "q05", "q95")
        )
        error = final["mcse"]["median"]
        places = decimals(
            None if error is None else error * read.scale,
            *(value for value in (middle, low, high) if value is not None),
        )
        places = min(max(places, 0), MOST_PLACES)
        rows.append(
            [
                _label(read, many=False),
                number(middle, places),
                f"{number(low, places)} to {number(high, places)}",
            ]
        )
    print_table([f"in {_last(ds)}", "median", "90 of 100"], rows)
    print_words("Chance is all that differs between these futures.")


def fork_document(
    parted: str | None, otherwise: Sequence[Otherwise], found: Mapping[str, Effect]
) -> dict[str, Any]:
    """What `fork --json` says of two paths.

    Args:
        parted: first month in which they differ.
        otherwise: what was done otherwise in the future with the world's own chance.
        found: outcome -> effect.
    """
    return {
        "parted": parted,
        "otherwise": [asdict(one) for one in otherwise],
        "outcomes": {
            name: {
                "before": effect.before,
                "after": effect.after,
                "difference": effect.change.difference,
                "ci95": [effect.change.lo, effect.change.hi],
                "p_greater": effect.change.p_greater,
                "futures": effect.change.worlds,
            }
            for name, effect in found.items()
        },
    }


def futures_document(ds: xr.Dataset) -> dict[str, Any]:
    """What `fork --json` says of the futures of one path."""
    from sim.analysis.outcomes import headline
    from sim.analysis.spread import summary

    return {
        "outcomes": {name: {"final": summary(ds, name)["final"]} for name in headline(ds)},
    }


def _label(read: Measure, many: bool) -> str:
    """What an outcome is, with units where the words do not say them."""
    from sim.report.phrases import measure_words

    if read.event:
        return f"{read.label}, of 100" if many else f"{read.label}, 1 = yes"
    return measure_words(read)


def _scale(read: Measure, many: bool) -> float:
    return 100.0 if read.event and many else read.scale


def _last(ds: xr.Dataset) -> str:
    import numpy as np

    from sim.report.labels import month_words

    return month_words(str(np.datetime_as_string(ds["month"].values[-1], unit="M")), full=False)
