"""One self-contained page: opened from a disk without a network, it shows everything.

Nothing leaves it: the content-security policy allows its own two scripts, by their hashes, and no
address at all. Plotly is kept compressed, which takes 3 MB off every page; the page's own script
unpacks it (zlib's format, which browsers have read since 2023).
"""

import base64
import hashlib
import re
import zlib
from collections.abc import Sequence
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, Final

from sim.report.markup import Markup, data_block, el

PLAIN: Final = ("plain.js",)
"""The script of pages without choices: its data are charts by slot, with their words."""
_WORLDS: Final = "fulcrum-worlds"
_SOON: Final = 400
"""Characters within which a page says how many worlds it shows."""
_NO_SCRIPT: Final = (
    "Pictures need this page’s script, which did not run, and a browser of 2023 or later. "
    "The tables hold the numbers."
)


def document(
    heading: str,
    header: Markup,
    main: Markup,
    footer: Markup,
    numbers: dict[str, Any],
    scripts: Sequence[str],
    worlds: int | None = None,
) -> str:
    """A page as text.

    Args:
        heading: its title.
        header: what stands above the report.
        main: the report, an element whose id is "main".
        footer: what stands beneath it.
        numbers: data for the script, which draws the pictures.
        scripts: the parts of the script, files in `assets`, in the order in which they stand.
        worlds: how many the page shows, for `worlds_shown`.
    """
    plotly, own = _plotly(), _one_function(["frame.js", *scripts])
    return "<!doctype html>\n" + el(
        "html",
        _head(heading, [plotly, own], worlds),
        el(
            "body",
            el("a", "Skip to the report", href="#main", class_="skip"),
            header,
            el("p", _NO_SCRIPT, class_="noscript", id="noscript"),
            main,
            footer,
            data_block("numbers", numbers),
            _packed("plotly", plotly),
            _script(own),
        ),
        lang="en",
    )


def worlds_shown(page: Path) -> int | None:
    """How many worlds a page shows by its own words; None where it does not say."""
    try:
        with page.open(encoding="utf-8") as lines:
            found = re.search(f'<meta name="{_WORLDS}" content="([0-9]+)">', lines.read(_SOON))
    except (OSError, ValueError):
        return None
    return int(found[1]) if found else None


def _head(heading: str, scripts: Sequence[str], worlds: int | None) -> Markup:
    hashes = " ".join(f"'sha256-{_digest(text)}'" for text in scripts)
    policy = (
        f"default-src 'none'; script-src {hashes}; style-src 'unsafe-inline'; img-src data: blob:; "
        "base-uri 'none'; form-action 'none'"
    )
    return el(
        "head",
        el("meta", charset="utf-8"),
        None if worlds is None else el("meta", name=_WORLDS, content=str(worlds)),
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


@cache
def _packed(identifier: str, text: str) -> Markup:
    """A text that the page's script unpacks."""
    packed = base64.b64encode(zlib.compress(text.encode(), 6)).decode()
    return Markup(f'<script type="application/octet-stream" id="{identifier}">{packed}</script>')


def _one_function(names: Sequence[str]) -> str:
    """Parts of a script in one function, so that nothing of it is global."""
    parts = "\n".join(_asset(name) for name in names)
    return f'"use strict";\n(() => {{\n{parts}}})();\n'


def _asset(name: str) -> str:
    return resources.files("sim.report").joinpath("assets", name).read_text(encoding="utf-8")


def _plotly() -> str:
    from plotly.offline import get_plotlyjs

    return get_plotlyjs()
