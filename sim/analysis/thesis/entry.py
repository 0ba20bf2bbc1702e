"""H5: is formal entry unlikely enough to deny and likely enough to doubt?

The probability of entry is the expected sum of the monthly hazards up to entry, which needs no
entry to be seen: the hazard of a month is the probability that the choice of the month has (the
compensator of the count of entries: Andersen, Borgan, Gill & Keiding 1993, section II.4).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.analysis.streams import Floats
from sim.analysis.thesis.design import Arm, Design
from sim.analysis.thesis.indicators import early_indicators
from sim.analysis.thesis.runs import Runs, parameters_of
from sim.analysis.thesis.verdicts import Judged, Share, firm, verdict
from sim.analysis.thesis.within import by_set

if TYPE_CHECKING:
    import xarray as xr


def arms(design: Design) -> list[Arm]:
    """The sets as drawn, and every point of the grid."""
    return [design.arm(), *(arm for _, arm in design.grid())]


def test(design: Design, runs: Runs) -> list[Judged]:
    """How far each set lies in the band over the grid."""
    drawn, *_ = arms(design)
    base = runs.dataset(drawn)
    points = {
        levels: probability(runs.dataset(arm), arm.draws, design.rule["months"])
        for levels, arm in design.grid()
    }
    low, high = design.rule["hit"]["above"], design.rule["hit"]["below"]
    inside = {levels: in_band(values, low, high) for levels, values in points.items()}
    weights = np.mean(list(inside.values()), axis=0)
    as_drawn = probability(base, drawn.draws, design.rule["months"])
    alone = Share.of(in_band(as_drawn, low, high))
    axes = list(design.plan["grid"])
    return [
        Judged(
            name="H5",
            label="Probability that Belarus enters within the months, over the grid",
            unit="probability",
            states=None,
            weights=weights,
            figures=np.mean(list(points.values()), axis=0),
            verdict=verdict(float(weights.mean()), design.rule),
            firm=firm(Share.of(weights), design.rule),
            parameters=parameters_of(base, drawn.draws),
            rule=design.rule,
            beside={
                "axes": axes,
                "grid": [
                    {
                        **dict(zip(axes, levels, strict=True)),
                        "median": float(np.median(values)),
                        "below": float((values <= low).mean()),
                        "above": float((values >= high).mean()),
                        "verdict": verdict(float(inside[levels].mean()), design.rule),
                        **Share.of(inside[levels]).document(),
                    }
                    for levels, values in points.items()
                ],
                "by_level": _by_level(axes, inside),
                "as_drawn": {
                    "median": float(np.median(as_drawn)),
                    "below": float((as_drawn <= low).mean()),
                    "above": float((as_drawn >= high).mean()),
                    "verdict": verdict(alone.value, design.rule),
                    **alone.document(),
                },
                "indicators": early_indicators(base, drawn.draws, design.rule["indicators_month"]),
            },
        )
    ]


def probability(ds: xr.Dataset, draws: int, months: int) -> Floats:
    """Probability of entry within some months in each set, shape (sets,)."""
    hazard = ds["entry_hazard"].transpose("world", "month").to_numpy()[:, :months]
    return by_set(hazard.sum(axis=1), draws).mean(axis=1).clip(0.0, 1.0)


def in_band(values: Floats, low: float, high: float) -> Floats:
    """1 where a probability lies strictly between the edges, else 0."""
    return ((values > low) & (values < high)).astype(np.float64)


def _by_level(
    axes: list[str], inside: dict[tuple[str, ...], Floats]
) -> dict[str, dict[str, dict[str, Any]]]:
    """Share of sets in the band at each level of each axis, the other axes averaged."""
    out: dict[str, dict[str, dict[str, Any]]] = {}
    for k, axis in enumerate(axes):
        levels = list(dict.fromkeys(point[k] for point in inside))
        out[axis] = {}
        for level in levels:
            mine = [values for point, values in inside.items() if point[k] == level]
            out[axis][level] = Share.of(np.mean(mine, axis=0)).document()
    return out
