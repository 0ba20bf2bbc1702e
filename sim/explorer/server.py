"""The application as it listens: what it serves, to whom, and with what headers."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from importlib import resources
from typing import TYPE_CHECKING, Any, Final

from dash import Dash
from flask import Response, abort, request

from sim.explorer.address import read_address
from sim.explorer.answers import Answers
from sim.explorer.callbacks import connect
from sim.explorer.catalogue import Catalogue
from sim.explorer.controls import parameters
from sim.explorer.layout import layout, outcomes
from sim.explorer.service import Service
from sim.explorer.settings import yaml_of
from sim.report.markup import data_block, el, render
from sim.report.pieces import switch
from sim.scenario import ScenarioError

if TYPE_CHECKING:
    from flask import Flask

THREADS: Final = 16
"""Requests that are answered at the same moment; a page that waits for worlds holds one."""
LARGEST_REQUEST: Final = 200_000
"""Bytes."""
LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})

_INDEX: Final = """<!doctype html>
<html lang="en">
<head>
{%metas%}
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{%title%}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/report.css">
{%css%}
</head>
<body>
{%app_entry%}
PARTS
<footer>{%config%}{%scripts%}{%renderer%}</footer>
</body>
</html>"""


def application(catalogue: Catalogue, service: Service, hosts: Sequence[str]) -> Dash:
    """The Dash application.

    Args:
        catalogue: what there is to choose from.
        service: where worlds come from.
        hosts: names under which it may be asked, without ports.
    """
    app = Dash(
        __name__,
        title="Fulcrum explorer",
        update_title="",
        assets_folder=str(resources.files("sim.explorer").joinpath("assets")),
        index_string=_INDEX.replace("PARTS", _parts(catalogue)),
        serve_locally=True,
        add_log_handler=False,
        enable_mcp=False,
    )
    app.layout = layout
    app.server.config["MAX_CONTENT_LENGTH"] = LARGEST_REQUEST
    answers = Answers(catalogue, service)
    connect(app, answers)
    _routes(app.server, catalogue)
    _guard(app, frozenset(hosts))
    return app


def _parts(catalogue: Catalogue) -> str:
    """What the page's script puts in its places: parts that are the same for everybody."""
    themes = [("system", "System"), ("light", "Light"), ("dark", "Dark")]
    options = [el("option", words, value=name) for name, words in outcomes().items()]
    return data_block(
        "parts",
        {
            "themes": switch("theme", "Theme", themes),
            "suggestions": parameters(catalogue),
            "outcome-place": render(el("select", options, id="outcome", data_act="outcome")),
        },
    ).replace("{%", "{&#37;")


def _routes(server: Flask, catalogue: Catalogue) -> None:
    report_css = resources.files("sim.report").joinpath("assets", "page.css").read_text("utf-8")

    @server.get("/report.css")
    def _css() -> Response:
        return Response(report_css, mimetype="text/css")

    @server.get("/setting.yaml")
    def _yaml() -> Response:
        view, problems = read_address(request.query_string.decode("utf-8", "replace"), catalogue)
        if problems:
            return Response("\n".join(problems) + "\n", 400, mimetype="text/plain")
        try:
            name, text = yaml_of(view.mine, view.months, catalogue)
        except ScenarioError as error:
            return Response(f"{error}\n", 400, mimetype="text/plain")
        head = {"Content-Disposition": f'attachment; filename="{name}"'}
        return Response(text, mimetype="application/yaml", headers=head)


def _guard(app: Dash, hosts: frozenset[str]) -> None:
    """Refuse what was addressed to another name, and say what a browser may do with the page."""
    policy = (
        "default-src 'none'; script-src 'self' {hashes}; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'none'"
    ).format(hashes=" ".join(app.csp_hashes()))
    headers = {
        "Content-Security-Policy": policy,
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    }

    def _same_host() -> None:
        # a page of elsewhere could point its own name at this machine and read the answers
        if _host(request.host) not in hosts:
            abort(Response("This address does not go by that name.\n", 403, mimetype="text/plain"))
        origin = request.headers.get("Origin")
        if origin is not None and origin.split("://", 1)[-1] != request.host:
            abort(Response("Asked by a page of elsewhere.\n", 403, mimetype="text/plain"))

    def _headers(response: Response) -> Response:
        for name, value in headers.items():
            response.headers[name] = value
        return response

    app.server.before_request(_same_host)
    app.server.after_request(_headers)


def _host(address: str) -> str:
    """A host without its port, an IPv6 address without its brackets."""
    if address.startswith("["):
        return address[1:].partition("]")[0]
    return address.rpartition(":")[0] if ":" in address else address


def hosts_of(host: str) -> tuple[str, ...]:
    """Names under which a server that listens on a host may be asked.

    Listening on all addresses, it goes by those of this machine and its name.
    """
    import socket

    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return (host, *LOOPBACK) if host == "localhost" else (host,)
    if address.is_loopback:
        return (host, *sorted(LOOPBACK))
    if not address.is_unspecified:
        return (host,)
    name = socket.gethostname()
    try:
        own = {str(info[4][0]) for info in socket.getaddrinfo(name, None)}
    except OSError:
        own = set()
    return (*sorted(LOOPBACK | own | {name}),)


class Server:
    """The explorer, listening.

    Args:
        catalogue: what there is to choose from.
        service: where worlds come from.
        host: address to listen on.
        port: to listen on; 0 for one that is free.

    Raises:
        OSError: it cannot listen there.
    """

    def __init__(self, catalogue: Catalogue, service: Service, host: str, port: int) -> None:
        from waitress import create_server

        self.service = service
        app = application(catalogue, service, hosts_of(host))
        self._server: Any = create_server(
            app.server,
            host=host,
            port=port,
            threads=THREADS,
            ident=None,
            clear_untrusted_proxy_headers=True,
        )
        self.port = int(self._server.effective_port)
        shown = f"[{host}]" if ":" in host else host
        self.url = f"http://{shown}:{self.port}/"

    def run(self) -> None:
        """Answer until interrupted."""
        try:
            self._server.run()
        finally:
            self.close()

    def close(self) -> None:
        """Stop listening, and end the processes."""
        self._server.close()
        self.service.close()
