"""The command that serves the explorer."""

from __future__ import annotations

import os
from importlib.util import find_spec
from typing import Annotated, cast

import typer

from sim.cli.commands import app
from sim.cli.inputs import MOST_WORKERS, BadInput
from sim.kernel import Engine, EngineMissingError, check_engine
from sim.scenario import ScenarioError

HOST = "127.0.0.1"
PORT = 8321
HIGHEST_PORT = 65535


@app.command()
def explore(
    scenario: Annotated[
        str | None,
        typer.Argument(metavar="[SCENARIO]", help="Scenario to begin with; status_quo."),
    ] = None,
    host: Annotated[
        str,
        typer.Option(metavar="ADDR", help="Address to listen on; others can reach any but this."),
    ] = HOST,
    port: Annotated[int, typer.Option(metavar="N", help="Port; 0 for one that is free.")] = PORT,
    engine: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="numpy, or numba for compiled code; numba where its compiler is installed.",
            show_default=False,
        ),
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option(
            metavar="N", help="Processes that simulate; the processor's cores.", show_default=False
        ),
    ] = None,
    open_page: Annotated[bool, typer.Option("--open", help="Open it in a browser.")] = False,
) -> None:
    """Serve a page with levers, on which influence is redrawn while they move."""
    chosen = engine or ("numba" if find_spec("llvmlite") else "numpy")
    processes = _cores() if workers is None else workers
    problems = [*_missing(), *_of_numbers(port, processes, workers), *_of_engine(chosen)]
    if problems:
        raise BadInput(problems)

    from sim.explorer.catalogue import open_catalogue
    from sim.explorer.server import Server
    from sim.explorer.service import Service

    try:
        catalogue = open_catalogue(scenario)
    except ScenarioError as error:
        raise BadInput(error.problems) from None
    service = Service(processes, cast("Engine", chosen))
    try:
        server = Server(catalogue, service, host, port)
    except OSError as error:
        service.close()
        reason = error.strerror or str(error)
        raise BadInput([f"--host, --port: {host}:{port} cannot be listened on: {reason}"]) from None
    said = f"{processes} processes" if processes > 1 else "1 process"
    typer.echo(f"Fulcrum explorer on {server.url} (engine {chosen}, {said}); Ctrl-C ends it")
    if host not in (HOST, "localhost", "::1"):
        typer.echo("Whoever reaches this address can use it and this machine's time.", err=True)
    if open_page:
        import webbrowser

        webbrowser.open(server.url)
    server.run()


def _missing() -> list[str]:
    lacking = [name for name in ("dash", "waitress") if find_spec(name) is None]
    if not lacking:
        return []
    words = " and ".join(lacking)
    return [f"explore: needs {words}, not installed: pip install 'fulcrum-sim[explore]'"]


def _of_numbers(port: int, processes: int, workers: int | None) -> list[str]:
    out = []
    if not 0 <= port <= HIGHEST_PORT:
        out.append(f"--port: must be 0 to {HIGHEST_PORT}, not {port}")
    if workers is not None and not 1 <= processes <= MOST_WORKERS:
        out.append(f"--workers: must be 1 to {MOST_WORKERS:,}, not {workers}")
    return out


def _of_engine(engine: str) -> list[str]:
    try:
        check_engine(engine)
    except (ValueError, EngineMissingError) as error:
        return [f"--engine: {error}"]
    return []


def _cores() -> int:
    return max(1, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 2)
