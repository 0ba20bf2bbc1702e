"""Who moves whom as arrows between four actors, as wide as the influence is large."""

import math
from typing import Final

from sim.analysis.outcomes import ACTORS
from sim.analysis.pairs import ALL_MONTHS
from sim.report.aggregates import Digest
from sim.report.figures import MUTED_HERE
from sim.report.markup import chart_text
from sim.report.numbers import worlds_words
from sim.report.pairs import cells_of, names, pairs_of, scales_of, worlds_of
from sim.report.theme import Json

NETWORK_HEIGHT: Final = 250
PLACES: Final = {
    "nato": (0.0, 0.5),
    "belarus": (0.5, 1.0),
    "russia": (1.0, 0.5),
    "ukraine": (0.5, 0),
}
"""Where actors stand: the West on the left, Russia on the right, the two between them."""
SYMBOLS: Final = {
    "nato": "square",
    "belarus": "diamond",
    "russia": "circle",
    "ukraine": "triangle-up",
}
APART: Final = 0.045
"""How far the two arrows of a pair lie from the line between their actors."""


def network_chart(digest: Digest, index: int) -> Json:
    """The same pairs as arrows: an actor's place and marker tell who it is, width how much."""
    actors, pairs = names(digest), pairs_of(digest)
    told = cells_of(digest, index, ALL_MONTHS, scales_of(digest, index))
    worlds = worlds_of(digest, index)
    arrows, middles = [], []
    for (a, b), width in zip(pairs, told["width"], strict=True):
        tail, head = _ends(PLACES[a], PLACES[b])
        arrows.append(_arrow(tail, head, width))
        middles.append([(2 * x + y) / 3 for x, y in zip(tail, head, strict=True)])
    words = [f"{chart_text(ACTORS[a])} over {chart_text(ACTORS[b])}" for a, b in pairs]
    spots = {
        "type": "scatter",
        "mode": "markers",
        "meta": "arrows",
        "x": [round(x, 3) for x, _ in middles],
        "y": [round(y, 3) for _, y in middles],
        "text": told["level"],
        "customdata": [[one, worlds_words(n)] for one, n in zip(words, worlds, strict=True)],
        "marker": {"size": 16, "opacity": 0},
        "hovertemplate": "%{customdata[0]}: %{text} of 100 choices"
        "<br>%{customdata[1]}<extra></extra>",
    }
    nodes = {
        "type": "scatter",
        "mode": "markers",
        "x": [PLACES[name][0] for name in actors],
        "y": [PLACES[name][1] for name in actors],
        "marker": {"symbol": [SYMBOLS[name] for name in actors], "size": 13, "color": MUTED_HERE},
        "hoverinfo": "skip",
        "cliponaxis": False,
    }
    sides = {
        "nato": {"xanchor": "right", "yanchor": "middle", "xshift": -13},
        "russia": {"xanchor": "left", "yanchor": "middle", "xshift": 13},
        "belarus": {"xanchor": "left", "yanchor": "middle", "xshift": 13},
        "ukraine": {"xanchor": "left", "yanchor": "middle", "xshift": 13},
    }
    labels = [{"x": PLACES[n][0], "y": PLACES[n][1], "text": ACTORS[n], **sides[n]} for n in actors]
    hidden: Json = {"visible": False}
    return {
        "data": [nodes, spots],
        "layout": {
            "height": NETWORK_HEIGHT,
            "margin": {"l": 6, "r": 6, "t": 10, "b": 10},
            "xaxis": {**hidden, "range": [-0.3, 1.3]},
            "yaxis": {**hidden, "range": [-0.1, 1.1], "scaleanchor": "x"},
            "annotations": [*arrows, *labels],
        },
    }


def _ends(
    start: tuple[float, float], stop: tuple[float, float]
) -> tuple[tuple[float, float], tuple[float, float]]:
    """Tail and head of an arrow, short of both actors and to the right of the line between them."""
    dx, dy = stop[0] - start[0], stop[1] - start[1]
    long = math.hypot(dx, dy)
    ux, uy = dx / long, dy / long
    side = (uy * APART, -ux * APART)
    gap = 0.09
    tail = (start[0] + ux * gap + side[0], start[1] + uy * gap + side[1])
    head = (stop[0] - ux * gap + side[0], stop[1] - uy * gap + side[1])
    return tail, head


def _arrow(tail: tuple[float, float], head: tuple[float, float], width: float) -> Json:
    x, y = (round(value, 3) for value in head)
    ax, ay = (round(value, 3) for value in tail)
    return {
        "x": x,
        "y": y,
        "ax": ax,
        "ay": ay,
        "xref": "x",
        "yref": "y",
        "axref": "x",
        "ayref": "y",
        "text": "",
        "showarrow": True,
        "arrowhead": 2,
        "arrowwidth": width or 0.1,
        "arrowsize": arrow_size(width),
        "arrowcolor": MUTED_HERE,
        "opacity": 1 if width else 0,
        "name": "arrow",
    }


def arrow_size(width: float) -> float:
    """Size of an arrow's head in widths of its line.

    Thin arrows keep a head that can be seen; below 0.8 a line would be broader than its head's tip.
    """
    return round(max(0.8, min(2.4, 2.2 / max(width, 0.1))), 2)
