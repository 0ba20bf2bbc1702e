"""One self-contained page: opened from a disk without a network, it shows everything.

Nothing leaves it: the content-security policy allows its own two scripts, by their hashes, and no
address at all.
"""

import base64
import hashlib
from collections.abc import Sequence
from importlib import resources
from typing import Any

from sim.report.markup import Markup, data_block, el

_NO_SCRIPT = "Pictures need this page’s script, which did not run. The tables hold the numbers."


def document(
    heading: str, header: Markup, main: Markup, footer: Markup, numbers: dict[str, Any], script: str
) -> str:
    """A page as text.

    Args:
        heading: its title.
        header: what stands above the report.
        main: the report, an element whose id is "main".
        footer: what stands beneath it.
        numbers: data for the script, which draws the pictures.
        script: its file in `assets`.
    """
    scripts = [_plotly(), _asset(script)]
    blocks = [data_block("numbers", numbers), *(_script(text) for text in scripts)]
    return "<!doctype html>\n" + el(
        "html",
        _head(heading, scripts),
        el(
            "body",
            el("a", "Skip to the report", href="#main", class_="skip"),
            header,
            el("p", _NO_SCRIPT, class_="noscript", id="noscript"),
            main,
            footer,
            blocks,
        ),
        lang="en",
    )


def _head(heading: str, scripts: Sequence[str]) -> Markup:
    hashes = " ".join(f"'sha256-{_digest(text)}'" for text in scripts)
    policy = (
        f"default-src 'none'; script-src {hashes}; style-src 'unsafe-inline'; img-src data: blob:; "
        "base-uri 'none'; form-action 'none'"
    )
    return el(
        "head",
        el("meta", charset="utf-8"),
        Markup(f'<meta http-equiv="Content-Security-Policy" content="{policy}">'),
        el("meta", name="viewport", content="width=device-width, initial-scale=1"),
        el("meta", name="color-scheme", content="light dark"),
        el("meta", name="referrer", content="no-referrer"),
        el("title", f"{heading} – Fulcrum"),
        el("style", Markup(_asset("page.css"))),
    )


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _script(text: str) -> Markup:
    if "</script" in text.lower():
        raise ValueError("a script that holds its own end tag cannot be embedded")
    return Markup(f"<script>{text}</script>")


def _asset(name: str) -> str:
    return resources.files("sim.report").joinpath("assets", name).read_text(encoding="utf-8")


def _plotly() -> str:
    from plotly.offline import get_plotlyjs

    return get_plotlyjs()
