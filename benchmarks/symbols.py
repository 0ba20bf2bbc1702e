"""The symbols in the equations of docs/model.md, with what they are and their units.

A section of the page ends its equations with a place for a table, `<!-- symbols of war -->`. The
table lists every name with a point in it that the section's equations use, read from where the name
is declared. A name that is declared nowhere is an error.
"""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from functools import cache
from typing import get_type_hints

from agents import menus
from agents.outlook import Outlook
from benchmarks.pages import table
from sim.scenario.registry import load_registry
from sim.world.controls import Controls
from sim.world.endings import Hazards
from sim.world.state import State
from sim.world.war import Battle, Chance

SIDES = (("russia", "ukraine"), ("ukraine", "russia"))
"""What `_i` and `_j` stand for."""

PLACE = re.compile(r"<!-- symbols of ([\w ]+) -->\n")
BOX = re.compile(r"^```\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SYMBOL = re.compile(r"\b(?:s'|[scpwqeboh]|L|luck|breach)(?:\.\w+)+")

UNIT_OF = {
    "russia.arms": "world.arms_industry",
    "russia.access": "world.access_own",
    "russia.diplomacy": "world.diplomacy_own",
    "russia.flank": "world.flank_own",
    "belarus.energy": "world.energy_own",
    "belarus.credit": "world.credit_own",
    "belarus.market": "world.market_own",
    "belarus.transit": "world.transit_own",
    "belarus.protection": "world.protection_own",
    "ukraine.arms": "world.arms_ukraine",
    "ukraine.finance": "world.finance_ukraine",
    "nato.buffer": "world.buffer_ukraine",
}
"""Function -> the parameter whose unit is that of all its supplies."""

type Said = tuple[str, str]
"""Unit, and what it is."""


def declared(kind: type) -> dict[str, Said]:
    """Unit and meaning of every field of a class whose fields carry them.

    Raises:
        ValueError: a field carries none.
    """
    out = {}
    for name, hint in get_type_hints(kind, include_extras=True).items():
        match getattr(hint, "__metadata__", None):
            case (str(unit), str(meaning)):
                out[name] = (unit, meaning)
            case _:
                raise ValueError(f"{kind.__name__}.{name} needs a unit and a meaning, like others")
    return out


def written_under(kind: type) -> dict[str, str]:
    """The line of text under every field of a class."""
    [body] = [n for n in ast.parse(inspect.getsource(kind)).body if isinstance(n, ast.ClassDef)]
    out = {}
    for field, below in zip(body.body, body.body[1:], strict=False):
        match field, below:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=text)):
                out[name] = str(text)
    return out


@cache
def known() -> dict[str, Said]:
    """Every symbol that equations may use."""
    registry = {p.name: p for p in load_registry()}
    out: dict[str, Said] = {f"s.{n}": said for n, said in declared(State).items()}
    out |= {f"c.{n}": said for n, said in declared(Controls).items()}
    out |= {f"b.{n}": said for n, said in declared(Battle).items()}
    for name, p in registry.items():
        if name.startswith("world."):
            out[f"p.{name.removeprefix('world.')}"] = (p.unit, p.meaning)
        elif ".incentives." in name:
            _, actor, _, term = name.split(".")
            out[f"w.{actor}.{term}"] = (p.unit, p.meaning)
    for function, parameter in UNIT_OF.items():
        owner, _, what = function.partition(".")
        unit = registry[parameter].unit
        out[f"e.{function}"] = (unit, f"efficiency of {what} of {owner}")
        for supplier in ("own", "outside", *menus()):
            out[f"q.{function}.{supplier}"] = (unit, f"{what} of {owner}: what {supplier} gives")
    for name, text in written_under(Outlook).items():
        out[f"o.{name}"] = ("", text)
    for name in get_type_hints(Hazards):
        out[f"h.{name}"] = ("probability a month", f"change of status: {name}")
    out["h.terms"] = ("0-1", "share of territory that a settlement now would leave to Russia")
    for name in get_type_hints(Chance):
        out[f"luck.{name}"] = ("factor, mean 1", "the month's luck")
    for party in ("russia", "belarus"):
        out[f"breach.{party}"] = ("0-1", "share of its promises that it did not keep")
    for actor, levers in menus().items():
        for lever, levels in levers.items():
            for level in levels:
                said = ("probability", f"{lever} of {actor} stands at {level}")
                out[f"L.{actor}.{lever}.{level}"] = said
    return out


def sections(page: str) -> Iterator[tuple[str, str]]:
    """Name of every place for a table of symbols, and the text from the heading before it."""
    for place in PLACE.finditer(page):
        before = page[: place.start()]
        yield place[1], before[before.rindex("\n#") :]


def equations(text: str) -> list[str]:
    """The equations in the boxes of a section, each on one line, without the units behind them."""
    found: list[str] = []
    for box in BOX.findall(text):
        for line in box.splitlines():
            said = line.split("#")[0].rstrip()
            if line.startswith(" "):
                found[-1] += " " + said.strip()
            elif said:
                found.append(said)
    return found


def for_side(equation: str, own: str, enemy: str) -> str:
    """An equation with `_i` and `_j` put in."""
    for letter, side in (("i", own), ("j", enemy)):
        equation = re.sub(rf"(?<=_){letter}\b|(?<=\.){letter}\b", side, equation)
    return equation


def used(text: str) -> list[str]:
    """Every symbol with a point in it in the equations of a section, in order."""
    lines = [for_side(line, *sides) for line in equations(text) for sides in SIDES]
    return list(dict.fromkeys(s.replace("'", "") for line in lines for s in SYMBOL.findall(line)))


def tables(page: str) -> Iterator[tuple[str, str]]:
    """Name and text of every table of symbols of a page.

    Raises:
        ValueError: an equation uses a symbol that is declared nowhere.
    """
    for name, text in sections(page):
        symbols = used(text)
        if unknown := [symbol for symbol in symbols if symbol not in known()]:
            raise ValueError(f"{name}: declared nowhere: {', '.join(unknown)}")
        # what a lever's level is called says it all
        shown = [symbol for symbol in symbols if not symbol.startswith("L.")]
        rows = ([f"`{symbol}`", known()[symbol][1], known()[symbol][0]] for symbol in shown)
        yield f"symbols of {name}", table(("symbol", "what it is", "unit"), rows)
