import re
from importlib import resources

import pytest

from sim.report.theme import (
    BASELINE,
    CONFIG,
    DARK,
    GREY,
    HUES,
    LEVEL_SCALE,
    LIGHT,
    Look,
    Palette,
    change_colour,
    contrast,
    level_colour,
    looks,
    template,
)


def test_the_baseline_is_slate_and_dashed_and_five_others_have_hues() -> None:
    found = looks(8, baseline=2)
    assert (found[2].hue, found[2].dash) == (BASELINE, "dash")
    others = [look for i, look in enumerate(found) if i != 2]
    assert [look.hue for look in others] == [*HUES, GREY, GREY]
    assert [look.grey for look in others] == [False] * 5 + [True] * 2
    assert all(look.dash == "solid" for look in others)


def test_no_two_of_twelve_share_hue_and_marker() -> None:
    found = looks(12)
    assert len({look.symbol for look in found}) == 12


def test_a_single_scenario_is_nobodys_baseline() -> None:
    assert looks(1)[0].dash == "solid"


def test_bands_are_transparent_hues() -> None:
    assert looks(2)[1].band(0.28) == "rgba(0,114,178,0.28)"


@pytest.mark.parametrize("palette", [LIGHT, DARK])
@pytest.mark.parametrize("look", [*looks(8), *looks(1)])
def test_lines_and_markers_stand_out_from_the_paper(palette: Palette, look: Look) -> None:
    """3 to 1 is asked of graphics (WCAG 2.2, 1.4.11); two hues of the set are lighter than that.

    Those two carry a marker and a label of their own, in ink, so that nothing hangs on the hue.
    """
    least = 2.2 if look.hue in ("#CC79A7", "#E69F00") else 3.0
    assert contrast(look.hue, palette.paper) >= least


@pytest.mark.parametrize("strength", [i / 50 for i in range(51)])
def test_levels_are_slate_with_legible_numbers(strength: float) -> None:
    fill, ink = level_colour(strength)
    assert contrast(fill, ink) >= 4.5
    assert level_colour(0)[0] == LEVEL_SCALE[0][1]
    assert level_colour(1)[0] == LEVEL_SCALE[1][1] == BASELINE


def test_the_page_has_the_colours_of_the_charts() -> None:
    css = resources.files("sim.report").joinpath("assets", "page.css").read_text(encoding="utf-8")
    for palette, times in ((LIGHT, 2), (DARK, 2)):  # light: the rule and on paper
        told = f"--paper: {palette.paper}; --ink: {palette.ink}; --muted: {palette.muted}; "
        assert css.count(f"{told}--grid: {palette.grid};") == times
    for words, ground in (("ink", "wash"), ("muted", "wash"), ("paper", "ink"), ("muted", "paper")):
        for block in re.findall(r"--paper: #.*?;\s+--bar: #[0-9A-F]{6};", css, re.S):
            colours = dict(re.findall(r"--(\w+): (#[0-9A-F]{6});", block))
            assert contrast(colours[words], colours[ground]) >= 4.5


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_words_have_the_contrast_that_accessibility_asks_for(palette: Palette) -> None:
    assert contrast(palette.ink, palette.paper) >= 4.5
    assert contrast(palette.muted, palette.paper) >= 4.5


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.005)


@pytest.mark.parametrize("strength", [-2, *(i / 50 for i in range(-50, 51))])
def test_changes_are_brown_or_teal_with_legible_numbers(strength: float) -> None:
    fill, ink = change_colour(strength)
    assert contrast(fill, ink) >= 4.5
    if strength <= -1:
        assert fill == "#8C510A"
    if strength == 0:
        assert fill == "#F5F5F5"
    if strength == 1:
        assert fill == "#01665E"


def test_nothing_offers_to_share_a_chart() -> None:
    assert CONFIG["showSendToCloud"] is False
    assert CONFIG["plotlyServerURL"] == ""
    assert CONFIG["displaylogo"] is False
    assert CONFIG["displayModeBar"] is False


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_the_template_is_valid_and_nothing_is_smaller_than_eleven(palette: Palette) -> None:
    import plotly.graph_objects as go

    made = go.layout.Template(template(palette)).to_plotly_json()
    assert made["layout"]["font"]["size"] == 13
    assert made["layout"]["xaxis"]["tickfont"]["size"] >= 11
