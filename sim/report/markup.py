"""HTML that cannot be injected into: whatever is not already markup is escaped."""

import html
import json
from collections.abc import Sequence
from typing import Any


class Markup(str):
    """Text that is HTML already."""

    __slots__ = ()


type Content = Markup | str | int | float | Sequence[Content] | None

VOID = frozenset({"meta", "input", "br", "hr", "col", "wbr"})


def render(content: Content) -> Markup:
    """Content as HTML; plain text is escaped, sequences are joined, None is nothing."""
    if content is None:
        return Markup("")
    if isinstance(content, Markup):
        return content
    if isinstance(content, Sequence) and not isinstance(content, str):
        return Markup("".join(render(part) for part in content))
    return Markup(html.escape(str(content)))


def el(tag: str, *content: Content, **attributes: str | int | bool | None) -> Markup:
    """An element.

    Args:
        tag: its name.
        *content: what is in it.
        **attributes: its attributes. A trailing underscore is dropped (`class_`), others become
            dashes (`aria_label`); True stands for a bare attribute, None and False for none.
    """
    parts = [tag]
    for key, value in attributes.items():
        if value is None or value is False:
            continue
        name = key.rstrip("_").replace("_", "-")
        parts.append(name if value is True else f'{name}="{html.escape(str(value))}"')
    head = f"<{' '.join(parts)}>"
    if tag in VOID:
        return Markup(head)
    return Markup(f"{head}{render(content)}</{tag}>")


def data_block(identifier: str, data: Any) -> Markup:  # noqa: ANN401  any JSON will do
    """Data for the page's script; no text in it can close the element or start a comment."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(f'<script type="application/json" id="{html.escape(identifier)}">{text}</script>')


def chart_text(text: str) -> str:
    """Text for a chart, where Plotly would otherwise read tags, entities and substitutions."""
    return html.escape(text, quote=False).replace("%{", "%&#123;").replace("$", "&#36;")
