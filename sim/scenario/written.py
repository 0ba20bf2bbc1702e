"""Plain values as YAML text, always the same text for the same values.

Written here, and not by a YAML library, so that the text of a stored scenario depends on nothing
but the scenario. Words that older YAML readers take for booleans (`off`, `no`) are quoted.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping

from sim.scenario.source import Plain

_PLAIN = re.compile(r"[A-Za-z](?:[\w. -]*\w)?|[0-9]{4}-[0-9]{2}", re.ASCII)
_NOT_TEXT = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})


def as_yaml(document: Mapping[str, Plain]) -> str:
    """A mapping as a YAML 1.2 document: mappings in block style, what is inside lists in one line.

    Args:
        document: plain mappings, lists, text, finite numbers, booleans and None.
    """
    return "\n".join(_block(document, "")) + "\n"


def _block(mapping: Mapping[str, Plain], indent: str) -> Iterator[str]:
    for key, value in mapping.items():
        head = f"{indent}{_text(key)}:"
        if isinstance(value, Mapping) and value and not _is_leaf(value):
            yield head
            yield from _block(value, indent + "  ")
        elif isinstance(value, list) and value:
            yield head
            yield from (f"{indent}  - {_inline(item)}" for item in value)
        else:
            yield f"{head} {_inline(value)}"


def _is_leaf(mapping: Mapping[str, Plain]) -> bool:
    """Whether it reads best in one line: a distribution, not a group of settings."""
    return all(isinstance(value, list) for value in mapping.values())


def _inline(value: Plain) -> str:
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_text(k)}: {_inline(v)}" for k, v in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(_inline(item) for item in value) + "]"
    return json.dumps(value, allow_nan=False)


def _text(text: str) -> str:
    if _PLAIN.fullmatch(text) and text.lower() not in _NOT_TEXT:
        return text
    return "".join(
        c if c.isprintable() else f"\\U{ord(c):08x}" for c in json.dumps(text, ensure_ascii=False)
    )
