"""What each claim of the article switches: the part of `seeds/claims.yaml` that scenarios need."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from sim.scenario.registry import seeds_path
from sim.scenario.source import read_file


@dataclass(frozen=True)
class Switch:
    """A claim as a scenario sees it.

    Attributes:
        paraphrase: what the claim says.
        without: what switching it off does; with no parameters, why not and what to do instead.
        parameters: names of those that then take their neutral value.
    """

    paraphrase: str
    without: str
    parameters: tuple[str, ...]


@cache
def switches() -> dict[str, Switch]:
    """Every claim by its id, in the article's order."""
    entries = read_file(seeds_path() / "claims.yaml", "claims.yaml").value["claims"]
    return {
        entry["id"]: Switch(entry["paraphrase"], entry["without"], tuple(entry["sets"]))
        for entry in entries
    }


def shared_parameters() -> dict[str, tuple[str, ...]]:
    """Parameters that rest on several claims -> those claims.

    Switching off any one of them makes the parameter neutral. So what two such claims do alone does
    not add up to what they do together.
    """
    resting: dict[str, list[str]] = {}
    for claim, switch in switches().items():
        for name in switch.parameters:
            resting.setdefault(name, []).append(claim)
    return {name: tuple(claims) for name, claims in resting.items() if len(claims) > 1}
