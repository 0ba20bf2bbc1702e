"""What a back-test found, in sentences and in cells of a table."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Final

from sim.analysis.backtest import HELD
from sim.analysis.forecasts import Forecast
from sim.analysis.reasons import verdict
from sim.analysis.scores import Jackknifed
from sim.analysis.wrong_records import CLEAR, Control, Trial
from sim.report.labels import month_words
from sim.report.numbers import NOTHING, number, signed
from sim.scenario.problems import listing


def forecast_title(forecast: Forecast) -> str:
    """What was forecast when."""
    if forecast.issued is None:
        return f"The whole run from {month_words(str(forecast.paths.start))}"
    return f"Issued at the end of {month_words(str(forecast.issued))}"


def answer_words(forecast: Forecast, held: bool | None, half: bool | None) -> list[str]:
    """What was asked for beforehand, answered."""
    words = []
    coverage, inner = forecast.coverage(0.9), forecast.coverage(0.5)
    if coverage is not None and inner is not None:
        figures = sum(len(score.figures) for score in forecast.scores)
        inside = round(coverage.value * figures)
        spare = ", with no figure to spare" if held and inside - 1 < HELD[0] * figures else ""
        words.append(
            f"Bands of 90 % hold {inside} of {figures} figures, {percent(coverage.value)} (asked "
            f"for: 80 to 98 %; {'kept' if held else 'not kept'}{spare}), bands of 50 % "
            f"{percent(inner.value)}."
        )
    skills = forecast.skills("persistence")
    if skills:
        ahead = sum(one.value > 0 for one in skills.values())
        verdicts = [verdict(score, "persistence") for score in forecast.scores]
        own = [skill_words(forecast.pooled(name, False)) for name in ("persistence", "drift")]
        words.append(
            f"The model scores better than persistence on {ahead} of {len(skills)} series (asked "
            f"for: half; {'kept' if half else 'not kept'}); by more than two Monte Carlo errors it "
            f"is ahead on {verdicts.count('ahead')} and behind on {verdicts.count('behind')}. Over "
            f"series its skill is {skill_words(forecast.pooled('persistence'))} against "
            f"persistence and {skill_words(forecast.pooled('drift'))} against drift; without the "
            f"prices that it takes from outside {own[0]} and {own[1]}."
        )
    return words


def trial_words(trials: Sequence[Trial]) -> str:
    """Whether the score can tell the record from a wrong one, said first."""
    every = [one for trial in trials for one in trial.controls]
    if not every:
        return "No series has enough figures to see whether the score can tell a wrong record."
    told = sum(one.told for one in every)
    answer = "yes" if told == len(every) else "in part" if told else "no"
    parts = [
        f"{trial.title}: {sum(one.told for one in trial.controls)} of {len(trial.controls)}"
        for trial in trials
    ]
    return (
        f"Can the score tell the record from a wrong one? {answer.capitalize()}: {told} of "
        f"{len(every)} wrong records score clearly worse. {'; '.join(parts)}."
    )


def control_words(control: Control) -> str:
    """What was done to the record."""
    if control.kind == "shuffled":
        return "shuffled"
    if control.kind == "exchanged":
        return f"exchanged over {control.months} months"
    side = "older" if control.months < 0 else "newer"
    return f"shifted, {abs(control.months)} months {side}"


TRIAL_HEAD: Final = (
    "Record",
    "Score, of the true one",
    "± 2 errors",
    "Of the mean of the past",
    "Series worse",
    "Figures",
    "Orders as good",
    "Told",
)


def trial_rows(trial: Trial) -> list[list[str]]:
    """A row for every wrong record; see `TRIAL_HEAD`."""
    return [
        [
            control_words(one),
            number(one.ratio, 2),
            NOTHING
            if one.error is None
            else f"{one.ratio * math.exp(-CLEAR * one.error):.2f} to "
            f"{one.ratio * math.exp(CLEAR * one.error):.2f}",
            NOTHING if one.of_the_mean is None else number(one.of_the_mean, 2),
            f"{one.worse} of {one.series}",
            str(one.figures),
            NOTHING if one.chance is None else f"{number(100 * one.chance, 1)} %",
            "yes" if one.told else "no",
        ]
        for one in trial.controls
    ]


def pattern_words(found: dict[str, Any]) -> str:
    """How many of the ten facts the whole run shows."""
    checks, facts = found["checks"], found["facts"]
    parts = [f"{facts['yes']} are shown in every check", f"{facts['in part']} in part"]
    parts.append(f"{facts['no']} miss a check")
    return (
        f"Patterns: of {sum(facts.values())} facts of 2022-23 {listing(parts, 'and')}; of "
        f"{sum(checks.values())} checks {checks['yes']} are shown, {checks['in part']} in part, "
        f"{checks['no']} missed. In the mean a check holds in {percent(found['score'])} of worlds."
    )


def unbroken(words: str) -> str:
    """Words in which no line ends between a number and its unit or error."""
    return words.replace(" %", "\u00a0%").replace(" ± ", "\u00a0±\u00a0")


def percent(share: float | None) -> str:
    """A share in whole per cent."""
    return NOTHING if share is None else f"{number(100 * share, 0)} %"


def skill_words(skill: Jackknifed | None) -> str:
    """A skill with its Monte Carlo error."""
    if skill is None:
        return NOTHING
    error = "" if skill.error is None else f" ± {skill.error:.2f}"
    return f"{signed(skill.value, 2)}{error}"


def score_words(score: Jackknifed) -> str:
    """A mean score with its Monte Carlo error."""
    places = 3 if score.value < 1 else 2
    error = "" if score.error is None else f" ± {score.error:.{places}f}"
    return f"{number(score.value, places)}{error}"
