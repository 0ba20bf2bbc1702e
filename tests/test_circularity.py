"""What would make the argument circular, and the tests that it is not.

The table in docs/model.md names a test of this file, or of another, for each danger. A claim of the
article may come out of the model; it must not have been put in.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.actor import Actor
from agents.outlook import Array, Outlook
from sim.draws import TILE
from sim.ensemble.recording import VARIABLES
from sim.influence.emerson import dependence, loss_without, marginal_values
from sim.kernel.projector import Projector
from sim.model import ConflictModel
from sim.scenario import load_scenario
from sim.scenario.distributions import Distribution
from sim.scenario.registry import load_registry
from sim.scenario.shocks import SHOCKS
from sim.world.controls import Controls, Parameters
from sim.world.deal import BUNDLES, Bargain, bargain, weighted_nash
from sim.world.functions import supplies
from sim.world.minsk import payments
from sim.world.month import advance
from sim.world.projection import project
from sim.world.state import STATUSES, State

ROOT = Path(__file__).resolve().parents[1]
MEASURES = ("influence", "dependence", "coleman", "fbic", "power")
CLOCKS = ("month", "duration", "elapsed", "length", "age", "clock", "year")
PAID = ("loans", "gas", "ports")
"""What is paid to Belarus, as the state records it."""
SCALES_OF_BUNDLES = np.array([scale for scale, *_ in BUNDLES])


@pytest.fixture(scope="module")
def model() -> ConflictModel:
    """A few months into the war, a parameter set of its own in every world."""
    model = ConflictModel("status_quo", worlds=TILE, rng=4, draws=1)
    for _ in range(3):
        model.step()
    return model


def in_peace(s: State) -> State:
    """The same world with the war settled."""
    over = dict.fromkeys(STATUSES, 0.0 * s.front) | {"settled": 0.0 * s.front + 1.0}
    return replace(s, **over)


def projector(model: ConflictModel, p: Parameters) -> Projector:
    """Projects the model's worlds under other parameters."""
    weights = {name: actor.weights for name, actor in model.actors.items()}
    return Projector(model.what_if.parameters, p, weights)


def same(one: State, two: State) -> bool:
    return all(np.array_equal(getattr(one, f.name), getattr(two, f.name)) for f in fields(State))


def trees(*folders: str) -> Iterator[tuple[str, ast.AST]]:
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield str(path.relative_to(ROOT)), ast.parse(path.read_text())


def mentioned(tree: ast.AST) -> set[str]:
    """Every name and attribute that code reads or writes; words in docstrings do not count."""
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    return names | {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}


class TestPayoffs:
    """No payoff and no mechanism hears of influence, of time, or of a scenario's name."""

    @pytest.mark.parametrize("held", [Outlook, State, Controls], ids=lambda kind: kind.__name__)
    def test_what_is_seen_holds_no_measure_and_no_clock(self, held: type) -> None:
        words = {word for f in fields(held) for word in f.name.split("_")}
        assert words.isdisjoint(MEASURES)
        assert words.isdisjoint(CLOCKS)

    def test_what_is_measured_moves_nothing(self) -> None:
        """Falsified measures, month after month, leave every world as it was."""
        honest = ConflictModel("status_quo", worlds=TILE, rng=7)
        fooled = ConflictModel("status_quo", worlds=TILE, rng=7)
        for _ in range(4):
            honest.step()
            fooled.step()
            assert same(honest.state, fooled.state)
            for name, actor in honest.actors.items():
                assert np.array_equal(actor.probabilities, fooled.actors[name].probabilities)
            fooled.influence = {}
            fooled.dependence = 1.0 - fooled.dependence
            fooled.coleman = fooled.coleman[::-1].copy()
            fooled.interests = fooled.interests[::-1].copy()
            fooled.capacity = {name: 1.0 - values for name, values in fooled.capacity.items()}

    def test_how_long_the_war_has_lasted_moves_nothing_by_itself(self) -> None:
        """The same state a year further into a run, with the same luck, goes on in the same way."""

        class Older(ConflictModel):
            def chance(self, purpose: str) -> np.ndarray:
                self.month -= 12
                luck = super().chance(purpose)
                self.month += 12
                return luck

        late = load_scenario("status_quo", {"start": "2024-12"})
        young = ConflictModel(late, worlds=TILE, rng=2)
        old = Older("status_quo", worlds=TILE, rng=2)
        old.month = 12  # December 2024 for both, and a year of war in this run for one of them
        for _ in range(5):
            young.step()
            old.step()
            assert same(young.state, old.state)
            for name, actor in young.actors.items():
                assert np.array_equal(actor.probabilities, old.actors[name].probabilities)

    def test_no_date_moves_anything_but_the_seasons_of_the_deal(self) -> None:
        """Six years later the same history unfolds; only scenarios know of dates."""
        now = ConflictModel("status_quo", worlds=TILE, rng=2)
        later = ConflictModel(load_scenario("status_quo", {"start": "2029-12"}), worlds=TILE, rng=2)
        for _ in range(5):
            now.step()
            later.step()
        assert same(now.state, later.state)

    def test_mechanisms_read_no_clock_and_no_scenario(self) -> None:
        for path, tree in trees("agents", "sim/world", "sim/deliberation", "sim/influence"):
            assert mentioned(tree).isdisjoint({"what_if", "scenario", "datetime", "time"}), path
        for path, tree in trees("sim/world"):
            read = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
            assert read.isdisjoint(MEASURES), path


def refuse(*args: object, **kwargs: object) -> Bargain:
    """A round of bargaining in which nothing is signed."""
    none = np.zeros(TILE)
    signed, bundle = none > 0.0, none.astype(np.int64)
    return Bargain(signed, bundle, none, none, offers_russia=signed, offers_belarus=signed)


def perturbed(s: State, p: Parameters) -> Iterator[tuple[str, State, Parameters]]:
    """The world with one number changed, for every field and every parameter of the world."""
    for f in fields(State):
        yield f.name, replace(s, **{f.name: 0.5 * getattr(s, f.name) + 0.05}), p
    for name in p:
        if name.startswith("world."):
            yield name, s, {**p, name: 0.5 * p[name] + 0.05}


class TestTransfers:
    """What Belarus is paid is bargained for; it is no formula of need, and no part of influence."""

    def test_need_moves_payments_only_through_the_deal(self, model: ConflictModel) -> None:
        """Need: whatever changes what Russia has without Belarus. The deal as it stands is paid."""
        s, c, p = model.state, model.last.c, model.parameters
        before, due = supplies(s, c, p), payments(s, c, p)
        needs = 0
        for name, state, parameters in perturbed(s, p):
            after = supplies(state, c, parameters)
            if any(
                not np.array_equal(after[function][who], quantity)
                for function, by in before.items()
                if function.startswith("russia.")
                for who, quantity in by.items()
                if who != "belarus"
            ):
                needs += 1
                paid = payments(state, c, parameters)
                assert all(np.array_equal(paid[kind], due[kind]) for kind in due), name
        assert needs >= 8

    def test_with_no_deal_signed_the_terms_stay(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("sim.stages.bargain", refuse)
        needy = {"world.arms_industry": 0.2, "world.third_party_arms": 0.0}
        model = ConflictModel(load_scenario("status_quo", needy), worlds=TILE, rng=1)
        deal = [f.name for f in fields(State) if f.name.startswith("deal_")]
        start = {name: getattr(model.state, name).copy() for name in deal}
        for _ in range(8):
            model.step()
            for name in deal:
                assert np.array_equal(getattr(model.state, name), start[name]), name

    def test_need_is_heard_at_the_table(self, model: ConflictModel) -> None:
        """Where no deal stands, one is struck where Belarus is worth something to the flank."""
        russia, belarus = model.actors["russia"], model.actors["belarus"]
        nothing = 0.0 * model.state.front
        terms = [f.name for f in fields(State) if f.name.startswith("deal_")]
        s = replace(model.state, **dict.fromkeys([*terms, "gas_scale"], nothing))
        play = {**russia.beliefs, "russia": russia.standing(), "belarus": belarus.standing()}

        def agreed(kappa: float) -> Array:
            p = {**model.parameters, "world.kappa": nothing + kappa}
            payoffs = projector(model, p).payoffs
            struck = bargain(s, play, p, russia, belarus, model.what_if.horizon, payoffs)
            return np.where(struck.signed, SCALES_OF_BUNDLES[struck.bundle], 0.0)

        assert (agreed(1.2) > agreed(0.0)).mean() > 0.5
        assert (agreed(1.2) >= agreed(0.0)).mean() > 0.9

    @given(
        st.lists(st.tuples(st.floats(-1, 5), st.floats(-1, 5)), min_size=2, max_size=30),
        st.floats(0.01, 0.99),
        st.floats(0.01, 0.99),
    )
    def test_weight_never_hurts_its_owner(
        self, gains: list[tuple[float, float]], one: float, two: float
    ) -> None:
        a, b = (np.array(side)[:, None] for side in zip(*gains, strict=True))
        low, high = sorted((one, two))
        chosen, product = weighted_nash(a, b, np.array([low]))
        heavier, _ = weighted_nash(a, b, np.array([high]))
        if np.isfinite(product[0]):
            assert b[heavier[0], 0] >= b[chosen[0], 0] * (1 - 1e-9)
            assert a[heavier[0], 0] <= a[chosen[0], 0] * (1 + 1e-9)

    def test_the_weight_follows_neither_the_war_nor_anything_else(self) -> None:
        """Nothing that was drawn is rewritten on the way: no learning, no tuning within a run."""
        model = ConflictModel("status_quo", worlds=TILE, rng=1)
        drawn = {name: values.copy() for name, values in model.parameters.items()}
        for _ in range(4):
            model.step()
        assert model.parameters.keys() == drawn.keys()
        for name, values in drawn.items():
            assert np.array_equal(model.parameters[name], values), name

    def test_what_is_paid_supplies_belarus_and_nobody_else(self, model: ConflictModel) -> None:
        """Money paid is what Russia gives to functions of Belarus; Russia's own read none of it."""
        c, p = model.last.c, model.parameters
        before = supplies(model.state, c, p)
        richer = replace(model.state, **{kind: 3.0 * getattr(model.state, kind) for kind in PAID})
        after = supplies(richer, c, p)
        for name, by in before.items():
            for who, quantity in by.items():
                moved = not np.array_equal(after[name][who], quantity)
                assert not moved or (name.startswith("belarus.") and who == "russia"), name
        eta = p["world.substitution"]
        for name, by in before.items():
            if name.startswith("russia."):
                lost = loss_without(by, "belarus", eta)
                assert np.array_equal(loss_without(after[name], "belarus", eta), lost), name

    def test_russias_dependence_hears_of_payments_only_through_minsks_economy(
        self, model: ConflictModel
    ) -> None:
        """With the worth of its functions as it is, Russia's row stays to the last bit."""
        s, c, p = model.state, model.last.c, model.parameters
        richer = replace(s, **{kind: 3.0 * getattr(s, kind) for kind in PAID})
        names, eta = list(model.actors), p["world.substitution"]
        given = supplies(s, c, p)
        worth = marginal_values(s, c, given, model.light, model.what_if.horizon)
        before = dependence(given, worth, eta, names)
        after = dependence(supplies(richer, c, p), worth, eta, names)
        for i, name in enumerate(names):
            assert np.array_equal(before[i], after[i]) == (name != "belarus"), name

    @pytest.mark.parametrize("family", ["emerson", "coleman", "behavioural"])
    def test_three_families_do_not_read_transfers(self, family: str) -> None:
        """Capacity (fbic) does, as part of what passes between two states."""
        [(_, tree)] = [t for t in trees("sim/influence") if t[0].endswith(f"/{family}.py")]
        read = mentioned(tree) | {
            str(node.value) for node in ast.walk(tree) if isinstance(node, ast.Constant)
        }
        assert read.isdisjoint({*PAID, "paid", "transfers", "outlays", "payments", "deal_scale"})
        assert not any(name.startswith("deal_") for name in read)


class TestPeace:
    """Belarus is worth something without war, or not, as kappa says; and peace has its gains."""

    def test_kappa_is_swept_from_nothing(self) -> None:
        [kappa] = [p for p in load_registry() if p.name == "world.kappa"]
        assert isinstance(kappa.prior, Distribution)
        assert kappa.prior.support[0] == 0.0
        assert kappa.prior.support[1] > 0.0

    @pytest.mark.parametrize("peace", [False, True], ids=["war", "peace"])
    def test_worth_to_the_flank_is_kappas(self, model: ConflictModel, peace: bool) -> None:
        s = in_peace(model.state) if peace else model.state
        one = np.ones_like(s.front)

        def flank(kappa: float) -> Array:
            p = {**model.parameters, "world.kappa": kappa * one}
            return supplies(s, model.last.c, p)["russia.flank"]["belarus"]

        assert (flank(0.0) == 0.0).all()
        assert (flank(0.3) > 0.0).all()
        assert (flank(0.9) > flank(0.3)).all()

    def test_russia_can_depend_on_belarus_in_peace(self, model: ConflictModel) -> None:
        s, c = in_peace(model.state), model.last.c
        names = list(model.actors)

        def held(kappa: float) -> Array:
            p = {**model.parameters, "world.kappa": kappa + 0.0 * s.front}
            given = supplies(s, c, p)
            worth = marginal_values(s, c, given, projector(model, p), 3)
            found = dependence(given, worth, p["world.substitution"], names)
            return found[names.index("russia"), names.index("belarus")]

        assert (held(0.6) > held(0.0)).all()

    def test_an_opening_to_the_west_pays_in_peace(self, model: ConflictModel) -> None:
        s = in_peace(model.state)
        one = np.ones_like(s.front)
        belarus = model.actors["belarus"]

        def terms(engage: float) -> dict[str, Array]:
            c = replace(model.last.c, overture=one, engage=engage * one, squeeze=0.0 * one)
            return belarus.terms(project(s, c, model.parameters, 6))

        engaged, shunned = terms(1.0), terms(0.0)
        assert (engaged["western_rents"] > 0.0).all()
        assert (shunned["western_rents"] == 0.0).all()
        assert (engaged["sanctions"] > shunned["sanctions"]).all()

    def test_trade_with_the_west_goes_on_in_peace(self, model: ConflictModel) -> None:
        s = replace(in_peace(model.state), sanctions_belarus=0.2 + 0.0 * model.state.front)
        given_ = supplies(s, model.last.c, model.parameters)
        assert (given_["belarus.market"]["nato"] > 0.0).all()

    def test_no_term_of_belarus_but_retaliation_needs_a_war(self, model: ConflictModel) -> None:
        """As declared, and as it is: terms for war only are nothing in peace, others go on."""
        one = np.ones_like(model.state.front)
        s = replace(in_peace(model.state), deal_scale=one, gas_scale=one)
        c = replace(model.last.c, overture=one, engage=one, support=one, host=one, champion=one)
        _, seen = advance(s, c, model.parameters)
        for actor in model.actors.values():
            terms = actor.terms(seen)
            for incentive in actor.incentives:
                if not incentive.in_peace:
                    assert (terms[incentive.name] == 0.0).all(), incentive.name
                elif actor.name == "belarus":
                    assert (terms[incentive.name] != 0.0).all(), incentive.name


class TestShocks:
    """A shock is written onto a driver and onto nothing that is to be explained."""

    def test_shocks_move_fields_of_the_state_only(self) -> None:
        held = {f.name for f in fields(State)}
        assert {name.replace(".", "_") for name in SHOCKS} <= held

    def test_no_shock_is_an_outcome_of_the_argument(self) -> None:
        """Neither influence nor payoffs, nor what is agreed, promised or paid."""
        outcomes = {name for name in VARIABLES if name.split("_")[0] in (*MEASURES, "payoff")}
        assert {"influence", "dependence", "payoff"} <= outcomes
        settled_at_the_table = {f.name for f in fields(State) if f.name.startswith("deal_")}
        barred = outcomes | settled_at_the_table | {*PAID, "gas_scale", "transfers", "agreed"}
        barred |= {"compliance", *STATUSES}
        assert {name.replace(".", "_") for name in SHOCKS}.isdisjoint(barred)
        words = {word for name in SHOCKS for word in name.replace(".", "_").split("_")}
        assert words.isdisjoint(MEASURES)


def payoff(model: ConflictModel, s: State, c: Controls, p: Parameters) -> tuple[Array, State]:
    """Belarus's payoff over half a year of held play, and how it stands after a month."""
    belarus: Actor = model.actors["belarus"]
    return belarus.payoff(project(s, c, p, 6)), advance(s, c, p)[0]


class TestLosses:
    """Belarus can lose: each danger to it lowers its payoff, all else as it was."""

    @pytest.mark.parametrize("dial", ["strike", "press"])
    def test_what_others_do_to_it(self, model: ConflictModel, dial: str) -> None:
        s, p = model.state, model.parameters
        one = np.ones_like(s.front)
        calm, after = payoff(
            model, s, replace(model.last.c, **{dial: 0.0 * one, "entry": 0 * one}), p
        )
        hurt, later = payoff(model, s, replace(model.last.c, **{dial: one, "entry": 0 * one}), p)
        assert (hurt < calm).all()
        assert (later.regime_security < after.regime_security).all()

    def test_absorption(self, model: ConflictModel) -> None:
        """Money from Moscow wears autonomy away, as far as the parameter says."""
        s, c = replace(model.state, deal_scale=0.0 * model.state.front + 1.0), model.last.c
        paid_for = replace(c, support=0.0 * s.front + 1.0)

        def absorbed(rate: float) -> tuple[Array, State]:
            p = {**model.parameters, "world.absorption": rate + 0.0 * s.front}
            return payoff(model, s, paid_for, p)

        free, after = absorbed(0.0)
        bound, later = absorbed(0.3)
        due = payments(s, paid_for, model.parameters)
        paid = due["loans"] + due["gas"] + due["ports"] > 0.0
        assert paid.mean() > 0.8
        assert (bound < free)[paid].all()
        assert (later.autonomy < after.autonomy)[paid].all()

    @pytest.mark.parametrize(
        ("field", "lower"), [("regime_security", 0.35), ("output_belarus", 0.15), ("autonomy", 0.3)]
    )
    def test_unrest_recession_and_lost_freedom(
        self, model: ConflictModel, field: str, lower: float
    ) -> None:
        s, c, p = model.state, model.last.c, model.parameters
        before, _ = payoff(model, s, c, p)
        after, _ = payoff(model, replace(s, **{field: getattr(s, field) - lower}), c, p)
        assert (after < before).all()

    def test_lost_trust(self, model: ConflictModel) -> None:
        """A patron that trusts less protects less, where it protects at all."""
        s, p = model.state, model.parameters
        one = np.ones_like(s.front)
        c = replace(model.last.c, support=one, host=one)
        before, safe = payoff(model, replace(s, trust=0.9 * one), c, p)
        after, shaky = payoff(model, replace(s, trust=0.1 * one), c, p)
        assert (after < before).all()
        assert (shaky.regime_security < safe.regime_security).all()

    def test_entry(self, model: ConflictModel) -> None:
        """A war of its own costs it strikes, security and freedom."""
        one = np.ones_like(model.state.front)
        s = replace(model.state, entered=0.0 * one)
        out, after = payoff(model, s, replace(model.last.c, entry=0.0 * one), model.parameters)
        into, later = payoff(model, s, replace(model.last.c, entry=one), model.parameters)
        assert (into < out).all()
        assert (later.entered > after.entered).all()

    def test_refusal_is_not_free_either(self, model: ConflictModel) -> None:
        """A broken deal is not paid for, and trust wears off."""
        one = np.ones_like(model.state.front)
        s = replace(
            model.state, deal_scale=one, deal_host=one, deal_launch=0 * one, deal_champion=0 * one
        )
        obliging = replace(model.last.c, host=one, launch=0.0 * one, support=one)
        defiant = replace(obliging, host=0.0 * one)
        kept, broken = (advance(s, c, model.parameters)[0] for c in (obliging, defiant))
        assert (broken.trust < kept.trust).all()
        assert (broken.paid < kept.paid).all()


class TestBaselines:
    """Rivals to the argument can be seated, and play otherwise than the actor itself."""

    @pytest.mark.parametrize("plays", ["puppet of russia", "random", "myopic"])
    def test_a_rival_belarus_plays_otherwise(self, plays: str) -> None:
        odds = []
        for way in ("itself", plays):
            scenario = load_scenario("status_quo", {"actors.belarus.plays": way})
            model = ConflictModel(scenario, worlds=TILE, rng=1)
            model.step()
            odds.append(model.actors["belarus"].probabilities)
        assert (0.5 * np.abs(odds[0] - odds[1]).sum(axis=0) > 1e-3).mean() > 0.9

    def test_absorption_is_a_setting(self) -> None:
        scenario = load_scenario("status_quo", {"world.absorption": 1.0})
        bound, free = (ConflictModel(s, worlds=8, rng=1) for s in (scenario, "status_quo"))
        for _ in range(6):
            bound.step()
            free.step()
        assert bound.state.autonomy.mean() < free.state.autonomy.mean()


def test_what_runs_a_world_knows_of_no_hypothesis() -> None:
    """Priors cannot follow verdicts where nothing below the analysis can read either."""
    below = ("agents", "sim/scenario", "sim/world", "sim/deliberation", "sim/influence")
    single = [ROOT / "sim" / f"{name}.py" for name in ("draws", "sampling", "stages", "model")]
    files = [path for folder in (*below, "sim/ensemble") for path in (ROOT / folder).rglob("*.py")]
    assert len(files) > 40
    for path in (*files, *single):
        text = path.read_text()
        assert "hypothes" not in text.lower(), path
        assert "sim.analysis" not in text, path
