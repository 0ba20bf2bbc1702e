"""Runs that look like the engine's and come from a page of arithmetic.

Worlds come in sets (a shared level) and draws (shared noise by world), scenarios share both, so
that paired differences, the split of variance, rare entry and all five ends are there to test.
"""

from collections.abc import Sequence

import numpy as np
import xarray as xr

ACTORS = ["russia", "belarus", "ukraine", "nato"]
LEVERS = [
    *("tempo", "support_minsk", "press_entry", "talks", "court_others"),
    *("access", "nuclear_hosting", "voice", "entry", "west", "north"),
    *("aid", "russia_sanctions", "belarus_track", "flank"),
]
TRANSFERS = ["loans", "gas", "ports"]
CONCESSIONS = ["access", "voice", "nuclear", "entry"]
FLAGS = ["active", "ceasefire", "settled", "breakthrough_russia", "breakthrough_ukraine"]
MENUS = {"russia": LEVERS[:5], "belarus": LEVERS[5:10]}
SCOPES = [
    f"{source}.{target}.{lever}"
    for source, target in (("belarus", "russia"), ("russia", "belarus"))
    for lever in MENUS[target]
]
PARTIES = ["russia", "belarus"]
ROUND = ["nothing_wanted", "signed", "refused_by_belarus", "refused_by_russia", "refused_by_both"]
OTHER_PAIRS = [(a, b) for a in range(4) for b in range(4) if a != b and {a, b} != {0, 1}]
IN_WAR_ONLY = {"tempo", "press_entry", "entry"}
UNITS = {
    "front": "share of territory",
    "transfers": "USD bn a year",
    "force": "thousand",
    "casualties": "thousand",
    "fiscal": "% of GDP",
    "payoff": "payoff a month",
}
NAMES = ["actors.belarus.incentives.rents", "world.third_party_arms", "initial.front"]


def squash(x: np.ndarray) -> np.ndarray:
    """Any number to one between 0 and 1."""
    return 1 / (1 + np.exp(-x))


def make_run(
    scenario: str = "status_quo",
    *,
    title: str | None = None,
    question: str = "",
    pull: float = 0.0,
    peace: float = 0.015,
    entry: float = 0.0008,
    worlds: int = 400,
    months: int = 36,
    draws: int = 4,
    seed: int = 1,
    first: int = 0,
    unknown: float = 0.6,
) -> xr.Dataset:
    """One run under the dataset contract.

    Args:
        scenario: name of the scenario.
        title: its title.
        question: its question.
        pull: how much the scenario moves everything, reached after about a year.
        peace: chance a month that the war ends by agreement.
        entry: chance a month that Belarus enters.
        worlds: number of worlds.
        months: number of months.
        draws: draws a set.
        seed: seed; runs with one seed are paired.
        first: number of the first world.
        unknown: standard deviation of the set's level on the logit scale.
    """
    total = first + worlds
    sets = -(-total // draws)
    rng = np.random.default_rng(seed)
    level = unknown * rng.standard_normal((12, sets)).repeat(draws, axis=1)[:, first:total]
    noise = rng.standard_normal((12, sets * draws, 240))[:, first:total, :months]
    luck = rng.random((3, sets * draws, 240))[:, first:total, :months]
    paths = np.empty_like(noise)
    state = np.zeros(noise.shape[:2])
    for month in range(months):
        state = 0.9 * state + 0.16 * noise[:, :, month]
        paths[:, :, month] = state
    # What a scenario does differs by set, and chance runs apart with time.
    strength = 0.4 + 0.8 * rng.standard_normal(sets).repeat(draws)[first:total, None]
    ramp = pull * strength * (1 - np.exp(-np.arange(1, months + 1) / 9))
    apart = np.random.default_rng([seed, *scenario.encode()])
    paths += 0.3 * pull * apart.standard_normal((12, total, 240))[:, first:, :months]

    def stock(k: int, centre: float, weight: float = 1.0) -> np.ndarray:
        return squash(centre + 0.7 * level[k][:, None] + paths[k] + weight * ramp)

    def by(parts: list[np.ndarray]) -> np.ndarray:
        return np.stack(parts, axis=-1).astype(np.float32)

    ended = np.cumsum(luck[0] < peace, axis=1) > 0
    kind = np.where(luck[2, :, :1] < 0.6, 2, np.where(luck[2, :, :1] < 0.9, 1, 3))
    kind = np.where(luck[2, :, :1] > 0.97, 4, kind)
    status = np.where(ended, kind, 0).astype(np.int8)
    entered = np.cumsum(luck[1] < entry, axis=1) > 0
    influence_br = stock(0, -1.9)
    influence_rb = stock(1, -1.0, 0.3)
    nothing = np.full_like(influence_br, np.nan)
    pairs = np.full((worlds, months, 4, 4), np.nan, dtype=np.float32)
    pairs[:, :, 1, 0], pairs[:, :, 0, 1] = influence_br, influence_rb
    # as in the engine: other pairs are measured in the first tile of every block
    tile = np.arange(first, total) % 1024 < 64
    for k, (source, target) in enumerate(OTHER_PAIRS):
        pairs[tile, :, source, target] = stock(2 + k, -4 + 0.3 * k, 0.5 * (-1) ** k)[tile]
    # choices see the status of the month before
    fighting = np.concatenate([np.ones((worlds, 1), bool), status[:, :-1] == 0], axis=1)
    closed = np.array([scope.split(".")[2] in IN_WAR_ONLY for scope in SCOPES])
    size = np.stack([influence_br] * 5 + [influence_rb] * 5, axis=-1) * np.linspace(0.1, 1.9, 10)
    by_scope = np.where(closed & ~fighting[..., None], np.nan, np.clip(size, 0, 1))
    sign = np.where(np.arange(10) % 2 == 0, 1.0, -1.0)
    quarter = (np.arange(months) % 3 == 1) & np.ones((worlds, 1), bool)
    went = np.where(quarter, (luck[0] * len(ROUND)).astype(int), -1)
    gain = np.where(went == 1, 0.1 + luck[1], np.nan)
    dependence = np.zeros((worlds, months, 4, 4), dtype=np.float32)
    dependence[:, :, 0, 1], dependence[:, :, 1, 0] = stock(2, -1.3), stock(3, 0.6, 0.2)
    flow = 0.2 * (paths[4] + 0.6 * level[4][:, None])
    data: dict[str, tuple[tuple[str, ...], np.ndarray]] = {
        "front": (("world", "month"), 0.174 + 0.02 * (paths[5] + 0.5 * level[5][:, None])),
        "status": (("world", "month"), status),
        "attention": (("world", "month"), stock(6, 0.2, -0.2)),
        "status_index": (("world", "month"), stock(7, -0.2)),
        "autonomy": (("world", "month"), stock(8, 0.0, 0.1)),
        "regime_security": (("world", "month"), stock(9, 1.1, 0.1)),
        "trust": (("world", "month"), stock(10, 0.7)),
        "force": (
            ("world", "month", "actor"),
            by([400 + 60 * paths[5], nothing, nothing, nothing]),
        ),
        "casualties": (
            ("world", "month", "actor"),
            by([np.cumsum(4 * squash(paths[k]), axis=1) for k in range(4)]),
        ),
        "support": (("world", "month", "actor"), by([stock(k, 0.5) for k in range(4)])),
        "fiscal": (("world", "month", "actor"), by([2 + paths[k] for k in range(4)])),
        "sanctions": (("world", "month", "actor"), by([stock(k, 0.3) for k in range(4)])),
        "transfers": (
            ("world", "month", "transfer"),
            by(
                [
                    f * np.exp(0.5 * level[11][:, None] + paths[11] + 0.3 * ramp)
                    for f in (1.2, 2, 0.4)
                ]
            ),
        ),
        "concessions": (
            ("world", "month", "concession"),
            by([stock(7, -0.5), stock(8, 0.0), np.ones_like(flow), entered * 1.0]),
        ),
        "choice": (
            ("world", "month", "actor", "lever"),
            np.where(luck[0][..., None, None] < 0.5, 0, 1).repeat(4, 2).repeat(len(LEVERS), 3),
        ),
        "payoff": (
            ("world", "month", "actor"),
            by([s * ramp + flow for s in (-0.2, 0.4, -0.3, -0.1)]),
        ),
        "coleman": (
            ("world", "month", "actor"),
            by(
                [
                    0.45 - 0.2 * influence_br,
                    0.1 + 0.2 * influence_br,
                    0.25 + 0 * flow,
                    0.2 + 0 * flow,
                ]
            ),
        ),
        "influence": (("world", "month", "actor", "target"), pairs),
        "influence_joint": (("world", "month", "actor", "target"), np.sqrt(pairs)),
        "influence_entry_allowed": (("world", "month", "actor", "target"), 1.01 * pairs),
        "influence_lever": (("world", "month", "scope"), by_scope.astype(np.float32)),
        "influence_shift": (("world", "month", "scope"), (sign * by_scope).astype(np.float32)),
        "fighting": (("world", "month"), fighting.astype(np.int8)),
        "deal_round": (("world", "month"), went.astype(np.int8)),
        "deal_gain": (("world", "month", "party"), by([gain, 2 * gain])),
        "breach": (("world", "month", "party"), by([luck[1] < 0.1, 0.5 * (luck[2] < 0.1)])),
        "dependence": (("world", "month", "actor", "target"), dependence),
        "fbic": (("world", "month", "actor", "target"), dependence / 2),
        "fbic_access": (("world", "month", "actor", "target"), dependence / 3),
        "parameter": (
            ("world", "name"),
            np.stack([1 + pull + 0 * level[0], squash(level[1]), 0.174 + 0 * level[0]], axis=-1),
        ),
    }
    start = np.datetime64("2023-12", "M")
    ds = xr.Dataset(
        {
            key: (dims, values, {"long_name": key.replace("_", " "), "units": UNITS.get(key, "1")})
            for key, (dims, values) in data.items()
        },
        coords={
            "world": np.arange(first, total),
            "month": (start + np.arange(months)).astype("datetime64[ns]"),
            "actor": ACTORS,
            "target": ACTORS,
            "lever": LEVERS,
            "scope": SCOPES,
            "party": PARTIES,
            "transfer": TRANSFERS,
            "concession": CONCESSIONS,
            "name": NAMES,
        },
        attrs={
            "scenario": scenario,
            "title": title or scenario.replace("_", " ").capitalize(),
            "question": question,
            "start": "2023-12",
            "months": months,
            "worlds": worlds,
            "seed": seed,
            "draws": draws,
            "format": 1,
            "fulcrum_version": "0.1.0",
            "engine": "numpy",
        },
    )
    for name, flags in (("status", FLAGS), ("deal_round", ROUND)):
        ds[name].attrs |= {"flag_values": list(range(5)), "flag_meanings": " ".join(flags)}
    return ds


def make_three(**options: int) -> list[xr.Dataset]:
    """The three scenarios of the demonstration."""
    return [
        make_run(
            "status_quo",
            title="Status quo",
            question="What if things go on as in late 2023?",
            **options,
        ),
        make_run(
            "prolonged_conflict",
            title="Prolonged conflict",
            question="What if the war drags on and attention fades?",
            pull=0.5,
            peace=0.003,
            entry=0.003,
            **options,
        ),
        make_run(
            "negotiated_settlement",
            title="Negotiated settlement",
            question="What if both sides are pressed to talk?",
            pull=-0.6,
            peace=0.06,
            entry=0.0001,
            **options,
        ),
    ]


def make_many(titles: Sequence[str], worlds: int = 400, months: int = 36) -> list[xr.Dataset]:
    """As many scenarios as there are titles, each pulling its own way."""
    return [
        make_run(
            f"s{i}", title=title, pull=0.9 * float(np.sin(1.7 * i)), worlds=worlds, months=months
        )
        for i, title in enumerate(titles)
    ]
