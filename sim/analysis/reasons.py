"""Why a series wins or loses, read off its figures: where the middle lies, how wide the band is."""

from __future__ import annotations

import math
from typing import Final

from sim.analysis.backtest import HELD, Backtest
from sim.analysis.forecasts import EventScore, Forecast, SeriesScore
from sim.scenario import Scenario

WIDER: Final = 1.25
"""From this ratio on one band is called wider than another."""


def hindsight(scenario: Scenario) -> str:
    """What the whole run was told of things to come."""
    if not scenario.events:
        return "The scenario holds no dated shocks."
    shocks = "; ".join(f"{event.at} {event.note}".strip() for event in scenario.events)
    return (
        f"The scenario holds {len(scenario.events)} dated shocks, known only in hindsight "
        f"({shocks}). The whole run has all of them; a forecast issued at a date has those up "
        "to it."
    )


def verdict(score: SeriesScore, name: str) -> str:
    """Who is ahead: the model, the naive forecast, or neither by two Monte Carlo errors."""
    skill = score.skill(name)
    if skill is None:
        return "not compared"
    if skill.error is not None and abs(skill.value) < 2.0 * skill.error:
        return "level, within error"
    return "ahead" if skill.value > 0 else "behind"


def why(score: SeriesScore, name: str = "persistence") -> str:
    """What the score is made of, in words, with the naive forecast beside it."""
    off, away = score.off(), score.away()
    words = f"Its median lies {_size(score, away)} from the figures in the mean"
    if away > 0 and abs(off) > 0.9 * away:
        words = f"Its median is too {'high' if off > 0 else 'low'} by {_size(score, away)}"
    if not score.with_naive(name):
        return f"{words}; the past holds too few figures for a naive forecast."
    words += f", that of {name} off by {_size(score, score.away(name))}"
    if score.width(name) == 0:
        return f"{words}."
    ratio = score.width() / score.width(name)
    if ratio > WIDER:
        return f"{words}; its band of 90 % is {ratio:.1f} times as wide."
    if ratio < 1.0 / WIDER:
        return f"{words}; its band of 90 % is narrower, {ratio:.2f} times as wide."
    return f"{words}; its band of 90 % is about as wide."


def why_event(event: EventScore) -> str:
    """What an event's score is made of."""
    first, last = event.probability[0], event.probability[-1]
    came = sum(event.observed)
    when = "in all months" if came == len(event.observed) else f"in {came} months"
    record = f"it had happened {when}" if came else "it did not happen"
    shares = list(dict.fromkeys(_of_100(share) for share in (first, last)))
    return f"{' to '.join(shares)} of 100 worlds; {record}."


def _of_100(share: float) -> str:
    """A share as a count out of a hundred; 0 and 100 only if exact."""
    if 0 < share < 0.001:
        return "<0.1"
    if 0.999 < share < 1:
        return ">99.9"
    return f"{100 * share:.1f}" if 0 < share < 1 else f"{100 * share:.0f}"


def fewest(forecast: Forecast) -> str:
    """Series with hardly any figure in the window, named so that nobody makes much of them."""
    few = [
        f"{score.series.title}: {len(score.figures)}"
        for score in forecast.scores
        if len(score.figures) <= 2
    ]
    return f"Few figures stand behind some rows. {'; '.join(few)}." if few else ""


def unscored(found: Backtest) -> str:
    """Series without any figure in the window."""
    seen = {score.series.name for score in found.forecasts[0].scores}
    missing = [
        series.title
        for series in found.record.series
        if series.name in found.record.scored and series.name not in seen
    ]
    return f"Without a figure in the window: {'; '.join(missing)}." if missing else ""


def asked(forecast: Forecast) -> tuple[bool | None, bool | None]:
    """Whether bands of 90 % hold 80 to 98 % of figures, and half of the series beat persistence."""
    coverage, skills = forecast.coverage(0.9), forecast.skills("persistence")
    held = None if coverage is None else HELD[0] <= round(coverage.value, 9) <= HELD[1]
    ahead = sum(one.value > 0 for one in skills.values())
    return held, 2 * ahead >= len(skills) if skills else None


def _size(score: SeriesScore, distance: float) -> str:
    """A distance on the scale, in words."""
    if not score.series.log:
        unit = score.series.unit
        return f"{distance:.2g} points" if unit.startswith("%") else f"{distance:.2g} {unit}"
    return f"a factor of {math.exp(distance):.2f}"
