"""What each claim of the article switches: the part of `seeds/claims.yaml` that scenarios need."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cache

from sim.scenario.registry import seeds_path
from sim.scenario.source import read_file


@dataclass(frozen=True)
class Switch:
    """A claim as a scenario sees it.

    Attributes:
        paraphrase: what the claim says.
        without: what switching it off does; with nothing to switch, why not and what to do instead.
        parameters: names of those that then take their neutral value.
        structure: settings of the model's structure that then hold, key -> word.
    """

    paraphrase: str
    without: str
    parameters: tuple[str, ...]
    structure: Mapping[str, str] = field(default_factory=dict)

    @property
    def carries(self) -> bool:
        """Whether anything but events can rest on it."""
        return bool(self.parameters or self.structure)


@cache
def switches() -> dict[str, Switch]:
    """Every claim by its id, in the article's order."""
    entries = read_file(seeds_path() / "claims.yaml", "claims.yaml").value["claims"]
    return {
        entry["id"]: Switch(
            entry["paraphrase"], entry["without"], tuple(entry["sets"]), entry.get("structure", {})
        )
        for entry in entries
    }


def structure_without(setting: str, off: Collection[str]) -> tuple[str, str] | None:
    """What a setting of the model's structure is while claims are off, and which of them says so.

    None where none of them has a say in it.
    """
    for claim, switch in switches().items():
        if claim in off and setting in switch.structure:
            return switch.structure[setting], claim
    return None


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
