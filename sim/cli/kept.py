"""Commands on what is kept in the results folder: list it, hand it to other tools."""

from __future__ import annotations

import typer

from sim.cli.commands import app, print_json
from sim.cli.inputs import BadInput
from sim.cli.options import HERE, AsJson, Results
from sim.ensemble.store import Store


@app.command()
def runs(results: Results = HERE, as_json: AsJson = False) -> None:
    """List what is in the results folder."""
    from sim.cli.documents import read_comparisons, runs_document
    from sim.cli.terminal import print_runs

    if results.exists() and not results.is_dir():
        raise BadInput([f"--results: {results} is not a folder"])
    found, comparisons = Store(results).runs(), read_comparisons(results)
    if as_json:
        print_json(runs_document(found, comparisons))
    elif found:
        print_runs(found, comparisons)
    else:
        typer.echo(f"no runs in {results}")
