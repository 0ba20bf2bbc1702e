"""Where the numbers come from, and the command that makes the report again."""

import re
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import xarray as xr

from sim.analysis.inputs import plain
from sim.ensemble.levels import DEFAULT_KEEP
from sim.report.deeds import actor_words, lever_words
from sim.report.markup import Content, Markup, el
from sim.report.tables import folded, table

if TYPE_CHECKING:
    from sim.scenario import Scenario
    from sim.scenario.registry import Origin, Parameter

KINDS = {
    "claim": "claim of the article",
    "figure": "observed figure",
    "assumption": "assumption",
}


def input_label(path: str) -> Content:
    """An input's path with its meaning and unit, a move with its lever in words, where known."""
    from sim.scenario.registry import load_registry

    for parameter in load_registry():
        if parameter.name == path:
            words = f"{parameter.meaning} ({parameter.unit})"
            return [_path(path), el("br"), el("span", words, class_="muted")]
    if path.startswith("moves "):
        actor, _, lever = path.removeprefix("moves ").partition(" (")[0].partition(".")
        words = f"{actor_words(actor)}’s {lever_words(lever)}, held by order of the scenario"
        return [_path(path), el("br"), el("span", words, class_="muted")]
    return _path(path)


def _path(path: str) -> Markup:
    """A path that breaks between its words where it is too long for a line."""
    pieces = re.split(r"(?<=[._])", path)
    return el("code", [[el("wbr"), piece] if rank else piece for rank, piece in enumerate(pieces)])


def parameters(scenario: "Scenario", title: str) -> Markup:
    """Every parameter of a scenario with its value and origin."""
    from sim.scenario.registry import load_registry

    rows: list[Sequence[Content]] = [
        [
            el("code", parameter.name),
            [parameter.meaning, el("br"), el("span", parameter.unit, class_="muted")],
            _value(scenario, parameter),
            _origin(parameter.origin, parameter.reference),
        ]
        for parameter in load_registry()
    ]
    caption = f"All {len(rows)} parameters as “{title}” has them"
    return table(caption, ["Parameter", "Meaning and unit", "Value", "Origin"], rows, "text")


def _value(scenario: "Scenario", parameter: "Parameter") -> str:
    value = scenario.parameters[parameter.name]
    return plain(value) if isinstance(value, float | int) else value.describe().replace("-", "−")


def _origin(origin: "Origin", reference: str) -> Content:
    words = f"{KINDS[origin.kind]}: {origin}"
    return [words, el("br"), el("span", reference, class_="muted")] if reference else words


def claims(scenarios: Sequence["Scenario"], titles: Sequence[str]) -> Markup:
    """The article's claims, what rests on each, and which scenario switches one off.

    Beneath the table stands what switches do in these scenarios that no other table shows: events
    that do not happen, and numbers that stay though their claim is off.
    """
    from sim.analysis.claims import load_claims

    rows = []
    for claim in load_claims().values():
        off = [t for s, t in zip(scenarios, titles, strict=True) if claim.id in s.claims_off]
        structure = (f"{key}: {word} while off" for key, word in claim.structure.items())
        names = [el("code", name) for name in (*claim.sets, *structure)]
        rests: list[Content] = [part for name in names for part in (name, " ")]
        rests += [[el("br"), words] for words in _events_carrying(claim.id, scenarios, titles)]
        rows.append(
            [
                f"{claim.id} ({claim.where})",
                claim.paraphrase,
                claim.becomes,
                rests or el("span", "nothing to switch", class_="muted"),
                ", ".join(claim.hypotheses),
                f"off in {', '.join(off)}" if off else "on",
            ]
        )
    head = ["Claim", "What the article says", "What stands for it", "Rests on it"]
    head += ["Tests", "Switch"]
    found = table("The article's claims and where they went", head, rows, "text")
    notes = [
        el("p", f"{title}: {note}", class_="note")
        for scenario, title in zip(scenarios, titles, strict=True)
        for note in scenario.notes
    ]
    return el("div", found, notes)


def _events_carrying(
    claim: str, scenarios: Sequence["Scenario"], titles: Sequence[str]
) -> Iterator[str]:
    """The events of the scenarios that carry a claim, each with the scenarios that have it."""
    having: dict[str, list[str]] = {}
    for scenario, title in zip(scenarios, titles, strict=True):
        for event in scenario.events:
            if event.claim == claim:
                having.setdefault(str(replace(event, claim="")), []).append(title)
    for words, where in having.items():
        yield f"event {words.replace(' -', ' −')} in {', '.join(where)}"


def command(scenarios: Sequence["Scenario"], ds: xr.Dataset, baseline: int) -> str:
    """The command that makes the same report again."""
    verb = "run" if len(scenarios) == 1 else "compare"
    words = ["fulcrum", verb, *(_place(scenario) for scenario in scenarios)]
    if baseline:
        words += ["--baseline", _place(scenarios[baseline])]
    words += ["--worlds", str(ds.sizes["world"]), "--seed", str(ds.attrs["seed"])]
    if ds.attrs.get("vary", "both") != "both":
        words += ["--vary", ds.attrs["vary"]]
    if ds.attrs.get("keep", DEFAULT_KEEP) != DEFAULT_KEEP:
        words += ["--keep", ds.attrs["keep"]]
    return shlex.join(words)


def _place(scenario: "Scenario") -> str:
    """Path of a scenario as it is said from here; a place elsewhere is nobody's business."""
    if scenario.path is None:
        return scenario.name
    path = Path(scenario.path).resolve()
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else path.name


def reproduce(
    scenarios: Sequence["Scenario"],
    titles: Sequence[str],
    datasets: Sequence[xr.Dataset],
    baseline: int,
    given: str | None,
) -> list[Markup]:
    """How to get these numbers again: the command, the versions, the effective scenarios.

    Args:
        scenarios: what was run; empty if unknown.
        titles: their titles.
        datasets: the runs.
        baseline: index of the baseline.
        given: the command as it was given, if that is known.
    """
    first = datasets[baseline]
    line = given or (command(scenarios, first, baseline) if scenarios else None)
    told = {
        "Fulcrum": first.attrs.get("fulcrum_version"),
        "format": first.attrs.get("format"),
        "engine": first.attrs.get("engine"),
        "seed": first.attrs.get("seed"),
        "worlds": f"{first.sizes['world']:,}",
        "draws of chance in a set": first.attrs.get("draws"),
        "varied": first.attrs.get("vary"),
        "months": first.sizes["month"],
    }
    facts = [[key, str(value)] for key, value in told.items() if value is not None]
    parts = [
        el("pre", el("code", line), tabindex=0)
        if line
        else el(
            "p", "These runs were handed over as data: the command that made them is not known."
        ),
        table("What the numbers depend on", ["Given", "In this report"], facts),
        el(
            "p",
            "The same command with the same minor version of NumPy on the same class of processor "
            "gives the same numbers, bit for bit, whatever the engine and the number of workers.",
        ),
    ]
    for scenario, title in zip(scenarios, titles, strict=False):
        parts.append(
            folded(
                f"Effective scenario file of “{title}”",
                el("pre", el("code", scenario.as_yaml()), tabindex=0),
            )
        )
    return parts
