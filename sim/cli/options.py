"""The options and arguments that commands share: one word and one meaning for each."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

WORLDS = 1000
UNTIL_WORLDS = 20_000
"""Worlds at which a run with conditions stops, unless `--worlds` says otherwise."""
SEED = 1
DRAWS = 4

OneScenario = Annotated[
    str, typer.Argument(metavar="SCENARIO", help="A file, or the name of one in scenarios/.")
]
ManyScenarios = Annotated[
    list[str],
    typer.Argument(metavar="SCENARIO...", help="Files, or names of those in scenarios/."),
]
Worlds = Annotated[int, typer.Option(metavar="N", help="Possible histories to simulate.")]
MostWorlds = Annotated[
    int | None,
    typer.Option(
        "--worlds",
        metavar="N",
        help=f"Possible histories to simulate, {WORLDS:,}; with --until at most, {UNTIL_WORLDS:,}.",
        show_default=False,
    ),
]
Until = Annotated[
    list[str] | None,
    typer.Option(
        metavar="CONDITION",
        help='Add worlds until an error is small, as "front mcse<0.002"; repeatable.',
    ),
]
VaryWhat = Annotated[
    str,
    typer.Option(
        "--vary", metavar="WHAT", help="What differs between worlds: chance, unknown or both."
    ),
]
KeepWhat = Annotated[
    str,
    typer.Option(
        "--keep",
        metavar="WHAT",
        help="What is recorded: all, or headline for what reports need, in half the room.",
    ),
]
Seed = Annotated[int, typer.Option(metavar="S", help="Seed of all chance.")]
Draws = Annotated[int, typer.Option(metavar="N", help="Draws of chance per set of assumptions.")]
Workers = Annotated[int, typer.Option(metavar="N", help="Processes to share the worlds among.")]
Scheduler = Annotated[
    str | None,
    typer.Option(metavar="ADDR", help="A Dask cluster to compute them on, as tcp://host:8786."),
]
EngineName = Annotated[
    str,
    typer.Option(
        "--engine",
        metavar="NAME",
        help="numpy, or numba for compiled code: the same numbers, sooner.",
    ),
]
ScenarioOrRun = Annotated[
    str | None,
    typer.Argument(
        metavar="SCENARIO", help="A file, the name of one in scenarios/, or a run that is kept."
    ),
]
OwnSeed = Annotated[
    int | None, typer.Option("--seed", metavar="S", help="Seed of all chance; 1, or the run's own.")
]
OwnDraws = Annotated[
    int | None,
    typer.Option(
        "--draws", metavar="N", help="Draws of chance per set of assumptions; 4, or the run's own."
    ),
]
OwnVary = Annotated[
    str | None,
    typer.Option(
        "--vary", metavar="WHAT", help="What differs between worlds; both, or as in the run."
    ),
]
"""These three are None unless given, since a run that is named has its own."""
Settings = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="KEY=VALUE", help="Change a setting, as months=12; repeatable."),
]
Results = Annotated[Path, typer.Option(metavar="DIR", help="Folder of all results.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]
Figures = Annotated[
    Path | None,
    typer.Option(metavar="DIR", help="Write the report's pictures there, for papers."),
]
FigureFormat = Annotated[
    str | None,
    typer.Option("--format", metavar="FORM", help="Kind of those files: png, svg (the rule), pdf."),
]
Open = Annotated[bool, typer.Option("--open", help="Open the report in a browser.")]

HERE = Path("results")

THRESHOLD = (
    "influence is a total variation from 0 to 1 (0.003 is 0.3 of 100 choices), front a share from "
    "0 to 1, an event a share of worlds from 0 to 1; all else as it is shown"
)
"""Units of a threshold, for every outcome."""
