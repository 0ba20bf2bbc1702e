"""The look of every picture: hues by scenario, type, grid, light and dark.

Hue belongs to scenarios and to nothing else; what differs is also told by a label, a dash or a
marker. Change has its own scale from brown over near-white to teal.
"""

from dataclasses import dataclass
from typing import Any, Final

FONT: Final = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Liberation Sans', sans-serif"
SIZE: Final = 13
SMALL: Final = 12

BASELINE: Final = "#5F6B76"
HUES: Final = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00")
GREY: Final = "#8792A0"
SYMBOLS: Final = (
    "square",
    "diamond",
    "triangle-up",
    "triangle-down",
    "pentagon",
    "cross",
    "hourglass",
    "bowtie",
    "hexagon",
    "star",
    "x",
)
MEDIAN_WIDTH: Final = 2.2
BAND_50: Final = 0.28
BAND_90: Final = 0.16

Json = dict[str, Any]


@dataclass(frozen=True)
class Palette:
    """Colours of one theme."""

    name: str
    paper: str
    ink: str
    muted: str
    grid: str


LIGHT: Final = Palette("light", "#FFFFFF", "#1F2933", "#52606D", "#E6E9ED")
DARK: Final = Palette("dark", "#14171A", "#E6E9ED", "#A9B4BF", "#2B3138")


@dataclass(frozen=True)
class Look:
    """How one scenario is drawn, in every picture of a report.

    Attributes:
        hue: its colour.
        dash: its line.
        symbol: its marker.
        grey: whether it has no hue of its own because five others took them.
    """

    hue: str
    dash: str
    symbol: str
    grey: bool = False

    def band(self, alpha: float) -> str:
        """Its colour for a band."""
        red, green, blue = (int(self.hue[i : i + 2], 16) for i in (1, 3, 5))
        return f"rgba({red},{green},{blue},{alpha})"


def looks(count: int, baseline: int = 0) -> tuple[Look, ...]:
    """Looks for so many scenarios: the baseline slate and dashed, five hues, then grey.

    A single scenario is no baseline of anything and takes the first hue.
    """
    if count == 1:
        return (Look(HUES[0], "solid", SYMBOLS[0]),)
    rank = 0
    result = []
    for index in range(count):
        if index == baseline:
            result.append(Look(BASELINE, "dash", "circle"))
            continue
        grey = rank >= len(HUES)
        hue = GREY if grey else HUES[rank]
        result.append(Look(hue, "solid", SYMBOLS[rank % len(SYMBOLS)], grey))
        rank += 1
    return tuple(result)


def template(palette: Palette) -> Json:
    """The one Plotly template that all figures of a page share."""
    axis = {
        "gridcolor": palette.grid,
        "linecolor": palette.muted,
        "tickcolor": palette.grid,
        "tickfont": {"color": palette.muted, "size": SMALL},
        "title": {"font": {"color": palette.muted, "size": SMALL}, "standoff": 8},
        "zeroline": False,
        "zerolinecolor": palette.muted,
        "zerolinewidth": 1.2,
        "automargin": False,
        "fixedrange": True,
    }
    return {
        "data": {"bar": [{"error_x": {"color": palette.ink}}]},
        "layout": {
            "font": {"family": FONT, "size": SIZE, "color": palette.ink},
            "paper_bgcolor": palette.paper,
            "plot_bgcolor": palette.paper,
            "colorway": list(HUES),
            "xaxis": {**axis, "showgrid": False, "ticks": "outside", "ticklen": 4},
            "yaxis": {**axis, "ticks": ""},
            "showlegend": False,
            "hovermode": "closest",
            "hoverlabel": {
                "bgcolor": palette.paper,
                "bordercolor": palette.muted,
                "font": {"family": FONT, "size": SIZE, "color": palette.ink},
            },
            "margin": {"l": 48, "r": 12, "t": 12, "b": 36},
            "annotationdefaults": {
                "showarrow": False,
                "font": {"color": palette.ink, "size": SIZE},
            },
            "shapedefaults": {"line": {"color": palette.muted, "width": 1}},
        },
    }


def colours() -> Json:
    """What the words for colours in a picture's data stand for, by theme: `$ink` and the like."""
    return {
        palette.name: {
            "ink": palette.ink,
            "muted": palette.muted,
            "paper": palette.paper,
            "grid": palette.grid,
        }
        for palette in (LIGHT, DARK)
    }


CONFIG: Final[Json] = {
    "displaylogo": False,
    "showSendToCloud": False,
    "plotlyServerURL": "",
    "displayModeBar": False,
    "scrollZoom": False,
    "doubleClick": False,
}
"""No logo, no sharing, no server, no bar of buttons: the page has its own one to save a picture."""

CHANGE_SCALE: Final = ((0.0, "#8C510A"), (0.5, "#F5F5F5"), (1.0, "#01665E"))
"""Change from brown over near-white to teal, centred on zero."""
LEVEL_SCALE: Final = ((0.0, "#F5F5F5"), (1.0, BASELINE))
"""Levels of the baseline, from near-white to its slate."""

LEGIBLE: Final = 4.5
"""Contrast that words need (WCAG 2.2, level AA). Black or white has it on any colour."""
_BROWN: Final = (0x8C, 0x51, 0x0A)
_MIDDLE: Final = (0xF5, 0xF5, 0xF5)
_TEAL: Final = (0x01, 0x66, 0x5E)
_SLATE: Final = (0x5F, 0x6B, 0x76)


INKS: Final = (LIGHT.ink, LIGHT.paper, "#000000")
"""What words on a coloured ground take: the first that is legible there."""


def change_colour(strength: float) -> tuple[str, str]:
    """Fill and text colour for a change between −1 (brown) and 1 (teal), 0 near-white.

    The text takes ink, paper or, on middling fills, black: the first that is legible (4.5 to 1).
    """
    strength = max(-1.0, min(1.0, strength))
    fill = _mixed(_MIDDLE, _TEAL if strength > 0 else _BROWN, abs(strength))
    return fill, ink_on(fill)


def level_colour(strength: float) -> tuple[str, str]:
    """Fill and text colour for a level between 0 (near-white) and 1 (the baseline's slate)."""
    fill = _mixed(_MIDDLE, _SLATE, max(0.0, min(1.0, strength)))
    return fill, ink_on(fill)


def ink_on(fill: str) -> str:
    """The first of `INKS` that is legible on a ground."""
    return next(ink for ink in INKS if contrast(ink, fill) >= LEGIBLE)


def _mixed(start: tuple[int, int, int], end: tuple[int, int, int], part: float) -> str:
    mixed = [round(a + (b - a) * part) for a, b in zip(start, end, strict=True)]
    return "#" + "".join(f"{channel:02X}" for channel in mixed)


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 to 21, as WCAG 2.2 defines it."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
