"""Claims in the order of what they do, on the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.analysis.claim_effects import ClaimEffects, Effect

_SHOWN = 3


def print_claim_effects(found: ClaimEffects, most: int = _SHOWN) -> None:
    """Claims ranked over all outcomes, each with the outcomes it moves most.

    Args:
        found: from `claim_effects`.
        most: outcomes told of each claim.
    """
    from sim.cli.terminal import print_table, print_words
    from sim.scenario.ledger import switches

    rows: list[Sequence[str]] = []
    for claim, size in found.ranked():
        rows += [[""], [f"{claim} {switches()[claim].paraphrase}"]]
        clear = [one for one in found.of(claim) if one.change.clear]
        rows.append(["in all outcomes, mean", "", f"{size:.3f}"])
        rows += [_row(one) for one in clear[:most]] or [["moves nothing beyond its error"]]
    print_table(["Claim on less off", "change ± error", "in sd"], rows)
    month = "last month" if found.when == "final" else "mean over months"
    print_words(
        f"{found.scenario}, {month}; differences within worlds, the error clustered by set, only "
        "outcomes whose 95 % interval leaves out 0. In sd: size in standard deviations over worlds."
    )
    for name, claims in found.shared().items():
        print_words(
            f"{' and '.join(claims)} share {name}: what they do alone does not add up to what they "
            "do together."
        )


def _row(one: Effect) -> list[str]:
    from sim.analysis.outcomes import measure

    read = measure(one.outcome)
    scale = 100.0 if read.event else read.scale
    units = "of 100 worlds" if read.event else read.shown_units
    error = "" if one.change.se is None else f" ± {scale * one.change.se:.2g}"
    change = f"{scale * one.change.difference:+.3g}{error}".replace("-", "−")
    size = "" if one.size is None else f"{one.size:.3f}"
    return [f"{read.label}, {units}", change, size]
