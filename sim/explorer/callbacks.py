"""What happens when: an address is asked about, an answer is drawn, an action makes an address.

The address is the only state. The page's script (`assets/explorer.js`) turns it into a question;
the answer goes into a store, from which the script draws; what is done on the page becomes the next
address. So the back button, a link and a reload need nothing of their own.
"""

from __future__ import annotations

from typing import Any

from dash import ClientsideFunction, Dash, Input, Output, State, no_update

from sim.explorer.actions import ActionError, act
from sim.explorer.address import read_address, write_address
from sim.explorer.answers import Answers, Ask
from sim.explorer.layout import SIDES


def connect(app: Dash, answers: Answers) -> None:
    """Connect an application's callbacks."""
    app.clientside_callback(
        ClientsideFunction("explorer", "ask"),
        Output("ask", "data"),
        Input("address", "search"),
    )

    def _answer(data: Any) -> Any:  # noqa: ANN401 - whatever a page sends
        try:
            ask = Ask.read(data)
        except (ValueError, AttributeError):
            return no_update
        return answers.to(ask)

    asked = app.callback(Output("answer", "data"), Input("ask", "data"), prevent_initial_call=True)
    asked(_answer)

    app.clientside_callback(
        ClientsideFunction("explorer", "draw"),
        Output("drawn", "data"),
        Input("answer", "data"),
        State("looks", "data"),
        prevent_initial_call=True,
    )

    def _near(data: Any) -> Any:  # noqa: ANN401 - whatever a page sends
        if not isinstance(data, dict):
            return no_update
        ticket, query, key = (str(data.get(name) or "") for name in ("ticket", "query", "key"))
        done, around = answers.near(ticket[:64], query, key)
        return {"key": key, "done": done, "around": around}

    neared = app.callback(
        Output("nearby", "data"), Input("near", "data"), prevent_initial_call=True
    )
    neared(_near)
    app.clientside_callback(
        ClientsideFunction("explorer", "nearer"),
        Output("nearest", "data"),
        Input("nearby", "data"),
        prevent_initial_call=True,
    )

    app.clientside_callback(
        ClientsideFunction("explorer", "clicked"),
        Output("clicked", "data"),
        [Input(f"fan-{k}", "clickData") for k in range(SIDES)],
        prevent_initial_call=True,
    )

    def _act(action: Any, query: str | None) -> Any:  # noqa: ANN401 - whatever a page sends
        view, _ = read_address(query or "", answers.catalogue)
        try:
            after = act(view, action if isinstance(action, dict) else {}, answers.catalogue)
        except ActionError as error:
            return no_update, {"said": str(error)}
        search = write_address(after, answers.catalogue.first)
        return search if search != (query or "") else no_update, no_update

    done = app.callback(
        Output("address", "search"),
        Output("refusal", "data"),
        Input("action", "data"),
        State("address", "search"),
        prevent_initial_call=True,
    )
    done(_act)
    app.clientside_callback(
        ClientsideFunction("explorer", "refuse"),
        Output("refused", "data"),
        Input("refusal", "data"),
        prevent_initial_call=True,
    )
