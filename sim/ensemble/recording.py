"""What is written down of a run: the named variables of a dataset, and how a model fills them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from agents import menus
from sim.draws import BLOCK
from sim.ensemble.levels import DEFAULT_KEEP, LEVELS, RECORDED, Keep
from sim.influence.behavioural import ALL_PAIRS_WORLDS, HEADLINE_PAIRS
from sim.scenario.registry import load_registry
from sim.world.deal import PARTIES, ROUND
from sim.world.state import STATUSES

if TYPE_CHECKING:
    import xarray as xr

    from sim.model import ConflictModel
    from sim.scenario import Scenario

TRANSFERS = ("loans", "gas", "ports")
CONCESSIONS = ("access", "voice", "nuclear", "entry")


@dataclass(frozen=True)
class Variable:
    """One variable of the dataset.

    Attributes:
        dims: beyond (world, month).
        long_name: for people.
        units: of the values.
        dtype: as stored.
    """

    dims: tuple[str, ...]
    long_name: str
    units: str
    dtype: str = "f8"


VARIABLES: dict[str, Variable] = {
    "front": Variable((), "territory held by Russia", "share of Ukraine's territory"),
    "status": Variable((), "status of the war", "flag", "i1"),
    "fighting": Variable((), "whether the month's choices were made in war", "0 or 1", "i1"),
    "force": Variable(("actor",), "force in theatre", "thousand personnel"),
    "casualties": Variable(("actor",), "killed and wounded, cumulative", "thousand"),
    "materiel": Variable(("actor",), "materiel", "months of supply"),
    "support": Variable(("actor",), "support for going on", "share"),
    "fiscal": Variable(("actor",), "fiscal headroom", "% of GDP"),
    "sanctions": Variable(("actor",), "weight of sanctions", "0-1"),
    "attention": Variable((), "attention of Western publics", "0-1"),
    "aid": Variable((), "aid reaching Ukraine", "1 = flow of 2023"),
    "oil": Variable((), "price of Russian oil", "USD a barrel"),
    "transfers": Variable(("transfer",), "transfers paid to Belarus", "USD bn a year"),
    "agreed": Variable((), "transfers agreed in the standing deal", "multiple of those of 2023"),
    "compliance": Variable((), "how far Belarus keeps the deal", "0-1"),
    "deal_round": Variable((), "how the round went, -1 where there was none", "flag", "i1"),
    "promised_access": Variable(
        (), "access promised in the standing deal: 0 none, 1 hosting, 2 launching", "level", "i1"
    ),
    "promised_voice": Variable(
        (), "voice promised in the standing deal: 0 none, 1 championing", "level", "i1"
    ),
    "deal_gain": Variable(
        ("party",),
        "what the deal signed this month is worth to a party beyond present play",
        "the party's scale",
        "f4",
    ),
    "breach": Variable(
        ("party",), "share of what a party had promised that it did not keep", "0-1", "f4"
    ),
    "status_index": Variable((), "standing of Belarus's leader", "0-1"),
    "concessions": Variable(("concession",), "concessions of Belarus in force", "0-1"),
    "autonomy": Variable((), "autonomy of Minsk", "0-1"),
    "regime_security": Variable((), "security of the regime in Minsk", "0-1"),
    "trust": Variable((), "trust between Minsk and Moscow", "0-1"),
    "troops": Variable((), "Russian troops in Belarus", "thousand"),
    "output": Variable((), "output of Belarus", "1 = 2021"),
    "entry_hazard": Variable((), "probability of entry in the month's choices", "0-1"),
    "choice": Variable(("actor", "lever"), "level chosen, -1 where masked", "level index", "i1"),
    "payoff": Variable(("actor",), "payoff of the month", "the actor's own payoff units"),
    "dependence": Variable(("actor", "target"), "dependence of actor on target", "0-1"),
    "coleman": Variable(("actor",), "power after Coleman", "share of all power"),
    "fbic": Variable(
        ("actor", "target"), "influence capacity of actor over target", "bandwidth x dependence"
    ),
    "fbic_access": Variable(
        ("actor", "target"),
        "influence capacity of actor over target, basing and hosting counted",
        "bandwidth x dependence",
    ),
    "influence": Variable(
        ("actor", "target"),
        "behavioural influence of actor over target, mean over its live levers, entry masked",
        "total variation, 0-1",
    ),
    "influence_joint": Variable(
        ("actor", "target"),
        "behavioural influence of actor over target, whole menu, entry masked",
        "total variation, 0-1",
        "f4",
    ),
    "influence_entry_allowed": Variable(
        ("actor", "target"),
        "behavioural influence of actor over target, mean over its live levers, entry allowed",
        "total variation, 0-1",
        "f4",
    ),
    "influence_lever": Variable(
        ("scope",),
        "behavioural influence of actor over one lever of target, entry masked",
        "total variation, 0-1",
        "f4",
    ),
    "influence_shift": Variable(
        ("scope",),
        "change that expecting actor's own policy makes to target's expected level of one lever",
        "levels",
        "f4",
    ),
}
"""Every variable over world and month, in the order of the dataset."""


_PLAIN = (
    "front",
    "attention",
    "aid",
    "oil",
    "status_index",
    "autonomy",
    "regime_security",
    "trust",
    "troops",
)
"""Variables that carry the name of a field of the state."""


def all_levers() -> tuple[str, ...]:
    """Names of all actors' levers, each once, in the order of the actors' menus."""
    return tuple(dict.fromkeys(lever for menu in menus().values() for lever in menu))


def scopes() -> tuple[str, ...]:
    """What influence moves, as `actor.target.lever`, for the pairs measured in every world.

    *Scope* is Dahl's word (1957) for the conduct of the one that the other's power reaches.
    """
    return tuple(
        f"{source}.{target}.{lever}"
        for source, target in HEADLINE_PAIRS
        for lever in menus()[target]
    )


def sizes() -> dict[str, tuple[str, ...]]:
    """Coordinates of the dimensions beyond world and month."""
    actors = tuple(menus())
    return {
        "actor": actors,
        "target": actors,
        "lever": all_levers(),
        "transfer": TRANSFERS,
        "concession": CONCESSIONS,
        "party": PARTIES,
        "scope": scopes(),
    }


def recorded(keep: Keep) -> dict[str, Variable]:
    """What a level of recording keeps, in the order of the dataset."""
    wanted = LEVELS[keep].variables
    return VARIABLES if wanted is None else {n: v for n, v in VARIABLES.items() if n in wanted}


def labels_of(name: str, keep: Keep) -> tuple[str, ...] | None:
    """The labels of a variable that a level keeps, as dotted names; None where it keeps all."""
    return LEVELS[keep].labels.get(name)


@cache
def left_out(name: str, keep: Keep) -> np.ndarray | None:
    """Where a variable holds what a level leaves out, shaped as its labels; None for nowhere."""
    wanted = labels_of(name, keep)
    if wanted is None:
        return None
    labels = [sizes()[dim] for dim in VARIABLES[name].dims]
    out = np.ones([len(one) for one in labels], dtype=bool)
    for at in np.ndindex(*out.shape):
        out[at] = ".".join(one[k] for one, k in zip(labels, at, strict=True)) not in wanted
    return out


def empty(months: int, worlds: int, keep: Keep = DEFAULT_KEEP) -> dict[str, np.ndarray]:
    """Arrays to be filled, (month, *dims, world): NaN, or -1 for integers.

    Args:
        months: of a world.
        worlds: padded width of the model.
        keep: what is recorded.
    """
    coordinates = sizes()
    return {
        name: np.full(
            (months, *(len(coordinates[d]) for d in v.dims), worlds),
            -1 if v.dtype == "i1" else np.nan,
            dtype=v.dtype,
        )
        for name, v in recorded(keep).items()
    }


class _Nowhere:
    """Takes what is not recorded."""

    def __setitem__(self, key: object, value: object) -> None:
        """Forgets it."""


def write(
    model: ConflictModel,
    into: dict[str, np.ndarray],
    month: int,
    keep: Keep = DEFAULT_KEEP,
) -> None:
    """Take down the model's last month.

    Args:
        model: after a step.
        into: arrays from `empty`, of the model's padded width.
        month: row to fill.
        keep: what is recorded, as `empty` was told.
    """
    s, c = model.state, model.last.c
    actors = list(model.actors)
    levers = all_levers()
    nowhere = _Nowhere()
    rows = {name: into[name][month] if name in into else nowhere for name in VARIABLES}
    for name in _PLAIN:
        rows[name][:] = getattr(s, name)
    rows["output"][:] = s.output_belarus
    rows["agreed"][:] = s.deal_scale
    rows["entry_hazard"][:] = model.entry_hazard
    rows["compliance"][:] = model.compliance
    rows["fighting"][:] = model.last.start.active > 0.5
    rows["promised_access"][:] = s.deal_host + s.deal_launch
    rows["promised_voice"][:] = s.deal_champion
    for k, party in enumerate(PARTIES):
        rows["breach"][k] = model.breaches[party]
    if model.bargain is not None:
        rows["deal_round"][:] = model.bargain.went
        for k, gain in enumerate((model.bargain.gain_russia, model.bargain.gain_belarus)):
            rows["deal_gain"][k] = np.where(model.bargain.signed, gain, np.nan)
    statuses = np.stack([getattr(s, name) for name in STATUSES])
    rows["status"][:] = statuses.argmax(axis=0)
    for variable in ("force", "casualties", "materiel", "support", "fiscal", "sanctions"):
        for k, actor in enumerate(actors):
            value = getattr(s, f"{variable}_{actor}", None)
            if value is not None:
                rows[variable][k] = value
    for k, kind in enumerate(TRANSFERS):
        rows["transfers"][k] = getattr(s, kind)
    for k, value in enumerate((0.5 * c.host + 0.5 * c.launch, c.champion, s.nuclear, s.entered)):
        rows["concessions"][k] = value
    seen = model.seen_month
    for k, actor in enumerate(model.actors.values()):
        for n, lever in enumerate(actor.menu.names):
            rows["choice"][k, levers.index(lever)] = np.where(
                model.live[actor.name][lever], actor.levels[n], -1
            )
        rows["payoff"][k] = actor.payoff(seen)
    rows["dependence"][:] = model.dependence
    rows["coleman"][:] = model.coleman
    for name, capacity in model.capacity.items():
        rows[name][:] = capacity
    for (source, target), found in model.influence.items():
        i, j = actors.index(source), actors.index(target)
        rows["influence"][i, j] = found.mean
        rows["influence_joint"][i, j] = found.joint
        rows["influence_entry_allowed"][i, j] = found.entry_allowed
    for k, scope in enumerate(scopes()):
        source, target, lever = scope.split(".")
        rows["influence_lever"][k] = model.influence[source, target].levers[lever]
        rows["influence_shift"][k] = model.influence[source, target].shift[lever]
    for name in into:
        if (nothing := left_out(name, keep)) is not None:
            into[name][month][nothing] = np.nan


def as_dataset(
    scenario: Scenario,
    arrays: dict[str, np.ndarray],
    parameters: dict[str, np.ndarray],
    first: int,
    attributes: dict[str, str | int],
    keep: Keep = DEFAULT_KEEP,
) -> xr.Dataset:
    """The arrays under their names, world first.

    Args:
        scenario: that was run.
        arrays: from `empty`, filled, last axis the worlds wanted; taken out one by one, so that
            no more than one of them is there twice.
        parameters: registry name -> value per world.
        first: index of the first world.
        attributes: of the run.
        keep: what was recorded.
    """
    import pandas as pd
    import xarray as xr

    worlds = next(iter(arrays.values())).shape[-1]
    start = f"{scenario.start}-01"
    months = pd.date_range(start, periods=scenario.months, freq="MS").to_numpy("datetime64[ns]")
    data = {
        name: (
            ("world", "month", *v.dims),
            np.ascontiguousarray(np.moveaxis(arrays.pop(name), -1, 0)),
            {"long_name": v.long_name, "units": v.units},
        )
        for name, v in recorded(keep).items()
    }
    names = [p.name for p in load_registry()]
    values = np.stack([parameters[name] for name in names], axis=1)
    data["parameter"] = (
        ("world", "name"),
        values,
        {"long_name": "sampled parameter", "units": "as in the registry"},
    )
    out = xr.Dataset(
        data,
        coords={
            "world": np.arange(first, first + worlds),
            "month": months,
            "name": names,
            **{d: list(values) for d, values in sizes().items()},
        },
        attrs={
            "scenario": scenario.name,
            "title": scenario.title,
            "question": scenario.question,
            "start": str(scenario.start),
            "months": scenario.months,
            "worlds": worlds,
            "keep": keep,
            "all_pairs": f"influence of all pairs: worlds with index mod {BLOCK} below "
            f"{ALL_PAIRS_WORLDS}"
            if labels_of("influence", keep) is None
            else "influence of all pairs: not recorded",
            **attributes,
        },
    )
    _annotate(out, keep)
    return out


@cache
def layout(keep: Keep = DEFAULT_KEEP) -> xr.Dataset:
    """The variables of every run over one world and month, without their numbers.

    Args:
        keep: what runs record.
    """
    import xarray as xr

    coordinates = {name: list(labels) for name, labels in sizes().items()}
    out = xr.Dataset(
        {
            name: (
                ("world", "month", *v.dims),
                np.zeros((1, 1, *(len(coordinates[dim]) for dim in v.dims)), np.int8),
            )
            for name, v in recorded(keep).items()
        },
        coordinates,
        {"keep": keep},
    )
    _annotate(out, keep)
    return out


def _annotate(out: xr.Dataset, keep: Keep) -> None:
    """Says what flags mean, and which labels of a variable were recorded where not all were."""
    for name in out.data_vars:
        if (wanted := labels_of(str(name), keep)) is not None:
            out[name].attrs[RECORDED] = " ".join(wanted)
    for name, flags in (("status", STATUSES), ("deal_round", ROUND)):
        if name not in out:
            continue
        out[name].attrs |= {
            "flag_values": list(range(len(flags))),
            "flag_meanings": " ".join(flags),
        }
