"""What went into scenarios, and in which of it they differ."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import xarray as xr

if TYPE_CHECKING:
    from sim.scenario import Scenario

ABSENT: Final = "–"
"""Stands where a scenario has no such input."""

WORDS_ABOUT: Final = frozenset({"effective_of", "title", "question", "note"})
"""Keys of a scenario that describe it and change nothing."""

_TOGETHER: Final = 16
"""Parameters read at a time, of all worlds."""

Rows = list[tuple[str, tuple[str, ...]]]


def inputs_that_differ(
    datasets: Sequence[xr.Dataset], scenarios: Sequence["Scenario | None"], baseline: int
) -> Rows:
    """Inputs in which any scenario differs from the baseline.

    From the effective scenarios where all are known, otherwise from the parameters that the runs
    sampled.

    Args:
        datasets: one run a scenario.
        scenarios: what was run, None where unknown.
        baseline: index of the scenario that the others are held against.

    Returns:
        Rows of an input's dotted path and its value in every scenario, as text.
    """
    told = [scenario.effective() for scenario in scenarios if scenario is not None]
    if len(told) == len(datasets):
        return _differing([flatten(effective) for effective in told], baseline)
    return _differing([sampled(ds) for ds in datasets], baseline)


def flatten(effective: Mapping[str, Any]) -> dict[str, str]:
    """An effective scenario as dotted path -> value in words.

    Events and moves are one entry each, under `events 2024-03` and `moves ukraine.talks`.
    """
    return dict(_leaves(effective, ""))


def sampled(ds: xr.Dataset) -> dict[str, str]:
    """The parameters that a run drew, as name -> value or range in words."""
    if "parameter" not in ds:
        return {}
    rows = {}
    for first in range(0, ds.sizes["name"], _TOGETHER):
        some = ds["parameter"].isel(name=slice(first, first + _TOGETHER)).transpose("name", "world")
        values = some.values.astype(np.float64)
        for name, column in zip(some["name"].values, values, strict=True):
            low, middle, high = (plain(float(v)) for v in np.quantile(column, [0.0, 0.5, 1.0]))
            rows[str(name)] = low if low == high else f"{low} to {high}, median {middle}"
    return rows


def plain(value: object) -> str:
    """A value of a scenario in words: at most four digits, distributions described."""
    if isinstance(value, float | int):
        return f"{value:.4g}".replace("-", "−")
    if isinstance(value, Mapping) and _is_distribution(value):
        from sim.scenario.distributions import Distribution

        [(kind, arguments)] = value.items()
        return Distribution(str(kind), tuple(arguments)).describe().replace("-", "−")
    return str(value)


def _leaves(node: Mapping[str, Any], path: str) -> Iterator[tuple[str, str]]:
    for key, value in node.items():
        here = f"{path}.{key}" if path else str(key)
        if not path and key in WORDS_ABOUT:
            continue
        if not path and key == "events":
            yield from _numbered((f"events {e['at']}", _event(e)) for e in value)
        elif not path and key == "moves":
            yield from _numbered((f"moves {m['actor']}.{m['lever']}", _move(m)) for m in value)
        elif isinstance(value, Mapping) and not _is_distribution(value):
            yield from _leaves(value, here)
        else:
            yield here, plain(value)


def _is_distribution(value: Mapping[str, Any]) -> bool:
    return len(value) == 1 and isinstance(next(iter(value.values())), list | tuple)


def _event(event: Mapping[str, Any]) -> str:
    shocks = ", ".join(
        f"{name} {'+' if float(size) > 0 else ''}{plain(size)}"
        for name, size in event.get("shock", {}).items()
    )
    carries = f"carries claim {event['claim']}" if "claim" in event else ""
    said = "; ".join(filter(None, (str(event.get("note") or ""), carries)))
    return f"{shocks} ({said})" if said else shocks


def _move(move: Mapping[str, Any]) -> str:
    first, last = str(move["from"]), str(move["to"])
    return f"{move['level']}, {first}" + (f" to {last}" if last != first else "")


def _numbered(rows: Iterator[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    seen: dict[str, int] = {}
    for path, text in rows:
        seen[path] = seen.get(path, 0) + 1
        yield (path if seen[path] == 1 else f"{path} ({seen[path]})"), text


def _differing(inputs: Sequence[Mapping[str, str]], baseline: int) -> Rows:
    paths = dict.fromkeys(path for one in [inputs[baseline], *inputs] for path in one)
    rows = [(path, tuple(one.get(path, ABSENT) for one in inputs)) for path in paths]
    return [(path, row) for path, row in rows if any(cell != row[baseline] for cell in row)]
