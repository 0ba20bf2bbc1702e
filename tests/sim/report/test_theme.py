import pytest

from sim.report.theme import (
    BASELINE,
    CONFIG,
    DARK,
    GREY,
    HUES,
    LIGHT,
    Palette,
    change_colour,
    contrast,
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
