"""Commands that simulate nothing: they answer questions about scenarios and claims."""

from __future__ import annotations

from typing import Annotated

import typer

from sim.cli.commands import app, print_json, say_notes
from sim.cli.inputs import BadInput, read_scenarios
from sim.cli.options import HERE, AsJson, OneScenario, Results, Settings


@app.command()
def validate(
    files: Annotated[list[str], typer.Argument(metavar="FILE...", help="Scenario files.")],
    settings: Settings = None,
    as_json: AsJson = False,
) -> None:
    """Check scenario files; every problem is one line."""
    from sim.cli.documents import validate_document

    try:
        read = read_scenarios(files, settings or [])
    except BadInput as bad:
        if as_json:
            print_json(validate_document(bad.problems))
        raise
    say_notes(read)
    if as_json:
        print_json(validate_document([]))
    else:
        for name in files:
            typer.echo(f"{name}: good")


@app.command()
def show(file: OneScenario, settings: Settings = None, as_json: AsJson = False) -> None:
    """Print a scenario with every default written out."""
    [scenario] = read_scenarios([file], settings or [])
    say_notes([scenario])
    if as_json:
        print_json(scenario.effective())
    else:
        typer.echo(scenario.as_yaml(), nl=False)


@app.command()
def diff(
    a: Annotated[str, typer.Argument(metavar="A", help="A scenario, usually the baseline.")],
    b: Annotated[str, typer.Argument(metavar="B", help="Another scenario.")],
    as_json: AsJson = False,
) -> None:
    """Print the settings in which two scenarios differ."""
    from sim.scenario import diff as differences_of

    one, other = read_scenarios([a, b], [])
    found = differences_of(one, other)
    if as_json:
        from sim.cli.documents import diff_document

        print_json(diff_document(one, other, found))
        return
    for difference in found:
        typer.echo(str(difference))
    if not found:
        typer.echo("no setting differs")


@app.command()
def schema() -> None:
    """Print the JSON Schema of scenario files."""
    from sim.scenario import json_schema

    print_json(json_schema())


@app.command()
def claims(
    named: Annotated[
        list[str] | None,
        typer.Argument(metavar="[CLAIM...]", help="Such as C16; all unless given."),
    ] = None,
    parameter: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Go back from this parameter to where it comes from."),
    ] = None,
    results: Results = HERE,
    as_json: AsJson = False,
) -> None:
    """Walk from claims to numbers, code and verdicts, and back."""
    from sim.analysis.claims import ClaimError, chain, find_parameter, select, trace
    from sim.analysis.thesis.kept import latest_verdicts
    from sim.cli import claims_terminal as terminal

    if named and parameter:
        raise BadInput(["claims: give claims or --parameter, not both"])
    try:
        verdicts = latest_verdicts(results)
        told = trace(find_parameter(parameter), verdicts) if parameter else None
        chains = [] if parameter else [chain(claim, verdicts) for claim in select(named or [])]
    except ClaimError as error:
        raise BadInput([f"claims: {error}"]) from None
    if as_json:
        print_json({"parameter": told} if told else {"claims": chains})
    elif told:
        terminal.print_trace(told)
    elif named:
        terminal.print_chains(chains)
    else:
        terminal.print_claims(chains)
