"""Figures for papers: the report's own pictures as files, drawn by an installed Chromium.

A second set of drawings would have to be kept equal to the first; so the figures that a page shows
are handed to Kaleido, which draws them with the same Plotly, in one browser for all of them, and
writes pixels, SVG or PDF. It asks nothing of any network.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, Literal, get_args

from sim.report import families
from sim.report.aggregates import Digest
from sim.report.figures import LETTER, complete, fan, medians
from sim.report.labels import wrapped
from sim.report.markup import chart_text
from sim.report.matrix import alt_matrix, matrix_chart
from sim.report.network import network_chart
from sim.report.odds import end_states, forest
from sim.report.pairs import has_pairs
from sim.report.partings import alt_gap, gap_chart
from sim.report.phrases import unit_words
from sim.report.pieces import Part
from sim.report.rents import alt_rents, rents_chart
from sim.report.sentences import alt_ends, alt_fan, alt_forest, alt_medians
from sim.report.theme import LIGHT, Json, template

type Format = Literal["png", "svg", "pdf"]
FORMATS: Final[tuple[Format, ...]] = get_args(Format.__value__)

FULL: Final = 720
"""Width of a picture that takes a whole text width, in pixels of 1/96 inch."""
PART: Final = 360
"""Width of one that takes half of it."""
SCALE: Final = 3
"""Pixels of a PNG for each of these: 288 to the inch."""
FORESTS: Final = 6
TITLE: Final = 12
LINE: Final = 18
NARROW: Final = 480
"""Below this width a picture takes its narrow layout, as on the page."""
CAPTIONS: Final = "captions.txt"


class FiguresError(RuntimeError):
    """Figures cannot be drawn here; the message says what to do."""


@dataclass(frozen=True)
class Picture:
    """One figure of a paper.

    Attributes:
        name: of its file, without the ending.
        title: stands above it.
        caption: what it shows, in words with numbers.
        chart: as a page holds it.
        width: in pixels.
    """

    name: str
    title: str
    caption: str
    chart: Json
    width: int


def missing() -> str:
    """What keeps figures from being drawn, and what to do; nothing if they can be."""
    if find_spec("kaleido") is None:
        return "needs Kaleido: install the extra, as in pip install 'fulcrum-sim[figures]'"
    from choreographer.browsers.chromium import Chromium

    if Chromium.find_browser(skip_local=False) is None:
        return "needs Chromium or Chrome on the PATH, or BROWSER_PATH set to one"
    return ""


def pictures(digest: Digest, lead: str, parts: Sequence[Part] = ()) -> Iterator[Picture]:
    """All figures of a comparison, or of one run: the pictures that stand open on its page.

    Args:
        digest: the report's numbers.
        lead: outcome that the report leads with; its course is shown.
        parts: sections that are made elsewhere.
    """
    view, count = digest.views[lead], range(len(digest.titles))
    label, units = view.measure.label, unit_words(view)

    def of(words: str, index: int) -> str:
        return words if digest.single else f"{words}: {digest.titles[index]}"

    if not digest.single:
        chart, words = medians(digest, view), alt_medians(digest, view)
        yield Picture(f"medians-{lead}", f"{label}, {units}, median worlds", words, chart, FULL)
        shown = [one for one in digest.views.values() if not one.measure.event][:FORESTS]
        for one in shown:
            name, title = one.measure.name, f"{one.measure.label}, change, {unit_words(one)}"
            chart, words = forest(digest, one, "final"), alt_forest(digest, one, "final")
            yield Picture(f"forest-{name}", title, words, chart, FULL)
    for i in count:
        scenario, words = digest.names[i], alt_fan(digest, view, i)
        title = f"{of(label, i)}, {units}"
        yield Picture(f"fan-{lead}-{scenario}", title, words, fan(digest, view, i), PART)
        if i in view.gaps:
            words, title = alt_gap(digest, view, i), f"{of(label, i)}, change, {units}"
            chart = gap_chart(digest, view, i)
            yield Picture(f"parting-{lead}-{scenario}", title, words, chart, PART)
        chart, words = end_states(digest, i), alt_ends(digest, i)
        yield Picture(f"ends-{scenario}", of("How the war stands", i), words, chart, PART)
        if has_pairs(digest):
            words, title = alt_matrix(digest, i), of("Who moves whom, choices of 100", i)
            yield Picture(f"matrix-{scenario}", title, words, matrix_chart(digest, i), PART)
            yield Picture(f"network-{scenario}", title, words, network_chart(digest, i), PART)
        rents = rents_chart(digest, i) if digest.relations.rents else None
        if rents is not None:
            title = of("Influence, of 100 choices, by transfers", i)
            yield Picture(f"rents-{scenario}", title, alt_rents(digest, i), rents, PART)
    for name, told in families.page_data(digest).items():
        yield Picture(f"measure-{name}", told["label"], told["alt"], told["chart"], FULL)
    for part in parts:
        for slot, told in part.charts.items():
            kind, _, index = slot.partition(":")
            name = f"{kind}-{digest.names[int(index)]}" if index.isdigit() else slot
            title = told.get("title") or part.words
            yield Picture(name, title, told["alt"], told["chart"], FULL)


def write_figures(
    digest: Digest,
    lead: str,
    folder: Path,
    form: Format,
    source: str,
    parts: Sequence[Part] = (),
) -> list[Path]:
    """Write all figures and their captions.

    Args:
        digest: the report's numbers.
        lead: outcome that the report leads with.
        folder: where; made if it is not there.
        form: kind of file.
        source: a line that says where the numbers come from, for the captions.
        parts: sections that are made elsewhere, their pictures too.

    Returns:
        The files written, captions last.

    Raises:
        FiguresError: Kaleido or a browser is missing, or the browser failed.
        OSError: the folder cannot be written.
    """
    if lacking := missing():
        raise FiguresError(lacking)
    import kaleido

    folder.mkdir(parents=True, exist_ok=True)
    found = list(pictures(digest, lead, parts))
    # Kaleido would fetch MathJax for every page otherwise
    page = kaleido.PageGenerator(mathjax=False)
    kaleido.start_sync_server(n=1, timeout=90, page_generator=page)
    try:
        files = [_draw(picture, digest.months, folder, form) for picture in found]
    except (RuntimeError, ValueError) as error:
        raise FiguresError(f"the browser could not draw: {error}") from error
    finally:
        kaleido.stop_sync_server()
    captions = folder / CAPTIONS
    lines = (
        f"{file.name}\n{one.title}. {one.caption}" for file, one in zip(files, found, strict=True)
    )
    captions.write_text("\n\n".join([*lines, source]) + "\n", encoding="utf-8")
    return [*files, captions]


def figure(picture: Picture, months: tuple[str, ...]) -> Json:
    """A figure that stands alone, light, with its title above it."""
    title = wrapped(picture.title, int(picture.width / LETTER), 3)
    whole = complete(picture.chart, months, narrow=picture.width < NARROW)
    layout: dict[str, Any] = {**whole["layout"], "template": template(LIGHT)}
    margin = {"l": 48, "r": 12, "t": 12, "b": 36, **layout.get("margin", {})}
    layout["margin"] = {**margin, "t": margin["t"] + TITLE + LINE * len(title)}
    layout["height"] += TITLE + LINE * len(title)
    layout["width"] = picture.width
    heading = {
        "text": f"<b>{'<br>'.join(map(chart_text, title))}</b>",
        "align": "left",
        "xref": "paper",
        "x": 0,
        "xanchor": "left",
        "xshift": 4 - margin["l"],
        "yref": "paper",
        "y": 1,
        "yanchor": "top",
        "yshift": layout["margin"]["t"] - 4,
    }
    layout["annotations"] = [*layout.get("annotations", []), heading]
    return {"data": whole["data"], "layout": layout}


def _draw(picture: Picture, months: tuple[str, ...], folder: Path, form: Format) -> Path:
    import kaleido

    shown = figure(picture, months)
    size = {"width": picture.width, "height": shown["layout"]["height"]}
    scale = SCALE if form == "png" else 1
    image = kaleido.calc_fig_sync(shown, opts={"format": form, "scale": scale, **size})
    file = folder / f"{re.sub(r'[^A-Za-z0-9_.-]', '-', picture.name)}.{form}"
    file.write_bytes(image)
    return file
