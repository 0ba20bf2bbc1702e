"""All hypotheses on one bench: what is to be run, what came out, as one document."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np

from sim.analysis.claims import Hypothesis, load_hypotheses
from sim.analysis.thesis import distraction, divergence, entry, leverage, no_puppet, prolonged
from sim.analysis.thesis.design import Arm, Design, Family, Thesis
from sim.analysis.thesis.flips import Moving, matters, moving
from sim.analysis.thesis.kept import made_by, same_test
from sim.analysis.thesis.runs import Runs
from sim.analysis.thesis.verdicts import Judged
from sim.analysis.thesis.within import HIT, MISS, UNDECIDED
from sim.analysis.thesis.words import flip_brief, flip_sentence

_STATES = {HIT: "hit", MISS: "miss", UNDECIDED: "undecided"}


class Test(Protocol):
    """A module that tests one hypothesis."""

    def arms(self, design: Design) -> Sequence[Arm | Family]:
        """What has to be run."""

    def test(self, design: Design, runs: Runs) -> list[Judged]:
        """What came out."""


TESTS: dict[str, Test] = {
    "H1": no_puppet,
    "H2": leverage,
    "H3": prolonged,
    "H4": distraction,
    "H5": entry,
    "H6": divergence,
}


def worlds_of(thesis: Thesis, names: Sequence[str]) -> int:
    """Worlds that hypotheses take together; what two of them share counts twice."""
    total = 0
    for name in names:
        for asked in TESTS[name].arms(thesis.designs[name]):
            one = asked.arm if isinstance(asked, Family) else asked
            total += one.worlds * (len(asked.ends) if isinstance(asked, Family) else 1)
    return total


def put_to_the_test(thesis: Thesis, names: Sequence[str], runs: Runs) -> dict[str, Any]:
    """Run hypotheses and judge them.

    Args:
        thesis: the designs.
        names: ids of hypotheses, in the order in which they are run.
        runs: where worlds come from.

    Returns:
        The document: a function of the designs, the data and the model alone.
    """
    runs.worlds = worlds_of(thesis, names)
    hypotheses = load_hypotheses()
    return {
        **made_by(thesis.source),
        "design": thesis.digest,
        "seed": thesis.seed,
        "hypotheses": [_hypothesis(hypotheses[name], thesis.designs[name], runs) for name in names],
    }


def _hypothesis(hypothesis: Hypothesis, design: Design, runs: Runs) -> dict[str, Any]:
    judged = TESTS[hypothesis.id].test(design, runs)
    verdicts = [one.verdict for one in judged]
    return {
        "id": hypothesis.id,
        "title": hypothesis.title,
        "claims": list(hypothesis.claims),
        "question": hypothesis.question,
        "test": hypothesis.test,
        "rule": dict(hypothesis.rule),
        "sets": design.plan["sets"],
        "draws": design.plan["draws"],
        "months": design.plan["months"],
        # three curves of H3 stand each by itself
        "verdict": distraction.together(verdicts) if hypothesis.id != "H3" else None,
        "judged": [_judged(one, design) for one in judged],
    }


def _judged(judged: Judged, design: Design) -> dict[str, Any]:
    found = moving(judged, design.flips)
    named = matters(found, design.flips)
    special = [one for one in found if one.name in design.flips["parts_of"]]
    shown = [*named, *(one for one in special if one not in named)]
    q05, middle, q95 = np.quantile(judged.figures, [0.05, 0.5, 0.95])
    return {
        "name": judged.name,
        "label": judged.label,
        "verdict": judged.verdict,
        **judged.share.document(),
        "firm": judged.firm,
        "counts": judged.counts(),
        "figure": {
            "median": float(middle),
            "q05": float(q05),
            "q95": float(q95),
            "mean": float(judged.figures.mean()),
            "unit": judged.unit,
        },
        "by_set": {
            "figure": [float(f"{value:.6g}") for value in judged.figures],
            "hit": [float(f"{value:.6g}") for value in judged.weights],
            "state": None if judged.states is None else [_STATES[s] for s in judged.states],
        },
        "flips": {
            "looked_at": len(found),
            "brief": flip_brief(judged, named, len(found)),
            "sentence": flip_sentence(judged, named, len(found)),
            "parameters": [_moved(one, judged, one in named) for one in shown],
        },
        "beside": dict(judged.beside),
    }


def _moved(one: Moving, judged: Judged, moves: bool) -> dict[str, Any]:
    return {**one.document(), "moves": moves, "flips": one.flips(judged.verdict)}


def merged(old: dict[str, Any] | None, new: dict[str, Any]) -> dict[str, Any]:
    """A document in which hypotheses that were not run again stand as they did.

    Only where both were made by the same designs, data, model and way of judging, from one source.
    """
    if old is None or not same_test(old, new) or old.get("values") != new["values"]:
        return new
    by_id = {one["id"]: one for one in (*old["hypotheses"], *new["hypotheses"])}
    return {**new, "hypotheses": [by_id[name] for name in TESTS if name in by_id]}
