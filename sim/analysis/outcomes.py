"""Outcome names: one dotted word per figure, the same in YAML, on the command line and in JSON.

`front`, `influence.belarus.russia`, `transfers.total`, `status.settled`: the first part is a
variable of the dataset, the others pick along its dimensions. `outcome` looks a name up,
`measure` says how to read it (label, units, logical bounds, whether it is an event). Counts such as
`deal.refused` run on from the first month: in the last one they count the whole run.
"""

import difflib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import xarray as xr

from sim.ensemble.levels import recorded_labels
from sim.influence.dyads import imbalance, mutual

HEADLINE: Final[tuple[str, ...]] = (
    "influence.belarus.russia",
    "influence.russia.belarus",
    "dependence.russia.belarus",
    "dependence.belarus.russia",
    "coleman.belarus",
    "transfers.total",
    "payoff.belarus",
    "payoff.russia",
    "payoff.ukraine",
    "payoff.nato",
    "front",
    "attention",
    "autonomy",
    "regime_security",
    "entry",
    "status.settled",
    "status.breakthrough",
)
"""What every run document, comparison and report shows, in this order."""

ACTORS: Final = {
    "russia": "Russia",
    "belarus": "Belarus",
    "ukraine": "Ukraine",
    "nato": "NATO",
}

STATUS: Final = {
    "active": "Fighting goes on",
    "ceasefire": "Ceasefire",
    "settled": "Settlement",
    "breakthrough": "Breakthrough by either side",
    "breakthrough_russia": "Russian breakthrough",
    "breakthrough_ukraine": "Ukrainian breakthrough",
}
"""How the state of the war reads in words, by flag of the `status` variable."""


class OutcomeError(LookupError):
    """An outcome name that the dataset does not have; the message offers the nearest one."""


@dataclass(frozen=True)
class Measure:
    """How to read one outcome.

    Attributes:
        name: dotted name.
        label: what it is, in words a reader needs no glossary for.
        units: units of the numbers in the dataset.
        low: smallest value that can exist, None if there is none.
        high: largest value that can exist, None if there is none.
        event: whether it is 0 or 1 in each world, so that only shares of worlds mean anything.
        scale: factor from the dataset's numbers to the ones people are shown.
        shown_units: units after that factor.
        reading: a sentence that says what a size of it means, for measures that need one.
    """

    name: str
    label: str
    units: str
    low: float | None = None
    high: float | None = None
    event: bool = False
    scale: float = 1.0
    shown_units: str = ""
    reading: str = ""

    def __post_init__(self) -> None:
        """Show plain units where nothing else is asked for."""
        if not self.shown_units:
            object.__setattr__(self, "shown_units", self.units)


COUNTS: Final[dict[str, str]] = {
    "deal.rounds": "Rounds of bargaining between Minsk and Moscow so far",
    "deal.signed": "Deals signed so far",
    "deal.refused": "Rounds in which all offers were refused so far",
    "deal.breaches.russia": "Months in which Russia broke the deal so far",
    "deal.breaches.belarus": "Months in which Belarus broke the deal so far",
}
"""What is counted of the deal, from the first month on."""

DYADS: Final = {"imbalance": imbalance, "mutual": mutual}
"""What is worked out of the dependence of two actors on each other."""

_SCALE = "0 to 1"
_BILLION = "USD bn a year"
_VARIATION = "total variation, 0 to 1"
_CHOICES = "of 100 choices"
# Variable -> how to read it. `{0}`, `{1}` are the picks, `{0s}` one’s possessive.
_VARIABLES: Final[dict[str, Measure]] = {
    measure.name: measure
    for measure in (
        Measure(
            "front",
            "Ukraine’s territory held by Russia",
            "share of territory",
            0,
            1,
            scale=100,
            shown_units="% of Ukraine’s territory",
        ),
        Measure("attention", "Western attention", _SCALE, 0, 1),
        Measure("status_index", "Belarus’s international status", _SCALE, 0, 1),
        Measure("autonomy", "Belarus’s autonomy", _SCALE, 0, 1),
        Measure("regime_security", "Security of the regime in Minsk", _SCALE, 0, 1),
        Measure("trust", "Trust between Minsk and Moscow", _SCALE, 0, 1),
        Measure("force", "{0}’s force in theatre", "thousand", 0),
        Measure("casualties", "{0}’s casualties so far", "thousand", 0),
        Measure("support", "{0}’s support for continuing", _SCALE, 0, 1),
        Measure("fiscal", "{0}’s fiscal headroom", "% of GDP"),
        Measure("sanctions", "Sanctions on {0}", _SCALE, 0, 1),
        Measure("transfers", "Russian transfers to Belarus: {0}", _BILLION, 0),
        Measure("concessions", "Belarus’s concession: {0}", _SCALE, 0, 1),
        Measure("payoff", "{0}’s payoff", "payoff a month"),
        Measure("coleman", "{0}’s power over contested matters", "share of power", 0, 1),
        Measure(
            "influence",
            "{0}’s influence over {1}",
            _VARIATION,
            0,
            1,
            scale=100,
            shown_units=_CHOICES,
            reading="Influence tells how many of 100 choices of {1}’s would be others if {0} only "
            "served {1}.",
        ),
        Measure(
            "influence_joint",
            "{0}’s influence over {1}, levers joint",
            _VARIATION,
            0,
            1,
            scale=100,
            shown_units=_CHOICES,
        ),
        Measure(
            "influence_entry_allowed",
            "{0}’s influence over {1}, entry allowed",
            _VARIATION,
            0,
            1,
            scale=100,
            shown_units=_CHOICES,
        ),
        Measure(
            "influence_lever",
            "{0}’s influence over {1}’s {2}",
            _VARIATION,
            0,
            1,
            scale=100,
            shown_units=_CHOICES,
        ),
        Measure("influence_shift", "Where {0}’s aims move {1}’s {2}", "levels"),
        Measure("breach", "Share of its promises that {0} breaks", _SCALE, 0, 1),
        Measure("dependence", "{0}’s dependence on {1}", _SCALE, 0, 1),
        Measure(
            "imbalance",
            "{0}’s power advantage over {1}",
            "-1 to 1",
            -1,
            1,
            reading="Above 0 {1} depends more on {0} than {0} on {1}.",
        ),
        Measure("mutual", "{0}’s and {1}’s dependence on each other, summed", "0 to 2", 0, 2),
        Measure("fbic", "{0}’s influence capacity over {1}", "index, 0 to 1", 0),
        Measure("fbic_access", "{0}’s influence capacity over {1}, with access", "index", 0),
        Measure("choice", "{0}’s choice of {1}", "level, −1 if masked", -1),
    )
}
_SPECIAL: Final[dict[str, Measure]] = {
    "transfers.total": Measure(
        "transfers.total", "Russian transfers to Belarus", _BILLION, 0, None
    ),
    "entry": Measure("entry", "Belarus has entered the war", "0 or 1", 0, 1, event=True),
    **{name: Measure(name, words, "count", 0) for name, words in COUNTS.items()},
    **{
        f"status.{flag}": Measure(f"status.{flag}", words, "0 or 1", 0, 1, event=True)
        for flag, words in STATUS.items()
    },
}


def measure(name: str, ds: xr.Dataset | None = None) -> Measure:
    """How to read the outcome `name`.

    Args:
        name: dotted outcome name.
        ds: a dataset whose attributes describe variables that this module has no words for.

    Raises:
        OutcomeError: no such variable is known here or in `ds`.
    """
    if name in _SPECIAL:
        return _SPECIAL[name]
    variable, *picks = name.split(".")
    if variable in _VARIABLES:
        known = _VARIABLES[variable]
        if known.label.count("{") == len(picks):
            words = [ACTORS.get(pick, pick.replace("_", " ")) for pick in picks]
            label, reading = known.label.format(*words), known.reading.format(*words)
            return replace(known, name=name, label=label, reading=reading)
    if ds is not None and name in set(available(ds)):
        attrs = ds[variable].attrs
        label = ": ".join([str(attrs.get("long_name", variable)), *picks])
        return Measure(name, label, str(attrs.get("units", "1")))
    raise _missing(ds, name) if ds is not None else _unknown(name, HEADLINE)


def describe(name: str) -> tuple[str, str]:
    """Label and units of an outcome.

    Raises:
        OutcomeError: unknown name.
    """
    known = measure(name)
    return known.label, known.units


def outcome(ds: xr.Dataset, name: str) -> xr.DataArray:
    """One outcome of a run, in every world and month.

    Args:
        ds: a run, as `simulate` returns it.
        name: dotted outcome name. `transfers.total` sums the kinds of transfer, `entry` is 1 from
            the month in which Belarus is in the war, `status.<flag>` is 1 while the war stands so
            (`status.breakthrough` for either side's), `imbalance.<a>.<b>` and `mutual.<a>.<b>`
            come from the dependence of two actors on each other.

    Returns:
        Array (world, month) of float64, with `long_name` and `units`.

    Raises:
        OutcomeError: the dataset has no such outcome; the message names the nearest.
    """
    values = _select(ds, name)
    if values is None:
        raise _missing(ds, name)
    read = measure(name, ds)
    values = values.astype(np.float64).transpose("world", "month").rename(name)
    values.attrs = {"long_name": read.label, "units": read.units}
    return values


def headline(ds: xr.Dataset) -> tuple[str, ...]:
    """The headline outcomes that a run holds; one recorded at a lower level lacks some."""
    known = set(available(ds))
    return tuple(name for name in HEADLINE if name in known)


def available(ds: xr.Dataset) -> list[str]:
    """Every outcome name that `outcome` accepts for this dataset, in the dataset's order."""
    return list(_names(ds))


def _select(ds: xr.Dataset, name: str) -> xr.DataArray | None:
    variable, *picks = name.split(".")
    source = {"entry": "concessions"}.get(name, variable)
    if source in ("concessions", "status", "transfers") and source not in ds:
        return None
    if name == "entry":
        # A world that has entered stays in, whatever is promised later.
        entered = ds["concessions"].sel(concession="entry", drop=True) > 0
        return entered.cumsum("month") > 0
    if variable == "status" and len(picks) == 1:
        flags = _flags(ds)
        if picks[0] not in flags:
            return None
        return ds["status"].isin(flags[picks[0]])
    if name in COUNTS:
        return _counted(ds, name)
    if variable in DYADS:
        return _of_two(ds, variable, picks)
    if name == "transfers.total":
        return ds["transfers"].astype(np.float64).sum("transfer", skipna=False)
    if variable not in ds.data_vars or not {"world", "month"} <= set(ds[variable].dims):
        return None
    dims = [str(dim) for dim in ds[variable].dims if dim not in ("world", "month")]
    if dims == ["scope"]:
        picks = [".".join(picks)]
    if len(dims) != len(picks) or variable == "status":
        return None
    if any(pick not in ds[dim].values for dim, pick in zip(dims, picks, strict=True)):
        return None
    if not _is_recorded(ds[variable], picks):
        return None
    return ds[variable].sel(dict(zip(dims, picks, strict=True)), drop=True)


def _of_two(ds: xr.Dataset, what: str, picks: list[str]) -> xr.DataArray | None:
    """What the dependence of two on each other makes; None unless both are recorded."""
    if len(picks) != 2 or picks[0] == picks[1]:
        return None
    on_one, own = (_select(ds, f"dependence.{a}.{b}") for a, b in (picks[::-1], picks))
    if on_one is None or own is None:
        return None
    return DYADS[what](on_one.astype(np.float64), own.astype(np.float64))


def _counted(ds: xr.Dataset, name: str) -> xr.DataArray | None:
    """Months so far in which what is counted happened, None where it is not recorded."""
    _, what, *party = name.split(".")
    if what == "breaches":
        if "breach" not in ds:
            return None
        happened = ds["breach"].sel(party=party[0], drop=True) > 0
    else:
        if "deal_round" not in ds:
            return None
        went = ds["deal_round"]
        meanings = str(went.attrs["flag_meanings"]).split()
        numbers = dict(zip(meanings, np.atleast_1d(went.attrs["flag_values"]), strict=True))
        counted = {
            "rounds": list(numbers.values()),
            "signed": [numbers["signed"]],
            "refused": [n for meaning, n in numbers.items() if meaning.startswith("refused")],
        }
        happened = went.isin(counted[what])
    return happened.cumsum("month")


def _flags(ds: xr.Dataset) -> dict[str, list[int]]:
    attrs = ds["status"].attrs
    meanings = str(attrs["flag_meanings"]).split()
    flags = {
        meaning: [int(value)]
        for meaning, value in zip(meanings, np.atleast_1d(attrs["flag_values"]), strict=True)
    }
    either = [
        value for flag in meanings if flag.startswith("breakthrough") for value in flags[flag]
    ]
    return {**flags, "breakthrough": either}


def status_flags(ds: xr.Dataset) -> dict[str, int]:
    """Flag of the `status` variable -> its number, in the dataset's order."""
    return {flag: values[0] for flag, values in _flags(ds).items() if flag != "breakthrough"}


def _names(ds: xr.Dataset) -> Iterator[str]:
    for key, variable in ds.data_vars.items():
        if not {"world", "month"} <= set(variable.dims):
            continue
        dims = [dim for dim in variable.dims if dim not in ("world", "month")]
        if key == "status":
            yield from (f"status.{flag}" for flag in _flags(ds))
            continue
        names = [str(key)]
        for dim in dims:
            names = [f"{name}.{pick}" for name in names for pick in ds[dim].values]
        recorded = [one for one in names if _is_recorded(variable, [one.partition(".")[2]])]
        yield from recorded
        if key == "transfers":
            yield "transfers.total"
        if key == "dependence":
            yield from _names_of_two([name.partition(".")[2] for name in recorded])
        if key == "concessions" and "entry" in ds["concession"].values:
            yield "entry"
        if key == "deal_round":
            yield from ("deal.rounds", "deal.signed", "deal.refused")
        if key == "breach":
            yield from (f"deal.breaches.{party}" for party in ds["party"].values)


def _names_of_two(pairs: list[str]) -> Iterator[str]:
    """What can be told of two, given the pairs "a.b" whose dependence is recorded."""
    for what in DYADS:
        for pair in pairs:
            one, other = pair.split(".")
            if one != other and f"{other}.{one}" in pairs:
                yield f"{what}.{pair}"


def _is_recorded(variable: xr.DataArray, picks: list[str]) -> bool:
    """Whether a variable holds numbers at these labels; not every level of recording does."""
    told = recorded_labels(variable.attrs)
    return told is None or ".".join(picks) in told


def _missing(ds: xr.Dataset, name: str) -> OutcomeError:
    """Why a run does not have an outcome: there is none, or this run did not record it."""
    from sim.ensemble.recording import layout

    if ds.attrs.get("keep") == "headline" and name in available(layout()):
        return OutcomeError(
            f'"{name}" is not recorded in runs that keep headline outcomes: '
            "run again with --keep all"
        )
    return _unknown(name, available(ds))


def _unknown(name: str, known: list[str] | tuple[str, ...]) -> OutcomeError:
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    hint = f'; did you mean "{near[0]}"?' if near else ""
    return OutcomeError(f'unknown outcome "{name}"{hint}')
